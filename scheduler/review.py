"""A word in the morning to those who have asked for it, when something of theirs is about to be forgotten.

One due row a person keeps it going, and its being there is what "turned on" means: it goes as soon as it is turned off.
"""

from __future__ import annotations

from datetime import date, timedelta

from domain.day import instant
from domain.group import Group, Settings
from domain.ids import Ids
from domain.message import Button, Message, Priority, line
from scheduler import rhythm
from storage import cards, due, leaves, members
from storage.due import Due
from storage.telling import tell_person
from storage.tx import Tx

REVIEW = "review"
MORNING = 8 * 60
"""When most have had breakfast; later where the quiet hours end later."""


async def plan(tx: Tx, group: Group, person_id: int, now: int) -> None:
    """Say it on the next morning, and on every one after it."""
    day = group.settings.day(now)
    at = morning(group.settings, day)
    if at <= now:
        at = morning(group.settings, day + timedelta(days=1))
    await due.plan(tx, group.id, REVIEW, str(person_id), at)


def morning(settings: Settings, day: date) -> int:
    return settings.after_quiet(instant(day, MORNING, settings.timezone))


async def remind(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """One private note, when something is due. A morning that was slept through is made up for the same day, a day is not."""
    person = await members.find(tx, group.id, int(row.key))
    if person is None:
        return
    await plan(tx, group, person.id, now)
    today = group.settings.day(now)
    if now < morning(group.settings, today) or not await _may_be_told(tx, group, person.id, today, now):
        return
    count = (await cards.ripe(tx, group.id, person.id, now)).all
    if count:
        start = Button(line("review.start"), "review")
        enough = Button(line("review.remind_stop"), "review", "off")
        said = Message((line("review.morning", group=group.name, count=count),), buttons=((start, enough),))
        await tell_person(tx, ids, now, group, person, said, priority=Priority.REMINDER)


async def _may_be_told(tx: Tx, group: Group, person_id: int, today: date, now: int) -> bool:
    """Not while they or the group rest, and not in the quiet hours."""
    return (
        rhythm.lives(group, today, now)
        and group.settings.after_quiet(now) == now
        and await leaves.until(tx, group.id, person_id, today) is None
    )
