"""What moving an activity brings with it: go on, extend, skip, cancel. The group hears of it, and whoever it matters to."""

from __future__ import annotations

from dataclasses import replace

from domain.cycle import Cycle, Stage, moved
from domain.day import DAY, MINUTE
from domain.errors import UserError
from domain.ids import brief
from domain.message import Message, line
from handlers import cycle_making
from handlers.call import Call, Reply
from scheduler import cycle as time_of
from scheduler.cycle import moment
from storage import cycles


async def go_on(call: Call, current: Cycle, stage: Stage) -> Reply:
    """Close the open stage now and open what comes after it; or open the one that was still to come."""
    stages = await cycles.stages(call.tx, current)
    if stage.state == "open":
        await time_of.close_stage(call.firing(current, stage))
        coming = [one for one in stages if one.place > stage.place and one.state == "planned"]
    else:
        coming = [stage]
    if coming:
        await _open_now(call, current, coming[0])
    await time_of.advance(call.tx, call.house.ids, call.group, current, call.now, call.house.rules)
    if not coming:
        return line("cycle.done_last", stage=stage.spec.title)
    return line("cycle.done_next", stage=coming[0].spec.title)


async def _open_now(call: Call, current: Cycle, stage: Stage) -> None:
    """It opens earlier than planned and closes when it was to close: whoever planned around that day is not hurried."""
    earlier = replace(stage, opens_at=min(stage.opens_at, call.now))
    await cycles.change(call.tx, [earlier])
    await time_of.open_stage(call.firing(current, earlier))
    await _replan(call, current)


def check_was_not_extended(call: Call, stage: Stage, until: str) -> None:
    """A button extends from the moment it was made for: pressed twice, or by two, it does so once."""
    if until != brief(stage.closes_at // MINUTE):
        raise UserError(
            "cycle.moved_since", stage=stage.spec.title, until=moment(call.group, stage.closes_at)
        )


async def extend(call: Call, current: Cycle, stage: Stage, days: int) -> Reply:
    before = await cycles.stages(call.tx, current)
    after = moved(before, stage.place, days * DAY)
    await cycles.change(call.tx, after)
    await _replan(call, current)
    until = moment(call.group, after[stage.place].closes_at)
    later = sum(one.opens_at != other.opens_at for one, other in zip(before, after, strict=True))
    said = line("cycle.extended", stage=stage.spec.title, until=until)
    lines = (said, line("cycle.moved_along", count=later)) if later else (said,)
    await call.tell_group(Message(lines, title=line("cycle.title", cycle=current.title)))
    await _tell_owners(call, current, before, after)
    return line("cycle.done_extend", stage=stage.spec.title, until=until)


async def _tell_owners(
    call: Call, current: Cycle, before: tuple[Stage, ...], after: tuple[Stage, ...]
) -> None:
    """Whoever looks after a stage that was moved hears when it is now."""
    for was, now in zip(before, after, strict=True):
        if now.owner and (was.opens_at, was.closes_at) != (now.opens_at, now.closes_at):
            when = moment(call.group, now.opens_at if now.state == "planned" else now.closes_at)
            key = "cycle.yours_moved" if now.state == "planned" else "cycle.yours_extended"
            await cycle_making.tell_member(
                call, now.owner, line(key, cycle=current.title, stage=now.spec.title, when=when)
            )


async def skip(call: Call, current: Cycle, stage: Stage) -> Reply:
    if await cycles.turn(call.tx, stage, stage.state, "skipped", call.now) is None:
        raise UserError("cycle.turned_already")
    await time_of.call_off(call.tx, current, stage.place)
    said = line("cycle.skipped", stage=stage.spec.title)
    await call.tell_group(Message((said,), title=line("cycle.title", cycle=current.title)))
    await _replan(call, current)
    await time_of.advance(call.tx, call.house.ids, call.group, current, call.now, call.house.rules)
    return line("cycle.done_skip", stage=stage.spec.title)


async def _replan(call: Call, current: Cycle) -> None:
    await time_of.replan(call.tx, call.group, current, call.now)


async def cancel(call: Call, current: Cycle) -> Reply:
    await cycles.end(call.tx, current, "cancelled", call.now)
    await time_of.cancel(call.tx, current)
    for stage in await cycles.stages(call.tx, current):
        if stage.state in ("planned", "open"):
            await cycles.turn(call.tx, stage, stage.state, "skipped", call.now)
            await time_of.call_off(call.tx, current, stage.place)
    await call.tell_group(Message((line("cycle.cancelled", cycle=current.title),)))
    return line("cycle.done_cancel", cycle=current.title)
