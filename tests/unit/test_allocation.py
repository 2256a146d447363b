"""Who reviews whom: coverage and balance hold for every size of group, whoever is absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.allocation import Reviewer, Work, allocate

FIRST_WORK = 10_000


def _works(authors: Iterable[int], sides: int = 0, held: dict[int, set[int]] | None = None) -> list[Work]:
    return [
        Work(FIRST_WORK + who, who, _side(who, sides), frozenset((held or {}).get(FIRST_WORK + who, ())))
        for who in authors
    ]


def _reviewers(people: Iterable[int], sides: int = 0, loads: Counter[int] | None = None) -> list[Reviewer]:
    return [Reviewer(who, _side(who, sides), (loads or Counter())[who]) for who in people]


def _side(who: int, sides: int) -> int:
    return 1 + who % sides if sides else 0


def _given(asked: Collection[tuple[int, int]]) -> Counter[int]:
    return Counter(who for who, _ in asked)


def _received(asked: Collection[tuple[int, int]]) -> Counter[int]:
    return Counter(work for _, work in asked)


@pytest.mark.parametrize("each", [1, 2, 3])
def test_from_2_to_300_everybody_gives_and_gets_the_same_and_nobody_their_own(each: int) -> None:
    for size in range(2, 301):
        people = range(1, size + 1)
        asked = allocate(_works(people, 4), _reviewers(people, 4), each, seed=size)
        due = min(each, size - 1)
        assert set(_given(asked).values()) == set(_received(asked).values()) == {due}
        assert len(asked) == len(set(asked)) == size * due
        assert all(who + FIRST_WORK != work for who, work in asked)


@given(size=st.integers(2, 300), each=st.integers(1, 4), seed=st.integers(0, 1 << 32), away=st.floats(0, 0.2))
@settings(max_examples=60, deadline=None)
def test_whoever_drops_out_every_work_is_read_as_often_as_before_and_the_extra_is_shared(
    size: int, each: int, seed: int, away: float
) -> None:
    people = range(1, size + 1)
    first = allocate(_works(people), _reviewers(people), each, seed=seed)
    absent = {who for who in people if who * 2654435761 % (1 << 32) < away * (1 << 32)}
    held: dict[int, set[int]] = {}
    for who, work in first:
        if who not in absent:
            held.setdefault(work, set()).add(who)
    there = [who for who in people if who not in absent]
    more = allocate(
        _works(people, held=held),
        _reviewers(there, loads=Counter(who for who, _ in first)),
        each,
        seed=seed + 1,
    )
    received = _received([*((who, work) for work, people in held.items() for who in people), *more])
    for who in people:
        possible = len(there) - (who in there)
        assert received[FIRST_WORK + who] == min(each, possible)
    extra = [_given(more)[who] for who in there]
    if size > 20:
        assert max(extra) - min(extra) <= 1


@given(
    size=st.integers(2, 40),
    each=st.integers(1, 3),
    pairs=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=20),
    seed=st.integers(0, 1000),
)
@settings(deadline=None)
def test_an_excluded_pair_never_meets_and_a_review_is_missing_only_where_nobody_is_left(
    size: int, each: int, pairs: list[tuple[int, int]], seed: int
) -> None:
    people = range(1, size + 1)
    asked = allocate(_works(people), _reviewers(people), each, pairs, seed=seed)
    apart = {frozenset(pair) for pair in pairs}
    assert not any(frozenset((who, work - FIRST_WORK)) in apart for who, work in asked)
    received = _received(asked)
    for author in people:
        possible = sum(who != author and frozenset((who, author)) not in apart for who in people)
        assert received[FIRST_WORK + author] == min(each, possible)


@given(size=st.integers(2, 60), each=st.integers(1, 3), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_same_seed_gives_the_same_allocation_in_whatever_order_people_are_named(
    size: int, each: int, seed: int
) -> None:
    people = list(range(1, size + 1))
    one = allocate(_works(people, 3), _reviewers(people, 3), each, seed=seed)
    other = allocate(_works(people[::-1], 3), _reviewers(people[::-1], 3), each, seed=seed)
    assert one == other


def test_another_seed_gives_another_allocation() -> None:
    people = range(1, 31)
    assert allocate(_works(people), _reviewers(people), 2, seed=1) != allocate(
        _works(people), _reviewers(people), 2, seed=2
    )


def test_reviews_come_from_other_sub_groups_where_there_are_any() -> None:
    people = range(1, 41)
    asked = allocate(_works(people, 4), _reviewers(people, 4), 2, seed=7)
    own_side = sum(_side(who, 4) == _side(work - FIRST_WORK, 4) for who, work in asked)
    assert own_side <= len(asked) // 10


def test_who_hands_in_late_is_read_by_those_who_have_given_least() -> None:
    loads = Counter({1: 3, 2: 2, 3: 2, 4: 0})
    asked = allocate([Work(99, 5)], _reviewers([1, 2, 3, 4, 5], loads=loads), 2, seed=1)
    assert (4, 99) in asked and (1, 99) not in asked and (5, 99) not in asked


def test_a_person_alone_or_nobody_at_all_is_no_error() -> None:
    assert allocate(_works([1]), _reviewers([1]), 2, seed=1) == []
    assert allocate(_works([1]), [], 2, seed=1) == []
    assert allocate([], _reviewers([1, 2]), 2, seed=1) == []
