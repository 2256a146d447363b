"""荣誉: the honours of a year. What points have earned is shown to all only where all see the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from domain.errors import UserError
from domain.message import Line, Message, line
from handlers.call import Call, Command, Reply
from storage import honours as kept
from storage.honours import STAR, WINNER, Honour

MODEL, CREATIVE = "*model", "*creative"
"""Titles that have a word in every language; others are kept as the secretary wrote them."""
TITLES = (MODEL, CREATIVE)
_EARNED = (STAR, WINNER)
_OWN_SHOWN = 3


async def honours(call: Call) -> Reply:
    year = _year(call)
    seen = visible(call, await kept.of_year(call.tx, call.group.id, year))
    lines = [
        line("honours.line", when=when(period), title=title_line(title), names=_names(same))
        for (period, title), same in groupby(seen, key=lambda one: (one.period, one.title))
    ]
    return Message(
        tuple(lines) or (line("honours.none"),),
        title=line("honours.title", group=call.group.name, year=str(year)),
    )


def _year(call: Call) -> int:
    written = call.args.strip().removesuffix("年")
    if not written:
        return call.today.year
    if len(written) != 4 or not written.isdecimal() or int(written) < 2000:
        raise UserError("honours.unclear")
    return int(written)


def visible(call: Call, found: Sequence[Honour]) -> list[Honour]:
    """What points earned tells of a rank: to others only where ranks are for all, to oneself in private."""
    open_to_all, alone = call.group.settings.ranking == "all", not call.incoming.is_group
    return [
        one
        for one in found
        if one.title not in _EARNED or open_to_all or (alone and one.person_id == call.me.id)
    ]


async def own_lines(call: Call) -> list[Line]:
    """One's own latest of this year, for 我的."""
    mine = visible(call, await kept.of_year(call.tx, call.group.id, call.today.year, call.me.id))
    return [
        line("honours.mine", when=when(one.period), title=title_line(one.title)) for one in mine[:_OWN_SHOWN]
    ]


def title_line(title: str) -> Line:
    return line(f"honours.title_{title[1:]}") if title.startswith("*") else line("raw", text=title)


def when(period: str) -> Line:
    """``2026-03`` or ``2026-Q1`` as people say it, without the year."""
    part = period.partition("-")[2]
    return line("honours.quarter", number=int(part[1:])) if part.startswith("Q") else month(int(part))


def month(number: int) -> Line:
    return line(f"month.m{number}")


def _names(same: Iterable[Honour]) -> tuple[Line, ...]:
    return tuple(line("person.name", name=one.name) for one in same)


COMMAND = Command("honours", honours, topic="points")
