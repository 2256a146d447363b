"""A platform that remembers what it was asked to show, and fails as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from math import inf

from domain.incoming import Capabilities
from domain.outgoing import Limits, Outgoing, Shown

UNLIMITED = Limits(inf, inf, inf)


class FakeTransport:
    def __init__(self, limits: Limits = UNLIMITED, able: Capabilities | None = None) -> None:
        self.lane = "telegram:study_bot"
        self.limits = limits
        self.said: list[tuple[str, str, str]] = []
        """(what was done, chat, text or emoji) of every call that went well."""
        self.tried: list[str] = []
        """Chats of all calls, those that failed included."""
        self.gates: dict[str, asyncio.Event] = {}
        """Calls for these chats end only once their event is set."""
        self.busiest = 0
        """Most calls under way at once in one chat."""
        self._able = able or Capabilities()
        self._faults: dict[str, list[BaseException]] = {}
        self._under_way: dict[str, int] = {}

    def fail(self, chat_id: str, faults: Iterable[BaseException]) -> None:
        """The next calls for that chat end in these."""
        self._faults.setdefault(chat_id, []).extend(faults)

    def capabilities(self, chat_id: str) -> Capabilities:
        return self._able

    async def send(self, out: Outgoing) -> str | Shown:
        await self._call(out.chat_id)
        self.said.append(("send", out.chat_id, out.text))
        return str(len(self.said))

    async def edit(self, out: Outgoing, message_id: str) -> None:
        await self._call(out.chat_id)
        self.said.append((f"edit {message_id}", out.chat_id, out.text))

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        await self._call(chat_id)
        self.said.append((f"react {message_id}", chat_id, emoji))

    async def close(self) -> None:
        """Nothing to close."""

    def texts(self, chat_id: str | None = None) -> list[str]:
        return [text for _, chat, text in self.said if chat_id in (None, chat)]

    async def _call(self, chat_id: str) -> None:
        self.tried.append(chat_id)
        self._under_way[chat_id] = self._under_way.get(chat_id, 0) + 1
        self.busiest = max(self.busiest, self._under_way[chat_id])
        try:
            if chat_id in self.gates:
                await self.gates[chat_id].wait()
            if self._faults.get(chat_id):
                raise self._faults[chat_id].pop(0)
        finally:
            self._under_way[chat_id] -= 1
