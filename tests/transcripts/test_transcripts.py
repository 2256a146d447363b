"""The transcripts are how behaviour is specified: each is played on every platform and must go exactly as it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content.texts import Texts
from content.words import Words
from domain.wording import read
from handlers import COMMANDS
from storage.database import open_database
from tests.transcripts import script
from tests.transcripts.play import Play, needs_of
from tests.transcripts.stage import Stage
from tests.transcripts.stage_browser import BrowserStage
from tests.transcripts.stage_direct import DirectStage
from tests.transcripts.stage_telegram import TelegramStage
from tests.transcripts.works import Works

TRANSCRIPTS = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.txt"))}
STAGES: dict[str, Callable[[], Stage]] = {
    "direct": DirectStage,
    "browser": BrowserStage,
    "webhook": lambda: TelegramStage("webhook"),
    "polling": lambda: TelegramStage("polling"),
}
OFFERS = {name: stage().offers for name, stage in STAGES.items()}
NEEDS = {name: needs_of(script.read(path.read_text("utf-8"))) for name, path in TRANSCRIPTS.items()}
PLAYED = [(on, name) for on in STAGES for name in TRANSCRIPTS if NEEDS[name] <= OFFERS[on]]


@pytest.mark.parametrize(("on", "transcript"), PLAYED, ids=["-".join(one) for one in PLAYED])
async def test_the_conversation_goes_as_written(
    on: str, transcript: str, works: Works, golden_rewrite: bool
) -> None:
    path = TRANSCRIPTS[transcript]
    written = path.read_text("utf-8")
    played = await Play(works, STAGES[on]()).run(script.read(written))
    went = script.write(played)
    if golden_rewrite and on == "direct":
        path.write_text(went, encoding="utf-8")
        return
    assert went == written


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
async def test_the_conversation_goes_the_same_on_postgresql(
    transcript: str, postgres_url: str, texts: Texts, words: Words
) -> None:
    written = TRANSCRIPTS[transcript].read_text("utf-8")
    database = await open_database(postgres_url)
    played = await Play(Works(database, texts, words), DirectStage()).run(script.read(written))
    await database.close()
    assert script.write(played) == written


def test_every_command_is_said_in_some_transcript(words: Words) -> None:
    steps = (step for path in TRANSCRIPTS.values() for step in script.read(path.read_text("utf-8")))
    said = (read(step.words) for step in steps if isinstance(step, script.Says))
    known = {words.command(reading.word) for reading in said if reading}
    assert {command.name for command in COMMANDS} <= known


def test_only_what_a_platform_cannot_offer_is_left_out() -> None:
    left_out = {name for name in TRANSCRIPTS if ("browser", name) not in PLAYED}
    assert left_out == {
        "administrators",
        "leaving_chat",
        "membership",
        "polls",
        "privacy_mode",
        "reflection_albums",
        "reflection_privacy",
        "strangers",
    }
    assert len(PLAYED) == len(STAGES) * len(TRANSCRIPTS) - len(left_out)
