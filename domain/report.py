"""A group's figures over some days, as a secretary takes them away: which days are meant, and the rows of each table."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from domain.dates import parse_span
from domain.question import Question

Format = Literal["xlsx", "csv"]
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_THIS = {"本月", "这个月", "這個月", "this month", "month"}
_LAST = {"上月", "上个月", "上個月", "last month", "last"}
_ALL = {"全部", "all"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``first`` and ``last`` are None for all the days there are, ``chosen`` is False where no days were named at all."""

    format: Format = "xlsx"
    chosen: bool = False
    first: date | None = None
    last: date | None = None


def read_wanted(text: str, today: date) -> Wanted:
    """``csv 2026-03``, ``上月``, ``2026-03-01..2026-03-15``. Raises ValueError for days nobody can make out."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    format: Format = "csv" if "csv" in words else "xlsx"
    days = " ".join(word for word in words if word not in ("csv", "xlsx"))
    if not days:
        return Wanted(format)
    if days in _ALL:
        return Wanted(format, True)
    return Wanted(format, True, *_days(days, today))


def _days(text: str, today: date) -> tuple[date, date]:
    if text in _THIS:
        return month_of(today)
    if text in _LAST:
        return month_of(today.replace(day=1) - timedelta(days=1))
    if found := _MONTH.fullmatch(text):
        return month_of(date(int(found[1]), int(found[2]), 1))
    return parse_span(text, today)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


class DayRow(NamedTuple):
    """How a day went, in numbers that name nobody."""

    day: str
    item: str
    minutes: int
    """Of study, as the item was announced."""
    checked: int
    studied: int


class CheckinRow(NamedTuple):
    day: str
    name: str
    kind: str
    note: str
    at: int
    by: str
    """Who checked them in, where that was somebody else."""


class AnswerRow(NamedTuple):
    quiz: int
    name: str
    given: str
    verdict: str
    at: int


class PointsRow(NamedTuple):
    day: str
    name: str
    """"" for somebody who has been erased: the ledger still adds up."""
    rule: str
    points: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put to the group. None where no bank knows it any more."""

    day: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that is taken away. Days are the group's days as ISO text, instants UTC epoch milliseconds."""

    group: str
    timezone: str
    first: date
    last: date
    made_at: int
    members: int
    asked: Mapping[int, Asked]
    """By the quiz's id."""
    days: Sequence[DayRow]
    checkins: Sequence[CheckinRow]
    answers: Sequence[AnswerRow]
    points: Sequence[PointsRow]
