"""What reviews come to, checked against the statistics module; and who marks unlike the others."""

from __future__ import annotations

from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.marks import ODD_FROM, Given, Odd, odd_ones, shown, summed

REVIEWS = st.integers(1, 5).flatmap(
    lambda criteria: st.lists(st.tuples(*[st.integers(1, 10)] * criteria), min_size=1, max_size=12)
)


def test_of_no_reviews_there_is_nothing_to_sum_up() -> None:
    assert summed([]) is None


@given(REVIEWS)
def test_medians_and_means_are_those_of_the_statistics_module(reviews: list[tuple[int, ...]]) -> None:
    found = summed(reviews)
    assert found is not None
    columns = list(zip(*reviews, strict=True))
    overall = [mean(one) for one in reviews]
    assert found.count == len(reviews)
    assert found.medians == tuple(median(column) for column in columns)
    assert found.means == pytest.approx(tuple(mean(column) for column in columns))
    assert found.median == pytest.approx(median(overall))
    assert found.mean == pytest.approx(mean(overall))
    assert found.spread == pytest.approx(max(overall) - min(overall))


@given(REVIEWS)
def test_the_order_in_which_reviews_came_changes_nothing(reviews: list[tuple[int, ...]]) -> None:
    one, other = summed(reviews), summed(reviews[::-1])
    assert one is not None and other is not None
    assert one.medians == other.medians and one.mean == pytest.approx(other.mean)


def _given(marks: dict[int, dict[int, int]], most: int = 5) -> list[Given]:
    """``marks``: work → reviewer → the one mark they gave."""
    return [Given(work, who, (mark,), most) for work, people in marks.items() for who, mark in people.items()]


def test_whoever_is_far_from_the_others_in_three_reviews_is_shown_with_the_numbers() -> None:
    marks = {work: {1: 5, 2: 5, 3: 5, 9: 1} for work in (11, 12, 13)}
    assert odd_ones(_given(marks)) == [Odd(9, 3, 4.0)]


def test_two_reviews_say_nothing_and_those_without_others_beside_them_do_not_count() -> None:
    assert odd_ones(_given({work: {1: 5, 2: 5, 9: 1} for work in (11, 12)})) == []
    assert odd_ones(_given({11: {9: 1}, 12: {9: 1}, 13: {9: 1}})) == []
    assert odd_ones([]) == []


def test_a_longer_scale_is_measured_as_a_usual_one() -> None:
    marks = {work: {1: 10, 2: 10, 3: 10, 9: 6} for work in (11, 12, 13)}
    [odd] = odd_ones(_given(marks, most=10))
    assert odd.person == 9 and odd.apart == pytest.approx(4 * 4 / 9)
    near = {work: {1: 10, 2: 10, 3: 10, 9: 8} for work in (11, 12, 13)}
    assert odd_ones(_given(near, most=10)) == []


@given(
    st.dictionaries(
        st.integers(1, 8), st.dictionaries(st.integers(1, 6), st.integers(1, 5), min_size=1), max_size=8
    )
)
def test_the_distance_is_the_mean_over_the_works_that_others_reviewed_too(
    marks: dict[int, dict[int, int]],
) -> None:
    expected: dict[int, list[float]] = {}
    for people in marks.values():
        for who, mark in people.items():
            if others := [other for person, other in people.items() if person != who]:
                expected.setdefault(who, []).append(abs(mark - median(others)))
    wanted = {
        who: mean(found) for who, found in expected.items() if len(found) >= 3 and mean(found) >= ODD_FROM
    }
    found = odd_ones(_given(marks))
    assert {one.person: one.apart for one in found} == pytest.approx(wanted)
    assert [one.apart for one in found] == sorted((one.apart for one in found), reverse=True)


@pytest.mark.parametrize(("mark", "written"), [(4.0, "4"), (4.5, "4.5"), (11 / 3, "3.67"), (0.0, "0")])
def test_a_mark_is_written_as_short_as_may_be(mark: float, written: str) -> None:
    assert shown(mark) == written
