"""How many days in a row: days without a check-in break a streak, unless they are excused (leave, a paused group, a silent day).

Excused days neither break nor lengthen it. A check-in on an excused day counts like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

MILESTONES = (7, 21, 30, 100)
"""Streaks that the day's closing message congratulates."""

_ONE = timedelta(days=1)


def extended(streak: int, last: date | None, today: date, excused: Collection[date]) -> int:
    """The streak after a check-in today, when the one before was on ``last``. ``excused`` need hold only days between the two."""
    if last is None:
        return 1
    if last >= today:
        return streak
    between = (last + _ONE * n for n in range(1, (today - last).days))
    return streak + 1 if all(day in excused for day in between) else 1


def standing(streak: int, last: date | None, today: date, excused: Collection[date]) -> int:
    """The streak as it stands today, before any check-in today: 0 once an unexcused day was missed."""
    if last is None:
        return 0
    between = (last + _ONE * n for n in range(1, (today - last).days))
    return streak if all(day in excused for day in between) else 0


def longest_run(days: Iterable[date], excused: Collection[date]) -> tuple[int, int]:
    """(streak that ends on the last of ``days``, best streak ever), counted afresh from the whole history."""
    current = best = 0
    last: date | None = None
    for day in sorted(set(days)):
        current = extended(current, last, day, excused)
        best = max(best, current)
        last = day
    return current, best
