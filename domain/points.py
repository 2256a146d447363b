"""Points, for groups that want them: what is worth how many, the periods they are summed over, and who stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias, get_args

RuleName = Literal["checkin", "makeup", "study", "quiz_right", "speaking", "volunteering", "hour_online"]
RULES: tuple[RuleName, ...] = get_args(RuleName)
CREDITED: tuple[RuleName, ...] = ("speaking", "volunteering", "hour_online")
"""What the bot cannot see for itself: the secretary credits it."""
CORRECTION = "correction"
"""The rule of a counter-entry by a secretary, in the ledger beside the rules that earn."""
REDEEM = "redeem"
"""The rule of points spent on a reward, and of those that come back where it is refused."""
Span = Literal["week", "month", "all"]
SPANS: tuple[Span, ...] = get_args(Span)
ALL = "all"
SPENT = "spent"
"""What was redeemed is summed up apart, below 0: who treats themselves to something falls behind nobody."""
STARS, WINNERS = 10, 3
"""The first of a month become 学习之星, the first of a quarter get an extra reward."""


@dataclass(frozen=True, slots=True)
class Rule:
    points: int
    """What it is worth each time."""
    cap: int
    """The most of it that counts in a day."""


Rules: TypeAlias = Mapping[RuleName, Rule]


def room(points: int, cap: int, used: int) -> int:
    """How many of ``points`` still count on a day that has seen ``used`` of the rule."""
    return max(0, min(points, cap - used))


def periods(day: date) -> tuple[str, ...]:
    """Every period the day counts in: ``all``, ``2026-03``, ``2026-W10`` (of the ISO year), ``2026-Q1``."""
    return (ALL, _month(day), _week(day), _quarter(day))


def period(span: Span, day: date) -> str:
    """The period of that length that the day lies in."""
    return {"week": _week(day), "month": _month(day), "all": ALL}[span]


def shared_ranks(points: Sequence[int]) -> list[int]:
    """The rank of each, given from the highest down. Equals share one and the next ones are passed over: 1, 2, 2, 4."""
    ranks: list[int] = []
    for place, count in enumerate(points):
        tied = place > 0 and count == points[place - 1]
        ranks.append(ranks[-1] if tied else place + 1)
    return ranks


def counted_in(rule: str, day: date) -> tuple[str, ...]:
    """The periods in which an entry of that rule and day is summed up."""
    return (SPENT,) if rule == REDEEM else periods(day)


def month_of(key: str) -> tuple[date, date]:
    """The first and the last day of ``2026-03``."""
    first = date.fromisoformat(f"{key}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def quarter_ended(month: str) -> str | None:
    """The quarter whose last month that is."""
    first, _ = month_of(month)
    return None if first.month % 3 else _quarter(first)


def _month(day: date) -> str:
    return f"{day.year}-{day.month:02d}"


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
