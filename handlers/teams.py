"""分组: the secretary has sub-groups drawn; 联络员: she names who speaks for one."""

from __future__ import annotations

import unicodedata

from domain.errors import UserError
from domain.group import Role
from domain.message import Message, line
from domain.seminar import SIDES_MOST
from handlers.call import Call, Command, Reply, done_mark
from handlers.people import person_meant
from handlers.stage_board import SIGNED_UP
from handlers.stages import refresh, stage_meant
from scheduler import teams as drawing
from storage import signups


async def teams(call: Call) -> Reply:
    """分组 3; without a number, as many as the template says."""
    at = await stage_meant(call, "seminar.none_open", *SIGNED_UP)
    if at is None:
        return None
    coming = await signups.of_stage(call.tx, at.stage, "in")
    sides = _sides(call.args, at.stage.spec.groups)
    if not coming:
        raise UserError("seminar.nobody_yet")
    if sides > len(coming):
        raise UserError("seminar.too_many_sides", sides=sides, count=len(coming))
    await drawing.draw_up(at, sides)
    await refresh(call, at)
    return done_mark(call, line("seminar.drawn", sides=sides, count=len(coming)))


def _sides(text: str, usual: int) -> int:
    """Raises UserError for what is no number of sub-groups."""
    written = (
        unicodedata.normalize("NFKC", text).strip().removesuffix("组").removesuffix("個").removesuffix("个")
    )
    if not written and usual:
        return usual
    if not (
        written.isascii() and written.isdigit() and len(written) <= 3 and 1 <= int(written) <= SIDES_MOST
    ):
        raise UserError("seminar.sides_how", most=SIDES_MOST)
    return int(written)


async def liaison(call: Call) -> Reply:
    at = await stage_meant(call, "seminar.none_open", *SIGNED_UP)
    if at is None:
        return None
    if not call.press and not call.args.strip():
        raise UserError("seminar.liaison_how")
    person = await person_meant(call, "liaison")
    if isinstance(person, Message):
        return person
    mine = await signups.find(call.tx, at.stage, person.id)
    if mine is None or mine.state != "in" or not mine.side:
        raise UserError("seminar.in_no_side", name=person.name)
    if mine.liaison:
        return line("seminar.liaison_already", name=person.name, side=mine.side)
    await signups.name_liaison(call.tx, at.stage, mine.side, person.id)
    await drawing.tell_liaison(at, person.id, mine.side)
    await refresh(call, at)
    return done_mark(call, line("seminar.liaison_named", name=person.name, side=mine.side))


COMMANDS = (
    Command("teams", teams, Role.SECRETARY, takes_text=True, topic="activity"),
    Command("liaison", liaison, Role.SECRETARY, takes_text=True, topic="activity"),
)
