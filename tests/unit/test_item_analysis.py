"""What answers say of a question: agreement with the textbook's formula, and which questions to look at."""

from __future__ import annotations

from statistics import StatisticsError, correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.item_analysis import (
    FEWEST,
    FEWEST_FOR_OPTIONS,
    Judgement,
    Tally,
    discrimination,
    judge,
    never_chosen,
)
from domain.question import Question

CHOICE = Question(key="q", kind="single", stem="?", options=("a", "b", "c"), right=(1,))
ALL = {0: 1, 1: 1, 2: 1}


def tally(pairs: list[tuple[int, float]]) -> Tally:
    """(right here, share of the other answers that was right) of each person"""
    return Tally(
        answers=len(pairs),
        right=sum(hit for hit, _ in pairs),
        rated=len(pairs),
        rated_right=sum(hit for hit, _ in pairs),
        rest=sum(rest for _, rest in pairs),
        rest_squared=sum(rest * rest for _, rest in pairs),
        rest_right=sum(hit * rest for hit, rest in pairs),
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 8).map(lambda n: n / 8)), min_size=FEWEST, max_size=60
    )
)
def test_discrimination_is_pearsons_correlation_with_the_rest(pairs: list[tuple[int, float]]) -> None:
    found = discrimination(tally(pairs))
    try:
        expected = correlation([hit for hit, _ in pairs], [rest for _, rest in pairs])
    except StatisticsError:  # all alike
        assert found is None
    else:
        assert found is not None
        assert found == pytest.approx(expected, abs=1e-6)


def test_too_few_answers_tell_nothing() -> None:
    few = [(n % 2, n / 10) for n in range(FEWEST - 1)]
    assert discrimination(tally(few)) is None
    assert judge(CHOICE, tally(few), ALL) == Judgement(FEWEST - 1)


def test_who_knows_and_who_does_not_are_told_apart() -> None:
    told = judge(CHOICE, tally([(1, 0.9)] * 10 + [(0, 0.1)] * 10), ALL)
    assert (told.difficulty, told.discrimination, told.reasons) == (0.5, 1.0, ())


def test_an_answer_marked_wrongly_shows_as_misleading() -> None:
    assert judge(CHOICE, tally([(0, 0.9)] * 10 + [(1, 0.1)] * 10), ALL).reasons == ("misleads",)


def test_guesswork_tells_little() -> None:
    guessed = [(n % 2, (n // 2 % 2) / 1) for n in range(20)]
    assert judge(CHOICE, tally(guessed), ALL).reasons == ("tells_little",)


@pytest.mark.parametrize(("right", "reason"), [(3, "hard"), (20, "easy")])
def test_what_hardly_anybody_or_nearly_everybody_knows_is_named(right: int, reason: str) -> None:
    tallied = Tally(answers=20, right=right)
    assert judge(CHOICE, tallied, ALL).reasons == (reason,)


def test_an_option_nobody_chose_is_named_only_after_many_answers() -> None:
    assert never_chosen(CHOICE, FEWEST_FOR_OPTIONS - 1, {1: 9}) == ()
    assert never_chosen(CHOICE, FEWEST_FOR_OPTIONS, {1: 12, 0: 8}) == (2,)
    told = judge(CHOICE, Tally(answers=20, right=12), {1: 12, 0: 8})
    assert (told.unchosen, told.reasons) == ((2,), ("unchosen",))
