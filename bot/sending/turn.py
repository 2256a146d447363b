"""What a sender does to the database in one transaction: settle, keep or take over the lease, claim."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.sending.landing import Landing
from bot.sending.lane import Choice, Lane
from storage import lanes, outbox, outbox_chats
from storage.tx import Tx

WINDOW = 256
"""Rows looked at in one turn."""
LEASE = 4_000
"""Milliseconds without a sign of life after which another sender may take the lane over."""
HEARTBEAT = 1_000
"""Milliseconds between signs of life, and between looks for rows that other processes have queued."""
BEHIND_A_CALL = 1_000
"""Milliseconds for which a crowd of rows stands aside while a call for their chat is in the air."""


@dataclass(slots=True)
class Turn:
    """What one turn found out."""

    leading: bool
    choice: Choice = field(default_factory=Choice)
    holds: dict[str, int] = field(default_factory=dict)
    """Chats that must wait, and until when, for the lane to remember."""
    next_at: int | None = None
    again: bool = False
    """More may leave now than this turn could see."""


class Turns:
    """The turns of one lane under one owner. They change rows and nothing in memory, so one may be run again."""

    def __init__(self, lane: Lane, name: str, owner: str) -> None:
        self._lane = lane
        self._name = name
        self._owner = owner

    async def take(
        self, tx: Tx, landing: Landing, in_air: Collection[str], now: int, *, leading: bool, stopping: bool
    ) -> Turn:
        """``in_air``: the chats for which a call is under way, so that nothing else may be said there."""
        await landing.settle(tx, self._name, now)
        if stopping:
            return Turn(leading)
        if not leading:
            return await self._take_over(tx, in_air, now)
        if not await lanes.renew(tx, self._name, self._owner, now):
            return Turn(False, next_at=now + HEARTBEAT)
        return await self._claim(tx, in_air, now)

    async def _take_over(self, tx: Tx, in_air: Collection[str], now: int) -> Turn:
        # What is still in the air from an earlier lease must not be taken for what a dead sender left there.
        if in_air or not await lanes.take(tx, self._name, self._owner, now, LEASE):
            return Turn(False, next_at=now + HEARTBEAT)
        await outbox.recover(tx, self._name)
        return Turn(True, holds=dict(await outbox_chats.held(tx, self._name, now)), again=True)

    async def _claim(self, tx: Tx, in_air: Collection[str], now: int) -> Turn:
        rows = await outbox.waiting(tx, self._name, now, WINDOW)
        choice = self._lane.choose(rows, in_air, now)
        if choice.rows:
            await outbox.fly(tx, choice.rows)
        if len(rows) == WINDOW and choice.room_left:
            return await self._make_way(tx, choice, now)
        return Turn(True, choice, next_at=await self._next_at(tx, choice, now))

    async def _make_way(self, tx: Tx, choice: Choice, now: int) -> Turn:
        """The window is full of rows of which many must wait: they make way for those that may stand behind them."""
        chats = dict(choice.chats)
        if not choice.rows:
            chats |= dict.fromkeys(choice.behind, now + BEHIND_A_CALL)
        for chat, until in chats.items():
            await outbox_chats.hold(tx, self._name, chat, until)
        await outbox.put_off(tx, choice.live)
        return Turn(True, choice, chats, choice.next_at, again=bool(chats or choice.live))

    async def _next_at(self, tx: Tx, choice: Choice, now: int) -> int | None:
        if choice.rows:  # there will be another turn when they have landed
            return choice.next_at
        instants = (choice.next_at, await outbox.next_at(tx, self._name, now))
        return min((at for at in instants if at is not None), default=None)
