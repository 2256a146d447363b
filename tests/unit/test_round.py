"""The order of a round's questions, when a round is left lying, and when a group's week began."""

from __future__ import annotations

from datetime import date
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from domain.day import HOUR, MINUTE, instant
from domain.round import LYING, lies, shuffled, week_begins

SEEDS = st.integers(0, 2**63)


@given(SEEDS, st.integers(0, 200))
def test_every_question_comes_once(seed: int, count: int) -> None:
    assert sorted(shuffled(seed, count)) == list(range(count))


@given(SEEDS, st.integers(1, 200), st.data())
def test_reading_a_part_of_the_order_does_not_change_it(seed: int, count: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, count))
    assert list(islice(shuffled(seed, count), part)) == list(shuffled(seed, count))[:part]


def test_another_seed_makes_another_order() -> None:
    assert len({tuple(shuffled(seed, 20)) for seed in range(50)}) == 50


def test_no_question_is_favoured() -> None:
    first = [next(shuffled(seed, 10)) for seed in range(2000)]
    assert min(first.count(n) for n in range(10)) > 150


def test_a_round_is_left_lying_after_half_an_hour() -> None:
    assert not lies(1000, 1000 + LYING - 1)
    assert lies(1000, 1000 + 30 * MINUTE)


def test_the_week_begins_when_sunday_ends_in_the_group() -> None:
    zone = "Asia/Shanghai"
    midnight = instant(date(2026, 3, 2), 0, zone)
    assert week_begins(date(2026, 3, 2), zone, 24 * 60) == midnight
    assert week_begins(date(2026, 3, 8), zone, 24 * 60) == midnight
    assert week_begins(date(2026, 3, 8), zone, 28 * 60) == midnight + 4 * HOUR
