"""Rate limits: never more than allowed in any stretch of time, and never a longer wait than that asks for."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import LIVE_SHARE, Pace, Window, window
from domain.outgoing import Limits

NOW = 1_772_409_600_000
arrivals = st.lists(st.integers(0, 5_000), min_size=1, max_size=80).map(sorted)


@given(arrivals, st.integers(1, 8), st.integers(1, 1_000))
def test_no_stretch_holds_more_calls_than_allowed_and_none_waits_longer_than_it_must(
    asked: list[int], count: int, length: int
) -> None:
    one = Window(count, length)
    made: list[int] = []
    for at in asked:
        earliest = max(at, made[-1] if made else 0)
        made.append(one.ready_at(earliest))
        assert one.room(made[-1]) > 0
        one.spend(made[-1])

    for place, at in enumerate(made):
        assert sum(at <= other < at + length for other in made) <= count
        must = made[place - count] + length if place >= count else 0
        assert at == max(asked[place], made[place - 1] if place else 0, must)


@given(
    st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from("甲乙丙")), min_size=1, max_size=120).map(
        sorted
    ),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(1, 20),
)
def test_bot_chat_and_group_limits_hold_together(
    asked: list[tuple[int, str]], per_second: int, chat_per_second: int, group_per_minute: int
) -> None:
    pace = Pace(Limits(per_second, chat_per_second, group_per_minute))
    made: list[tuple[int, str]] = []
    now = 0
    for at, chat in asked:
        now = max(now, at)
        now = max(pace.bot_ready_at(now), pace.ready_at(now, chat))
        assert pace.room(now) > 0
        assert pace.ready_at(now, chat) == now
        pace.spend(now, chat, is_group=True)
        made.append((now, chat))

    for at, chat in made:
        assert sum(at <= other < at + 1_000 for other, _ in made) <= per_second
        here = [other for other, where in made if where == chat]
        assert sum(at <= other < at + 1_000 for other in here) <= chat_per_second
        assert sum(at <= other < at + 60_000 for other in here) <= group_per_minute


def test_a_private_chat_has_no_limit_a_minute() -> None:
    pace = Pace(Limits(30, 1, 20))
    for second in range(40):
        now = NOW + second * 1_000
        assert pace.ready_at(now, "55") == now
        pace.spend(now, "55", is_group=False)


def test_a_rate_below_one_is_one_call_in_a_longer_stretch() -> None:
    pace = Pace(Limits(inf, 0.5, inf))
    pace.spend(NOW, "一组", is_group=True)
    assert pace.ready_at(NOW, "一组") == NOW + 2_000


def test_without_limits_nothing_is_counted() -> None:
    pace = Pace(Limits(inf, inf, inf))
    for _ in range(1_000):
        pace.spend(NOW, "一组", is_group=True, live=True)
    assert pace.at_leisure
    assert (pace.room(NOW), pace.bot_ready_at(NOW), pace.ready_at(NOW, "一组")) == (inf, NOW, NOW)
    assert (pace.live_at(NOW, "一组"), len(pace)) == (NOW, 0)


def test_only_chats_spoken_to_in_the_last_minute_are_remembered() -> None:
    pace = Pace(Limits(1_000, 1, 20))
    for number in range(5_000):
        pace.spend(NOW + number * 100, f"{number}", is_group=True)
    assert len(pace) == 600


def test_a_private_chat_that_only_groups_limits_concern_is_not_remembered() -> None:
    pace = Pace(Limits(30, inf, 20))
    pace.spend(NOW, "55", is_group=False)
    assert len(pace) == 0


def test_live_messages_are_spread_over_half_of_what_a_group_allows() -> None:
    pace = Pace(Limits(30, 1, 20))
    pace.spend(NOW, "一组", is_group=True, live=True)
    assert pace.live_at(NOW, "一组") == NOW + LIVE_SHARE * 3_000
    assert pace.ready_at(NOW, "一组") == NOW + 1_000
    assert pace.live_at(NOW, "二组") == NOW


def test_a_call_that_is_not_live_leaves_the_live_pace_alone() -> None:
    pace = Pace(Limits(30, 1, 20))
    pace.spend(NOW, "一组", is_group=True)
    pace.spend(NOW, "55", is_group=False, live=True)
    assert pace.live_at(NOW, "一组") == NOW
    assert pace.live_at(NOW, "55") == NOW


@pytest.mark.parametrize("back", [3_600_000, 86_400_000])
def test_a_clock_set_back_does_not_silence_the_bot(back: int) -> None:
    one = Window(2, 1_000)
    one.spend(NOW)
    one.spend(NOW)

    assert (one.ready_at(NOW - back), one.room(NOW - back), one.idle(NOW - back)) == (NOW - back, 2, True)
    one.spend(NOW - back)
    assert one.room(NOW - back) == 1


def test_a_clock_that_steps_back_a_little_lets_nobody_be_too_fast() -> None:
    one = Window(1, 1_000)
    one.spend(NOW)
    assert one.ready_at(NOW - 500) == NOW + 1_000
    assert one.room(NOW - 500) == 0


def test_a_window_that_was_never_used_is_idle() -> None:
    one = window(1, 1_000)
    assert one is not None
    assert one.idle(NOW)
    one.spend(NOW)
    assert (one.idle(NOW + 999), one.idle(NOW + 1_000)) == (False, True)
