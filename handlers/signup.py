"""报名: coming to a stage; who comes after the seats are taken waits, in order. 取消报名: not coming after all."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member
from domain.message import Line, Message, line
from domain.seminar import Signup, first_in, smallest
from handlers.call import Call, Command, Reply, done_mark
from handlers.stage_board import SIGNED_UP
from handlers.stages import refresh, stage_meant
from scheduler import teams
from scheduler.cycle import moment
from scheduler.stages.kind import Firing
from storage import members, signups


async def signup(call: Call) -> Reply:
    at = await stage_meant(call, "seminar.none_open", *SIGNED_UP)
    if at is None:
        return None
    signed = await signups.of_stage(call.tx, at.stage)
    mine = next((one for one in signed if one.person_id == call.me.id), None)
    if mine is not None:
        return _already(mine, signed)
    coming = [one for one in signed if one.state == "in"]
    seats = at.stage.spec.seats
    state = "waiting" if seats and len(coming) >= seats else "in"
    side = await side_for_one_more(coming) if state == "in" else 0
    await signups.sign_up(
        call.tx, at.stage, call.me.id, "waiting" if state == "waiting" else "in", side, call.now
    )
    await refresh(call, at)
    return _done(call, at, side, len(signed) - len(coming) + 1 if state == "waiting" else 0)


async def side_for_one_more(coming: list[Signup]) -> int:
    """Where sub-groups are drawn already, the smallest takes whoever comes late; 0 before."""
    sizes: dict[int, int] = {}
    for one in coming:
        sizes[one.side] = sizes.get(one.side, 0) + 1
    sides = max(sizes, default=0)
    return smallest(sizes, sides) if sides else 0


def _already(mine: Signup, signed: list[Signup]) -> Line:
    if mine.state == "in":
        return line("seminar.signed_already")
    ahead = [one.person_id for one in signed if one.state == "waiting"].index(mine.person_id)
    return line("seminar.waiting_already", place=ahead + 1)


def _done(call: Call, at: Firing, side: int, waits: int) -> Reply:
    stage = at.stage.spec.title
    if waits:
        return line("seminar.you_wait", stage=stage, place=waits)
    if side:
        return line("seminar.you_come_to", stage=stage, side=side)
    return done_mark(call, line("seminar.you_come", stage=stage))


async def withdraw(call: Call) -> Reply:
    at = await stage_meant(call, "seminar.none_open", *SIGNED_UP)
    if at is None:
        return None
    mine = await signups.find(call.tx, at.stage, call.me.id)
    if mine is None or mine.state == "out":
        return line("seminar.not_signed")
    if mine.attended:
        raise UserError("seminar.there_already")
    await signups.set_state(call.tx, at.stage, call.me.id, "out")
    if mine.state == "in":
        await _move_up(call, at, mine.side)
        if mine.liaison:
            await _replace_liaison(call, at, mine.side)
    await refresh(call, at)
    return done_mark(call, line("seminar.withdrawn", stage=at.stage.spec.title))


async def _move_up(call: Call, at: Firing, side: int) -> None:
    """The first who waits takes the seat, and the place in the sub-group."""
    signed = await signups.of_stage(call.tx, at.stage)
    waiting = [one for one in signed if one.state == "waiting"]
    if not waiting or sum(one.state == "in" for one in signed) >= at.stage.spec.seats:
        return
    await signups.set_state(call.tx, at.stage, waiting[0].person_id, "in", side)
    person = await members.find(call.tx, call.group.id, waiting[0].person_id)
    if person is not None:
        await _tell_moved_up(at, person)


async def _tell_moved_up(at: Firing, person: Member) -> None:
    when = moment(at.group, at.stage.closes_at)
    await at.tell_person(person, Message((line("seminar.moved_up", stage=at.stage.spec.title, until=when),)))


async def _replace_liaison(call: Call, at: Firing, side: int) -> None:
    heir = first_in(await signups.of_stage(call.tx, at.stage, "in"), side)
    if heir is not None:
        await signups.name_liaison(call.tx, at.stage, side, heir.person_id)
        await teams.tell_liaison(at, heir.person_id, side)


COMMANDS = (Command("signup", signup, topic="activity"), Command("withdraw", withdraw, topic="activity"))
