"""Files on their way to Telegram and from it: what was made is shown, what people sent is fetched."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram import Bot, InputFile, Message
from telegram.error import BadRequest, TelegramError

from bot.platforms.telegram.calls import Calls, told_apart
from bot.platforms.telegram.rules import DOWNLOAD_BYTES, FETCH_SECONDS, PHOTO_BYTES
from domain.errors import UserError
from domain.file import shown_size
from domain.incoming import Attachment
from domain.outgoing import Made, Uncertain

_TOO_BIG = "file is too big"

_log = structlog.get_logger(__name__)


async def upload(bot: Bot, made: Made, call: dict[str, Any]) -> Message:
    """Show ``made``. A picture that Telegram does not take for one (its sides, its bytes) goes as a document."""
    if made.kind == "photo" and len(made.content) <= PHOTO_BYTES:
        try:
            return await bot.send_photo(photo=_file(made), **call)
        except BadRequest as error:
            if not about_the_file(error):
                raise
            _log.info("telegram_photo_refused", error=type(error).__name__)
    return await bot.send_document(document=_file(made), disable_content_type_detection=True, **call)


async def fetch(bot: Bot, attachment: Attachment, most: int) -> bytes:
    """Raises as `bot.ingress.Facts.fetch` says."""
    most = min(most, DOWNLOAD_BYTES)
    too_big = UserError("file.too_big", most=shown_size(most))
    if (attachment.size or 0) > most:
        raise too_big
    with told_apart():
        try:
            file = await bot.get_file(attachment.file_id)
        except BadRequest as error:
            if _TOO_BIG in error.message.lower():
                raise too_big from None
            raise
    content = await _download(bot, file.file_path or "", most)
    if len(content) > most:
        raise too_big
    return content


async def _download(bot: Bot, address: str, most: int) -> bytes:
    """At most one byte more than ``most``."""
    request = bot.request
    assert isinstance(request, Calls)
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            with told_apart():
                return await request.download(address, most + 1)
    except TimeoutError as late:
        raise Uncertain("the file comes too slowly") from late


def about_the_file(error: TelegramError) -> bool:
    """Whether the file was refused, and not the message."""
    said = error.message.lower()
    return any(
        sign in said for sign in ("file", "url content", "webpage", "photo_", "image_", "wrong type", "media")
    )


def _file(made: Made) -> InputFile:
    return InputFile(made.content, filename=made.name)
