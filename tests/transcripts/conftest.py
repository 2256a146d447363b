"""``--golden-rewrite`` writes the transcripts anew from what really happens; the reviewer reads the difference."""

from __future__ import annotations

import pytest

from content.texts import Texts
from content.words import Words
from storage.tx import Database
from tests.transcripts.works import Works


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.load()


@pytest.fixture(scope="session")
def words() -> Words:
    return Words.load()


@pytest.fixture
def works(sqlite_database: Database, texts: Texts, words: Words) -> Works:
    return Works(sqlite_database, texts, words)


@pytest.fixture
def golden_rewrite(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--golden-rewrite"))
