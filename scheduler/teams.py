"""Sub-groups: drawn when the secretary says so, or by themselves at a set time before the seminar ends."""

from __future__ import annotations

from domain.agenda import Inquiry, dealt, ordered
from domain.cycle import Stage
from domain.day import DAY, HOUR
from domain.group import Group
from domain.ids import Ids, from_brief, made_at
from domain.message import Line, Message, line
from domain.seminar import Signup, draw, first_in
from scheduler.stages.kind import Firing
from storage import cycles, due, inquiries, members, signups
from storage.due import Due
from storage.tx import Tx

TEAMS = "teams"
DRAWN_BEFORE = DAY
"""Before the stage closes; people know the day before with whom they will sit."""
FEWEST = 2
"""People to a sub-group: nobody discusses with themselves."""
DRAWN_AFTER = HOUR
"""After it opens at the least, so that a short one leaves time to sign up."""


async def plan(tx: Tx, stage: Stage) -> None:
    if stage.spec.groups:
        await due.plan(tx, stage.group_id, TEAMS, stage.arg, when(stage))


def when(stage: Stage) -> int:
    return max(stage.opens_at + DRAWN_AFTER, stage.closes_at - DRAWN_BEFORE)


async def fire(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Draw them, unless the secretary has, or the stage is over. Where it was extended, it is tried again at its new time."""
    name, place = row.key.split("_")
    found = await cycles.stage(tx, group.id, from_brief(name), int(place))
    if found is None or found[1].state != "open":
        return
    at = Firing(tx, ids, group, *found, now)
    if now < when(at.stage):
        await plan(tx, at.stage)
        return
    coming = await signups.of_stage(tx, at.stage, "in")
    sides = min(at.stage.spec.groups, len(coming) // FEWEST)
    if sides > 1 and not any(one.side for one in coming):
        await draw_up(at, sides)


async def draw_up(at: Firing, sides: int) -> None:
    """Draw so many sub-groups of those who come, hand the agenda to them in turn, and say so."""
    coming = await signups.of_stage(at.tx, at.stage, "in")
    met = await signups.met_before(at.tx, at.stage)
    drawn = draw([one.person_id for one in coming], sides, met, seed=made_at(at.cycle.id))
    firsts = [
        min((one for one in coming if drawn[one.person_id] == side), key=_by_time)
        for side in range(1, sides + 1)
    ]
    await signups.divide(at.tx, at.stage, drawn, frozenset(one.person_id for one in firsts))
    agenda = await agenda_of(at.tx, at.stage)
    await inquiries.hand_out(at.tx, at.group.id, dealt(agenda, sides))
    await at.tell(await _announced(at, sides))
    for side, first in enumerate(firsts, 1):
        await tell_liaison(at, first.person_id, side)


def _by_time(one: Signup) -> tuple[int, int]:
    return one.at, one.person_id


async def agenda_of(tx: Tx, stage: Stage) -> list[Inquiry]:
    """What the activity's members want to talk about, in order."""
    return ordered(await inquiries.of_cycle(tx, stage.group_id, stage.cycle_id))


async def _announced(at: Firing, sides: int) -> Message:
    coming = await signups.of_stage(at.tx, at.stage, "in")
    agenda = await agenda_of(at.tx, at.stage)
    lines: list[Line] = []
    for side in range(1, sides + 1):
        names = tuple(
            line("seminar.liaison" if one.liaison else "person.name", name=one.name)
            for one in coming
            if one.side == side
        )
        lines.append(line("seminar.names_of", side=side, names=names))
        lines += [line("seminar.asked", text=one.body) for one in agenda if one.side == side]
    lines.append(line("seminar.liaison_means"))
    return Message(tuple(lines), title=line("seminar.teams", cycle=at.cycle.title, stage=at.stage.spec.title))


async def tell_liaison(at: Firing, person_id: int, side: int) -> None:
    person = await members.find(at.tx, at.group.id, person_id)
    if person is not None:
        await at.tell_person(
            person, Message((line("seminar.you_are_liaison", stage=at.stage.spec.title, side=side),))
        )


async def liaison_of(at: Firing, side: int) -> Signup | None:
    """Who speaks for a sub-group: whoever was named, else the first of it."""
    coming = await signups.of_stage(at.tx, at.stage, "in")
    named = next((one for one in coming if one.side == side and one.liaison), None)
    return named or first_in(coming, side)
