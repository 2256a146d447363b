"""A group's days, on both engines."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from storage import days
from storage.days import Day
from storage.tx import Database
from tests.storage.founding import NOW

MONDAY = date(2026, 3, 2)
DAY = "2026-03-02"


async def give(database: Database, day: str, item: str = "day-1", minutes: int = 5) -> None:
    await database.transaction(days.set_item, 7, day, pack="sample", item=item, minutes=minutes)


async def find(database: Database, day: str = DAY) -> Day | None:
    return await database.read(days.find, 7, day)


async def test_a_day_that_nothing_happened_on_is_not_there(database: Database) -> None:
    assert await find(database) is None


async def test_a_day_given_an_item_has_the_next_number(database: Database) -> None:
    await give(database, DAY)
    await give(database, "2026-03-03", "day-2", 8)
    assert await find(database) == Day(DAY, "sample", "day-1", 1, 5)
    assert await find(database, "2026-03-03") == Day("2026-03-03", "sample", "day-2", 2, 8)
    await database.transaction(days.set_item, 8, DAY, pack="sample", item="day-1", minutes=5)
    other = await database.read(days.find, 8, DAY)
    assert other and other.number == 1, "each group counts its own"


async def test_a_day_keeps_what_was_counted_before_its_item_came(database: Database) -> None:
    await database.transaction(days.count_checkin, 7, DAY)
    await give(database, DAY)
    assert await find(database) == Day(DAY, "sample", "day-1", 1, 5, checked=1)


async def test_what_time_did_on_a_day_is_noted(database: Database) -> None:
    await give(database, DAY)
    await database.transaction(days.note_pushed, 7, DAY, NOW)
    await database.transaction(days.note_reminded, 7, DAY, NOW + 1)
    await database.transaction(days.close, 7, DAY, NOW + 2)
    await database.transaction(days.count_study, 7, DAY)
    assert await find(database) == Day(DAY, "sample", "day-1", 1, 5, 0, 1, NOW, NOW + 1, NOW + 2)


async def test_a_day_without_an_item_can_be_reminded_of_and_closed(database: Database) -> None:
    await database.transaction(days.note_reminded, 7, DAY, NOW)
    await database.transaction(days.close, 7, "2026-03-03", NOW)
    assert await find(database) == Day(DAY, reminded_at=NOW)
    assert await find(database, "2026-03-03") == Day("2026-03-03", closed_at=NOW)


async def test_checkins_at_the_same_moment_are_all_counted(database: Database) -> None:
    await asyncio.gather(*(database.transaction(days.count_checkin, 7, DAY) for _ in range(30)))
    found = await find(database)
    assert found and found.checked == 30


async def test_days_are_silent_when_an_item_was_pushed_and_nobody_came(database: Database) -> None:
    span = [MONDAY + timedelta(days=n) for n in range(3)]
    for day in span:
        await give(database, day.isoformat())
        await database.transaction(days.note_pushed, 7, day.isoformat(), NOW)

    async def silent() -> bool:
        return await database.read(days.all_silent, 7, span)

    assert await silent()
    assert not await database.read(days.all_silent, 7, [*span, MONDAY + timedelta(days=3)])
    await database.transaction(days.count_checkin, 7, "2026-03-03")
    assert not await silent()


async def test_only_pushed_minutes_count_towards_the_weeks(database: Database) -> None:
    assert await database.read(days.minutes_pushed, 7, MONDAY, MONDAY) == 0
    for place, minutes in enumerate((5, 8, 13)):
        day = (MONDAY + timedelta(days=place)).isoformat()
        await give(database, day, minutes=minutes)
        if minutes != 8:
            await database.transaction(days.note_pushed, 7, day, NOW)
    assert await database.read(days.minutes_pushed, 7, MONDAY, MONDAY + timedelta(days=6)) == 18
    assert await database.read(days.minutes_pushed, 7, MONDAY, MONDAY) == 5
