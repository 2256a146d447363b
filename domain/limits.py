"""How fast a bot may speak: never more than so many calls in any stretch of time, for a bot, chat or group.

A chat that has been silent may use what it is allowed at once; then it waits until the oldest of its calls
is a stretch ago.
"""

from __future__ import annotations

from collections import deque
from math import ceil, inf

from domain.day import MINUTE
from domain.outgoing import Limits

SECOND = 1000
LIVE_SHARE = 2
"""Live messages, such as the day's board, take at most one in so many of the calls a group allows,
so that answers always find room."""


class Window:
    """At most ``count`` calls in any ``length`` milliseconds."""

    __slots__ = ("_calls", "_count", "_length")

    def __init__(self, count: int, length: int) -> None:
        self._count = count
        self._length = length
        self._calls: deque[int] = deque(maxlen=count)

    def ready_at(self, now: int) -> int:
        """The first instant from ``now`` on at which one more call may be made."""
        if len(self._calls) < self._count or self._is_before(now):
            return now
        return max(now, self._calls[0] + self._length)

    def room(self, now: int) -> int:
        """How many calls may be made at ``now``."""
        if self._is_before(now):
            return self._count
        return self._count - sum(now < call + self._length for call in self._calls)

    def spend(self, now: int) -> None:
        if self._is_before(now):
            self._calls.clear()
        self._calls.append(max(now, self._calls[-1]) if self._calls else now)

    def idle(self, now: int) -> bool:
        """Nothing that was spent matters any more."""
        return not self._calls or self._is_before(now) or self._calls[-1] + self._length <= now

    def _is_before(self, now: int) -> bool:
        # A clock that was set back by more than the stretch must not silence the bot until it has caught up.
        return bool(self._calls) and now + self._length < self._calls[-1]


class Pace:
    """The windows of one bot account and of the chats it has just spoken in; idle chats are forgotten."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bot = window(limits.per_second, SECOND)
        self._chats: dict[str, _Chat] = {}
        self.at_leisure = limits.chat_per_second == limits.group_per_minute == inf
        """No chat has a limit of its own."""

    def room(self, now: int) -> float:
        """How many calls the bot may make at ``now``."""
        return inf if self._bot is None else self._bot.room(now)

    def bot_ready_at(self, now: int) -> int:
        return now if self._bot is None else self._bot.ready_at(now)

    def ready_at(self, now: int, chat_id: str) -> int:
        """When the chat may be spoken to, whatever the bot as a whole may do."""
        chat = self._chats.get(chat_id)
        return now if chat is None else max([now, *(one.ready_at(now) for one in chat.windows)])

    def live_at(self, now: int, chat_id: str) -> int:
        """When a live message of the chat may be renewed."""
        chat = self._chats.get(chat_id)
        return now if chat is None or chat.live is None else chat.live.ready_at(now)

    def spend(
        self, now: int, chat_id: str, *, is_group: bool, live: bool = False, mark: bool = False
    ) -> None:
        """Count one call. A mark on a message is none of the messages that a group may hear in a minute."""
        if self._bot is not None:
            self._bot.spend(now)
        if self.at_leisure:
            return
        chat = self._chats.pop(chat_id, None) or _Chat(self._limits, is_group)
        chat.spend(now, live, mark)
        self._chats[chat_id] = chat
        self._forget_idle(now)

    def _forget_idle(self, now: int) -> None:
        # Chats stand in the order in which they were last spoken to, so those at the front go idle first.
        while self._chats:
            oldest = next(iter(self._chats))
            if not self._chats[oldest].idle(now):
                return
            del self._chats[oldest]

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)


class _Chat:
    __slots__ = ("live", "minute", "windows")

    def __init__(self, limits: Limits, is_group: bool) -> None:
        second = window(limits.chat_per_second, SECOND)
        self.minute = window(limits.group_per_minute, MINUTE) if is_group else None
        self.windows = [one for one in (second, self.minute) if one is not None]
        self.live = window(1, ceil(LIVE_SHARE * MINUTE / limits.group_per_minute)) if self.minute else None

    def spend(self, now: int, live: bool, mark: bool) -> None:
        for one in self.windows:
            if not (mark and one is self.minute):
                one.spend(now)
        if live and self.live is not None:
            self.live.spend(now)

    def idle(self, now: int) -> bool:
        return all(one.idle(now) for one in self.windows)


def window(rate: float, length: int) -> Window | None:
    """At most ``rate`` calls in ``length`` milliseconds; None where any number may be made."""
    if rate == inf:
        return None
    return Window(int(rate), length) if rate >= 1 else Window(1, ceil(length / rate))
