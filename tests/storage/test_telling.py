"""Telling groups, persons and secretaries, on both engines."""

from __future__ import annotations

from domain.group import Chat, Group, Role, Settings
from domain.ids import Ids
from domain.message import Message, Priority, line
from storage import groups, members, telling
from storage.tx import Database, Row, Tx
from tests.storage.founding import NOW, chat_of, found_group

ZHANG, LI = 101, 102
IDS = Ids(1)
HELLO = Message((line("pause.over"),))


async def queued(tx: Tx) -> list[Row]:
    return await tx.all(
        """SELECT lane, chat_id, is_group, person_id, priority, slot, language, not_before, body
           FROM outbox ORDER BY id"""
    )


async def test_a_group_is_told_in_every_chat_it_has(database: Database) -> None:
    group = await database.transaction(found_group, 7, ("张三",), Settings(language="en"))
    await database.transaction(groups.bind, Chat("browser", "site", "g7"), 7, "网页", NOW)
    await database.transaction(telling.tell_group, IDS, NOW, group, HELLO, slot="board", not_before=NOW + 5)

    rows = await database.read(queued)
    assert {(row["lane"], row["chat_id"]) for row in rows} == {
        ("telegram:study_bot", "-1007"),
        ("browser:site", "g7"),
    }
    for row in rows:
        assert row["body"] == HELLO.dump()
        assert (row["priority"], row["slot"], row["language"], row["not_before"]) == (
            Priority.BROADCAST, "board", "en", NOW + 5,
        )  # fmt: skip


async def test_a_chat_is_told_though_no_group_is_bound_to_it(database: Database) -> None:
    await database.transaction(telling.tell_chat, IDS, NOW, chat_of(7), HELLO, person_id=LI)
    [row] = await database.read(queued)
    assert (row["chat_id"], row["person_id"], row["priority"]) == ("-1007", LI, Priority.REPLY)


async def test_a_person_is_told_in_private_in_their_language(database: Database) -> None:
    group = await database.transaction(found_group)
    await database.transaction(members.set_language, LI, "en")
    assert await database.transaction(_tell, group, LI)
    [row] = await database.read(queued)
    assert (row["chat_id"], row["is_group"], row["person_id"], row["language"]) == ("private102", 0, LI, "en")


async def test_who_has_no_private_chat_cannot_be_told(database: Database) -> None:
    group = await database.transaction(found_group, 7, ())
    await database.transaction(members.add_person, 5, "王五", NOW)
    await database.transaction(members.join, 7, 5, "王五", Role.MEMBER, NOW)
    assert not await database.transaction(_tell, group, 5)
    assert await database.read(queued) == []


async def test_every_secretary_who_can_be_reached_is_told(database: Database) -> None:
    group = await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    for person in (LI, 103):
        await database.transaction(members.set_role, 7, person, Role.SECRETARY)

    async def close(tx: Tx) -> None:
        await tx.run("UPDATE accounts SET reachable = 0 WHERE person_id = :p", p=103)

    await database.transaction(close)
    assert await database.transaction(telling.tell_secretaries, IDS, NOW, group, HELLO) == 2
    assert [row["chat_id"] for row in await database.read(queued)] == ["private101", "private102"]


async def _tell(tx: Tx, group: Group, person: int) -> bool:
    found = await members.find(tx, group.id, person)
    assert found
    return await telling.tell_person(tx, IDS, NOW, group, found, HELLO)
