"""What the page shows beside the talk, on both engines."""

from __future__ import annotations

from datetime import date

from domain.group import Chat, Group, Role, Settings
from storage import due, groups, members, overview
from storage.tx import Database, Tx

DAY = date(2026, 3, 2)


async def _fill(tx: Tx) -> None:
    await groups.add(tx, Group(1, "一组", Settings(language="en")), 0)
    await groups.bind(tx, Chat("browser", "site", "g1"), 1, "", 0)
    await groups.bind(tx, Chat("telegram", "1", "-100"), 1, "Telegram", 0)
    for place, (person, name, role) in enumerate(
        ((11, "李四", Role.MEMBER), (12, "张三", Role.SECRETARY), (13, "王五", Role.MEMBER))
    ):
        await members.add_person(tx, person, name, 0)
        await members.join(tx, 1, person, name, role, place)
    await tx.run("UPDATE members SET left_at = 1 WHERE person_id = 13")
    await tx.run(
        "INSERT INTO checkins (group_id, day, person_id, kind, at, by_person) "
        "VALUES (1, '2026-03-02', 11, 'proxy', 5, 12)"
    )
    await due.plan(tx, 1, "remind", "2026-03-02", 20)
    await due.plan(tx, 1, "push", "2026-03-03", 30)


async def test_somebody_sees_the_browser_chats_of_their_groups(database: Database) -> None:
    await database.transaction(_fill)
    [room] = await database.read(overview.rooms, "site", 12)
    assert (room.chat_id, room.title, room.role, room.settings.language) == (
        "g1",
        "一组",
        Role.SECRETARY,
        "en",
    )
    assert await database.read(overview.rooms, "site", 13) == []
    assert await database.read(overview.rooms, "other", 12) == []


async def test_the_day_is_told_with_its_people_the_committee_first(database: Database) -> None:
    await database.transaction(_fill)
    today = await database.read(overview.today, 1, DAY)
    assert [(seat.name, seat.checked) for seat in today.seats] == [("张三", None), ("李四", "proxy")]
    assert (today.people, today.checked, today.lesson, today.closed) == (2, 0, None, False)
    assert today.due == (("remind", 20), ("push", 30))


async def test_the_days_item_is_told_by_its_title(database: Database) -> None:
    await database.transaction(_fill)
    await database.transaction(_push)
    today = await database.read(overview.today, 1, DAY)
    assert today.lesson == overview.Lesson("题目", "text", 4, "https://example.org")
    assert (today.number, today.checked, today.studied, today.closed) == (12, 1, 0, True)


async def _push(tx: Tx) -> None:
    await tx.run(
        "INSERT INTO items (pack, key, position, title, kind, body, link, source, minutes) "
        "VALUES ('p', 'k', 0, '题目', 'text', '正文', 'https://example.org', '出处', 4)"
    )
    await tx.run(
        "INSERT INTO days (group_id, day, pack, item, number, minutes, checked, closed_at) "
        "VALUES (1, '2026-03-02', 'p', 'k', 12, 4, 1, 99)"
    )


async def test_a_person_is_known_by_id(database: Database) -> None:
    await database.transaction(_fill)
    assert await database.read(overview.person, 11) == overview.Visitor(11, "李四", None)
    assert await database.read(overview.person, 404) is None
