"""How long a reflection is taken and may be changed: that is for the stages of review after it to say."""

from __future__ import annotations

from storage.reflections import Reflection
from storage.tx import Tx


async def is_locked(tx: Tx, group_id: int, cycle_id: int, place: int) -> bool:
    """Others read it by now, or the activity is over: a stage of review after ``place`` has opened, or the cycle has ended."""
    row = await tx.one(
        """SELECT 1 FROM cycles c WHERE c.group_id = :group AND c.id = :cycle AND (c.state <> 'running' OR EXISTS (
             SELECT 1 FROM stages s WHERE s.group_id = :group AND s.cycle_id = :cycle AND s.place > :place
               AND s.kind = 'review' AND s.state IN ('open', 'closed')))""",
        group=group_id,
        cycle=cycle_id,
        place=place,
    )
    return row is not None


async def is_over(tx: Tx, group_id: int, cycle_id: int, place: int) -> bool:
    """None is taken any more: a stage of review after ``place`` has closed, or the cycle has ended."""
    row = await tx.one(
        """SELECT 1 FROM cycles c WHERE c.group_id = :group AND c.id = :cycle AND (c.state <> 'running' OR EXISTS (
             SELECT 1 FROM stages s WHERE s.group_id = :group AND s.cycle_id = :cycle AND s.place > :place
               AND s.kind = 'review' AND s.state = 'closed'))""",
        group=group_id,
        cycle=cycle_id,
        place=place,
    )
    return row is not None


async def may_change(tx: Tx, one: Reflection) -> bool:
    """A draft until none is taken any more; what was handed in until others read it."""
    settled = is_over if one.state == "draft" else is_locked
    return not await settled(tx, one.group_id, one.cycle_id, one.place)


async def asked_in(tx: Tx, group_id: int) -> bool:
    """Whether the group has a stage of reflections open."""
    row = await tx.one(
        """SELECT 1 FROM stages s JOIN cycles c ON c.group_id = s.group_id AND c.id = s.cycle_id
           WHERE s.group_id = :group AND s.kind = 'reflection' AND s.state = 'open' AND c.state = 'running'""",
        group=group_id,
    )
    return row is not None
