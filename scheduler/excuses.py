"""The days on which nobody misses anything: leave, pauses, and days off work where the group rests on them."""

from __future__ import annotations

from datetime import date, timedelta

from domain.group import Group
from domain.workday import is_day_off
from storage import leaves
from storage.tx import Tx


async def excused_days(tx: Tx, group: Group, person_id: int, first: date, last: date) -> set[date]:
    """Those from ``first`` to ``last``."""
    excused = await leaves.excused(tx, group.id, person_id, first, last)
    if group.settings.weekend_off:
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        excused |= {day for day in span if is_day_off(day)}
    return excused
