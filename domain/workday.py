"""Days off work in China, with 调休: which days of a year the State Council moved, from `chinesecalendar`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import chinese_calendar


@lru_cache(maxsize=4096)
def is_day_off(day: date) -> bool:
    """Saturdays, Sundays and public holidays, less the weekend days worked in exchange.

    The calendar of a year is published the November before; for a year it does not know yet, weekends are taken to be off.
    """
    try:
        return bool(chinese_calendar.is_holiday(day))
    except NotImplementedError:
        return day.weekday() >= 5
