"""Telegram's updates on their way in, by webhook and by polling, from a real server over loopback."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from aiogram.types import CallbackQuery
from starlette.applications import Starlette

from bot.ingress import Answer
from bot.platforms.telegram import WebhookAddress
from domain.incoming import Incoming, Mention
from domain.outgoing import Outgoing
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.telegram_rig import NOW, SECRET, Mode, Recorder, account, ingress_of, listening

both = pytest.mark.parametrize("mode", ["webhook", "polling"])


@both
async def test_what_people_say_is_heard_in_order(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, li, room = fake.person(1, "张三"), fake.person(2, "李四"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            for note in range(20):
                fake.say(room, zhang if note % 2 else li, f"打卡 {note}")
            await fake.settled()
        assert ingress.texts == [f"打卡 {note}" for note in range(20)]
        assert ingress.buried == []


class Slow(Recorder):
    """Takes its time in the chat called 慢."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.quick = asyncio.Event()

    async def hear(self, incoming: Incoming) -> Answer:
        if incoming.chat_title == "慢":
            await self.go.wait()
        answer = await super().hear(incoming)
        self.quick.set()
        return answer


async def test_a_slow_chat_holds_up_no_other_and_keeps_its_own_order() -> None:
    async with FakeBotApi() as fake:
        zhang, slow, quick = fake.person(1, "张三"), fake.group(-100, "慢"), fake.group(-101, "快")
        ingress = Slow()
        async with listening(fake, ingress, "polling"):
            with fake.reordered(list):
                fake.say(slow, zhang, "一")
                fake.say(slow, zhang, "二")
                fake.say(quick, zhang, "三")
            async with asyncio.timeout(5):
                await ingress.quick.wait()
            ingress.go.set()
            await fake.settled()
        assert ingress.texts == ["三", "一", "二"]


