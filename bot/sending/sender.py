"""One lane's sender: takes what is queued in the outbox to the platform, at the platform's pace, and remembers how it went.

It works in turns. A turn is one transaction that settles what came back from the platform, keeps the lease, and
claims what may leave next; the calls themselves run beside each other, outside of any transaction.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

import structlog

from bot.sending.closing import Closing, OnUnreachable
from bot.sending.delivery import Delivery, Outcome
from bot.sending.landing import Landing, land
from bot.sending.lane import Lane
from bot.sending.renderer import Draft, Renderer
from bot.sending.turn import HEARTBEAT, Turn, Turns
from domain.outgoing import Transport
from storage import lanes
from storage.outbox import OutboxRow
from storage.tx import Database

GRACE = 3.0
"""Seconds that calls in the air are given to end when the program stops."""

Count: TypeAlias = Callable[[str, str], None]
"""(platform, outcome) of one more call: sent, edited, dropped, retry, unreachable, moved or failed."""


class Sender:
    """Speaks for the lane of ``transport`` while it holds the lane's lease; ``owner`` is unique to the process."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        renderer: Renderer,
        *,
        clock: Callable[[], int],
        rng: random.Random,
        owner: str,
        on_unreachable: OnUnreachable,
        count: Count = lambda platform, outcome: None,
        grace: float = GRACE,
    ) -> None:
        self._database = database
        self._transport = transport
        self._renderer = renderer
        self._clock = clock
        self._rng = rng
        self._owner = owner
        self._count = count
        self._grace = grace
        self._name = transport.lane
        self._platform = self._name.partition(":")[0]
        self._delivery = Delivery(transport, renderer, clock)
        self._lane = Lane(transport.limits)
        self._turns = Turns(self._lane, self._name, owner)
        self._closing = Closing(database, self._name, on_unreachable)
        self._leading = False
        self._stopping = False
        self._stir = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        self._in_air: set[str] = set()
        """Chats of which something is flying, until that is settled."""
        self._outcomes: list[Outcome] = []
        self._log = structlog.get_logger()

    def wake(self) -> None:
        """Something was queued and committed."""
        self._stir.set()

    def stop(self) -> None:
        """Let `run` end: nothing new leaves, calls in the air get a moment, the lease is given up."""
        self._stopping = True
        self._stir.set()

    async def run(self) -> None:
        """Send until `stop`. What goes wrong is logged and tried again."""
        try:
            while not self._stopping:
                await self._stirred(await self._drained())
        finally:
            await self.leave()

    async def drain(self) -> int | None:
        """Send all that may leave by now. The next instant at which something may leave, None when nothing waits."""
        while True:
            self._stir.clear()
            turn = await self._turn()
            if turn.choice.rows:
                await self._launch(turn.choice.rows)
            if turn.again:
                continue
            if self._stopping or not (self._calls or self._outcomes):
                return turn.next_at
            await self._stirred(turn.next_at)

    async def leave(self) -> None:
        """Settle what is in the air and give up the lease; nothing leaves any more."""
        self._stopping = True
        if self._calls:
            await asyncio.wait(self._calls, timeout=self._grace)
        while self._calls:
            for call in self._calls:
                call.cancel()
            await asyncio.wait(self._calls)
        try:
            if self._outcomes:
                await self._turn()
            await self._database.transaction(lanes.release, self._name, self._owner)
        except Exception as error:  # the next leader sends again what is not known to have been said
            self._log.error("lane not settled", lane=self._name, exc_info=error)

    async def _drained(self) -> int | None:
        try:
            return await self.drain()
        except Exception as error:
            self._log.error("sender stumbled", lane=self._name, exc_info=error)
            await asyncio.sleep(HEARTBEAT / 1000)
            return self._clock()

    async def _stirred(self, at: int | None) -> None:
        """Wait for news, for ``at``, or for the next sign of life, whichever comes first."""
        ms = HEARTBEAT if at is None else min(HEARTBEAT, max(at - self._clock(), 0))
        alarm = asyncio.get_running_loop().call_later(ms / 1000, self._stir.set)
        try:
            await self._stir.wait()
        finally:
            alarm.cancel()

    async def _turn(self) -> Turn:
        now = self._clock()
        outcomes, self._outcomes = self._outcomes, []
        try:
            landing = land(await self._closing.sort_out(outcomes, now), now, self._rng)
            in_air = self._in_air.difference(outcome.row.chat_id for outcome in outcomes)
            turn = await self._database.transaction(
                self._turns.take, landing, in_air, now, leading=self._leading, stopping=self._stopping
            )
        except BaseException:
            # Whether it was committed is not known: settle again, and let whoever leads next recover what was claimed.
            self._outcomes[:0] = outcomes
            self._leading = False
            raise
        self._leading, self._in_air = turn.leading, in_air
        self._remember(landing, turn, now)
        return turn

    def _remember(self, landing: Landing, turn: Turn, now: int) -> None:
        for chat, until in (landing.held | turn.holds).items():
            self._lane.hold(chat, until)
        for chat, until in landing.too_fast.items():
            self._lane.too_fast(chat, now, until)
        self._lane.forget_past(now)
        for outcome in landing.tally.elements():
            self._count(self._platform, outcome)
        for row, error in landing.failed:
            self._log.warning(
                "message failed", lane=self._name, group_id=row.group_id, ref=str(row.id), status=error
            )

    async def _launch(self, rows: Sequence[OutboxRow]) -> None:
        try:
            drafts = await self._renderer.drafts(rows, self._name, self._clock())
        except BaseException:
            self._leading = False  # they are flying and nobody flies them: to be recovered
            raise
        now = self._clock()
        chats: dict[str, list[Draft]] = {}
        for draft in drafts:
            chats.setdefault(draft.row.chat_id, []).append(draft)
            self._lane.spend(draft.row, now, reaction=draft.is_reaction)
        self._in_air.update(chats)
        for together in chats.values():
            self._calls.add(asyncio.create_task(self._call(together)))

    async def _call(self, drafts: Sequence[Draft]) -> None:
        outcomes = await self._delivery.speak(drafts)
        self._outcomes.extend(outcomes)
        call = asyncio.current_task()
        assert call is not None
        self._calls.discard(call)
        self._stir.set()
