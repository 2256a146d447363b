"""Programs that end with the test that started them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.program import Program


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled code for all programs of this run."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def program(tmp_path: Path, bytecode: Path) -> Iterator[Callable[..., Program]]:
    """Makes programs, each in a folder of its own unless told which; whatever still runs at the end is killed."""
    made: list[Program] = []

    def make(**settings: object) -> Program:
        folder = tmp_path / f"program{len(made)}"
        folder.mkdir()
        made.append(Program(folder, bytecode, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kill()
