"""Days as people write them: 昨天, 3月5日, 3/5, 2026-03-05, yesterday; and spans of days: 3天, 3月5日到3月8日."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_WORDS = {
    "今天": 0, "今日": 0, "today": 0,
    "昨天": -1, "昨日": -1, "yesterday": -1,
    "前天": -2,
    "大前天": -3,
    "明天": 1, "明日": 1, "tomorrow": 1,
    "后天": 2,
}  # fmt: skip
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_COUNT = re.compile(r"(\d{1,3})\s*(?:天|日|days?)?")
_HANZI = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_HANZI_COUNT = re.compile(r"([一两二三四五六七八九十])天")
_SPAN = re.compile(r"\s*(?:到|至|~|—|\.\.|\bto\b)\s*")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def parse_day(text: str, today: date) -> date:
    """The day meant. A date without a year is the one nearest to today. Raises ValueError for anything else."""
    folded = _fold(text)
    if folded in _WORDS:
        return _after(today, _WORDS[folded])
    if found := _FULL.fullmatch(folded):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(folded):
        return _nearest(int(found[1]), int(found[2]), today)
    raise ValueError(f"not a day: {text!r}")


def parse_span(text: str, today: date) -> tuple[date, date]:
    """First and last day meant: "" is today, ``3天`` three days from today, ``3月5日到3月8日`` those, ``到3月8日`` from today on.

    Raises ValueError for anything else, and where the last day comes before the first.
    """
    folded = _fold(text)
    if not folded:
        return today, today
    if count := _count(folded):
        return today, _after(today, count - 1)
    first, *rest = _SPAN.split(folded)
    if len(rest) > 1:
        raise ValueError(f"not a span of days: {text!r}")
    start = parse_day(first, today) if first else today
    end = parse_day(rest[0], today) if rest else start
    if end < start:
        raise ValueError(f"ends before it starts: {text!r}")
    return start, end


def _after(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError as beyond:
        raise ValueError("no calendar holds that day") from beyond


def day_count(text: str) -> int | None:
    """``3天``, 三天, 3 days, in any width. None for anything else."""
    return _count(_fold(text))


def _count(folded: str) -> int | None:
    if found := _HANZI_COUNT.fullmatch(folded):
        return _HANZI[found[1]]
    found = _COUNT.fullmatch(folded)
    return int(found[1]) if found else None


def _nearest(month: int, day: int, today: date) -> date:
    years = (today.year - 1, today.year, today.year + 1)
    candidates = [made for year in years if (made := _date_or_none(year, month, day))]
    if not candidates:
        raise ValueError(f"no such day: {month}-{day}")
    return min(candidates, key=lambda candidate: abs(candidate - today))


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
