"""A group's day: clocks, zones with summer time, days that end after midnight, quiet hours."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.day import (
    DAY,
    HOUR,
    LATEST_DAY_END,
    MINUTE,
    day_of,
    instant,
    local,
    parse_clock,
    quiet_until,
    show_clock,
    zone,
)

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u0301"))
SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"
# With summer time and without, by half an hour, and with clocks that change at midnight.
ZONES = (
    SHANGHAI, "UTC", NEW_YORK, "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe",
    "America/Santiago", "America/Havana", "Asia/Beirut", "Africa/Cairo",
)  # fmt: skip
YEARS = [date(2024, 1, 1) + timedelta(days=place) for place in range(3 * 365)]
DAY_ENDS = st.integers(24 * 60, LATEST_DAY_END)
MINUTES = st.integers(0, 24 * 60)


def changes(name: str) -> list[date]:
    """The days on which the zone's clock is put forward or back, and the days around them."""
    noons = [datetime.combine(day, time(12), ZoneInfo(name)) for day in YEARS]
    changed = (b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset())
    return [day + timedelta(days=apart) for day in changed for apart in (-1, 0, 1)]


CHANGES = {name: changes(name) for name in ZONES}


@st.composite
def days_somewhere(draw: st.DrawFn) -> tuple[date, str]:
    """(day, zone), as often as not where the clock changes."""
    name = draw(st.sampled_from(ZONES))
    return draw(st.sampled_from(CHANGES[name] or YEARS) | st.sampled_from(YEARS)), name


@st.composite
def instants_somewhere(draw: st.DrawFn) -> tuple[int, str]:
    day, name = draw(days_somewhere())
    return instant(day, 0, name) + draw(st.integers(0, 30 * HOUR)), name


SOMEDAY = days_somewhere()
SOMETIME = instants_somewhere()


def at(text: str, name: str = SHANGHAI) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("07:30", 450), ("7:30", 450), ("７：３０", 450), (" 7点半 ", 450), ("7点30分", 450), ("7时5分", 425), ("7", 420),
        ("7点", 420), ("00:00", 0), ("0", 0), ("24:00", 1440), ("20点半", 1230),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert parse_clock(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "25:00", "24:01", "7:60", "12:99", "-1:00", "７：３０：００", "half past seven", "7:30pm", "点半", "100"]
)  # fmt: skip
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        parse_clock(text)


def test_a_later_end_of_the_clock_can_be_allowed() -> None:
    assert parse_clock("26:30", LATEST_DAY_END) == 1590
    with pytest.raises(ValueError, match="not a time of day"):
        parse_clock("30:01", LATEST_DAY_END)


@given(st.integers(0, LATEST_DAY_END))
def test_a_clock_that_is_shown_reads_as_it_was(minutes: int) -> None:
    assert parse_clock(show_clock(minutes), LATEST_DAY_END) == minutes


