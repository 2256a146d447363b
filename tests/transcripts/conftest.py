"""``--golden-rewrite`` writes the transcripts anew from what really happens; the reviewer reads the difference."""

from __future__ import annotations

import pytest


@pytest.fixture
def golden_rewrite(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--golden-rewrite"))
