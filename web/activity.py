"""Where the group's activity stands, beside the talk: the stage, what the reader has to do there, and its newsletter."""

from __future__ import annotations

from dataclasses import dataclass

from domain.cycle import Cycle
from domain.day import DAY
from domain.ids import Ids, brief
from scheduler.stages.kind import Firing
from storage import cycles, groups, newsletters
from storage.tx import Tx
from web.cycle_shown import Do, address, to_do

FRESH = 7 * DAY
"""So long the newsletter of an activity that is over is still news."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The stage that is open, till when; or the one that opens next, and when; none where all is over but the newsletter is new."""

    id: str
    title: str
    newsletter: str
    """Its address, once it is posted."""
    stage: str = ""
    open: bool = False
    at: int = 0
    do: Do | None = None
    """What the reader has to do there; a reflection to write has a place of its own (`web.frame.Writing`)."""


async def activity_of(tx: Tx, ids: Ids, group_id: int, person_id: int, now: int) -> Activity | None:
    """The newest that runs, or that was over lately."""
    cycle = next(
        iter((await cycles.running(tx, group_id))[-1:] or await cycles.latest(tx, group_id, 1)), None
    )
    if cycle is None:
        return None
    letter = await newsletters.find(tx, group_id, cycle.id)
    posted = address(letter) if letter and letter.posted_at is not None else ""
    if cycle.state == "running":
        return await _running(tx, ids, cycle, person_id, now, posted)
    fresh = letter is not None and letter.posted_at is not None and now - letter.posted_at < FRESH
    return Activity(brief(cycle.id), cycle.title, posted) if fresh else None


async def _running(
    tx: Tx, ids: Ids, cycle: Cycle, person_id: int, now: int, newsletter: str
) -> Activity | None:
    group = await groups.find(tx, cycle.group_id)
    if group is None:
        return None
    stages = await cycles.stages(tx, cycle)
    opened = [one for one in stages if one.state == "open"]
    at = opened[-1] if opened else next((one for one in stages if one.state == "planned"), stages[-1])
    open_now = at.state == "open"
    return Activity(
        brief(cycle.id),
        cycle.title,
        newsletter,
        at.spec.title,
        open_now,
        at.closes_at if open_now else at.opens_at,
        await to_do(Firing(tx, ids, group, cycle, at, now), person_id) if open_now else None,
    )
