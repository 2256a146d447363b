"""From when on details stay, and which old days a streak still needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.retention import kept_since, streak_since
from domain.streak import longest_run

TODAY = date(2026, 3, 5)
SINCE = date(2025, 9, 1)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("months", "since"),
    [
        (3, date(2025, 12, 1)),
        (6, SINCE),
        (12, date(2025, 3, 1)),
        (14, date(2025, 1, 1)),
        (15, date(2024, 12, 1)),
    ],
)
def test_whole_months_stay(months: int, since: date) -> None:
    assert kept_since(TODAY, months) == since


def test_a_streak_that_lasts_keeps_its_old_days() -> None:
    first = date(2025, 3, 1)
    assert streak_since(days(first, TODAY), (), SINCE, TODAY) == first


def test_old_days_before_the_streak_are_not_needed() -> None:
    history = [date(2025, 1, 1), *days(date(2025, 8, 1), TODAY)]
    assert streak_since(history, (), SINCE, TODAY) == date(2025, 8, 1)


def test_a_streak_that_began_later_needs_no_old_day() -> None:
    assert streak_since([date(2025, 1, 1), *days(SINCE, TODAY)], (), SINCE, TODAY) is None


def test_a_streak_that_broke_long_ago_is_not_needed() -> None:
    assert streak_since(days(date(2025, 8, 1), date(2025, 10, 1)), (), SINCE, TODAY) is None
    assert streak_since([], (), SINCE, TODAY) is None


def test_a_day_missed_this_month_may_still_be_made_up() -> None:
    history = [*days(date(2025, 8, 1), date(2026, 2, 10)), *days(date(2026, 2, 12), TODAY)]
    assert streak_since(history, (), SINCE, TODAY) == date(2025, 8, 1)


def test_leave_holds_a_streak_together() -> None:
    away = days(date(2025, 8, 20), date(2025, 9, 20))
    history = [*days(date(2025, 8, 1), date(2025, 8, 19)), *days(date(2025, 9, 21), TODAY)]
    assert streak_since(history, away, SINCE, TODAY) == date(2025, 8, 1)
    assert streak_since(history, (), SINCE, TODAY) is None


@given(
    missed=st.sets(st.integers(0, 300), max_size=6),
    made_up=st.integers(0, 31),
    away=st.sets(st.integers(0, 300), max_size=40),
)
def test_whatever_is_made_up_later_the_streak_is_as_if_nothing_had_been_forgotten(
    missed: set[int], made_up: int, away: set[int]
) -> None:
    excused = {TODAY - timedelta(days=n) for n in away}
    history = [TODAY - timedelta(days=n) for n in range(300, -1, -1) if n not in missed and n not in away]
    streak = streak_since(history, excused, SINCE, TODAY)
    first = min(SINCE, streak or SINCE)
    kept = [day for day in history if day >= first]
    later = TODAY - timedelta(days=made_up)
    if kept:
        assert longest_run([*kept, later], excused)[0] == longest_run([*history, later], excused)[0]
