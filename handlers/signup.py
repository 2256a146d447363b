"""报名: coming to a stage; who comes after the seats are taken waits, in order. 取消报名: not coming after all."""

from __future__ import annotations

from domain.errors import UserError
from domain.message import Line, line
from domain.seminar import Signup, smallest
from handlers.call import Call, Command, Reply, done_mark
from handlers.stage_board import SIGNED_UP
from handlers.stages import refresh, stage_meant
from scheduler import seats
from scheduler.stages.kind import Firing
from storage import signups


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
    await seats.give_up(at, mine)
    await refresh(call, at)
    return done_mark(call, line("seminar.withdrawn", stage=at.stage.spec.title))


COMMANDS = (Command("signup", signup, topic="activity"), Command("withdraw", withdraw, topic="activity"))
