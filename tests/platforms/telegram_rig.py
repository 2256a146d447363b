"""A Telegram account of ours at work against the fake Bot API, with a recording ingress behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Literal

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.ingress import Answer, Ingress
from bot.platforms.telegram import TelegramAccount, TelegramIngress, WebhookAddress
from domain.incoming import Incoming
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.loopback import serve

Mode = Literal["webhook", "polling"]
SECRET = "s3cret_of-the-webhook"
NOW = 1_772_407_805_000
COMMANDS = {"zh": [("checkin", "打卡")], "en": [("checkin", "Check in")]}


class Recorder:
    """An ingress that writes down what it hears. ``fault`` may raise, as if nothing could be stored."""

    def __init__(self, toast: str = "", fault: Callable[[Incoming], None] = lambda _: None) -> None:
        self.heard: list[Incoming] = []
        self.buried: list[tuple[str, bytes, str]] = []
        """(event id, raw, error)"""
        self.moves: list[tuple[str, str]] = []
        self.closed: list[str] = []
        self.attempts = 0
        self._toast = toast
        self._fault = fault

    async def hear(self, incoming: Incoming) -> Answer:
        self.attempts += 1
        self._fault(incoming)
        self.heard.append(incoming)
        return Answer(self._toast)

    async def bury(self, platform: str, account: str, event_id: str, raw: bytes, error: str) -> None:
        assert (platform, account) == ("telegram", "4242")
        self.buried.append((event_id, raw, error))

    async def moved(self, platform: str, account: str, old_chat_id: str, new_chat_id: str) -> None:
        assert (platform, account) == ("telegram", "4242")
        self.moves.append((old_chat_id, new_chat_id))

    async def stopped(self, platform: str, account: str, poll_id: str) -> None:
        assert (platform, account) == ("telegram", "4242")
        self.closed.append(poll_id)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.heard]


class Pauses:
    """Stands in for sleeping: writes down how long, and only lets others run."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def account(
    fake: FakeBotApi, media: Path = Path("/nowhere"), timeout: float = 5.0
) -> AsyncIterator[TelegramAccount]:
    bot = TelegramAccount(fake.token, media, fake.url, timeout)
    try:
        yield bot
    finally:
        await bot.transport.close()


def ingress_of(
    bot: TelegramAccount,
    ingress: Ingress,
    webhook: WebhookAddress | None = None,
    pauses: Pauses | None = None,
) -> TelegramIngress:
    pause = pauses or Pauses()
    return TelegramIngress(
        bot, ingress, clock=lambda: NOW, dice=Random(1), commands=COMMANDS, webhook=webhook, pause=pause
    )


@asynccontextmanager
async def listening(
    fake: FakeBotApi,
    ingress: Ingress,
    mode: Mode,
    pauses: Pauses | None = None,
    timeout: float = 5.0,
) -> AsyncIterator[TelegramAccount]:
    """An account that listens, by webhook or by polling, until the block ends."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(account(fake, timeout=timeout))
        gate = _Gate()
        url = await stack.enter_async_context(serve(gate)) if mode == "webhook" else ""
        telegram = ingress_of(bot, ingress, WebhookAddress(url, SECRET) if url else None, pauses)
        gate.app = Starlette(routes=telegram.routes)
        await telegram.open()
        running = asyncio.create_task(telegram.run())
        stack.push_async_callback(_stop, telegram, running)
        yield bot


class _Gate:
    """A server has to be up before its address is known, and the address before the application."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


async def _stop(telegram: TelegramIngress, running: asyncio.Task[None]) -> None:
    await telegram.close()
    await running
