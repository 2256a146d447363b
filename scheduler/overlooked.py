"""Kinds of due rows that came later than a group: at the start they are planned for those who have none of them yet."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler import rhythm
from storage import due, groups
from storage.tx import Database, Tx

BITE = 200
"""Groups planned in one transaction, a few milliseconds' work."""


async def plan_overlooked(database: Database, now: int) -> int:
    """How many groups were planned for. Groups that have no rhythm at all are let be."""
    planned, last = 0, 0
    while ids := await database.read(due.lacking, rhythm.DAILY, last, BITE):
        await database.transaction(_plan, ids, now)
        planned, last = planned + len(ids), ids[-1]
    return planned


async def _plan(tx: Tx, ids: Sequence[int], now: int) -> None:
    for group_id in ids:
        await tx.lock(group_id)
        group = await groups.find(tx, group_id)
        if group is not None:
            there = await due.kinds(tx, group_id)
            for kind in (kind for kind in rhythm.DAILY if kind not in there):
                await rhythm.plan_first(tx, group, kind, now)
