"""Groups and their chats, on both engines."""

from __future__ import annotations

from domain.group import Chat, Group, Settings
from domain.ids import Ids
from storage import groups, outbox, posts
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, NOW, PLATFORM, chat_of, found_group

IDS = Ids(1)
LANE = chat_of(7).lane


async def test_a_group_is_found_as_it_was_added(database: Database) -> None:
    settings = Settings(timezone="UTC", mention=True)
    group = await database.transaction(found_group, 1 << 62, (), settings)

    assert await database.read(groups.find, 1 << 62) == group
    assert await database.read(groups.find, 8) is None


async def test_what_changes_in_a_group_is_there_the_next_time(database: Database) -> None:
    await database.transaction(found_group)

    async def change(tx: Tx) -> None:
        await groups.change_settings(tx, 7, Settings(push_at=420))
        await groups.set_paused(tx, 7, True)
        await groups.set_next_item(tx, 7, 3)

    await database.transaction(change)
    assert await database.read(groups.find, 7) == Group(7, "第7组", Settings(push_at=420), True, 3)
    await database.transaction(groups.set_paused, 7, False)
    assert [group.paused for group in await database.read(groups.all_groups)] == [False]


async def test_all_groups_are_listed_in_the_order_they_were_made(database: Database) -> None:
    for group_id in (9, 7, 8):
        await database.transaction(found_group, group_id)
    assert [group.id for group in await database.read(groups.all_groups)] == [7, 8, 9]


async def test_a_group_speaks_in_all_its_chats_but_those_it_was_thrown_out_of(database: Database) -> None:
    await database.transaction(found_group)
    web = Chat("browser", "site", "g7")
    await database.transaction(groups.bind, web, 7, "网页", NOW)

    async def spoken_in() -> set[Chat]:
        return set(await database.read(groups.chats, 7))

    assert await spoken_in() == {chat_of(7), web}
    await database.transaction(groups.reached, chat_of(7), False)
    assert await spoken_in() == {web}
    await database.transaction(groups.reached, chat_of(7), True)
    assert await spoken_in() == {chat_of(7), web}
    assert await database.read(groups.chats, 8) == []


async def test_a_group_is_heard_where_every_chat_of_it_is_known_to_be(database: Database) -> None:
    await database.transaction(found_group)
    web = Chat("browser", "site", "g7")

    async def bind_web(tx: Tx) -> None:
        await groups.bind(tx, web, 7, "网页", NOW, hears_all=True)

    async def heard() -> bool | None:
        return await database.read(groups.hears_all, 7)

    await database.transaction(bind_web)
    assert await heard() is None
    await database.transaction(groups.note_hearing, chat_of(7), True)
    assert await heard() is True
    await database.transaction(groups.note_hearing, chat_of(7), False)
    assert await heard() is False
    await database.transaction(groups.bind, chat_of(7), 7, "改名", NOW)
    assert await heard() is False
    await database.transaction(groups.reached, chat_of(7), False)
    assert await heard() is True


async def test_a_chat_that_is_bound_anew_belongs_to_the_other_group(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(found_group, 8)
    topic = Chat(PLATFORM, ACCOUNT, chat_of(7).chat_id, "42")
    await database.transaction(groups.reached, topic, False)

    await database.transaction(groups.bind, topic, 8, "改名", NOW + 1)

    assert await database.read(groups.chats, 7) == []
    assert set(await database.read(groups.chats, 8)) == {chat_of(8), topic}
    assert await database.read(groups.chat_title, topic) == "改名"


async def test_an_unknown_chat_has_no_title(database: Database) -> None:
    assert await database.read(groups.chat_title, chat_of(7)) == ""


async def test_a_chat_with_a_new_id_takes_along_what_waits_for_it(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(_queue, chat_of(7), "一")

    await database.transaction(groups.rename_chat, PLATFORM, ACCOUNT, "-1007", "-2007")

    assert await database.read(groups.chats, 7) == [Chat(PLATFORM, ACCOUNT, "-2007")]
    assert await database.transaction(_waiting) == [("-2007", "一")]


async def test_a_chat_that_was_bound_under_its_new_id_already_is_not_there_twice(database: Database) -> None:
    await database.transaction(found_group)
    moved = Chat(PLATFORM, ACCOUNT, "-2007")
    await database.transaction(groups.bind, moved, 7, "新群", NOW)

    await database.transaction(groups.rename_chat, PLATFORM, ACCOUNT, "-1007", "-2007")

    assert await database.read(groups.chats, 7) == [moved]


async def test_of_two_boards_that_meet_in_the_new_chat_one_is_shown(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(_queue, chat_of(7), "旧群的看板", "board")
    await database.transaction(_queue, Chat(PLATFORM, ACCOUNT, "-2007"), "新群的看板", "board")

    await database.transaction(groups.rename_chat, PLATFORM, ACCOUNT, "-1007", "-2007")

    assert await database.transaction(_waiting) == [("-2007", "新群的看板")]


async def test_what_was_shown_before_a_move_is_not_edited_after_it(database: Database) -> None:
    await database.transaction(_queue, chat_of(7), "看板", "board")
    [row] = await database.transaction(outbox.waiting, LANE, NOW, 10)
    await database.transaction(outbox.landed, LANE, NOW, [outbox.Sent(row, "5")])

    await database.transaction(groups.rename_chat, PLATFORM, ACCOUNT, "-1007", "-2007")

    for chat in ("-1007", "-2007"):
        assert await database.read(posts.find, LANE, chat, "board") is None


async def _queue(tx: Tx, chat: Chat, body: str, slot: str | None = None) -> None:
    await outbox.queue(tx, IDS, NOW, group_id=7, chat=chat, language="zh", body=body, priority=1, slot=slot)


async def _waiting(tx: Tx) -> list[tuple[str, str]]:
    rows = await outbox.waiting(tx, LANE, NOW, 10)
    return [(row.chat_id, row.body) for row in rows]
