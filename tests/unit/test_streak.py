"""Streaks: carried on a check-in at a time, they are what counting afresh finds."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.streak import MILESTONES, extended, longest_run, standing

FIRST = date(2026, 3, 2)
PLACES = st.sets(st.integers(0, 60), max_size=40)


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


def days(places: set[int]) -> set[date]:
    return {day(place) for place in places}


def by_hand(checked: set[int], excused: set[int]) -> tuple[int, int]:
    """(current, best), counted day by day: a day neither checked nor excused breaks, an excused one is passed over."""
    current = best = 0
    for place in range(max(checked, default=-1) + 1):
        if place in checked:
            current += 1
        elif place not in excused:
            current = 0
        best = max(best, current)
    return current, best


def test_the_first_checkin_is_a_streak_of_one() -> None:
    assert extended(0, None, day(0), ()) == 1
    assert standing(0, None, day(0), ()) == 0


def test_the_next_day_adds_one() -> None:
    assert extended(6, day(0), day(1), ()) == 7


def test_a_second_checkin_on_the_same_day_adds_nothing() -> None:
    assert extended(7, day(1), day(1), ()) == 7


def test_a_missed_day_begins_anew() -> None:
    assert extended(7, day(0), day(2), ()) == 1
    assert standing(7, day(0), day(2), ()) == 0


def test_yesterdays_streak_stands_today() -> None:
    assert standing(7, day(0), day(1), ()) == 7
    assert standing(7, day(1), day(1), ()) == 7


def test_excused_days_are_passed_over() -> None:
    assert extended(7, day(0), day(4), days({1, 2, 3})) == 8
    assert standing(7, day(0), day(4), days({1, 2, 3})) == 7
    assert extended(7, day(0), day(4), days({1, 3})) == 1


def test_a_checkin_on_an_excused_day_counts() -> None:
    assert extended(7, day(0), day(1), days({1})) == 8


def test_milestones_grow() -> None:
    assert list(MILESTONES) == sorted(set(MILESTONES))


@given(PLACES, PLACES)
def test_counting_afresh_is_counting_by_hand(checked: set[int], excused: set[int]) -> None:
    assert longest_run(days(checked), days(excused)) == by_hand(checked, excused)


@given(PLACES, PLACES)
def test_carried_on_one_by_one_a_streak_is_what_counting_afresh_finds(
    checked: set[int], excused: set[int]
) -> None:
    streak = best = 0
    last: date | None = None
    for today in sorted(days(checked)):
        streak = extended(streak, last, today, days(excused))
        best = max(best, streak)
        last = today
    assert (streak, best) == longest_run(days(checked), days(excused))


@given(PLACES, PLACES, st.integers(0, 60))
def test_excusing_a_day_never_shortens_a_streak_nor_counts_for_one(
    checked: set[int], excused: set[int], more: int
) -> None:
    before = longest_run(days(checked), days(excused))
    after = longest_run(days(checked), days(excused | {more}))
    assert all(new >= old for new, old in zip(after, before, strict=True))
    assert after[1] <= len(checked)


@given(PLACES, PLACES, st.integers(0, 70))
def test_a_streak_stands_just_as_long_as_a_checkin_would_extend_it(
    checked: set[int], excused: set[int], today: int
) -> None:
    if not checked or max(checked) >= today:
        return
    streak, _ = longest_run(days(checked), days(excused))
    last = day(max(checked))
    stands = standing(streak, last, day(today), days(excused))
    assert extended(streak, last, day(today), days(excused)) == stands + 1


@given(st.lists(st.integers(0, 60)), PLACES)
def test_neither_order_nor_repetition_of_the_days_matters(places: list[int], excused: set[int]) -> None:
    expected = longest_run(days(set(places)), days(excused))
    assert longest_run([day(place) for place in places], days(excused)) == expected
