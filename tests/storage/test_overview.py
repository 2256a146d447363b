"""What the page beside the talk shows, on both engines."""

from __future__ import annotations

from datetime import date

from domain.group import Chat, Role, Settings
from storage import checkins, days, due, groups, members, overview, packs
from storage.overview import Lesson, Room, Seat, Visitor
from storage.tx import Database
from tests.storage.founding import NOW, found_group
from tests.transcripts.works import PACK

ZHANG, LI = 101, 102
DAY = date(2026, 3, 2)


async def test_a_visitor_is_known_by_name_and_language(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(members.set_language, LI, "en")
    assert await database.read(overview.person, LI) == Visitor(LI, "李四", "en")
    assert await database.read(overview.person, 999) is None


async def test_a_visitor_may_enter_the_browser_chats_of_their_groups(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(found_group, 8, ())
    for group_id, title in ((7, ""), (8, "别人的")):
        await database.transaction(groups.bind, Chat("browser", "site", f"g{group_id}"), group_id, title, NOW)
    assert await database.read(overview.rooms, "site", LI) == [
        Room("g7", "第7组", 7, Settings(), Role.MEMBER, False)
    ]
    assert await database.read(overview.rooms, "elsewhere", LI) == []


async def test_a_day_is_shown_with_its_item_and_its_people(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(packs.save, PACK, NOW)
    await database.transaction(days.set_item, 7, "2026-03-02", pack=PACK.id, item="day-1", minutes=5)
    await database.transaction(
        checkins.add, group_id=7, day="2026-03-02", person_id=LI, kind="makeup", note="", by=LI, now=NOW
    )
    await database.transaction(days.count_checkin, 7, "2026-03-02")
    await database.transaction(due.plan, 7, "remind", "2026-03-02", NOW + 9)

    today = await database.read(overview.today, 7, DAY)

    assert (today.number, today.checked, today.studied, today.people, today.closed) == (1, 1, 0, 2, False)
    assert today.lesson == Lesson("读书贵恒", "text", 5, None)
    assert today.due == (("remind", NOW + 9),)
    assert today.seats == (
        Seat(ZHANG, "张三", Role.SECRETARY, 0, "", None),
        Seat(LI, "李四", Role.MEMBER, 0, "", "makeup"),
    )


async def test_a_day_that_nothing_happened_on_is_shown_empty(database: Database) -> None:
    await database.transaction(found_group, 7, ())
    today = await database.read(overview.today, 7, DAY)
    assert (today.number, today.checked, today.lesson, today.closed, today.people) == (0, 0, None, False, 0)
    await database.transaction(days.close, 7, "2026-03-02", NOW)
    assert (await database.read(overview.today, 7, DAY)).closed
