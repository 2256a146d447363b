"""The webhook: an update is acknowledged only after what it did has been committed.

Telegram's server sends the updates of one chat one after another, each after the answer to the one before, so
nothing here needs to keep their order. The endpoint is plain ASGI: a request object costs more than the rest.
"""

from __future__ import annotations

import hmac
from typing import Final

import structlog
from starlette.types import Message, Receive, Scope, Send

from bot.platforms.telegram.ear import Ear
from bot.platforms.telegram.rules import BODY_BYTES, SECRET_HEADER

OK: Final = 200
UNAUTHORIZED: Final = 401
TOO_LARGE: Final = 413
UNAVAILABLE: Final = 503
"""Telegram sends again whatever is not answered with 2xx."""

_HEADERS: Final = [(b"content-length", b"0")]
_LAST_HEADERS: Final = [*_HEADERS, (b"connection", b"close")]

_log = structlog.get_logger(__name__)


class Webhook:
    """The endpoint of one bot account."""

    def __init__(self, ear: Ear, secret: str) -> None:
        self._ear = ear
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self._take(scope, receive)
        headers = (
            _HEADERS if status == OK else _LAST_HEADERS
        )  # where a body was left unread, nothing can follow it
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})

    async def _take(self, scope: Scope, receive: Receive) -> int:
        headers = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), self._secret):
            return UNAUTHORIZED
        try:
            raw = await _body(headers.get(b"content-length", b""), receive)
            if raw is None:
                return TOO_LARGE
            await self._ear.take(raw)
        except Exception as error:
            _log.error("telegram_update_not_stored", error=type(error).__name__)
            return UNAVAILABLE
        return OK


async def _body(announced: bytes, receive: Receive) -> bytes | None:
    """None, and nothing more is read, once it is longer than `BODY_BYTES`."""
    if announced.isdigit() and int(announced[:20]) > BODY_BYTES:
        return None
    message: Message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return _bounded(message.get("body", b""))
    pieces: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > BODY_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()
    raise ConnectionError("the caller hung up")


def _bounded(body: bytes) -> bytes | None:
    return body if len(body) <= BODY_BYTES else None
