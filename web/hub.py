"""Tells open pages that something in a chat has changed; what changed they read from the database themselves.

A listener holds one flag per chat and no queue, so a slow page costs nothing and misses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Listener:
    """One open page, waiting for any of its chats to change."""

    def __init__(self, chats: frozenset[str]) -> None:
        self.chats = chats
        self._changed: set[str] = set()
        self._woken = asyncio.Event()

    def wake(self, chat_id: str | None) -> None:
        if chat_id is not None:
            self._changed.add(chat_id)
        self._woken.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """The chats that changed since the last call; empty when ``seconds`` passed without a change."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return frozenset()
        self._woken.clear()
        changed, self._changed = frozenset(self._changed), set()
        return changed


class Hub:
    """Who listens to which chat, within this process. Other processes' changes are found by polling (web/stream.py)."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self.closed = False
        self.era = 0
        """Grows when everything shown so far is void (the demonstration starts over)."""

    @contextmanager
    def listen(self, chats: Iterable[str]) -> Iterator[Listener]:
        listener = Listener(frozenset(chats))
        for chat_id in listener.chats:
            self._listeners.setdefault(chat_id, set()).add(listener)
        try:
            yield listener
        finally:
            for chat_id in listener.chats:
                self._forget(chat_id, listener)

    def changed(self, chat_id: str) -> None:
        """Something was said or changed in this chat, and is committed."""
        for listener in tuple(self._listeners.get(chat_id, ())):
            listener.wake(chat_id)

    def renewed(self) -> None:
        """Everything shown so far is void: every page loads itself again."""
        self.era += 1
        self._wake_all()

    def close(self) -> None:
        """End every stream, so that the server can stop; to be called before it waits for its connections."""
        self.closed = True
        self._wake_all()

    def listening(self) -> int:
        """How many pages are open."""
        return len({listener for of_chat in self._listeners.values() for listener in of_chat})

    def _wake_all(self) -> None:
        for of_chat in tuple(self._listeners.values()):
            for listener in tuple(of_chat):
                listener.wake(None)

    def _forget(self, chat_id: str, listener: Listener) -> None:
        of_chat = self._listeners.get(chat_id, set())
        of_chat.discard(listener)
        if not of_chat:
            self._listeners.pop(chat_id, None)
