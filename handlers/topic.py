"""专项: up to ten questions on one topic of the group's bank, and at the end which of them to look at again."""

from __future__ import annotations

import zlib

from domain.errors import UserError
from domain.grading import Verdict, fold
from domain.ids import brief
from domain.message import Button, Line, Message, line
from handlers.call import Call, Command, Reply
from handlers.rounds import After, Drawn, begin, reward, shuffle_on
from storage import banks, rounds
from storage.rounds import Round

NAME = "topic"
MOST = 10
BUTTONS = 12
"""So many topics fit under a message; the rest are typed."""


class Topic:
    name = NAME

    def heading(self, round: Round) -> Line:
        return line("topic.heading", topic=round.about, number=round.place + 1)

    async def draw(self, call: Call, round: Round) -> Drawn | None:
        return await shuffle_on(call, round, round.started_at, round.about) if round.place < MOST else None

    async def after(self, call: Call, round: Round, drawn: Drawn, verdict: Verdict) -> After:
        return After(points=await reward(call, drawn, verdict))

    async def finish(self, call: Call, round: Round) -> Message:
        lines = [line("topic.over", topic=round.about, right=round.right, of=round.place)]
        wrong = [
            one for one in await rounds.tries(call.tx, round.group_id, round.id) if one.verdict != "right"
        ]
        if not wrong:
            lines.append(line("topic.all_right"))
        for one in wrong:
            question = await banks.question(call.tx, round.bank, one.question)
            lines += [line("topic.wrong", number=one.place + 1, stem=question.stem)] if question else []
        again = Button(line("topic.again"), NAME, _mark(round.about), call.me.id)
        return Message(tuple(lines), buttons=((again,),))


KIND = Topic()


async def topic(call: Call) -> Reply:
    bank = call.group.settings.questions
    topics = await rounds.topics(call.tx, bank)
    if not topics:
        raise UserError("topic.none")
    if not call.args:
        return _choice(topics)
    return await begin(call, KIND, bank=bank, about=_meant(call, [name for name, _ in topics]))


def _choice(topics: list[tuple[str, int]]) -> Message:
    lines = tuple(line("topic.entry", topic=name, count=count) for name, count in topics)
    buttons = [Button(line("raw", text=name), NAME, _mark(name)) for name, _ in topics[:BUTTONS]]
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Message((*lines, line("topic.how", topic=topics[0][0])), title=line("topic.title"), buttons=rows)


def _meant(call: Call, topics: list[str]) -> str:
    """By its button, by its name, or by a part of the name that no other has. Raises UserError for what is none of them."""
    if call.press:
        meant = [name for name in topics if _mark(name) == call.args]
    else:
        word = fold(call.args)
        meant = [name for name in topics if fold(name) == word] or [
            name for name in topics if word and word in fold(name)
        ]
    if len(meant) != 1:
        names = tuple(line("raw", text=name) for name in meant or topics)
        raise UserError("topic.which" if meant else "topic.unknown", topics=names)
    return meant[0]


def _mark(topic: str) -> str:
    """What a button says for a topic, whose name may be long and Chinese."""
    return brief(zlib.crc32(topic.encode()))


COMMAND = Command(NAME, topic, takes_text=True, topic="study")
