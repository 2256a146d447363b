"""Which of the rows that wait may leave now: one lane's memory of its pace, of chats told to wait, and of calls
in the air."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from domain.limits import Pace
from domain.message import Priority
from domain.outgoing import Limits
from storage.outbox import OutboxRow

AT_ONCE = 256
"""Chats spoken to at the same time: enough for 30 calls a second of six seconds each."""
IN_A_ROW = 50
"""Messages claimed together for one chat, where chats have no limit of their own."""
REPEATS_WITHIN = 10_000
"""Milliseconds within which a second chat that is told to wait means that the whole bot is too fast."""
_SWEEP = 256


@dataclass(slots=True)
class Choice:
    """The rows that may leave, and why others may not."""

    rows: list[OutboxRow] = field(default_factory=list)
    chats: dict[str, int] = field(default_factory=dict)
    """Chats that must wait, and until when."""
    behind: set[str] = field(default_factory=set)
    """Chats that must wait until the call that is in the air for them has ended."""
    live: list[tuple[OutboxRow, int]] = field(default_factory=list)
    """Live messages that were renewed a moment ago, and when they may be again."""
    next_at: int | None = None
    """The earliest instant at which one of the others may leave, as far as that is known."""
    room_left: bool = False
    """All rows were looked at, and more could have left."""

    def wait(self, until: int) -> None:
        self.next_at = until if self.next_at is None else min(self.next_at, until)


class Lane:
    """`choose` changes nothing, so that a transaction may run it again, in whatever thread."""

    def __init__(self, limits: Limits) -> None:
        self._pace = Pace(limits)
        self._silent_until = 0
        self._held: dict[str, int] = {}
        self._sweep_at = _SWEEP
        self._told_to_wait = ("", 0)

    def choose(self, rows: Sequence[OutboxRow], in_air: Collection[str], now: int) -> Choice:
        """Take what may leave, in the order of ``rows``; of one chat nothing passes an earlier row that waits."""
        choice = Choice()
        room = self._pace.room(now) if self._silent_until <= now else 0
        free_chats = AT_ONCE - len(in_air)
        taken: dict[str, int] = {}
        for row in rows:
            if len(choice.rows) >= room:
                choice.wait(max(self._silent_until, self._pace.bot_ready_at(now)))
                return choice
            if row.chat_id in taken:
                if not self._pace.at_leisure or taken[row.chat_id] >= IN_A_ROW:
                    continue
            elif not self._may_begin(row.chat_id, in_air, choice, now) or len(taken) >= free_chats:
                continue
            if self._is_paced(row) and (until := self._pace.live_at(now, row.chat_id)) > now:
                choice.live.append((row, until))
                choice.wait(until)
                continue
            choice.rows.append(row)
            taken[row.chat_id] = taken.get(row.chat_id, 0) + 1
        choice.room_left = len(taken) < free_chats
        return choice

    def spend(self, row: OutboxRow, now: int, *, reaction: bool) -> None:
        """Count the call that is about to be made."""
        self._pace.spend(
            now, row.chat_id, is_group=bool(row.is_group), live=self._is_paced(row), mark=reaction
        )

    def hold(self, chat_id: str, until: int) -> None:
        """Say nothing in the chat before ``until``."""
        self._held[chat_id] = max(until, self._held.get(chat_id, 0))

    def too_fast(self, chat_id: str, now: int, until: int) -> None:
        """The platform asked to wait until then: the chat, and everybody when it is not the only one."""
        other, at = self._told_to_wait
        if other and other != chat_id and now - at < REPEATS_WITHIN:
            self._silent_until = max(self._silent_until, until)
        self._told_to_wait = (chat_id, now)

    def forget_past(self, now: int) -> None:
        """Bound the memory: holds that are over are dropped whenever their number has doubled."""
        if len(self._held) >= self._sweep_at:
            self._held = {chat: until for chat, until in self._held.items() if until > now}
            self._sweep_at = max(_SWEEP, 2 * len(self._held))

    def _may_begin(self, chat_id: str, in_air: Collection[str], choice: Choice, now: int) -> bool:
        if chat_id in choice.chats:
            return False
        if chat_id in in_air:
            choice.behind.add(chat_id)
            return False
        until = max(self._held.get(chat_id, 0), self._pace.ready_at(now, chat_id))
        if until > now:
            choice.chats[chat_id] = until
            choice.wait(until)
        return until <= now

    @staticmethod
    def _is_paced(row: OutboxRow) -> bool:
        # A menu that answers a button is edited in place as well, but somebody is waiting for it.
        return row.slot is not None and row.priority > Priority.BUTTON
