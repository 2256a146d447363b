"""The live side of the browser chat: what was said reaches open pages once, and nothing is lost over a reconnect."""

from __future__ import annotations

import re

import orjson
import pytest

from bot.platforms.browser import BrowserTransport
from domain.ids import Ids
from domain.outgoing import Outgoing
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import GROUP, LI, ZHANG, PlayedDemo, Rig, open_rig, say, streaming
from web.hub import Hub
from web.stream import HEARTBEAT

CHAT = f"g{GROUP}"
STREAM = f"/chat/{CHAT}/stream"


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database, demo=PlayedDemo())


@pytest.fixture
def bot(rig: Rig) -> BrowserTransport:
    return BrowserTransport(rig.site.database, rig.hub, rig.site.clock, rig.site.ids)


def messages(text: str) -> list[dict[str, str]]:
    return [orjson.loads(data) for data in re.findall(r"event: message\ndata: (.*)\n", text)]


def last_id(text: str) -> str:
    return str(re.findall(r"^id: (\d+)$", text, re.MULTILINE)[-1])


async def test_a_message_reaches_every_open_page(rig: Rig) -> None:
    async with streaming(rig, STREAM, LI) as hers, streaming(rig, STREAM, ZHANG) as his:
        async with rig.browser(LI) as li:
            await say(li, "<b>大家好</b>")
        for stream, mine in ((hers, True), (his, False)):
            [told] = messages(await stream.until("大家好"))
            assert "&lt;b&gt;大家好&lt;/b&gt;" in told["html"]
            assert ("m mine" in told["html"]) is mine


async def test_an_edit_comes_as_the_same_message_with_a_newer_version(
    rig: Rig, bot: BrowserTransport
) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        message = await bot.send(Outgoing(chat_id=CHAT, text="第一版"))
        await stream.until("第一版")
        await bot.edit(Outgoing(chat_id=CHAT, text="第二版"), message)
        first, second = messages(await stream.until("第二版"))
    assert first["id"] == second["id"] == message
    assert int(first["version"]) < int(second["version"])


async def test_the_board_comes_with_its_own_piece_of_page(rig: Rig, bot: BrowserTransport) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        await bot.send(Outgoing(chat_id=CHAT, title="第 12 天", text="▓▓░░", pin=True))
        [told] = messages(await stream.until("第 12 天"))
    assert '<section class="board"' in told["board"]


async def test_after_a_reconnect_only_what_was_missed_comes(rig: Rig, bot: BrowserTransport) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        edited = await bot.send(Outgoing(chat_id=CHAT, text="会改的"))
        await bot.send(Outgoing(chat_id=CHAT, text="旧的"))
        cursor = last_id(await stream.until("旧的"))
    rig.now[0] += 60_000
    await bot.send(Outgoing(chat_id=CHAT, text="错过的一句"))
    await bot.edit(Outgoing(chat_id=CHAT, text="改过了"), edited)
    async with streaming(rig, STREAM, LI, last_event_id=cursor) as stream:
        await bot.send(Outgoing(chat_id=CHAT, text="新的"))
        texts = [re.search(r'dir="auto">(.*?)</p>', m["html"]) for m in messages(await stream.until("新的"))]
    assert [found[1] for found in texts if found][-3:] == ["错过的一句", "改过了", "新的"]


async def test_a_long_absence_is_caught_up_with_completely(rig: Rig, bot: BrowserTransport) -> None:
    for n in range(230):
        await bot.send(Outgoing(chat_id=CHAT, text=f"第{n}句"))
    async with streaming(rig, f"{STREAM}?since=1", LI) as stream:
        assert len(messages(await stream.until("第229句"))) == 230


async def test_what_another_process_wrote_is_found_without_being_told(rig: Rig) -> None:
    elsewhere = BrowserTransport(rig.site.database, Hub(), rig.site.clock, Ids(2))
    async with streaming(rig, STREAM, LI) as stream:
        await elsewhere.send(Outgoing(chat_id=CHAT, text="从别处来"))
        await stream.until("从别处来")


async def test_news_of_another_chat_is_only_pointed_out(rig: Rig, bot: BrowserTransport) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        await stream.until("retry:")
        await bot.send(Outgoing(chat_id=f"p{LI}", text="只给李四"))
        text = await stream.until("event: elsewhere")
    assert f"p{LI}" in text and "只给李四" not in text


async def test_nobody_hears_of_anothers_private_chat(rig: Rig, bot: BrowserTransport) -> None:
    async with streaming(rig, STREAM, ZHANG) as stream:
        await bot.send(Outgoing(chat_id=f"p{LI}", text="只给李四"))
        await bot.send(Outgoing(chat_id=CHAT, text="给大家"))
        text = await stream.until("给大家")
    assert "elsewhere" not in text


async def test_a_quiet_stream_gives_a_sign_of_life(rig: Rig) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        await stream.until("retry:")
        rig.passed[0] += HEARTBEAT
        await stream.until(": still here")


async def test_who_may_no_longer_read_is_sent_away(rig: Rig) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        await stream.until("retry:")
        await rig.site.database.transaction(_leave)
        rig.passed[0] += HEARTBEAT
        await stream.until("event: renewed")


async def _leave(tx: Tx) -> None:
    await tx.run("UPDATE members SET left_at = 1 WHERE person_id = :p", p=LI)


async def test_when_the_demonstration_starts_over_every_page_loads_again(rig: Rig) -> None:
    async with streaming(rig, f"{STREAM}?era=0", LI) as stream:
        await stream.until("retry:")
        async with rig.browser(LI) as li:
            await li.post("/demo/over")
        await stream.until("event: renewed")
    async with streaming(rig, f"{STREAM}?era=0", LI) as stream:
        await stream.until("event: renewed")


async def test_the_streams_end_when_the_server_wants_to_stop(rig: Rig) -> None:
    async with streaming(rig, STREAM, LI) as stream:
        await stream.until("retry:")
        assert rig.hub.listening() == 1
        rig.hub.close()
    assert rig.hub.listening() == 0
