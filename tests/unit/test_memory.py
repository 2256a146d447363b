"""The schedule by which questions come back, as the library has it, in days."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card, Scheduler, State
from fsrs.scheduler import FSRS_DEFAULT_DECAY
from hypothesis import given
from hypothesis import strategies as st

from domain.day import DAY
from domain.memory import LONGEST_DAYS, RETENTION, SHAKY_DAYS, Judged, Memory, rate, recall

MONDAY = date(2026, 3, 2)
ANSWERS = st.lists(st.tuples(st.sampled_from(("right", "wrong")), st.integers(0, 400)), max_size=12)


def lived(answers: list[tuple[Judged, int]]) -> tuple[Memory | None, date]:
    """(verdict, days that pass after it) of each answer → what is remembered, and the day it is then."""
    memory, day = None, MONDAY
    for verdict, later in answers:
        memory = rate(memory.card if memory else None, verdict, day)
        day += timedelta(days=later)
    return memory, day


def test_what_was_right_once_comes_back_after_two_days_and_is_shaky_until_then() -> None:
    first = rate(None, "right", MONDAY)
    assert first.due == date(2026, 3, 4)
    assert first.stability < SHAKY_DAYS
    assert rate(first.card, "right", first.due).stability > SHAKY_DAYS


@pytest.mark.parametrize("rights", range(8))
def test_what_was_missed_comes_back_the_next_day_however_well_it_was_known(rights: int) -> None:
    memory, day = None, MONDAY
    for _ in range(rights):
        memory = rate(memory.card if memory else None, "right", day)
        day = memory.due
    assert rate(memory.card if memory else None, "wrong", day).due == day + timedelta(days=1)


@given(ANSWERS)
def test_it_comes_back_later_after_a_right_answer_than_after_a_wrong_one(
    answers: list[tuple[Judged, int]],
) -> None:
    known, day = lived(answers)
    right, wrong = (rate(known.card if known else None, verdict, day) for verdict in ("right", "wrong"))
    assert right.stability > wrong.stability
    assert right.due >= wrong.due == day + timedelta(days=1)
    if all(verdict == "right" for verdict, _ in answers):
        assert right.due > wrong.due, "what was missed often may come back daily for a while"


@given(ANSWERS)
def test_it_comes_back_within_a_year_and_never_the_same_day(answers: list[tuple[Judged, int]]) -> None:
    known, day = lived(answers)
    for verdict in ("right", "wrong"):
        ahead = (rate(known.card if known else None, verdict, day).due - day).days
        assert 1 <= ahead <= LONGEST_DAYS


@given(ANSWERS, st.integers(0, 1000 * DAY), st.integers(1, 1000 * DAY))
def test_recall_falls_with_time(answers: list[tuple[Judged, int]], elapsed: int, later: int) -> None:
    memory, _ = lived([*answers, ("right", 0)])
    assert memory is not None
    before, after = (recall(memory.stability, 0, now) for now in (elapsed, elapsed + later))
    assert 0 < after <= before <= 1
    if later > DAY // 10:
        assert after < before


@given(ANSWERS, st.integers(0, 1000))
def test_recall_is_what_the_library_says(answers: list[tuple[Judged, int]], days: int) -> None:
    memory, _ = lived([*answers, ("right", 0)])
    assert memory is not None
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    card = Card(0, State.Review, None, memory.stability, 5, seen, seen)
    expected = Scheduler().get_card_retrievability(card, seen + timedelta(days=days))
    assert recall(memory.stability, 0, days * DAY) == pytest.approx(expected)


def test_a_question_is_due_when_it_is_recalled_nine_times_in_ten() -> None:
    assert recall(5.0, 0, 5 * DAY) == pytest.approx(RETENTION)
    assert recall(5.0, DAY, 0) == 1, "an answer of tomorrow, by a clock that was set back"
    assert FSRS_DEFAULT_DECAY == 0.1542


@given(ANSWERS, st.sampled_from(("right", "wrong")))
def test_a_card_is_the_same_after_it_was_stored(answers: list[tuple[Judged, int]], verdict: Judged) -> None:
    memory, day = lived([*answers, ("wrong", 1)])
    assert memory is not None
    stored = json.dumps(json.loads(memory.card), indent=1)
    assert rate(stored, verdict, day) == rate(memory.card, verdict, day)
    assert Card.from_json(memory.card).stability == memory.stability


def test_the_same_answers_always_make_the_same_plan() -> None:
    answers: list[tuple[Judged, int]] = [("right", 2), ("right", 11), ("wrong", 1), ("right", 30)]
    assert lived(answers) == lived(answers)


GOOD = {"state": 2, "stability": 9.5, "difficulty": 5.0, "last_review": "2026-02-20T12:00:00+00:00"}


@pytest.mark.parametrize(
    "card",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 5000,
        '{"stability": NaN}',
        json.dumps({**GOOD, "stability": None}),
        json.dumps({**GOOD, "stability": -1}),
        json.dumps({**GOOD, "stability": 1e300}),
        json.dumps({**GOOD, "difficulty": 0}),
        json.dumps({**GOOD, "difficulty": "hard"}),
        json.dumps({**GOOD, "state": 1}),
        json.dumps({**GOOD, "state": "Review"}),
        json.dumps({**GOOD, "last_review": None}),
        json.dumps({**GOOD, "last_review": "2026-02-20T12:00:00"}),
        json.dumps({**GOOD, "last_review": "0001-01-01T00:00:00+10:00"}),
        json.dumps({**GOOD, "last_review": "9999-12-31T23:59:59-10:00"}),
        json.dumps({"due": "2022-12-01T00:00:00+00:00", "reps": 3, "lapses": 0, "state": 2}),
    ],
)
def test_a_card_of_another_version_is_as_good_as_none(card: str) -> None:
    assert rate(card, "right", MONDAY) == rate(None, "right", MONDAY)


def test_a_card_with_more_in_it_than_we_know_is_read() -> None:
    assert rate(json.dumps({**GOOD, "of_a_later_version": 1}), "right", MONDAY).stability > 9.5


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_card_can_disturb_the_answer(card: str) -> None:
    assert rate(card, "wrong", MONDAY).due == date(2026, 3, 3)


def test_the_program_starts_without_loading_the_library() -> None:
    code = "import sys, bot.core; sys.exit('fsrs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
