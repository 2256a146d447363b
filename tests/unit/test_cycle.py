"""When the stages of a cycle open and close."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.cycle import Stage, Times, moved, times
from domain.day import DAY, local
from domain.template import StageSpec, Template, Weights, When, disorder

ZONE = "Asia/Shanghai"
MONDAY = date(2026, 3, 2)


def _spec(key: str, opens: When | None = None, closes: When | None = None) -> StageSpec:
    return StageSpec(key=key, kind="notice", title=key, opens=opens or When(), closes=closes or When())


def _template(*stages: StageSpec) -> Template:
    return Template(key="try", title="试", stages=stages)


def _days(found: tuple[Times, ...]) -> list[tuple[str, str]]:
    shown = [(local(one.opens_at, ZONE), local(one.closes_at, ZONE)) for one in found]
    return [(f"{a:%m-%d %H:%M}", f"{b:%m-%d %H:%M}") for a, b in shown]


def _never(day: date) -> bool:
    return False


def test_stages_follow_one_another_at_their_days_and_hours() -> None:
    plan = _template(
        _spec("preview", closes=When(days=7, at=18 * 60)),
        _spec(
            "seminar", When(after="preview", weekday=5, at=14 * 60), When(after="preview", weekday=5, at=960)
        ),
        _spec("own", When(after="seminar", days=1), When(after="own", days=2, at=20 * 60)),
    )
    assert _days(times(plan, MONDAY, ZONE, _never)) == [
        ("03-02 09:00", "03-09 18:00"),
        ("03-14 14:00", "03-14 16:00"),
        ("03-15 09:00", "03-17 20:00"),
    ]


def test_a_silent_day_is_passed_over() -> None:
    plan = _template(_spec("only", When(days=5), When(days=5, at=20 * 60)))
    weekend_off = times(plan, MONDAY, ZONE, lambda day: day.weekday() >= 5)
    assert _days(weekend_off) == [("03-09 09:00", "03-09 20:00")]


def test_days_that_are_all_silent_hold_nothing_up_for_ever() -> None:
    found = times(_template(_spec("only", closes=When(at=20 * 60))), MONDAY, ZONE, lambda day: True)
    assert _days(found) == [("03-02 09:00", "03-02 20:00")]


def test_a_stage_that_would_close_before_it_opens_closes_the_day_after() -> None:
    plan = _template(_spec("late", When(at=20 * 60), When(at=18 * 60)))
    assert _days(times(plan, MONDAY, ZONE, _never)) == [("03-02 20:00", "03-03 18:00")]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.none() | st.integers(0, 6), st.integers(0, 1439)),
        min_size=1,
        max_size=6,
    ),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Chatham"]),
)
def test_every_stage_closes_after_it_opens_in_every_zone(
    rules: list[tuple[int, int | None, int]], start: date, zone: str
) -> None:
    specs, before = [], ""
    for place, (days, weekday, at) in enumerate(rules):
        when = When(days=days, after=before, weekday=weekday, at=at)
        specs.append(_spec(f"s{place}", when, when))
        before = f"s{place}"
    for one in times(_template(*specs), start, zone, lambda day: day.weekday() == 6):
        assert one.opens_at < one.closes_at


def _stages(*states: str) -> tuple[Stage, ...]:
    start = round(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
    made: list[Any] = [
        Stage(1, 2, place, _spec(f"s{place}"), state, start + 2 * place * DAY, start + (2 * place + 1) * DAY)  # type: ignore[arg-type]
        for place, state in enumerate(states)
    ]
    return tuple(made)


def test_a_stage_that_is_extended_takes_along_what_comes_after_it_and_leaves_what_is_over() -> None:
    before = _stages("closed", "open", "planned", "skipped")
    after = moved(before, 1, DAY)
    assert after[0] == before[0] and after[3] == before[3]
    assert (after[1].opens_at, after[1].closes_at) == (before[1].opens_at, before[1].closes_at + DAY)
    assert (after[2].opens_at, after[2].closes_at) == (
        before[2].opens_at + DAY,
        before[2].closes_at + DAY,
    )


def test_a_stage_cannot_be_moved_to_close_before_it_opens() -> None:
    with pytest.raises(ValueError, match="s1"):
        moved(_stages("closed", "open"), 1, -2 * DAY)


def test_a_time_may_only_be_told_from_an_earlier_stage_or_for_its_end_from_itself() -> None:
    good = (_spec("a"), _spec("b", When(after="a"), When(after="b", days=1)))
    assert disorder(good) == []
    assert disorder((_spec("a", When(after="b")), _spec("b", closes=When(after="c")))) == [
        (0, "after"),
        (1, "after"),
    ]
    assert disorder((_spec("a"), _spec("a"))) == [(1, "twice")]
    with pytest.raises(ValidationError, match="a:after"):
        _template(_spec("a", When(after="a")))


@pytest.mark.parametrize("wrong", [{"days": -1}, {"at": -1}, {"at": 1440}, {"weekday": 7}, {"day": 1}])
def test_a_time_before_the_beginning_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        When.model_validate(wrong)


def test_weights_make_a_hundred() -> None:
    assert Weights(own=0, peers=70, secretary=30).peers == 70
    with pytest.raises(ValidationError, match="weights"):
        Weights(own=50)


def test_a_plan_reads_as_it_was_written() -> None:
    plan = _template(_spec("a"), _spec("b", When(after="a", days=2)))
    assert Template.model_validate_json(plan.model_dump_json(exclude_defaults=True)) == plan


def test_the_first_weekday_may_be_the_day_itself() -> None:
    found = times(_template(_spec("only", When(weekday=0), When(weekday=0, at=1200))), MONDAY, ZONE, _never)
    assert local(found[0].opens_at, ZONE).date() == MONDAY


def test_a_stage_is_named_in_few_letters_and_each_otherwise() -> None:
    largest = 2**63 - 1
    names = {Stage(1, id, place, _spec("s"), "open", 0, 0).arg for id in (35, largest) for place in (0, 11)}
    assert {"z_0", "z_11"} < names
    assert len(names) == 4
    assert max(map(len, names)) <= 16
