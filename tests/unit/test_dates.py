"""Days as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.dates import day_count, parse_day, parse_span

TODAY = date(2026, 3, 5)
ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u0301"))
LIKE_A_SPAN = st.text(alphabet="0123456789年月日号天-/.到至~to 一两三十昨前大后今明半, ", max_size=24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2026, 3, 5)), ("昨天", date(2026, 3, 4)), ("前天", date(2026, 3, 3)),
        ("大前天", date(2026, 3, 2)), ("明天", date(2026, 3, 6)), ("后天", date(2026, 3, 7)),
        (" Yesterday ", date(2026, 3, 4)), ("ＴＯＤＡＹ", date(2026, 3, 5)),
        ("3月1日", date(2026, 3, 1)), ("3月1号", date(2026, 3, 1)), ("3/1", date(2026, 3, 1)),
        ("３－１", date(2026, 3, 1)), ("2026-03-01", date(2026, 3, 1)), ("2026年3月1日", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)), ("2026.3.1", date(2026, 3, 1)),
        ("12-31", date(2025, 12, 31)), ("1月1日", date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "什么时候", "13月1日", "2月30日", "2026-02-30", "0-0", "0000-01-01", "99999-1-1", "3", "3月", "昨天吧"]
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|month|year"):
        parse_day(text, TODAY)


def test_a_leap_day_without_a_year_is_the_nearest_one_there_is() -> None:
    assert parse_day("2月29日", date(2027, 12, 1)) == date(2028, 2, 29)
    with pytest.raises(ValueError, match="no such day"):
        parse_day("2月29日", date(2026, 6, 1))


def test_around_the_turn_of_the_year_the_nearest_day_is_meant() -> None:
    assert parse_day("1-2", date(2026, 12, 30)) == date(2027, 1, 2)
    assert parse_day("12-30", date(2027, 1, 2)) == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", date(2026, 3, 5), date(2026, 3, 5)),
        ("3天", date(2026, 3, 5), date(2026, 3, 7)),
        ("三天", date(2026, 3, 5), date(2026, 3, 7)),
        ("两天", date(2026, 3, 5), date(2026, 3, 6)),
        ("3 days", date(2026, 3, 5), date(2026, 3, 7)),
        ("1", date(2026, 3, 5), date(2026, 3, 5)),
        ("明天", date(2026, 3, 6), date(2026, 3, 6)),
        ("3月5日到3月8日", date(2026, 3, 5), date(2026, 3, 8)),
        ("3/5 ~ 3/8", date(2026, 3, 5), date(2026, 3, 8)),
        ("today to 3-8", date(2026, 3, 5), date(2026, 3, 8)),
        ("到3月8日", date(2026, 3, 5), date(2026, 3, 8)),
        ("12-30至1-2", date(2025, 12, 30), date(2026, 1, 2)),
    ],
)
def test_a_span_of_days_is_read_as_people_write_it(text: str, first: date, last: date) -> None:
    assert parse_span(text, TODAY) == (first, last)


@pytest.mark.parametrize(
    "text", ["0天", "3月8日到3月5日", "到", "今天到", "今天到明天到后天", "好几天", "1000天"]
)
def test_what_is_no_span_of_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|ends before"):
        parse_span(text, TODAY)


@given(ANY_TEXT | LIKE_A_SPAN, st.dates())
@example("大前天", date.min)
@example("后天", date.max)
@example("999天", date.max)
@example("2-29", date.min)
@example("12-31", date.max)
def test_reading_days_raises_nothing_but_value_error(text: str, today: date) -> None:
    for parse in (parse_day, parse_span):
        with suppress(ValueError):
            parse(text, today)


@given(st.dates(date(1000, 1, 1)), st.dates(date(1000, 1, 1)))
def test_a_day_written_in_full_is_that_day_whatever_day_it_is_today(day: date, today: date) -> None:
    assert parse_day(day.isoformat(), today) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-180, 180))
def test_a_day_without_a_year_is_the_one_nearest_to_today(today: date, apart: int) -> None:
    day = date.fromordinal(today.toordinal() + apart)
    if (day.month, day.day) != (2, 29):
        assert parse_day(f"{day.month}月{day.day}日", today) == day


@given(LIKE_A_SPAN)
def test_a_span_never_ends_before_it_starts(text: str) -> None:
    try:
        first, last = parse_span(text, TODAY)
    except ValueError:
        return
    assert first <= last


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3天", 3),
        (" ３ 天", 3),
        ("三天", 3),
        ("3 days", 3),
        ("0", 0),
        ("-3天", None),
        ("9999年", None),
        ("", None),
    ],
)
def test_a_number_of_days_is_read_in_any_width(text: str, days: int | None) -> None:
    assert day_count(text) == days