@given(ANY_TEXT)
def test_reading_a_clock_raises_nothing_but_value_error(text: str) -> None:
    with suppress(ValueError):
        assert 0 <= parse_clock(text) <= 24 * 60


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Asia", "a\x00b", "x" * 5000]
)
def test_an_unknown_zone_is_refused_whatever_way_it_is_unknown(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        zone(name)


def test_an_instant_is_what_the_zones_clock_shows() -> None:
    day = date(2026, 3, 2)
    assert instant(day, 450, SHANGHAI) == at("2026-03-02T07:30")
    assert instant(day, 24 * 60, SHANGHAI) == at("2026-03-03T00:00")
    assert local(instant(day, 450, SHANGHAI), "UTC") == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_time_the_clock_skips_in_spring_is_taken_just_after_the_gap() -> None:
    skipped = instant(date(2026, 3, 8), 2 * 60 + 30, NEW_YORK)
    assert skipped == at("2026-03-08T03:00", NEW_YORK)


def test_a_time_the_clock_shows_twice_in_autumn_is_the_first_of_the_two() -> None:
    shown_twice = instant(date(2026, 11, 1), 60 + 30, NEW_YORK)
    assert local(shown_twice, NEW_YORK).fold == 0
    assert local(shown_twice + HOUR, NEW_YORK).fold == 1


@given(SOMEDAY, st.integers(0, LATEST_DAY_END))
def test_an_instant_is_the_first_at_which_the_clock_shows_the_time_or_a_later_one(
    where: tuple[date, str], minutes: int
) -> None:
    day, name = where
    asked = datetime.combine(day, time()) + timedelta(minutes=minutes)
    at = instant(day, minutes, name)
    assert local(at - 1, name).replace(tzinfo=None) < asked <= local(at, name).replace(tzinfo=None)


@given(SOMETIME, DAY_ENDS)
def test_days_and_instants_are_inverse(when: tuple[int, str], day_end: int) -> None:
    now, name = when
    day = day_of(now, name, day_end)
    assert instant(day, day_end - 24 * 60, name) <= now < instant(day, day_end, name)


@given(SOMEDAY, DAY_ENDS)
def test_a_day_begins_where_the_one_before_ends(where: tuple[date, str], day_end: int) -> None:
    day, name = where
    ends = instant(day, day_end, name)
    assert ends == instant(day + timedelta(days=1), day_end - 24 * 60, name)
    assert day_of(ends - 1, name, day_end) == day
    assert day_of(ends, name, day_end) == day + timedelta(days=1)


@given(SOMETIME, st.integers(0, DAY), DAY_ENDS)
def test_days_never_go_back(when: tuple[int, str], later: int, day_end: int) -> None:
    now, name = when
    assert day_of(now, name, day_end) <= day_of(now + later, name, day_end)


def test_a_day_that_ends_after_midnight_is_still_yesterday_until_then() -> None:
    assert day_of(at("2026-03-03T01:59:59"), SHANGHAI, 26 * 60) == date(2026, 3, 2)
    assert day_of(at("2026-03-03T02:00"), SHANGHAI, 26 * 60) == date(2026, 3, 3)
    assert day_of(at("2026-03-03T00:00"), SHANGHAI) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-02T21:59", "2026-03-02T21:59"),
        ("2026-03-02T22:00", "2026-03-03T07:00"),
        ("2026-03-03T00:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
    ],
)
def test_quiet_hours_run_over_midnight(now: str, ends: str) -> None:
    assert quiet_until(at(now), SHANGHAI, 22 * 60, 7 * 60) == at(ends)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-02T11:59", "2026-03-02T11:59"),
        ("2026-03-02T12:00", "2026-03-02T14:00"),
        ("2026-03-02T14:00", "2026-03-02T14:00"),
    ],
)
def test_quiet_hours_may_lie_within_a_day(now: str, ends: str) -> None:
    assert quiet_until(at(now), SHANGHAI, 12 * 60, 14 * 60) == at(ends)


def test_quiet_hours_may_reach_to_midnight() -> None:
    assert quiet_until(at("2026-03-02T23:00"), SHANGHAI, 22 * 60, 24 * 60) == at("2026-03-03T00:00")
    assert quiet_until(at("2026-03-03T00:00"), SHANGHAI, 24 * 60, 7 * 60) == at("2026-03-03T07:00")


@given(SOMETIME, MINUTES, MINUTES)
def test_after_quiet_hours_it_is_not_quiet(when: tuple[int, str], start: int, end: int) -> None:
    assume(end - start < 24 * 60)  # else it is quiet all day, as asked
    now, name = when
    until = quiet_until(now, name, start, end)
    assert now <= until <= now + DAY + HOUR
    assert quiet_until(until, name, start, end) == until


@given(SOMETIME, MINUTES)
def test_quiet_hours_that_end_as_they_begin_are_none(when: tuple[int, str], minutes: int) -> None:
    now, name = when
    assert quiet_until(now, name, minutes, minutes) == now


def test_the_units_are_milliseconds() -> None:
    assert (MINUTE, HOUR, DAY) == (60_000, 3_600_000, 86_400_000)
