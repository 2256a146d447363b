"""Letting time pass on a clock that can be moved: never past an instant at which something is due or may be said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.clock import VirtualClock

PATIENCE = 120_000
"""Milliseconds the clock may be moved on by `settle`, so that messages held back by a platform's pace can leave."""

Due = Callable[[], Awaitable[int | None]]
"""Does everything that is due now; returns the next instant at which something will be."""
Delivered = Callable[[], Awaitable[int | None]]
"""Waits until all that may be said now has been; returns the next instant at which something may."""


class Passage:
    def __init__(self, clock: VirtualClock, due: Due, delivered: Delivered) -> None:
        self._clock = clock
        self._due = due
        self._delivered = delivered

    async def settle(self) -> None:
        """Do what is due now and deliver what may be said."""
        patience = self._clock() + PATIENCE
        while True:
            await self._due()
            later = await self._delivered()
            if later is None or later > patience:
                return
            self._clock.move_to(later)

    async def until(self, at: int) -> None:
        """Live through everything up to that instant, in its order."""
        while (coming := await self.next_at()) is not None and coming <= at:
            self._clock.move_to(coming)
        self._clock.move_to(at)
        await self.settle()

    async def next_at(self) -> int | None:
        """Do what is due now; the next instant at which something is due or may be said."""
        due_at = await self._due()
        said_at = await self._delivered()
        return min((at for at in (due_at, said_at) if at is not None), default=None)
