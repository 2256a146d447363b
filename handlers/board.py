"""The live board: one message a day in a group that shows who has checked in, edited in place."""

from __future__ import annotations

from datetime import date

from domain.group import Group
from domain.ids import Ids
from domain.message import Button, Line, Live, Message, Priority, line
from handlers.call import Call
from storage import checkins, days, groups, leaves, members
from storage.telling import tell_group
from storage.tx import Tx

NAMES_SHOWN = 40
"""A board stays one screen long; the rest are counted."""


async def refresh_board(call: Call, day: str) -> None:
    """Show the board of that day as it is by now."""
    await show_board(call.tx, call.house.ids, call.now, call.group, day)


async def show_board(tx: Tx, ids: Ids, now: int, group: Group, day: str) -> None:
    await tell_group(tx, ids, now, group, _live(day), priority=Priority.REPLY, slot=f"board:{day}")


def _live(day: str) -> Message:
    return Message(live=Live("board", day), silent=True, pin=True)


async def compose_board(tx: Tx, group_id: int, day: str, now: int) -> Message | None:
    """The board in this moment; None where the group is gone."""
    group = await groups.find(tx, group_id)
    if group is None:
        return None
    done = await checkins.of_day(tx, group_id, day)
    away = await leaves.away(tx, group_id, date.fromisoformat(day)) - {person for person, *_ in done}
    of = await members.count(tx, group_id) - len(away)
    found = await days.find(tx, group_id, day)
    return Message(
        title=_title(group, found.number if found else 0, len(done), of),
        lines=_lines(done, of, len(away)),
        buttons=((Button(line("button.checkin"), "checkin", day),),),
        silent=True,
        pin=True,
    )


def _title(group: Group, number: int, done: int, of: int) -> Line:
    if number:
        return line("board.title", number=number, done=done, of=of)
    return line("board.title_plain", done=done, of=of)


def _lines(done: list[tuple[int, str, int, str]], of: int, away: int) -> tuple[Line, ...]:
    shown = [_entry(name, streak, kind) for _, name, streak, kind in done[:NAMES_SHOWN]]
    lines = [line("board.bar", bar=_bar(len(done), of))]
    if shown:
        lines.append(line("board.names", names=tuple(shown)))
    if len(done) > NAMES_SHOWN:
        lines.append(line("board.more", count=len(done) - NAMES_SHOWN))
    if away:
        lines.append(line("board.away", count=away))
    return tuple(lines)


def _entry(name: str, streak: int, kind: str) -> Line:
    return line(f"board.by_{kind}", name=name, days=streak)


def _bar(done: int, of: int) -> str:
    filled = round(10 * done / of) if of else 0
    return "▓" * min(filled, 10) + "░" * (10 - min(filled, 10))
