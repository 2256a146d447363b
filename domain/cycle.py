"""A cycle of activity: a template with times, running in one group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.day import instant
from domain.ids import brief
from domain.template import StageSpec, Template, When

CycleState = Literal["running", "over", "cancelled"]
StageState = Literal["planned", "open", "closed", "skipped"]


@dataclass(frozen=True, slots=True)
class Cycle:
    group_id: int
    id: int
    title: str
    plan: Template
    """The template as this cycle uses it: what it was made from may change, this does not."""
    state: CycleState
    starts_on: date
    repeats: Literal["", "monthly"] = ""
    by: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """``place`` counts from 0 and is the place of its spec in the cycle's plan."""

    group_id: int
    cycle_id: int
    place: int
    spec: StageSpec
    state: StageState
    opens_at: int
    closes_at: int
    owner: int = 0
    """Person responsible, 0 for the secretaries."""
    link: str = ""
    opened_at: int | None = None
    closed_at: int | None = None

    @property
    def arg(self) -> str:
        """What buttons and due rows of this stage name it by; at most 16 characters."""
        return f"{brief(self.cycle_id)}_{self.place}"


@dataclass(frozen=True, slots=True)
class Times:
    opens_at: int
    closes_at: int


def times(
    template: Template, starts_on: date, zone: str, silent: Callable[[date], bool]
) -> tuple[Times, ...]:
    """When each stage opens and closes, UTC epoch ms. Days for which ``silent`` are passed over.

    A stage that would close before it opens closes a day after it opens, at the time it should.
    """
    days: dict[str, tuple[date, date]] = {}
    found = []
    for spec in template.stages:
        opens = _day(spec.opens, starts_on, days, silent)
        closes = _day(spec.closes, starts_on, days | {spec.key: (opens, opens)}, silent)
        opens_at = instant(opens, spec.opens.at, zone)
        if instant(closes, spec.closes.at, zone) <= opens_at:
            closes = _next_day(opens + timedelta(days=1), silent)
        days[spec.key] = (opens, closes)
        found.append(Times(opens_at, instant(closes, spec.closes.at, zone)))
    return tuple(found)


def _day(
    when: When, starts_on: date, days: dict[str, tuple[date, date]], silent: Callable[[date], bool]
) -> date:
    base = days[when.after][1] if when.after else starts_on
    day = base + timedelta(days=when.days)
    if when.weekday is not None:
        day += timedelta(days=(when.weekday - day.weekday()) % 7)
    return _next_day(day, silent)


def _next_day(day: date, silent: Callable[[date], bool]) -> date:
    """Looks no further than a month, so that a rule which silences everything cannot hold it up for ever."""
    return next((d for d in (day + timedelta(days=n) for n in range(31)) if not silent(d)), day)


def moved(stages: tuple[Stage, ...], place: int, by: int) -> tuple[Stage, ...]:
    """The stages once the one at ``place`` closes ``by`` ms later (or opens later, where it has not opened): what comes after moves along.

    Stages that are over stay. Raises ValueError where a stage would close before it opens.
    """
    changed = []
    for stage in stages:
        if stage.place < place or stage.state in ("closed", "skipped"):
            changed.append(stage)
            continue
        opens_by = 0 if stage.place == place or stage.state == "open" else by
        now = replace(stage, opens_at=stage.opens_at + opens_by, closes_at=stage.closes_at + by)
        if now.closes_at <= now.opens_at:
            raise ValueError(stage.spec.key)
        changed.append(now)
    return tuple(changed)
