"""The browser chat as the sender sees it."""

from __future__ import annotations

import pytest

from bot.platforms.browser import BrowserTransport
from domain.outgoing import MessageGone, Outgoing, Refused, Unreachable
from storage import talk
from storage.sqlite import SqliteDatabase
from tests.unit.browser_site import GROUP, LI, Rig, open_rig

CHAT = f"g{GROUP}"


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database)


@pytest.fixture
def bot(rig: Rig) -> BrowserTransport:
    return BrowserTransport(rig.site.database, rig.hub, rig.site.clock, rig.site.ids)


def test_it_can_do_all_but_quizzes(bot: BrowserTransport) -> None:
    able = bot.capabilities(CHAT)
    assert able.toast and able.reactions and able.edit and able.buttons and not able.quiz
    assert bot.lane == "browser:site" and bot.limits.per_second > 1000


@pytest.mark.parametrize("chat", ["g404", "p404", "x", "", "p", "p１", "p" + "9" * 40])
async def test_a_chat_that_nobody_reads_is_unreachable(bot: BrowserTransport, chat: str) -> None:
    with pytest.raises(Unreachable):
        await bot.send(Outgoing(chat_id=chat, text="有人吗"))


async def test_a_private_chat_is_reached_by_the_person(rig: Rig, bot: BrowserTransport) -> None:
    message = await bot.send(Outgoing(chat_id=f"p{LI}", text="你好"))
    said = await rig.site.database.read(talk.one, f"p{LI}", int(message))
    assert said and said.sender_id == talk.BOT and said.body.text == "你好"


async def test_what_is_not_there_cannot_be_changed(bot: BrowserTransport) -> None:
    with pytest.raises(MessageGone):
        await bot.edit(Outgoing(chat_id=CHAT, text="x"), "404")
    with pytest.raises(MessageGone):
        await bot.react(CHAT, "404", "✅")
    with pytest.raises(Refused):
        await bot.edit(Outgoing(chat_id=CHAT, text="x"), "not-a-number")


async def test_an_edit_keeps_the_reactions_and_the_pin(rig: Rig, bot: BrowserTransport) -> None:
    message = await bot.send(Outgoing(chat_id=CHAT, text="板", pin=True))
    await bot.react(CHAT, message, "✅")
    await bot.edit(Outgoing(chat_id=CHAT, text="新板"), message)
    pinned = await rig.site.database.read(talk.pinned, CHAT)
    assert pinned and str(pinned.id) == message
    assert (pinned.body.text, pinned.body.reactions) == ("新板", ("✅",))


async def test_only_the_latest_board_of_a_chat_is_pinned(rig: Rig, bot: BrowserTransport) -> None:
    old = await bot.send(Outgoing(chat_id=CHAT, text="昨天", pin=True))
    new = await bot.send(Outgoing(chat_id=CHAT, text="今天", pin=True))
    await bot.edit(Outgoing(chat_id=CHAT, text="昨天补", pin=True), old)
    pinned = await rig.site.database.read(talk.pinned, CHAT)
    assert pinned and str(pinned.id) == new
    await bot.close()
