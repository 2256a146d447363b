"""What ought to be planned for a group and is not, because its kind of due row came later than the group, or because a version that
did not know the kind let it go: at the start it is planned."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from domain.group import Group
from scheduler import contest, cycle, honours, rhythm
from storage import contests, due, groups, overlooked, reviews
from storage.tx import Database, Tx

BITE = 200
"""Groups planned in one transaction, a few milliseconds' work."""
Search = Callable[[Tx, int, int], Awaitable[list[int]]]
"""(tx, after, limit) → the ids of groups, in their order."""
Plan = Callable[[Tx, Group, int], Awaitable[None]]


async def plan_overlooked(database: Database, now: int) -> int:
    """How often something was planned for a group. Groups that have no rhythm at all are let be; what is there stays."""
    searches: Sequence[tuple[Search, Plan]] = (
        (lambda tx, after, limit: overlooked.days(tx, rhythm.DAILY, after, limit), _days),
        (lambda tx, after, limit: overlooked.months(tx, honours.KIND, after, limit), honours.plan),
        (lambda tx, after, limit: overlooked.stages(tx, cycle.STAGE, after, limit), cycle.plan_anew),
        (lambda tx, after, limit: overlooked.reviews(tx, reviews.REPAIR, after, limit), _reviews),
        (lambda tx, after, limit: overlooked.contests(tx, contest.CLOSE, after, limit), _contest),
    )
    return sum([await _plan_all(database, search, plan, now) for search, plan in searches])


async def _plan_all(database: Database, search: Search, plan: Plan, now: int) -> int:
    planned, last = 0, 0
    while ids := await database.read(search, last, BITE):
        await database.transaction(_plan_some, plan, ids, now)
        planned, last = planned + len(ids), ids[-1]
    return planned


async def _plan_some(tx: Tx, plan: Plan, ids: Sequence[int], now: int) -> None:
    for group_id in ids:
        await tx.lock(group_id)
        group = await groups.find(tx, group_id)
        if group is not None:
            await plan(tx, group, now)


async def _days(tx: Tx, group: Group, now: int) -> None:
    there = await due.kinds(tx, group.id)
    for kind in (kind for kind in rhythm.DAILY if kind not in there):
        await rhythm.plan_first(tx, group, kind, now)


async def _reviews(tx: Tx, group: Group, now: int) -> None:
    await reviews.repair_soon(tx, group.id, now)


async def _contest(tx: Tx, group: Group, now: int) -> None:
    current = await contests.current(tx, group.id)
    if current is not None:
        await contest.plan(tx, current)
