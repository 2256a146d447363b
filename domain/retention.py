"""How long the details of days are kept, and which old days a streak that lasts still needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from domain.streak import extended

MONTHS_LEAST, MONTHS_MOST = 3, 120
"""Fewer would take what makeup, reviews and a quarter's honours still look at."""
NEVER = MONTHS_MOST + 1
"""More than any group keeps: of one that forgot nothing so far."""
_STILL_OPEN = timedelta(days=32)
"""A missed day can be made up for 31 days (`domain.group.Settings.makeup_days_back`), and then joins what lies around it."""


def kept_since(today: date, months: int) -> date:
    """The first day whose details stay: whole months, so that nothing of the last ``months`` is missing."""
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def streak_since(history: Sequence[date], excused: Collection[date], since: date, today: date) -> date | None:
    """The first day of the streak that reaches from before ``since`` to the present; None where none does.

    ``history`` are all days with a check-in, oldest first.
    """
    for run in _runs(history, excused):
        if run[0] < since <= run[-1] and run[-1] >= today - _STILL_OPEN:
            return run[0]
    return None


def _runs(history: Sequence[date], excused: Collection[date]) -> list[list[date]]:
    """The history, parted where a day was missed."""
    runs: list[list[date]] = []
    for day in history:
        if runs and extended(1, runs[-1][-1], day, excused) == 2:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
