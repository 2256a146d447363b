"""The transcripts are how behaviour is specified: each is played and must go exactly as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.tx import Database
from tests.transcripts import script
from tests.transcripts.play import Play
from tests.transcripts.stage import DirectStage
from tests.transcripts.works import Works

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    path: Path, sqlite_database: Database, golden_rewrite: bool
) -> None:
    written = path.read_text(encoding="utf-8")
    played = await Play(Works(sqlite_database), DirectStage()).run(script.read(written))
    went = script.write(played)
    if golden_rewrite:
        path.write_text(went, encoding="utf-8")
    assert went == written or golden_rewrite
