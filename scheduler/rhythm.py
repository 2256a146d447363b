"""When a group's day asks for something: one due row each for the item, the reminder and the closing, planned a day ahead."""

from __future__ import annotations

from datetime import date, timedelta

from domain.day import instant
from domain.group import Group, Settings
from domain.workday import is_day_off
from scheduler import honours
from storage import due
from storage.tx import Tx

PUSH, QUIZ, REMIND, CLOSE, RESUME = "push", "quiz", "remind", "close", "resume"
DAILY = (PUSH, QUIZ, REMIND, CLOSE)


def minutes_of(settings: Settings, kind: str) -> int:
    """The time the group has set for it, in minutes from midnight of the day it is for.

    Where the day ends after midnight, a time in the hours between belongs to the day that is about to end: it counts on beyond 24:00.
    """
    if kind == CLOSE:
        return settings.day_end
    begins = settings.day_end - 24 * 60
    return begins + (
        {PUSH: settings.push_at, QUIZ: settings.quiz_at, REMIND: settings.remind_at}[kind] - begins
    ) % (24 * 60)


def when(settings: Settings, kind: str, day: date) -> int:
    """The instant on that day, UTC epoch milliseconds."""
    return instant(day, minutes_of(settings, kind), settings.timezone)


def begins(settings: Settings, day: date) -> int:
    """The instant at which the day begins: when the one before it ends."""
    return instant(day, settings.day_end - 24 * 60, settings.timezone)


def is_study_day(settings: Settings, day: date) -> bool:
    """Whether the group studies that day, or rests because it is a day off work."""
    return not (settings.weekend_off and is_day_off(day))


def lives(group: Group, day: date, now: int) -> bool:
    """Whether that day is today, and one on which the group studies."""
    return not group.paused and day == group.settings.day(now) and is_study_day(group.settings, day)


async def plan(tx: Tx, group: Group, now: int) -> None:
    """Plan the next of each kind from now on, in place of what was planned."""
    await due.cancel(tx, group.id, DAILY)
    for kind in DAILY:
        await plan_first(tx, group, kind, now)
    await honours.plan(tx, group, now)


async def plan_first(tx: Tx, group: Group, kind: str, now: int) -> None:
    """Plan the next from now on of one of the daily kinds."""
    # The day before counts too: when its end is moved later, it may still have to close.
    day = group.settings.day(now) - timedelta(days=1)
    while when(group.settings, kind, day) <= now:
        day += timedelta(days=1)
    await due.plan(tx, group.id, kind, day.isoformat(), when(group.settings, kind, day))


async def plan_next(tx: Tx, group: Group, kind: str, done: date, now: int) -> None:
    """After ``kind`` was handled for ``done``: plan the day after, or today where days were slept through."""
    day = max(done + timedelta(days=1), group.settings.day(now))
    await due.plan(tx, group.id, kind, day.isoformat(), when(group.settings, kind, day))
