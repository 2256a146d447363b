"""The board of a stage, edited in place: who comes, in which sub-group, and what people ask, what most ask first."""

from __future__ import annotations

from collections.abc import Sequence

from domain.agenda import Inquiry, ordered
from domain.cycle import Cycle, Stage
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line
from domain.seminar import Signup
from domain.template import Kind
from storage import cycles, inquiries, signups
from storage.tx import Tx

SIGNED_UP: tuple[Kind, ...] = ("seminar", "live", "practice", "study")
"""Kinds of stage that people sign up for and attend."""
ASKED_IN: tuple[Kind, ...] = ("preview", "seminar", "live")
NAMES_SHOWN = 40
"""A board stays one screen long; the rest are counted."""
INQUIRIES_SHOWN = 12
"""As many have a button; the others are added to with 「+1 13」."""
_BUTTONS_IN_ROW = 4


async def compose_stage(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """``arg`` is `Firing.arg`. None where the activity is gone."""
    name, _, place = arg.partition("_")
    found = await cycles.stage(tx, group_id, from_brief(name), int(place))
    if found is None:
        return None
    cycle, stage = found
    coming = await signups.of_stage(tx, stage) if stage.spec.kind in SIGNED_UP else []
    asked = ordered(await inquiries.of_stage(tx, stage)) if stage.spec.kind in ASKED_IN else []
    return Message(
        title=_title(cycle, stage),
        lines=(*_coming(stage, coming), *_asked(stage, asked)),
        buttons=_buttons(stage, arg, asked),
        silent=True,
    )


def _title(cycle: Cycle, stage: Stage) -> Line:
    key = "seminar.board" if stage.spec.kind in SIGNED_UP else "inquiry.board"
    return line(key, cycle=cycle.title, stage=stage.spec.title)


def _coming(stage: Stage, signed: Sequence[Signup]) -> list[Line]:
    if stage.spec.kind not in SIGNED_UP:
        return []
    coming = [one for one in signed if one.state == "in"]
    waiting = [one for one in signed if one.state == "waiting"]
    seats = stage.spec.seats
    lines = [
        line("seminar.count_of", count=len(coming), seats=seats)
        if seats
        else line("seminar.count", count=len(coming))
    ]
    if there := sum(bool(one.attended) for one in coming):
        lines.append(line("seminar.there", count=there))
    sides = sorted({one.side for one in coming if one.side})
    for side in sides or [0]:
        lines += _names(side, [one for one in coming if one.side == side])
    if waiting:
        lines.append(line("seminar.waiting", names=_shown(waiting), count=len(waiting)))
    return lines


def _names(side: int, people: Sequence[Signup]) -> list[Line]:
    if not people:
        return []
    lines = [
        line("seminar.names_of", side=side, names=_shown(people))
        if side
        else line("seminar.names", names=_shown(people))
    ]
    if len(people) > NAMES_SHOWN:
        lines.append(line("seminar.more", count=len(people) - NAMES_SHOWN))
    return lines


def _shown(people: Sequence[Signup]) -> tuple[Line, ...]:
    return tuple(
        line("seminar.liaison" if one.liaison else "person.name", name=one.name)
        for one in people[:NAMES_SHOWN]
    )


def _asked(stage: Stage, asked: Sequence[Inquiry]) -> list[Line]:
    if not asked:
        return [line("inquiry.none")] if stage.spec.kind == "preview" and stage.spec.own_questions else []
    lines = [
        line("inquiry.entry", number=one.number, text=one.body, people=one.people)
        for one in asked[:INQUIRIES_SHOWN]
    ]
    if len(asked) > INQUIRIES_SHOWN:
        lines.append(line("inquiry.more", count=len(asked) - INQUIRIES_SHOWN))
    return lines


def _buttons(stage: Stage, arg: str, asked: Sequence[Inquiry]) -> tuple[tuple[Button, ...], ...]:
    """None once the stage is over."""
    if stage.state != "open":
        return ()
    rows = [signup_buttons(arg)] if stage.spec.kind in SIGNED_UP else []
    voices = [
        Button(line("inquiry.plus", number=one.number), "voice", brief(one.id))
        for one in asked[:INQUIRIES_SHOWN]
    ]
    rows += [tuple(voices[n : n + _BUTTONS_IN_ROW]) for n in range(0, len(voices), _BUTTONS_IN_ROW)]
    return tuple(rows)


def signup_buttons(arg: str) -> tuple[Button, ...]:
    return (
        Button(line("seminar.sign_up"), "signup", arg),
        Button(line("seminar.withdraw"), "withdraw", arg),
    )
