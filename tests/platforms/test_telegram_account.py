"""Setting a bot account up, and what it can tell about a chat."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from aiogram.methods import SetWebhook

from bot.platforms.telegram import TelegramAccount, TelegramUnusable, WebhookAddress
from domain.incoming import Incoming
from domain.outgoing import Outgoing, Uncertain
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.telegram_rig import SECRET, Pauses, Recorder, account, ingress_of


def incoming(chat_id: str, sender_id: str, is_group: bool = True) -> Incoming:
    return Incoming(
        platform="telegram",
        account="4242",
        event_id="1",
        chat_id=chat_id,
        sender_id=sender_id,
        sender_name="张三",
        is_group=is_group,
        sent_at=0,
    )


@pytest.mark.parametrize("token", ["", "abc", "123456", "123456:", ":abc", "12 34:abc", "123:abc/../x"])
def test_what_cannot_be_a_token_is_refused_with_a_hint(token: str) -> None:
    with pytest.raises(TelegramUnusable, match="BotFather"):
        TelegramAccount(token, Path())


@pytest.mark.parametrize("secret", ["", "with space", "密码", "x" * 257])
async def test_a_webhook_secret_that_telegram_would_refuse_is_refused_at_once(secret: str) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        with pytest.raises(TelegramUnusable, match="secret"):
            ingress_of(bot, Recorder(), WebhookAddress("https://example.org", secret))


async def test_the_account_is_the_public_half_of_the_token() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        assert bot.account == "4242"


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org/", "https://example.org/telegram/4242"]
)
async def test_the_webhook_is_announced_with_its_secret_and_the_updates_that_are_read(url: str) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder(), WebhookAddress(url, SECRET, max_connections=64))
        await telegram.open()
        [call] = [call for call in fake.calls if isinstance(call, SetWebhook)]
    assert (call.url, call.secret_token, call.max_connections) == (
        "https://example.org/telegram/4242",
        SECRET,
        64,
    )
    assert call.allowed_updates == [
        "message",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "poll",
        "poll_answer",
    ]


async def test_polling_takes_a_webhook_away_that_was_left_over() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.hook("http://127.0.0.1:9/left-over", None)
        telegram = ingress_of(bot, Recorder())
        await telegram.open()
        assert (fake.webhook.url, telegram.routes) == ("", [])


async def test_the_menu_of_commands_is_shown_in_every_language() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        await ingress_of(bot, Recorder()).open()
        menus = {language: [c.description for c in menu] for language, menu in fake.commands.items()}
    assert menus == {None: ["打卡"], "zh": ["打卡"], "en": ["Check in"]}


async def test_a_bot_without_a_menu_works_all_the_same() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.fail("setMyCommands", status=400)
        await ingress_of(bot, Recorder()).open()
        assert fake.commands == {}


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_telegram_does_not_know_is_told_without_repeating_it(status: int) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.fail("getMe", status=status, description="Unauthorized")
        with pytest.raises(TelegramUnusable, match="BotFather") as refused:
            await ingress_of(bot, Recorder()).open()
    assert fake.token not in str(refused.value)


async def test_a_server_that_is_silent_at_the_start_is_asked_again() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.fail("getMe", times=3, status=502)
        pauses = Pauses()
        await ingress_of(bot, Recorder(), pauses=pauses).open()
        assert len(pauses.seconds) == 3


async def test_a_server_that_stays_silent_is_told_with_what_to_check() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.fail("getMe", times=99, status=429, retry_after=3)
        with pytest.raises(TelegramUnusable, match="XUEBAN_TELEGRAM_API_URL"):
            await ingress_of(bot, Recorder()).open()


async def test_a_webhook_that_telegram_refuses_is_told() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.fail(
            "setWebhook", status=400, description="Bad Request: bad webhook: HTTPS url must be provided"
        )
        with pytest.raises(TelegramUnusable, match="https url must be provided"):
            await ingress_of(bot, Recorder(), WebhookAddress("http://x", SECRET)).open()


@pytest.mark.parametrize(
    ("status", "admin"), [("creator", True), ("administrator", True), ("member", False), ("left", False)]
)
async def test_an_administrator_is_known_as_one(status: str, admin: bool) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.person(1, "张三")
        fake.group(-100, "一组").statuses[1] = status
        assert await bot.facts.sender_is_admin(incoming("-100", "1")) is admin


async def test_where_telegram_knows_no_such_member_there_is_no_administrator() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.person(1, "张三")
        fake.group(-100, "一组").statuses[fake.bot.id] = "kicked"
        for chat_id, sender_id in (("-999", "1"), ("-100", "1"), ("-100", "2")):
            assert not await bot.facts.sender_is_admin(incoming(chat_id, sender_id))


async def test_nobody_administers_a_private_chat() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        assert not await bot.facts.sender_is_admin(incoming("1", "1", is_group=False))
        assert fake.calls == []


async def test_an_administrator_is_not_told_no_because_telegram_was_silent() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.group(-100, "一组")
        fake.fail("getChatMember", status=500)
        with pytest.raises(Uncertain):
            await bot.facts.sender_is_admin(incoming("-100", "1"))


async def test_neither_token_nor_words_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeBotApi() as fake, account(fake) as bot:
        zhang = fake.person(1, "张三")
        fake.fail("sendMessage", body="秘密".encode())
        with pytest.raises(Uncertain):
            await bot.transport.send(Outgoing("1", "秘密"))
        await bot.transport.send(Outgoing("1", "秘密"))
        assert fake.said(zhang.id)
    assert "fake-token" not in caplog.text and "秘密" not in caplog.text


async def test_an_invitation_opens_the_private_chat_with_its_payload() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder())
        assert telegram.invitation("join-77") is None  # the bot does not know its own name yet
        await telegram.open()
        assert telegram.invitation("join-77") == "https://t.me/xueban_bot?start=join-77"
        for payload in ("", "two words", "x" * 65, "组"):
            assert telegram.invitation(payload) is None


@pytest.mark.parametrize("webhook", [None, WebhookAddress("https://example.org", SECRET)])
async def test_closing_ends_the_listening_at_once(webhook: WebhookAddress | None) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder(), webhook)
        await telegram.open()
        async with asyncio.TaskGroup() as group, asyncio.timeout(5):
            group.create_task(telegram.run())
            await asyncio.sleep(0)
            await telegram.close()
