"""The group chats of the browser, and who may enter those that were opened before their group was set up; on both engines."""

from __future__ import annotations

from domain.group import Chat, Role, Settings
from storage import groups, members, overview, people, rooms
from storage.overview import Room
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

ROOM, WANG = 900, 201


async def open_room(tx: Tx) -> None:
    await rooms.open_unbound(tx, ROOM, "新支部", NOW)
    await members.add_person(tx, WANG, "王五", NOW)
    await rooms.let_in(tx, ROOM, WANG)


async def bind_room(tx: Tx) -> None:
    """What 绑定 does there."""
    await found_group(tx)
    await groups.bind(tx, Chat("browser", "site", rooms.early(ROOM)), 7, "新支部", NOW)


async def act(tx: Tx) -> None:
    """What whoever acts in a bound chat becomes by it."""
    await members.join(tx, 7, WANG, "王五", Role.MEMBER, NOW)


async def test_who_was_let_in_sees_the_chat_before_its_group_is_set_up(database: Database) -> None:
    await database.transaction(open_room)
    assert await database.read(overview.rooms, "site", WANG) == [
        Room("n900", "新支部", 0, Settings(), Role.GUEST, False)
    ]
    assert await database.read(overview.rooms, "site", FIRST_PERSON) == []
    assert await database.read(overview.rooms, "elsewhere", WANG) == []


async def test_who_was_let_in_stays_a_guest_until_they_act(database: Database) -> None:
    await database.transaction(open_room)
    await database.transaction(bind_room)
    [room] = await database.read(overview.rooms, "site", WANG)
    assert (room.chat_id, room.group_id, room.role) == ("n900", 7, Role.GUEST)
    assert [guest.id for guest in await database.read(rooms.guests, "n900")] == [WANG]
    await database.transaction(act)
    [room] = await database.read(overview.rooms, "site", WANG)
    assert (room.chat_id, room.group_id, room.role) == ("n900", 7, Role.MEMBER)
    assert await database.read(rooms.guests, "n900") == []


async def test_who_left_the_group_or_was_erased_does_not_come_back_as_a_guest(database: Database) -> None:
    await database.transaction(open_room)
    await database.transaction(bind_room)
    await database.transaction(act)
    await database.transaction(leave)
    assert await database.read(overview.rooms, "site", WANG) == []
    await database.transaction(people.erase, WANG)
    assert await database.read(overview.rooms, "site", WANG) == []


async def leave(tx: Tx) -> None:
    await tx.run("UPDATE members SET left_at = 1 WHERE person_id = :p", p=WANG)


async def test_a_chat_that_waits_is_found_by_its_name_until_it_is_bound(database: Database) -> None:
    await database.transaction(open_room)
    assert await database.read(rooms.unbound, "新支部") == ROOM
    assert await database.read(rooms.unbound, "旧支部") is None
    await database.transaction(bind_room)
    assert await database.read(rooms.unbound, "新支部") is None


async def test_a_group_has_one_chat_in_the_browser_however_it_was_opened(database: Database) -> None:
    await database.transaction(open_room)
    await database.transaction(bind_room)
    group = await database.read(groups.find, 7)
    assert group is not None
    assert await database.transaction(rooms.of_group, group, NOW) == "n900"
    other = await database.transaction(found_group, 8)
    for _ in range(2):
        assert await database.transaction(rooms.of_group, other, NOW) == "g8"
    assert Chat("browser", "site", "g8") in await database.read(groups.chats, 8)


async def test_a_groups_own_chat_has_no_guests(database: Database) -> None:
    assert await database.read(rooms.guests, "g7") == []
