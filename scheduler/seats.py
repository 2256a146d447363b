"""A seat at a stage that somebody gives back: whoever waits longest takes it, and a sub-group keeps a liaison."""

from __future__ import annotations

from domain.message import Message, line
from domain.seminar import Signup, first_in
from scheduler import teams
from scheduler.moments import moment
from scheduler.stages.kind import Firing
from storage import members, signups


async def give_up(at: Firing, seat: Signup) -> None:
    """``seat``: as it was until now. They do not come after all."""
    await signups.set_state(at.tx, at.stage, seat.person_id, "out")
    if seat.state == "in":
        await _move_up(at, seat.side)
        if seat.liaison:
            await replace_liaison(at, seat.side)


async def _move_up(at: Firing, side: int) -> None:
    """The first who waits takes the seat, and the place in the sub-group."""
    signed = await signups.of_stage(at.tx, at.stage)
    waiting = [one for one in signed if one.state == "waiting"]
    if not waiting or sum(one.state == "in" for one in signed) >= at.stage.spec.seats:
        return
    await signups.set_state(at.tx, at.stage, waiting[0].person_id, "in", side)
    person = await members.find(at.tx, at.group.id, waiting[0].person_id)
    if person is not None:
        until = moment(at.group, at.stage.closes_at)
        said = line("seminar.moved_up", stage=at.stage.spec.title, until=until)
        await at.tell_person(person, Message((said,)))


async def replace_liaison(at: Firing, side: int) -> None:
    """The first of the sub-group who still comes speaks for it."""
    heir = first_in(await signups.of_stage(at.tx, at.stage, "in"), side)
    if heir is not None:
        await signups.name_liaison(at.tx, at.stage, side, heir.person_id)
        await teams.tell_liaison(at, heir.person_id, side)
