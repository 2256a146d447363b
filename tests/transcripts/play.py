"""Play a transcript on a stage, step by step, and note what shows up after each."""

from __future__ import annotations

from dataclasses import replace

from domain.group import LANGUAGES
from domain.message import line
from tests.transcripts.samples import SAMPLES
from tests.transcripts.script import (
    ATTENDANCE,
    Cast,
    Clock,
    Code,
    Needs,
    Presses,
    Says,
    Seen,
    Standing,
    Step,
    Stopped,
    Stranger,
    WithBank,
    WithTemplate,
    neutral,
)
from tests.transcripts.stage import Sending, Stage
from tests.transcripts.works import Works

MOMENT = 1000
"""Milliseconds between what one person does and the next, so that it has an order."""


class Play:
    def __init__(self, works: Works, stage: Stage) -> None:
        self._works = works
        self._stage = stage
        self._code = ""
        self._chats: list[str] = []
        texts = works.core.texts
        self._by_name = [texts.say(language, line("private.by_name")) for language in LANGUAGES]

    async def run(self, steps: list[Step]) -> list[tuple[Step, list[Seen]]]:
        await self._works.load_pack()
        await self._stage.open(self._works, needs_of(steps))
        try:
            return [(step, await self._do(step)) for step in steps]
        finally:
            await self._stage.close()

    async def _do(self, step: Step) -> list[Seen]:
        match step:
            case Clock(at):
                if not self._chats:
                    self._works.clock.restart(at)
                await self._works.passage.until(at)
            case Stopped(at):
                self._works.clock.move_to(at)
                await self._works.passage.settle()
            case Cast(chat, people, secretaries):
                await self._enter(chat, people, ())
                await self._found(chat, people, secretaries)
            case Stranger(chat, people, administrators):
                await self._enter(chat, people, administrators)
            case WithTemplate():
                await self._works.load_template()
            case WithBank():
                await self._works.load_bank()
            case Code():
                self._code = await self._works.code()
            case Standing(chat, who, change):
                await self._stage.stand(chat, who, change)
                await self._works.passage.settle()
            case Says(chat, who, words, answers, _, file, album):
                sent = Sending(file[0], SAMPLES[file[1]](), album) if file else None
                await self._works.passage.until(self._works.now + MOMENT)
                await self._stage.say(chat, who, words.replace("{code}", self._code), answers, sent)
                await self._works.passage.settle()
            case Presses(chat, who, label):
                await self._works.passage.until(self._works.now + MOMENT)
                await self._stage.press(chat, who, label)
                await self._works.passage.settle()
        seen = sorted(await self._stage.seen(), key=lambda seen: self._chats.index(seen.chat))
        for one in seen:
            self._code = (ATTENDANCE.findall(one.text) or [self._code])[-1]
        return [replace(one, text=neutral(one.text, self._by_name)) for one in seen]

    async def _enter(self, chat: str, people: tuple[str, ...], administrators: tuple[str, ...]) -> None:
        self._chats += [one for one in (chat, *people) if one not in self._chats]
        await self._stage.enter(chat, people, administrators)

    async def _found(self, chat: str, people: tuple[str, ...], secretaries: tuple[str, ...]) -> None:
        stage = self._stage
        who = [(name, stage.user_id(name), stage.chat_id(name)) for name in people]
        await self._works.found_group(
            stage.platform, stage.account, stage.chat_id(chat), chat, who, secretaries
        )


def needs_of(steps: list[Step]) -> frozenset[str]:
    """All that a platform must offer for these steps."""
    return frozenset().union(*(step.offers for step in steps if isinstance(step, Needs)))
