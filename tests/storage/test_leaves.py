"""Leave and pauses, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

from storage import leaves
from storage.tx import Database

ZHANG, LI = 101, 102
TODAY = date(2026, 3, 10)


def day(apart: int) -> date:
    return TODAY + timedelta(days=apart)


async def excused(database: Database, person: int = ZHANG, first: int = -30, last: int = 30) -> list[int]:
    found = await database.read(leaves.excused, 7, person, day(first), day(last))
    return sorted((one - TODAY).days for one in found)


async def test_leave_excuses_its_days_and_nobody_else(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(1), day(3))
    assert await excused(database) == [1, 2, 3]
    assert await excused(database, LI) == []
    assert await database.read(leaves.excused, 8, ZHANG, day(0), day(9)) == set()
    assert await excused(database, first=2, last=2) == [2]
    assert await excused(database, first=4, last=9) == []


async def test_leave_of_the_same_first_day_is_replaced(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(1), day(9))
    await database.transaction(leaves.take, 7, ZHANG, day(1), day(2))
    assert await excused(database) == [1, 2]


async def test_who_is_away_is_told_for_each_day(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(0), day(1))
    await database.transaction(leaves.take, 7, LI, day(1), day(2))
    away = [await database.read(leaves.away, 7, day(apart)) for apart in (-1, 0, 1, 2, 3)]
    assert away == [set(), {ZHANG}, {ZHANG, LI}, {LI}, set()]


async def test_the_end_of_leave_is_the_latest_of_those_that_cover_the_day(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(-1), day(2))
    await database.transaction(leaves.take, 7, ZHANG, day(0), day(5))
    assert await database.read(leaves.until, 7, ZHANG, day(0)) == day(5)
    assert await database.read(leaves.until, 7, ZHANG, day(6)) is None
    assert await database.read(leaves.until, 7, LI, day(0)) is None


async def test_leave_that_is_ended_keeps_the_days_that_are_over(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(-2), day(3))
    await database.transaction(leaves.take, 7, ZHANG, day(9), day(10))
    assert await database.transaction(leaves.end, 7, ZHANG, TODAY)
    assert await excused(database) == [-2, -1]
    assert not await database.transaction(leaves.end, 7, ZHANG, TODAY)


async def test_leave_that_began_today_never_was_when_it_is_ended(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, TODAY, day(3))
    assert await database.transaction(leaves.end, 7, ZHANG, TODAY)
    assert await excused(database) == []


async def test_a_pause_excuses_everybody_while_it_lasts(database: Database) -> None:
    await database.transaction(leaves.pause, 7, day(-1))
    assert await excused(database, last=1) == await excused(database, LI, last=1) == [-1, 0, 1]
    assert await database.read(leaves.excused, 8, ZHANG, day(-1), day(1)) == set()

    await database.transaction(leaves.resume, 7, day(0))
    assert await excused(database) == [-1, 0]


async def test_a_pause_that_is_over_on_its_first_day_never_was(database: Database) -> None:
    await database.transaction(leaves.pause, 7, TODAY)
    await database.transaction(leaves.resume, 7, day(-1))
    assert await excused(database) == []
    await database.transaction(leaves.pause, 7, TODAY)
    assert await excused(database, last=1) == [0, 1]


async def test_pauses_that_are_over_stay_as_they_were(database: Database) -> None:
    await database.transaction(leaves.pause, 7, day(-9))
    await database.transaction(leaves.resume, 7, day(-8))
    await database.transaction(leaves.pause, 7, day(-2))
    await database.transaction(leaves.resume, 7, day(-1))
    assert await excused(database) == [-9, -8, -2, -1]


async def test_a_pause_begun_again_on_the_same_day_goes_on(database: Database) -> None:
    await database.transaction(leaves.pause, 7, day(-2))
    await database.transaction(leaves.resume, 7, day(-1))
    await database.transaction(leaves.pause, 7, day(-2))
    assert await excused(database, last=0) == [-2, -1, 0]


async def test_leave_and_pause_may_overlap(database: Database) -> None:
    await database.transaction(leaves.take, 7, ZHANG, day(0), day(2))
    await database.transaction(leaves.pause, 7, day(1))
    await database.transaction(leaves.resume, 7, day(3))
    assert await excused(database) == [0, 1, 2, 3]
