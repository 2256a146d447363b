"""One update's way from its bytes to the dispatcher, the same for webhook and polling.

When `take` returns, what the update did is committed, or it is kept as a dead letter: it may be acknowledged.
"""

from __future__ import annotations

import asyncio

import structlog
from pydantic import ValidationError
from telegram import Bot

from bot.ingress import Answer, Ingress
from bot.platforms.telegram.incoming import Decoder
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.rules import PLATFORM, TOAST_CHARS
from bot.platforms.telegram.updates import Update, event_id, fault, parse
from domain.incoming import Incoming

_log = structlog.get_logger(__name__)


class NotReady(Exception):
    """The bot does not know its own name yet, so no update can be read."""


class Ear:
    """Listens for one bot account."""

    def __init__(self, account: str, ingress: Ingress, rights: Rights, bot: Bot) -> None:
        self._account = account
        self._ingress = ingress
        self._rights = rights
        self._bot = bot
        self._decoder: Decoder | None = None
        self._toasts: set[asyncio.Task[None]] = set()

    def open(self, decoder: Decoder) -> None:
        self._decoder = decoder

    async def take(self, raw: bytes) -> None:
        """Raises only where nothing could be stored: then the update must come again."""
        if self._decoder is None:
            raise NotReady
        try:
            update = parse(raw)
            incoming = self._decoder.decode(update)
        except ValidationError as error:
            await self.bury(raw, fault(error))
        except Exception as error:
            _log.exception("telegram_decode_failed", account=self._account)
            await self.bury(raw, f"decoding failed: {type(error).__name__}")
        else:
            await self._hear(update, incoming)

    async def bury(self, raw: bytes, error: str) -> None:
        """Keep an update as a dead letter, with an alarm."""
        _log.error("telegram_update_buried", account=self._account, event_id=event_id(raw), error=error)
        await self._ingress.bury(PLATFORM, self._account, event_id(raw), raw, error)

    async def close(self) -> None:
        """Wait for the toasts still under way; each gives up by itself at the bot's time-out."""
        await asyncio.gather(*self._toasts)

    async def _hear(self, update: Update, incoming: Incoming | None) -> None:
        if update.message is not None and (moved := update.migration):
            await self._ingress.moved(PLATFORM, self._account, *moved)
        if update.poll is not None and update.poll.is_closed:
            await self._ingress.stopped(PLATFORM, self._account, update.poll.id)
        answer = Answer()
        if incoming is not None:
            if incoming.service == "joined" and incoming.hears_everything is None:
                hears = await self._rights.hears_everything(incoming.chat_id)
                incoming = incoming.model_copy(update={"hears_everything": hears})
            answer = await self._ingress.hear(incoming)
        if update.callback_query is not None:
            self._toast(update.callback_query.id, answer.toast)

    def _toast(self, query_id: str, text: str) -> None:
        """Every pressed button is answered, be it with nothing: until then it shows that it is waiting."""
        task = asyncio.create_task(self._answer(query_id, text))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)

    async def _answer(self, query_id: str, text: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id, text=text[:TOAST_CHARS] or None)
        except Exception as error:  # whatever it was, the press itself has been heard
            _log.info("telegram_toast_failed", account=self._account, error=type(error).__name__)
