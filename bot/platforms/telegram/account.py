"""One Telegram bot account, put together: what speaks, what knows, and what listens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import httpx
import structlog
from starlette.routing import BaseRoute, Route
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.ingress import Facts, Ingress
from bot.platforms.telegram.calls import TelegramUnusable, make_bot
from bot.platforms.telegram.ear import Ear
from bot.platforms.telegram.incoming import Decoder
from bot.platforms.telegram.media import Shelf
from bot.platforms.telegram.poller import Poller
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.rules import API_URL, DEEP_LINK_FORM, MAX_CONNECTIONS, SECRET_FORM, UPDATES
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.webhook import Webhook
from bot.platforms.telegram.words import Me
from bot.sending.making import Makers
from domain.outgoing import SendError, Transport

Commands = Mapping[str, Sequence[tuple[str, str]]]
"""Language → (command in ``[a-z0-9_]``, description); the first is also for speakers of all others."""

_TOKEN = re.compile(r"(\d{1,19}):[A-Za-z0-9_-]+")
_TRIES: Final = 5
"""At the start, before giving up on a server that does not answer."""

__all__ = ["Commands", "TelegramAccount", "TelegramIngress", "TelegramUnusable", "WebhookAddress"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where Telegram shall call: this server's public https address, and the secret it shall bring along."""

    url: str
    secret: str
    max_connections: int = MAX_CONNECTIONS


class TelegramAccount:
    """The half that speaks and is asked; it exists before the dispatcher does."""

    def __init__(
        self,
        token: str,
        media: Path,
        api_url: str = API_URL,
        timeout: float = 10.0,
        makers: Makers | None = None,
    ) -> None:
        form = _TOKEN.fullmatch(token)
        if form is None:
            raise TelegramUnusable("this is not a bot token; @BotFather gives one like 123456:ABC-DEF")
        self.account: str = form[1]
        """The bot's id: the public half of the token."""
        self.bot: Bot = make_bot(token, api_url, timeout)
        self.polling_url: str = f"{api_url.rstrip('/')}/bot{token}/"
        self.rights = Rights(self.bot, self.account)
        self.facts: Facts = self.rights
        self.transport: Transport = TelegramTransport(self.bot, self.account, Shelf(media), makers)


class TelegramIngress:
    """The half that listens, by webhook where there is an address for one, else by polling."""

    def __init__(
        self,
        account: TelegramAccount,
        ingress: Ingress,
        *,
        clock: Callable[[], int],
        dice: Random,
        commands: Commands,
        webhook: WebhookAddress | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if webhook is not None and not re.fullmatch(SECRET_FORM, webhook.secret):
            raise TelegramUnusable("the webhook secret is 1 to 256 letters, digits, _ or -")
        self._account = account
        self._me: Me | None = None
        self._over = asyncio.Event()
        self._bot = account.bot
        self._clock = clock
        self._dice = dice
        self._commands = commands
        self._webhook = webhook
        self._pause = pause
        self._ear = Ear(account.account, ingress, account.rights, account.bot)

    @property
    def account(self) -> str:
        return self._account.account

    @property
    def path(self) -> str:
        return f"/telegram/{self._account.account}"

    @property
    def routes(self) -> list[BaseRoute]:
        """To be served before `open`, which tells Telegram of them; none when polling."""
        if self._webhook is None:
            return []
        return [Route(self.path, Webhook(self._ear, self._webhook.secret), methods=["POST"])]

    async def open(self) -> None:
        """Make the bot known to itself and to Telegram. Raises `TelegramUnusable`, saying what to do."""
        self._me = await self._introduce()
        self._ear.open(Decoder(self._me, self._clock))
        await self._publish_commands()
        try:
            await self._subscribe()
        except TelegramError as error:
            raise TelegramUnusable(
                f"Telegram did not accept how updates shall come: {error.message}"
            ) from None

    async def run(self) -> None:
        """Listen until closed. Raises `PollingRefused` where polling is of no use."""
        if self._webhook is not None:
            await self._over.wait()
            return
        async with httpx.AsyncClient(base_url=self._account.polling_url) as client:
            poller = Poller(client, self._ear, self._dice, self._pause)
            stopping = asyncio.create_task(self._stop(poller))
            try:
                await poller.run()
            finally:
                stopping.cancel()

    async def close(self) -> None:
        """Let `run` come to its end, and wait for the answers to buttons that are under way."""
        self._over.set()
        await self._ear.close()

    def invitation(self, payload: str) -> str | None:
        """A link that opens the private chat and says ``/start payload``; None where there can be none."""
        if self._me is None or not re.fullmatch(DEEP_LINK_FORM, payload):
            return None
        return f"https://t.me/{self._me.username}?start={payload}"

    async def _stop(self, poller: Poller) -> None:
        await self._over.wait()
        poller.stop()

    async def _introduce(self) -> Me:
        for attempt in range(1, _TRIES + 1):
            try:
                user = await self._account.rights.me()
            except SendError as error:
                _log.warning("telegram_silent", error=type(error).__name__, attempt=attempt)
                if attempt < _TRIES:
                    await self._pause(attempt * (0.5 + self._dice.random() / 2))
            else:
                return Me(user.id, user.username or "")
        raise TelegramUnusable(
            "Telegram's server does not answer; check the network and XUEBAN_TELEGRAM_API_URL"
        )

    async def _publish_commands(self) -> None:
        """The menu beside the writing field; a bot without one works all the same."""
        lists: list[tuple[str | None, Sequence[tuple[str, str]]]] = [*self._commands.items()]
        try:
            for language, entries in [*((None, first) for _, first in lists[:1]), *lists]:
                await self._bot.set_my_commands(
                    [BotCommand(*entry) for entry in entries], language_code=language
                )
        except TelegramError as error:
            _log.warning("telegram_commands_not_set", error=error.message)

    async def _subscribe(self) -> None:
        if self._webhook is None:
            await self._bot.delete_webhook()
            return
        base = self._webhook.url.rstrip("/").removesuffix(self.path)
        await self._bot.set_webhook(
            base + self.path,
            secret_token=self._webhook.secret,
            allowed_updates=UPDATES,
            max_connections=self._webhook.max_connections,
        )
