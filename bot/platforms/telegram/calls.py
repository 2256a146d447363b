"""python-telegram-bot's calls with their rough edges filed off, and its errors put as the sender's."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.platforms.telegram.rules import API_URL
from domain.outgoing import MessageGone, Moved, Refused, RetryLater, SendError, Uncertain, Unreachable

UNKNOWN_TOKEN: Final = "Telegram does not know this token; get a valid one from @BotFather"
CONNECTIONS: Final = 32
"""Thirty messages a second that take a second each; toasts and questions about rights come on top."""
DEFAULT_WAIT: Final = 5.0
"""Seconds, where a 429 does not say how long."""

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to react not found",
    "message_id_invalid",
)
_SHUT_OUT = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "peer_id_invalid",
    "user_is_blocked",
    "bot is not a member",
)
_QUOTED = re.compile(r'"[^"]*"')


class TelegramUnusable(Exception):
    """The account cannot be used as it is set up; the message says what to do."""


class TooFast(TelegramError):
    """429, in seconds. PTB's own RetryAfter cannot be raised without a deprecation warning."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Calls(HTTPXRequest):
    """The HTTP side of every call. Answers that PTB would log with everything in them are not logged."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == 429:
            raise TooFast(wait_of(payload))
        return code, payload

    async def download(self, address: str, most: int) -> bytes:
        """The first ``most`` bytes of a file. Raises TelegramError where it cannot be had."""
        content = bytearray()
        try:
            async with self._client.stream("GET", address) as answer:
                if answer.status_code != 200:
                    raise TelegramError(f"the file was answered with {answer.status_code}")
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) >= most:
                        break
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TelegramError(f"the file did not come: {type(error).__name__}") from None
        return bytes(content[:most])

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not a JSON object")
        return answer


def wait_of(payload: bytes) -> float:
    """``parameters.retry_after`` of an answer, in seconds."""
    try:
        return max(0.0, float(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return DEFAULT_WAIT


def make_bot(token: str, api_url: str = API_URL, timeout: float = 10.0) -> Bot:
    """A `telegram.Bot` whose calls wait at most ``timeout`` seconds for an answer."""
    _keep_the_token_out_of_logs()
    request: BaseRequest = Calls(CONNECTIONS, timeout, timeout, timeout, pool_timeout=timeout)
    base = api_url.rstrip("/")
    return Bot(token, f"{base}/bot", f"{base}/file/bot", request=request, get_updates_request=request)


def _keep_the_token_out_of_logs() -> None:
    """At INFO and below these write addresses, which hold the token, and parameters, which hold texts."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def told_apart() -> Iterator[None]:
    """Turns PTB's errors into those of `domain.outgoing`, and those by which it fails on an answer it did not expect."""
    try:
        yield
    except TelegramError as error:
        raise translate(error) from None
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Uncertain(f"an answer that cannot be read: {type(error).__name__}") from error


def translate(error: TelegramError) -> SendError:
    """What went wrong, as the sender understands it. To PTB any 404 is InvalidToken: it proves nothing."""
    if isinstance(error, TooFast):
        return RetryLater(error.seconds)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    detail = _QUOTED.sub('"…"', error.message)[:200]
    if isinstance(error, Forbidden):
        return Unreachable(detail)
    if isinstance(error, BadRequest):  # PTB counts it among NetworkErrors
        return _refusal(detail)
    return Uncertain(f"{type(error).__name__}: {detail}")


def _refusal(detail: str) -> SendError:
    said = detail.lower()
    if any(sign in said for sign in _GONE):
        return MessageGone(detail)
    return Unreachable(detail) if any(sign in said for sign in _SHUT_OUT) else Refused(detail)
