"""A notice: what is said as an activity begins. Nobody owes anything."""

from __future__ import annotations

from domain.group import Member
from domain.message import Button, Line
from scheduler.stages.kind import Firing, Opening


class Notice:
    async def open(self, at: Firing) -> Opening:
        return Opening()

    async def owing(self, at: Firing) -> list[Member]:
        return []

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return ()

    async def close(self, at: Firing) -> tuple[Line, ...]:
        return ()
