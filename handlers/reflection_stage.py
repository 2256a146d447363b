"""Which stage of reflections somebody means, and what they have there: a draft, or what they handed in."""

from __future__ import annotations

from domain.errors import UserError
from domain.ids import brief, from_brief
from handlers.call import Call
from scheduler.stages.kind import Firing
from storage import cycles, reflection_windows, reflections
from storage.reflections import Reflection


async def stage_meant(call: Call, author: int, by: int) -> Firing | None:
    """The stage that takes reflections: where the author's draft is, else where they have handed in nothing yet.

    One that has closed is meant until its review has closed too, and last of all one where it has (`is_over` tells).
    """
    found = await stages_there(call)
    if not found:
        return None
    draft = await draft_anywhere(call, author, by)
    for at in found:
        if draft and (draft.cycle_id, draft.place) == (at.cycle.id, at.stage.place):
            return at
    for at in found:
        if await handed_in_stage(at, author) is None:
            return at
    return found[0]


async def stages_there(call: Call) -> list[Firing]:
    """Every stage of reflections of an activity that is running: the open ones, those that still take late ones, those that are over."""
    found = [
        call.firing(cycle, stage)
        for cycle in await cycles.running(call.tx, call.group.id)
        for stage in await cycles.stages(call.tx, cycle)
        if stage.spec.kind == "reflection" and stage.state in ("open", "closed")
    ]
    over = {at.arg: await is_over(at) for at in found}
    return sorted(
        found,
        key=lambda at: (over[at.arg], at.stage.state != "open", -(at.stage.opened_at or 0), -at.cycle.id),
    )


async def is_over(at: Firing) -> bool:
    """Nothing is taken any more. Who is late is, until the review closes, but changes nothing once it has opened."""
    return await reflection_windows.is_over(at.tx, at.group.id, at.cycle.id, at.stage.place)


async def stage_named(call: Call, arg: str) -> Firing:
    """By a button's argument."""
    name, _, place = arg.partition("_")
    at = int(place) if place.isascii() and place.isdecimal() else -1
    found = await cycles.stage(call.tx, call.group.id, from_brief(name), at)
    if found is None or found[1].spec.kind != "reflection":
        raise UserError("button.old")
    return call.firing(*found)


async def stage_of(call: Call, one: Reflection) -> Firing:
    return await stage_named(call, f"{brief(one.cycle_id)}_{one.place}")


async def draft_anywhere(call: Call, author: int, by: int) -> Reflection | None:
    """The draft that ``by`` writes; a secretary's for somebody else is not that person's own."""
    if author == by:
        return await reflections.latest_draft(call.tx, call.group.id, author)
    return None


async def draft_in_stage(at: Firing, author: int, by: int) -> Reflection | None:
    found = await _in_stage(at, author)
    return next((one for one in reversed(found) if one.state == "draft" and one.by == by), None)


async def handed_in_stage(at: Firing, author: int) -> Reflection | None:
    return next((one for one in await _in_stage(at, author) if one.state == "handed"), None)


async def _in_stage(at: Firing, author: int) -> list[Reflection]:
    theirs = await reflections.of_person(at.tx, at.group.id, author, at.cycle.id)
    return [one for one in theirs if one.place == at.stage.place]
