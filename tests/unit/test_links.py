"""Login links of the operator's: for members, for newcomers, and for the first people of a group that is yet to be."""

from __future__ import annotations

import pytest

from bot.operation.links import Who, login_link
from domain.errors import UserError
from domain.group import Role
from domain.ids import Ids
from storage import logins, members, outbox, overview
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

IDS = Ids(1)
SITE = "https://xueban.example"


async def link(database: SqliteDatabase, who: Who, token: str = "t0ken") -> bool:
    """Whether a chat was opened for it."""
    address, opened = await login_link(database, who, SITE, token, IDS, NOW)
    assert address == f"{SITE}/enter/{token}"
    return opened


async def enter(database: SqliteDatabase, token: str = "t0ken") -> int:
    person = await database.transaction(logins.enter, token, f"s-{token}", "site", NOW, NOW + 1)
    assert person is not None
    return person


async def titles(database: SqliteDatabase, person: int) -> list[str]:
    return [room.title for room in await database.read(overview.rooms, "site", person)]


async def test_the_first_people_of_a_new_group_meet_in_a_chat_that_waits_to_be_set_up(
    sqlite_database: SqliteDatabase,
) -> None:
    assert await link(sqlite_database, Who(name="张三", group="新支部", new=True), "a")
    assert not await link(sqlite_database, Who(name="李四", group="新支部", new=True), "b")
    zhang, li = await enter(sqlite_database, "a"), await enter(sqlite_database, "b")
    assert zhang != li
    assert await titles(sqlite_database, zhang) == await titles(sqlite_database, li) == ["新支部"]


async def test_who_was_let_in_gets_another_link_by_name(sqlite_database: SqliteDatabase) -> None:
    await link(sqlite_database, Who(name="张三", group="新支部", new=True), "a")
    assert not await link(sqlite_database, Who(name="张三", group="新支部"), "b")
    assert await enter(sqlite_database, "a") == await enter(sqlite_database, "b")
    with pytest.raises(UserError, match=r"cli\.no_member"):
        await link(sqlite_database, Who(name="王五", group="新支部"), "c")


async def test_somebody_known_is_let_into_a_new_groups_chat_by_number(
    sqlite_database: SqliteDatabase,
) -> None:
    await sqlite_database.transaction(found_group)
    assert await link(sqlite_database, Who(person=FIRST_PERSON, group="新支部", new=True))
    assert await enter(sqlite_database) == FIRST_PERSON
    assert await titles(sqlite_database, FIRST_PERSON) == ["新支部"]


async def test_somebody_known_becomes_a_member_of_another_group_by_number(
    sqlite_database: SqliteDatabase,
) -> None:
    await sqlite_database.transaction(found_group, 7)
    await sqlite_database.transaction(found_group, 8, ())
    await link(sqlite_database, Who(person=FIRST_PERSON, group="8", new=True))
    member = await sqlite_database.read(members.find, 8, FIRST_PERSON)
    assert member is not None and member.role is Role.MEMBER


async def test_a_group_that_is_named_wrongly_is_no_new_one(sqlite_database: SqliteDatabase) -> None:
    await sqlite_database.transaction(found_group)
    with pytest.raises(UserError, match=r"cli\.no_group"):
        await link(sqlite_database, Who(name="张三", group="新支部"))
    assert await sqlite_database.read(unbound_chats) == 0


async def unbound_chats(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM chats WHERE group_id = 0")
    assert row is not None
    return int(row[0])


async def test_a_newcomer_is_told_in_private_what_is_kept(sqlite_database: SqliteDatabase) -> None:
    group = await sqlite_database.transaction(found_group)
    await link(sqlite_database, Who(name="王五", group=group.name, new=True))
    person = await enter(sqlite_database)
    [notice] = await sqlite_database.read(outbox.waiting, "browser:site", NOW, 10)
    assert (notice.chat_id, notice.person_id) == (f"p{person}", person)
    assert "privacy.kept" in notice.body
    assert await sqlite_database.read(members.told, person)


async def test_a_group_that_is_there_is_no_new_one(sqlite_database: SqliteDatabase) -> None:
    group = await sqlite_database.transaction(found_group)
    assert not await link(sqlite_database, Who(name="王五", group=str(group.id), new=True))
    assert "王五" in [m.name for m in await sqlite_database.read(members.in_group, group.id)]
    assert await titles(sqlite_database, await enter(sqlite_database)) == [group.name]
