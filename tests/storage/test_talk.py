"""What the browser chat keeps, on both engines."""

from __future__ import annotations

from dataclasses import replace

from storage import talk
from storage.talk import Body, Said
from storage.tx import Database

CHAT = "g1"


def said(number: int, text: str = "", **more: object) -> Said:
    message = Said(CHAT, number, "7", "张三", at=number, version=number, body=Body(text=text))
    return replace(message, **more)  # type: ignore[arg-type]


async def test_a_message_comes_back_as_it_was_stored(database: Database) -> None:
    body = Body(
        text="正文",
        title="题目",
        buttons=((("已学", "a.b"), ("打卡", "c.d")), (("我的", "e.f"),)),
        media=("picture", "a.png"),
        mentions=(("张三", "7"),),
        silent=True,
        reactions=("✅",),
        key="k",
    )
    message = said(5, body=body, reply_to=3, pinned=True)
    await database.transaction(talk.append, message)
    assert await database.read(talk.one, CHAT, 5) == message


async def test_pages_go_backwards_from_the_newest(database: Database) -> None:
    for number in range(1, 8):
        await database.transaction(talk.append, said(number))
    newest = await database.read(talk.page, CHAT, None, 3)
    before = await database.read(talk.page, CHAT, newest[0].id, 10)
    assert [m.id for m in newest] == [5, 6, 7]
    assert [m.id for m in before] == [1, 2, 3, 4]
    assert await database.read(talk.page, "g2", None, 3) == []


async def test_what_changed_comes_in_the_order_of_the_changes(database: Database) -> None:
    for number in (1, 2, 3):
        await database.transaction(talk.append, said(number))
    assert await database.transaction(talk.rewrite, CHAT, 1, Body(text="新"), 10)
    changed = await database.read(talk.since, CHAT, 1, 10)
    assert [(m.id, m.version) for m in changed] == [(2, 2), (3, 3), (1, 10)]
    assert await database.read(talk.newest_version, CHAT) == 10
    assert await database.read(talk.newest_version, "g2") == 0


async def test_a_posting_is_kept_once_however_often_it_comes(database: Database) -> None:
    first = said(1, body=Body(text="打卡", key="k"))
    again = said(2, body=Body(text="打卡", key="k"))
    other = said(3, sender_id="8", body=Body(text="打卡", key="k"))
    assert await database.transaction(talk.append_once, first) == 1
    assert await database.transaction(talk.append_once, again) == 1
    assert await database.transaction(talk.append_once, other) == 3
    assert [m.id for m in await database.read(talk.page, CHAT, None, 10)] == [1, 3]


async def test_a_repeat_from_long_ago_brings_no_message(database: Database) -> None:
    old = said(1, body=Body(key="k"))
    await database.transaction(talk.append_once, old)
    for number in range(2, 203):
        await database.transaction(talk.append, said(number))
    assert await database.transaction(talk.append_once, replace(old, id=999)) is None


async def test_a_reaction_is_added_once_and_survives_an_edit(database: Database) -> None:
    await database.transaction(talk.append, said(1, "打卡"))
    assert await database.transaction(talk.react, CHAT, 1, "✅", 5)
    assert await database.transaction(talk.react, CHAT, 1, "✅", 6)
    assert await database.transaction(talk.rewrite, CHAT, 1, Body(text="改"), 7)
    kept = await database.read(talk.one, CHAT, 1)
    assert kept and (kept.body.reactions, kept.body.text, kept.version) == (("✅",), "改", 7)
    assert not await database.transaction(talk.react, CHAT, 2, "✅", 8)
    assert not await database.transaction(talk.rewrite, CHAT, 2, Body(), 8)


async def test_one_message_of_a_chat_is_pinned(database: Database) -> None:
    assert await database.read(talk.pinned, CHAT) is None
    for number in (1, 2, 3):
        await database.transaction(talk.append, said(number))
    await database.transaction(talk.pin, CHAT, 1, 11)
    await database.transaction(talk.pin, CHAT, 2, 12)
    top = await database.read(talk.pinned, CHAT)
    assert top and top.id == 2
    assert [m.id for m in await database.read(talk.since, CHAT, 11, 10)] == [1, 2]


async def test_answers_find_what_they_answer(database: Database) -> None:
    await database.transaction(talk.append, said(1, "问"))
    found = await database.read(talk.several, CHAT, [1, 1, 99])
    assert [m.body.text for m in found.values()] == ["问"]
