"""The far end of every call, answering at once: for us as a transport, for python-telegram-bot as its HTTP side."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from math import inf
from typing import Any

from telegram.request import BaseRequest

from bench.town import ACCOUNT, BOT_NAME, LANE, NOW
from bot.platforms.telegram.rules import CAPABILITIES, LIMITS
from domain.incoming import Capabilities
from domain.outgoing import Limits, Outgoing

_ME = {"id": int(ACCOUNT), "is_bot": True, "first_name": "学伴", "username": BOT_NAME}


UNLIMITED = Limits(per_second=inf, chat_per_second=inf, group_per_minute=inf)
AS_A_GROUP_TAKES_IT = replace(UNLIMITED, group_per_minute=LIMITS.group_per_minute)
"""As fast as may be, but for a group's board, which is shown anew no more often than Telegram lets a group hear from a bot."""


class NullTransport:
    """Telegram without a network."""

    lane = LANE

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ids = count(1)

    def capabilities(self, chat_id: str) -> Capabilities:
        return CAPABILITIES

    async def send(self, out: Outgoing) -> str:
        return str(next(self._ids))

    async def edit(self, out: Outgoing, message_id: str) -> None:
        pass

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        pass

    async def close(self) -> None:
        pass


class NullRequest(BaseRequest):
    """Answers getMe with the bot, and everything else with a message."""

    read_timeout = 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        return 200, _GET_ME if url.endswith("/getMe") else _SENT


_GET_ME = json.dumps({"ok": True, "result": _ME}).encode()
_SENT = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 1,
            "date": NOW // 1000,
            "chat": {"id": -1001, "type": "supergroup", "title": "第一学习小组"},
            "from": _ME,
            "text": "✅",
        },
    }
).encode()
