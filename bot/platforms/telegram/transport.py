"""How 学伴 speaks in Telegram: `domain.outgoing.Transport` on python-telegram-bot's calls."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.platforms.telegram import files, markup, polls
from bot.platforms.telegram.calls import told_apart
from bot.platforms.telegram.media import Shelf
from bot.platforms.telegram.rules import (
    CAPABILITIES,
    CAPTION_CHARS,
    DOCUMENT_BYTES,
    LIMITS,
    PLAIN_REACTION,
    PLATFORM,
    REACTION_FOR,
    REACTIONS,
    TEXT_CHARS,
)
from bot.sending.making import Makers
from domain.incoming import Capabilities
from domain.message import Media
from domain.outgoing import Limits, Made, Outgoing, Refused, Shown

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SAME = "message is not modified"
_WITHOUT_TEXT = "there is no text in the message"
_WITHOUT_CAPTION = "there is no caption in the message"
PICTURE = "🖼"
"""Stands before the words for those who cannot see the picture."""
_NUMBER = re.compile(r"-?\d{1,19}")

_log = structlog.get_logger(__name__)


class TelegramTransport:
    """One bot account. Sending is the sender's to pace; nothing here waits or tries again."""

    def __init__(self, bot: Bot, account: str, shelf: Shelf, makers: Makers | None = None) -> None:
        self._bot = bot
        self._account = account
        self._shelf = shelf
        self._makers = makers

    @property
    def lane(self) -> str:
        return f"{PLATFORM}:{self._account}"

    @property
    def limits(self) -> Limits:
        return LIMITS

    def capabilities(self, chat_id: str) -> Capabilities:
        return CAPABILITIES

    async def send(self, out: Outgoing) -> str | Shown:
        if out.poll is not None:
            with told_apart():
                if asked := await polls.ask(self._bot, out.poll, _where(out)):
                    return asked
        made = None
        if self._makers is not None:
            out, made = await self._makers.for_showing(out, DOCUMENT_BYTES)
        with told_apart():
            if made is not None:
                message_id = await self._hand_over(out, made)
            else:
                message_id = await (self._show(out, out.media) if out.media else self._say(out))
        if out.pin:
            await self._pin(out.chat_id, message_id)
        return message_id

    async def edit(self, out: Outgoing, message_id: str) -> None:
        if out.poll is not None and out.poll.closed:
            with told_apart():
                await polls.close(self._bot, _id(out.chat_id), _id(message_id))
            return
        captioned = (out.media or out.file) is not None and markup.length(out) <= CAPTION_CHARS
        with told_apart():
            try:
                await self._rewrite(out, message_id, captioned)
            except BadRequest as other:
                if out.poll is not None and polls.is_one(other):
                    return
                if (_WITHOUT_CAPTION if captioned else _WITHOUT_TEXT) not in other.message.lower():
                    raise
                await self._rewrite(out, message_id, not captioned)

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        """Telegram takes few emoji as reactions; others are said by the nearest. "" takes it back."""
        plain = emoji.removesuffix("\ufe0f")
        wanted = REACTION_FOR.get(plain, plain if plain in REACTIONS or not plain else PLAIN_REACTION)
        with told_apart():
            await self._bot.set_message_reaction(_id(chat_id), _id(message_id), wanted or None)

    async def close(self) -> None:
        await self._bot.request.shutdown()  # Bot.shutdown does nothing for a bot that was never initialized

    async def _say(self, out: Outgoing) -> str:
        sent = await self._bot.send_message(
            text=markup.html(out, TEXT_CHARS),
            link_preview_options=_NO_PREVIEW,
            reply_markup=markup.keyboard(out),
            **_where(out),
        )
        return str(sent.message_id)

    async def _show(self, out: Outgoing, media: Media) -> str:
        """The picture with the words under it, or before them where they are too long for a caption.

        A picture that cannot be had must not keep the words from being said.
        """
        fits = markup.length(out) <= CAPTION_CHARS
        try:
            message_id = await self._upload(out, media, captioned=fits)
        except (BadRequest, Refused) as error:
            if isinstance(error, BadRequest) and not files.about_the_file(error):
                raise
            if self._shelf.forget(media):
                return await self._show(out, media)
            _log.warning("telegram_media_refused", lane=self.lane, ref=media.ref)
            return await self._say(out)
        return message_id if fits else await self._say(out)

    async def _hand_over(self, out: Outgoing, made: Made) -> str:
        """The file with the words under it. A file that is refused must not keep the words from being said."""
        if made.kind == "photo" and made.alt:
            out = replace(out, text="\n".join(filter(None, (out.text, f"{PICTURE} {made.alt}"))))
        fits = markup.length(out) <= CAPTION_CHARS
        try:
            sent = await files.upload(self._bot, made, self._around(out, captioned=fits))
        except BadRequest as error:
            if not files.about_the_file(error):
                raise
            _log.warning("telegram_file_refused", lane=self.lane)
            return await self._say(out)
        return str(sent.message_id) if fits else await self._say(out)

    async def _upload(self, out: Outgoing, media: Media, captioned: bool) -> str:
        kind = {"picture": "photo", "photo": "photo", "audio": "audio", "video": "video"}.get(
            media.kind, "document"
        )
        call: dict[str, Any] = {kind: await self._shelf.fetch(media), **self._around(out, captioned)}
        sent = await getattr(self._bot, f"send_{kind}")(**call)
        self._shelf.remember(media, sent)
        return str(sent.message_id)

    def _around(self, out: Outgoing, captioned: bool) -> dict[str, Any]:
        """What a call that shows a file says beside it: the words and keys, or without a sound nothing, where they follow apart."""
        if not captioned:
            return {**_where(out), "disable_notification": True}
        words = {"caption": markup.html(out, CAPTION_CHARS) or None, "reply_markup": markup.keyboard(out)}
        return {**_where(out), **words}

    async def _rewrite(self, out: Outgoing, message_id: str, captioned: bool) -> None:
        place: dict[str, Any] = {
            "chat_id": _id(out.chat_id),
            "message_id": _id(message_id),
            "parse_mode": ParseMode.HTML,
        }
        keys = markup.keyboard(out)
        try:
            if captioned:
                text = markup.html(out, CAPTION_CHARS)
                await self._bot.edit_message_caption(caption=text, reply_markup=keys, **place)
            else:
                text = markup.html(out, TEXT_CHARS)
                await self._bot.edit_message_text(
                    text, reply_markup=keys, link_preview_options=_NO_PREVIEW, **place
                )
        except BadRequest as error:
            if _SAME not in error.message.lower():
                raise

    async def _pin(self, chat_id: str, message_id: str) -> None:
        """A comfort: the message has been shown, so nothing that goes wrong here may have it sent again."""
        try:
            await self._bot.pin_chat_message(_id(chat_id), _id(message_id), disable_notification=True)
        except TelegramError as error:
            _log.info("telegram_not_pinned", lane=self.lane, error=type(error).__name__)


def _where(out: Outgoing) -> dict[str, Any]:
    reply = _NUMBER.fullmatch(out.reply_to or "")
    return {
        "chat_id": _id(out.chat_id),
        "message_thread_id": _id(out.thread_id) if out.thread_id else None,
        "disable_notification": out.silent or None,
        "parse_mode": ParseMode.HTML,
        "reply_parameters": ReplyParameters(int(reply[0]), allow_sending_without_reply=True)
        if reply
        else None,
    }


def _id(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Refused("not an id of Telegram's")
    return int(text)
