"""Activity cycles and their stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from domain.cycle import Cycle, Stage, StageState
from domain.template import Kind, Template
from domain.works import is_for_works
from storage.tx import Row, Tx

_CYCLE = "c.group_id, c.id, c.title, c.plan, c.state, c.starts_on, c.repeats, c.by_person"
_STAGE = "s.group_id, s.cycle_id, s.place, s.state, s.opens_at, s.closes_at, s.owner, s.link, s.opened_at, s.closed_at"


async def add(tx: Tx, cycle: Cycle, stages: Sequence[Stage], now: int) -> None:
    await tx.run(
        """INSERT INTO cycles (group_id, id, template, title, state, starts_on, plan, repeats, by_person, at)
           VALUES (:group, :id, :template, :title, :state, :starts_on, :plan, :repeats, :by, :now)""",
        group=cycle.group_id,
        id=cycle.id,
        template=cycle.plan.key,
        title=cycle.title,
        state=cycle.state,
        starts_on=cycle.starts_on.isoformat(),
        plan=cycle.plan.model_dump_json(exclude_defaults=True),
        repeats=cycle.repeats,
        by=cycle.by,
        now=now,
    )
    await tx.many(
        """INSERT INTO stages (group_id, cycle_id, place, key, kind, state, opens_at, closes_at, owner, link)
           VALUES (:group, :cycle, :place, :key, :kind, :state, :opens_at, :closes_at, :owner, :link)""",
        [
            {
                "group": stage.group_id,
                "cycle": stage.cycle_id,
                "place": stage.place,
                "key": stage.spec.key,
                "kind": stage.spec.kind,
                "state": stage.state,
                "opens_at": stage.opens_at,
                "closes_at": stage.closes_at,
                "owner": stage.owner,
                "link": stage.link,
            }
            for stage in stages
        ],
    )


async def find(tx: Tx, group_id: int, cycle_id: int) -> Cycle | None:
    row = await tx.one(
        f"SELECT {_CYCLE} FROM cycles c WHERE c.group_id = :group AND c.id = :id", group=group_id, id=cycle_id
    )
    return None if row is None else _cycle(row)


async def running(tx: Tx, group_id: int) -> list[Cycle]:
    """Those that are not over, the oldest first."""
    rows = await tx.all(
        f"SELECT {_CYCLE} FROM cycles c WHERE c.group_id = :group AND c.state = 'running' ORDER BY c.id",
        group=group_id,
    )
    return [_cycle(row) for row in rows]


async def latest(tx: Tx, group_id: int, limit: int) -> list[Cycle]:
    """Whatever their state, the newest first."""
    rows = await tx.all(
        f"SELECT {_CYCLE} FROM cycles c WHERE c.group_id = :group ORDER BY c.id DESC LIMIT :limit",
        group=group_id,
        limit=limit,
    )
    return [_cycle(row) for row in rows]


async def stages(tx: Tx, cycle: Cycle) -> tuple[Stage, ...]:
    """All of the cycle's, in order."""
    rows = await tx.all(
        f"SELECT {_STAGE} FROM stages s WHERE s.group_id = :group AND s.cycle_id = :cycle ORDER BY s.place",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    return tuple(_stage(row, cycle.plan) for row in rows)


async def stage(tx: Tx, group_id: int, cycle_id: int, place: int) -> tuple[Cycle, Stage] | None:
    """One stage, in whatever state, with its cycle."""
    cycle = await find(tx, group_id, cycle_id)
    if cycle is None:
        return None
    found = [one for one in await stages(tx, cycle) if one.place == place]
    return (cycle, found[0]) if found else None


async def open_stage(tx: Tx, group_id: int, *kinds: Kind) -> tuple[Cycle, Stage] | None:
    """The stage of one of those kinds that is open in the group now; of several the one that opened last.

    The part of a talk that is for works is none to sign up for or to ask in: `open_for_works` finds it.
    """
    found = [
        (cycle, one)
        for cycle in await running(tx, group_id)
        for one in await stages(tx, cycle)
        if one.state == "open" and one.spec.kind in kinds and not is_for_works(one.spec)
    ]
    return max(found, key=lambda pair: (pair[1].opened_at or 0, pair[0].id), default=None)


async def open_for_works(tx: Tx, group_id: int) -> tuple[Cycle, Stage] | None:
    """The stage in which works are handed in and voted for; of several the one that opened last."""
    found = [
        (cycle, one)
        for cycle in await running(tx, group_id)
        for one in await stages(tx, cycle)
        if one.state == "open" and is_for_works(one.spec)
    ]
    return max(found, key=lambda pair: (pair[1].opened_at or 0, pair[0].id), default=None)


async def turn(tx: Tx, stage: Stage, was: StageState, into: StageState, now: int) -> Stage | None:
    """The stage in its new state; None where it was not in the state it should have been, so that each turn is taken once."""
    opened = now if into == "open" else stage.opened_at
    closed = now if into in ("closed", "skipped") else None
    turned = await tx.run(
        """UPDATE stages SET state = :into, opened_at = :opened, closed_at = :closed
           WHERE group_id = :group AND cycle_id = :cycle AND place = :place AND state = :was""",
        into=into,
        opened=opened,
        closed=closed,
        group=stage.group_id,
        cycle=stage.cycle_id,
        place=stage.place,
        was=was,
    )
    return replace(stage, state=into, opened_at=opened, closed_at=closed) if turned else None


async def change(tx: Tx, changed: Sequence[Stage]) -> None:
    """Write down times, owners and links."""
    await tx.many(
        """UPDATE stages SET opens_at = :opens_at, closes_at = :closes_at, owner = :owner, link = :link
           WHERE group_id = :group AND cycle_id = :cycle AND place = :place""",
        [
            {
                "opens_at": one.opens_at,
                "closes_at": one.closes_at,
                "owner": one.owner,
                "link": one.link,
                "group": one.group_id,
                "cycle": one.cycle_id,
                "place": one.place,
            }
            for one in changed
        ],
    )


async def set_repeats(tx: Tx, cycle: Cycle, repeats: str) -> None:
    await tx.run(
        "UPDATE cycles SET repeats = :repeats WHERE group_id = :group AND id = :id",
        repeats=repeats,
        group=cycle.group_id,
        id=cycle.id,
    )


async def end(tx: Tx, cycle: Cycle, state: str, now: int) -> bool:
    """``over`` or ``cancelled``; False where it was so already."""
    ended = await tx.run(
        "UPDATE cycles SET state = :state, ended_at = :now WHERE group_id = :group AND id = :id AND state = 'running'",
        state=state,
        now=now,
        group=cycle.group_id,
        id=cycle.id,
    )
    return ended == 1


def _cycle(row: Row) -> Cycle:
    group_id, id, title, plan, state, starts_on, repeats, by = row
    return Cycle(group_id, id, title, _plan(plan), state, date.fromisoformat(starts_on), repeats, by)


def _stage(row: Row, plan: Template) -> Stage:
    group_id, cycle_id, place, *rest = row
    return Stage(group_id, cycle_id, place, plan.stages[place], *rest)


@lru_cache(maxsize=256)
def _plan(text: str) -> Template:
    """Groups that use a template as it is shipped have equal texts, and share one object."""
    return Template.model_validate_json(text)
