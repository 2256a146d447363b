"""Which days an export means."""

from __future__ import annotations

from datetime import date

import pytest

from domain.report import Wanted, month_of, read_wanted

TODAY = date(2026, 3, 5)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    "text", ["2026-03", "2026年3月", "2026/3", "２０２６－０３", "本月", "this month", "这个月"]
)
def test_a_month_may_be_written_in_many_ways(text: str) -> None:
    assert read_wanted(text, TODAY) == Wanted("xlsx", True, *MARCH)


@pytest.mark.parametrize("text", ["上月", "Last Month", "last", "2026-02"])
def test_the_month_before_is_known_by_name(text: str) -> None:
    assert read_wanted(text, TODAY) == Wanted("xlsx", True, *FEBRUARY)


@pytest.mark.parametrize(
    "text", ["csv 2026-03-01..2026-03-31", "2026-03-01 到 2026-03-31 CSV", "CSV 3月1日至3月31日"]
)
def test_days_may_be_named_and_the_format_may_stand_before_or_behind(text: str) -> None:
    assert read_wanted(text, TODAY) == Wanted("csv", True, *MARCH)


def test_without_days_somebody_has_to_choose() -> None:
    assert read_wanted(" ", TODAY) == Wanted("xlsx")
    assert read_wanted("csv", TODAY) == Wanted("csv")


@pytest.mark.parametrize("text", ["全部", "all"])
def test_everything_has_no_first_and_no_last_day(text: str) -> None:
    assert read_wanted(text, TODAY) == Wanted("xlsx", True, None, None)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "0000-01", "昔日", "3月5日到3月1日", "=1+1", "2026-02-30"]
)
def test_what_is_no_span_of_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_wanted(text, TODAY)


def test_a_month_has_its_own_length() -> None:
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of(date(9999, 12, 31)) == (date(9999, 12, 1), date(9999, 12, 31))
