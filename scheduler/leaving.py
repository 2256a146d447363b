"""What follows when somebody is no longer in a group: nothing waits for them any more, and nothing of theirs is lost."""

from __future__ import annotations

from dataclasses import replace

from domain.cycle import Stage
from domain.group import Group, Member
from domain.ids import Ids
from domain.message import Line, Message, Priority, line
from domain.seminar import Signup
from scheduler import seats
from scheduler.stages.kind import Firing
from storage import cycles, members, outbox, reviews, signups
from storage.telling import tell_group, tell_person
from storage.tx import Tx


async def leave(tx: Tx, ids: Ids, group: Group, person: Member, now: int, *, by: int = 0) -> bool:
    """False where they had left already. ``by``: the secretary who took them off the list, and need not be told of it."""
    held = await _held(tx, ids, group, person.id, now)
    if not await members.leave(tx, group.id, person.id, now):
        return False
    await outbox.call_off_for(tx, group.id, person.id)
    for at, seat in held:
        await _free(at, seat)
    lines = [line("leaving.gone", name=person.name, group=group.name)]
    lines += await _hand_back_stages(tx, group, person.id)
    await reviews.repair_soon(tx, group.id, now)
    await _tell_secretaries(tx, ids, group, now, Message(tuple(lines), silent=True), by)
    return True


async def come_back(tx: Tx, group: Group, person_id: int, now: int) -> bool:
    """With all they had; False where they had not left."""
    if not await members.come_back(tx, group.id, person_id):
        return False
    await reviews.repair_soon(tx, group.id, now)
    return True


async def _held(tx: Tx, ids: Ids, group: Group, person_id: int, now: int) -> list[tuple[Firing, Signup]]:
    """What they have signed up for that is not over."""
    held = []
    for cycle in await cycles.running(tx, group.id):
        for stage in await cycles.stages(tx, cycle):
            if stage.state not in ("planned", "open"):
                continue
            seat = await signups.find(tx, stage, person_id)
            if seat is not None and seat.state != "out":
                held.append((Firing(tx, ids, group, cycle, stage, now), seat))
    return held


async def _free(at: Firing, seat: Signup) -> None:
    """Whoever was there, was there; but nobody else can speak for a sub-group from outside."""
    if not seat.attended:
        await seats.give_up(at, seat)
    elif seat.liaison:
        await seats.replace_liaison(at, seat.side)
    if at.stage.state == "open":
        await at.refresh_board()


async def _hand_back_stages(tx: Tx, group: Group, person_id: int) -> list[Line]:
    """The secretaries answer for what they were responsible for."""
    theirs: list[Stage] = []
    for cycle in await cycles.running(tx, group.id):
        theirs += [
            stage
            for stage in await cycles.stages(tx, cycle)
            if stage.owner == person_id and stage.state in ("planned", "open")
        ]
    await cycles.change(tx, [replace(stage, owner=0) for stage in theirs])
    titles = tuple(line("raw", text=stage.spec.title) for stage in theirs)
    return [line("leaving.stages_back", stages=titles)] if theirs else []


async def _tell_secretaries(tx: Tx, ids: Ids, group: Group, now: int, said: Message, by: int) -> None:
    """In private; where nobody is left to hear it, the group learns how it gets a secretary again, and not why."""
    left = await members.secretaries(tx, group.id)
    morning = group.settings.after_quiet(now)
    for one in left:
        if one.id != by:
            await tell_person(tx, ids, now, group, one, said, priority=Priority.REMINDER, not_before=morning)
    if not left and await members.count(tx, group.id):
        await tell_group(tx, ids, now, group, Message((line("leaving.no_secretary"),)), not_before=morning)
