"""Days off work, with the days that were moved."""

from __future__ import annotations

from datetime import date

import pytest

from domain.workday import is_day_off


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 3, 2), False),  # a Monday
        (date(2026, 3, 7), True),  # a Saturday
        (date(2026, 10, 1), True),  # National Day
        (date(2026, 2, 17), True),  # Spring Festival
        (date(2026, 2, 14), False),  # a Saturday worked in exchange for Spring Festival
    ],
)
def test_holidays_and_moved_days_are_known(day: date, off: bool) -> None:
    assert is_day_off(day) is off


@pytest.mark.parametrize("year", [1999, 2199])
def test_for_a_year_nobody_has_published_weekends_are_off(year: int) -> None:
    first = date(year, 10, 1)
    for place in range(7):
        day = first.replace(day=1 + place)
        assert is_day_off(day) is (day.weekday() >= 5)
