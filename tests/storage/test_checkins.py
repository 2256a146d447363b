"""Check-ins and study marks, on both engines."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from domain.checkin import Kind
from storage import checkins, days
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group

ZHANG, LI = 101, 102
MARCH = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
async def group(database: Database) -> None:
    await database.transaction(found_group)


async def add(
    tx: Tx,
    day: str,
    person: int = ZHANG,
    *,
    kind: Kind = "self",
    note: str = "",
    at: int = NOW,
    group: int = 7,
) -> bool:
    return await checkins.add(
        tx, group_id=group, day=day, person_id=person, kind=kind, note=note, by=person, now=at
    )


async def note_of(tx: Tx, day: str, person: int = ZHANG) -> str:
    row = await tx.one(
        "SELECT note FROM checkins WHERE group_id = 7 AND day = :day AND person_id = :p", day=day, p=person
    )
    assert row is not None
    return str(row[0])


async def test_a_second_checkin_of_a_day_changes_nothing(database: Database, group: None) -> None:
    assert await database.transaction(add, "2026-03-02", note="读完第三章")
    assert not await database.transaction(add, "2026-03-02", note="别的", kind="proxy")
    assert await database.read(checkins.of_day, 7, "2026-03-02") == [(ZHANG, "张三", 0, "self")]
    assert await database.read(note_of, "2026-03-02") == "读完第三章"


async def test_of_many_checkins_at_once_one_counts(database: Database, group: None) -> None:
    added = await asyncio.gather(*(database.transaction(add, "2026-03-02") for _ in range(20)))
    assert sorted(added) == [False] * 19 + [True]


async def test_a_note_can_be_changed(database: Database, group: None) -> None:
    await database.transaction(add, "2026-03-02", note="旧")
    await database.transaction(add, "2026-03-02", LI, note="李四的")
    await database.transaction(checkins.change_note, 7, "2026-03-02", ZHANG, "新")
    assert await database.read(note_of, "2026-03-02") == "新"
    assert await database.read(note_of, "2026-03-02", LI) == "李四的"


async def test_a_persons_days_are_told_oldest_first(database: Database, group: None) -> None:
    for day in ("2026-03-03", "2026-02-28", "2026-03-01"):
        await database.transaction(add, day)
    await database.transaction(add, "2026-03-05", LI)
    await database.transaction(add, "2026-03-06", group=8)
    assert await database.read(checkins.days_of, 7, ZHANG) == [
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 3),
    ]


async def test_checkins_are_counted_between_two_days_and_by_kind(database: Database, group: None) -> None:
    kinds: list[tuple[str, Kind]] = [
        ("2026-02-28", "self"), ("2026-03-01", "self"), ("2026-03-31", "makeup"), ("2026-04-01", "makeup"),
    ]  # fmt: skip
    for day, kind in kinds:
        await database.transaction(add, day, kind=kind)

    assert await database.read(checkins.count_between, 7, ZHANG, *MARCH) == 2
    assert await database.read(checkins.count_between, 7, ZHANG, *MARCH, "makeup") == 1
    assert await database.read(checkins.count_between, 7, ZHANG, *MARCH, "proxy") == 0
    assert await database.read(checkins.count_between, 7, LI, *MARCH) == 0


async def test_makeups_are_counted_by_when_they_were_made(database: Database, group: None) -> None:
    await database.transaction(add, "2026-02-27", kind="makeup", at=NOW - 1)
    await database.transaction(add, "2026-02-28", kind="makeup", at=NOW)
    await database.transaction(add, "2026-03-01", kind="self", at=NOW)
    assert await database.read(checkins.makeups_made, 7, ZHANG, NOW) == 1
    assert await database.read(checkins.makeups_made, 7, ZHANG, NOW - 1) == 2
    assert await database.read(checkins.makeups_made, 7, LI, 0) == 0


async def test_a_day_is_told_in_the_order_of_its_checkins(database: Database, group: None) -> None:
    await database.transaction(add, "2026-03-02", ZHANG, at=NOW + 2)
    await database.transaction(add, "2026-03-02", LI, kind="proxy", at=NOW + 1)
    await database.transaction(add, "2026-03-01", LI)
    assert [name for _, name, *_ in await database.read(checkins.of_day, 7, "2026-03-02")] == ["李四", "张三"]


async def test_who_left_is_not_among_the_days_checkins(database: Database, group: None) -> None:
    await database.transaction(add, "2026-03-02", LI)

    async def leave(tx: Tx) -> None:
        await tx.run("UPDATE members SET left_at = :now WHERE person_id = :p", now=NOW, p=LI)

    await database.transaction(leave)
    assert await database.read(checkins.of_day, 7, "2026-03-02") == []


async def test_totals_leave_out_days_without_anything(database: Database, group: None) -> None:
    await database.transaction(days.count_checkin, 7, "2026-02-28")
    for _ in range(3):
        await database.transaction(days.count_checkin, 7, "2026-03-02")
    assert await database.read(checkins.totals, 7, *MARCH) == {"2026-03-02": 3}


async def test_an_item_is_studied_once(database: Database, group: None) -> None:
    assert await database.transaction(checkins.study, 7, "2026-03-02", ZHANG, NOW)
    assert not await database.transaction(checkins.study, 7, "2026-03-02", ZHANG, NOW)
    assert await database.transaction(checkins.study, 7, "2026-03-03", ZHANG, NOW)
    assert await database.transaction(checkins.study, 7, "2026-04-01", ZHANG, NOW)
    assert await database.read(checkins.studied_between, 7, ZHANG, *MARCH) == 2
    assert await database.read(checkins.studied_between, 7, LI, *MARCH) == 0
