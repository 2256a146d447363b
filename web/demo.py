"""The demonstration: being any of six people and moving the clock. Only for a visitor on this very machine."""

from __future__ import annotations

from typing import Literal, Protocol

from domain.group import Role
from domain.message import Line

Step = Literal["event", "hour", "day", "stage"]


class Demo(Protocol):
    """What stands behind the demonstration strip."""

    @property
    def now(self) -> int:
        """The virtual clock, UTC epoch milliseconds."""
        ...

    async def personas(self) -> list[tuple[int, str, Role]]:
        """(person id, name, role) of everybody one can be."""
        ...

    async def advance(self, step: Step, visitor: int) -> Line | None:
        """Move the clock and do all that falls due on the way. What happened, where there is something to say.

        The people of the sample group live on meanwhile, all but the one the visitor is.
        """
        ...

    async def offers_activity(self) -> bool:
        """Whether a sample activity can be begun; while one runs, the clock can be moved to its next stage."""
        ...

    async def begin_activity(self) -> None:
        """Have the sample group's secretary begin one today; nothing where one runs."""
        ...

    async def start_over(self) -> None:
        """Forget everything that was done, and begin the sample day again."""
        ...

    async def next_event(self) -> tuple[int, Line] | None:
        """When something happens next by itself, and what."""
        ...
