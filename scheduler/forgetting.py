"""Once a day, details older than a group wants to keep are forgotten: a bite at a time, so that nobody waits behind it."""

from __future__ import annotations

from datetime import date

import orjson

from domain.day import DAY, instant
from domain.group import Group
from domain.retention import NEVER, kept_since, streak_since
from scheduler.excuses import excused_days
from storage import checkins, installation, retention
from storage.tx import Database, Tx

_LAST = "forgetting"
"""What was found the last time: the day, in UTC, and which group keeps how many months."""


async def forget_details(database: Database, now: int) -> None:
    """A group that turns it on, or down, loses nothing before the day after next: time to think again, or to export."""
    today = now // DAY
    seen = await database.read(installation.value, _LAST)
    last = orjson.loads(seen) if seen else {}
    if last.get("day") == today:
        return
    forgetting = await database.read(retention.groups_that_forget)
    known = last.get("groups", {})
    for group in forgetting:
        if known.get(str(group.id), NEVER) <= group.settings.keep_months:
            await _forget(database, group, now)
    found = {str(group.id): group.settings.keep_months for group in forgetting}
    seen = orjson.dumps({"day": today, "groups": found}).decode()
    await database.transaction(installation.keep, _LAST, seen)


async def _forget(database: Database, group: Group, now: int) -> None:
    rules = group.settings
    today = rules.day(now)
    before = kept_since(today, rules.keep_months)
    for person in await database.read(retention.checked_in_before, group.id, before):
        await database.transaction(_forget_checkins, group, person, before, today)
    until = instant(before, rules.day_end - 24 * 60, rules.timezone)
    while await database.transaction(retention.forget, group.id, before, until):
        pass


async def _forget_checkins(tx: Tx, group: Group, person_id: int, before: date, today: date) -> None:
    await tx.lock(group.id)  # a day made up meanwhile would count the streak from half of it
    history = await checkins.days_of(tx, group.id, person_id)
    if history:
        excused = await excused_days(tx, group, person_id, history[0], today)
        streak = streak_since(history, excused, before, today)
        await retention.forget_checkins(tx, group.id, person_id, before, streak)
