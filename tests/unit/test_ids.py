"""Ids: they grow, and no two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import Ids, brief, from_brief, made_at

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u0301"))
NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00
CLOCKS = st.lists(st.integers(0, 2_900_000_000_000), max_size=60)


@given(CLOCKS)
def test_ids_grow_whatever_the_clock_does(clock: list[int]) -> None:
    ids = Ids(1)
    made = [ids.next(now) for now in clock]
    assert made == sorted(set(made))
    assert all(0 <= id < 1 << 63 for id in made)


@given(CLOCKS, st.integers(0, 1023), st.integers(0, 1023))
def test_two_workers_never_make_the_same(clock: list[int], one: int, other: int) -> None:
    first, second = Ids(one), Ids(other)
    made = {first.next(now) for now in clock} & {second.next(now) for now in reversed(clock)}
    assert not made or one == other


def test_many_in_one_millisecond_are_different() -> None:
    ids = Ids(0)
    made = [ids.next(NOW) for _ in range(10_000)]
    assert made == sorted(set(made))


def test_a_later_millisecond_makes_a_greater_id_even_on_a_lesser_worker() -> None:
    assert Ids(1023).next(NOW) < Ids(0).next(NOW + 1)


def test_after_a_crowd_ids_still_grow_in_the_next_millisecond() -> None:
    ids = Ids(0)
    crowd = [ids.next(NOW) for _ in range(5000)]
    assert ids.next(NOW + 1) > crowd[-1]


@pytest.mark.parametrize("worker", [-1, 1024])
def test_a_worker_has_a_number_below_1024(worker: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 1023"):
        Ids(worker)


@given(st.integers(0, (1 << 63) - 1))
def test_a_brief_number_reads_as_it_was(number: int) -> None:
    assert from_brief(brief(number)) == number
    assert len(brief(number)) <= 13


@given(ANY_TEXT)
def test_whatever_is_no_brief_number_is_nobodys_id(text: str) -> None:
    assert 0 <= from_brief(text) < 1 << 63


@pytest.mark.parametrize("text", ["", "张三", "-1", " 1", "1_0", "½", "z" * 13, "x" * 14])
def test_what_is_no_number_is_zero(text: str) -> None:
    assert from_brief(text) == 0


def test_an_id_tells_when_it_was_made() -> None:
    ids = Ids(1023)
    assert [made_at(ids.next(1_772_409_600_000)) for _ in range(2)] == [1_772_409_600_000] * 2