@both
async def test_a_pressed_button_is_answered_with_the_toast(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang = fake.person(1, "张三")
        fake.group(-100, "一组")
        ingress = Recorder(toast="已" * 300)
        async with listening(fake, ingress, mode) as bot:
            await bot.transport.send(Outgoing("-100", "今日", buttons=((("已学", "studied.a.b"),),)))
            query = fake.press(fake.said(-100)[0], "已学", zhang)
            await fake.until(lambda: query in fake.toasts)
        assert fake.toasts[query] == "已" * 200
        assert [(one.action, one.sender_id, one.sent_at) for one in ingress.heard] == [
            ("studied.a.b", "1", NOW)
        ]


@both
async def test_a_button_whose_answer_fails_is_acknowledged_all_the_same(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder(toast="好")
        async with listening(fake, ingress, mode) as bot:
            await bot.transport.send(Outgoing("-100", "今日", buttons=((("已学", "a.b"),),)))
            lost = fake.fail("answerCallbackQuery", status=400, description="Bad Request: query is too old")
            fake.press(fake.said(-100)[0], "已学", zhang)
            fake.say(room, zhang, "打卡")
            await fake.settled()
            await fake.until(lambda: lost.times == 0)
        assert [one.action or one.text for one in ingress.heard] == ["a.b", "打卡"]


@both
async def test_a_button_that_means_nothing_stops_waiting_too(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang = fake.person(1, "张三")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.update(
                callback_query=CallbackQuery(id="q9", from_user=zhang.user, chat_instance="i", data="x")
            )
            await fake.until(lambda: "q9" in fake.toasts)
        assert (fake.toasts["q9"], ingress.heard) == (None, [])


@both
async def test_a_group_that_becomes_a_supergroup_is_moved(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-5, "一组", kind="group")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            new = fake.migrate(room, zhang, -100500)
            fake.say(new, zhang, "打卡")
            await fake.settled()
        assert set(ingress.moves) == {("-5", "-100500")}
        assert [(one.chat_id, one.text) for one in ingress.heard] == [("-100500", "打卡")]


@both
async def test_pictures_of_an_album_arrive_one_by_one_with_its_id(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.say(room, zhang, photo="a", album="m1")
            fake.say(room, zhang, "心得", photo="b", album="m1")
            await fake.settled()
        files = [(one.text, *((a.file_id, a.album_id) for a in one.attachments)) for one in ingress.heard]
        assert files == [("", ("a-1280", "m1")), ("心得", ("b-1280", "m1"))]


@both
async def test_a_topic_is_told_and_its_first_message_is_no_reply(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组", forum=True)
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.say(room, zhang, "打卡", topic=77)
            await fake.settled()
        assert [(one.thread_id, one.reply_to, one.addressed) for one in ingress.heard] == [
            ("77", None, False)
        ]


@both
@pytest.mark.parametrize(
    ("privacy", "status", "hears"),
    [(True, "member", False), (True, "administrator", True), (False, "member", True)],
)
async def test_on_joining_the_bot_knows_whether_it_hears_everything(
    mode: Mode, privacy: bool, status: str, hears: bool
) -> None:
    async with FakeBotApi(privacy=privacy) as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        room.statuses[fake.bot.id] = "left"
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.standing(room, zhang, status)
            fake.standing(room, zhang, "kicked")
            await fake.settled()
        told = [(one.service, one.hears_everything) for one in ingress.heard]
        assert told == [("joined", hears), ("left", None)]


@both
async def test_on_joining_it_says_so_where_it_cannot_know(mode: Mode) -> None:
    async with FakeBotApi(privacy=True) as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        room.statuses[fake.bot.id] = "left"
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.fail("getMe", status=500)
            fake.standing(room, zhang, "member")
            await fake.settled()
        assert [(one.service, one.hears_everything) for one in ingress.heard] == [("joined", None)]


@both
async def test_a_deep_link_reaches_the_private_chat(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang = fake.person(1, "张三", language="en")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.say(fake.private(zhang), zhang, "/start g-77_abc")
            await fake.settled()
        [incoming] = ingress.heard
        assert (incoming.text, incoming.is_group, incoming.language) == ("/start g-77_abc", False, "en")


@both
async def test_somebody_without_a_username_is_mentioned_by_id(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "🌸张三🌸"), fake.group(-100, "一组")
        fake.person(2, "李四")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.say(room, zhang, "🎉 代打卡 @李四 和 @wangwu5")
            await fake.settled()
        [incoming] = ingress.heard
        assert incoming.mentions == (Mention(name="李四", user_id="2"), Mention(name="wangwu5"))
        assert (incoming.sender_name, incoming.text) == ("🌸张三🌸", "🎉 代打卡 @李四 和 @wangwu5")


@both
async def test_an_update_that_cannot_be_read_is_buried_and_blocks_nobody(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.say(room, zhang, "前")
            poison = fake.inject('"message":{"message_id":"x","text":"秘密"}')
            half = fake.inject(r'"message":{"text":"\ud83d"}')
            fake.say(room, zhang, "后")
            await fake.settled()
        assert ingress.texts == ["前", "后"]
        assert [event_id for event_id, _, _ in ingress.buried] == [str(poison), str(half)]
        assert all("秘密" not in error for _, _, error in ingress.buried)


@both
async def test_kinds_of_update_that_do_not_exist_yet_are_acknowledged_and_ignored(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            fake.inject('"hologram_call":{"from":{"id":1},"depth":3}')
            fake.say(room, zhang, "打卡")
            await fake.settled()
        assert (ingress.texts, ingress.buried) == (["打卡"], [])


async def test_the_webhook_refuses_whoever_does_not_bring_the_secret() -> None:
    async with FakeBotApi() as fake:
        ingress = Recorder()
        async with listening(fake, ingress, "webhook"):
            for secret in (None, "", "wrong", SECRET + "x", "密码"):
                assert (await fake.post(b"{}", secret)).status_code == 401
        assert (ingress.heard, ingress.buried) == ([], [])


async def test_the_webhook_buries_what_is_not_json_and_acknowledges_it() -> None:
    async with FakeBotApi() as fake:
        ingress = Recorder()
        async with listening(fake, ingress, "webhook"):
            for body in (b"", b"{", b"\xff\xfe", b"{", b"[1]"):
                assert (await fake.post(body, SECRET)).status_code == 200
        ids = [event_id for event_id, _, _ in ingress.buried]
        assert [raw for _, raw, _ in ingress.buried] == [b"", b"{", b"\xff\xfe", b"{", b"[1]"]
        assert ids[1] == ids[3] and len(set(ids)) == 4  # a repeat is known as one


async def test_the_webhook_reads_no_body_over_a_megabyte() -> None:
    async with FakeBotApi() as fake:
        ingress = Recorder()
        async with listening(fake, ingress, "webhook"):
            assert (await fake.post(b" " * 1_000_001, SECRET)).status_code == 413
            assert await _status_of_an_endless_body(fake.webhook.url) == 413
        assert (ingress.heard, ingress.buried) == ([], [])


async def _status_of_an_endless_body(url: str) -> int:
    """The caller goes on writing, a chunk at a time and without saying how much, until it is answered."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    writer.write(f"{head}X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n".encode())
    answer = asyncio.ensure_future(reader.readline())
    with suppress(ConnectionError):
        while not answer.done():
            writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            await writer.drain()
            await asyncio.wait([answer], timeout=0.001)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return int((await answer).split()[1])


async def test_the_webhook_takes_an_update_that_comes_in_pieces() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, "webhook"):
            fake.say(room, zhang, "长" * 100_000)
            await fake.settled()
        assert ingress.texts == ["长" * 100_000]


async def test_the_webhook_survives_a_caller_that_hangs_up_in_the_middle() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, "webhook"):
            parts = urlsplit(fake.webhook.url)
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
            head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"
            writer.write(f"{head}X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n{{".encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            fake.say(room, zhang, "打卡")
            await fake.settled()
        assert (ingress.texts, ingress.buried) == (["打卡"], [])


async def test_the_webhook_asks_to_come_again_while_the_bot_does_not_know_its_name() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder(), WebhookAddress("https://example.org", SECRET))
        app = Starlette(routes=telegram.routes)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            assert (await client.post(telegram.path, content=b"{}", headers=headers)).status_code == 503
            assert (await client.get(telegram.path, headers=headers)).status_code == 405
