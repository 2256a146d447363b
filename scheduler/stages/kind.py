"""What a kind of stage is to time: what happens as it opens, who still owes something, what is summed up as it closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from content.points import shipped_rules
from domain.cycle import Cycle, Stage
from domain.group import Group, Member
from domain.ids import Ids, brief
from domain.message import Button, Line, Live, Message, Priority
from domain.points import Rules
from storage.telling import tell_group, tell_person
from storage.tx import Tx

BOARD = "stage"
"""The composer of a stage's board: `handlers/stage_board.py`."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A stage in the moment at which something becomes due for it. ``late``: it is over by now, so its opening is no news."""

    tx: Tx
    ids: Ids
    group: Group
    cycle: Cycle
    stage: Stage
    now: int
    late: bool = False
    rules: Rules = field(default_factory=shipped_rules)
    """What is worth how many points."""

    @property
    def arg(self) -> str:
        return self.stage.arg

    async def tell(self, message: Message, *, slot: str | None = None) -> None:
        """Say it in the group, after the quiet hours; not at all where the stage is over."""
        if not self.late:
            await tell_group(
                self.tx,
                self.ids,
                self.now,
                self.group,
                message,
                slot=slot or self._morning_slot(),
                not_before=self.group.settings.after_quiet(self.now),
            )

    async def refresh_board(self) -> None:
        """Show the stage's board as it is by now."""
        await self.tell(Message(live=Live(BOARD, self.arg), silent=True), slot=f"board:{self.arg}")

    async def tell_person(self, person: Member, message: Message) -> bool:
        """Say it to one member in private, after the quiet hours. False where they have no private chat with the bot."""
        return self.late or await tell_person(
            self.tx,
            self.ids,
            self.now,
            self.group,
            person,
            message,
            priority=Priority.REMINDER,
            slot=self._morning_slot(),
            not_before=self.group.settings.after_quiet(self.now),
        )

    def _morning_slot(self) -> str | None:
        """What waits for the morning is named, so that it can be called off: unless it is the end of something that took place."""
        if self.stage.state == "closed" or self.group.settings.after_quiet(self.now) == self.now:
            return None
        return f"wait:{self.arg}:{brief(self.ids.next(self.now))}"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a kind adds to the message that opens a stage, below its title, its text and its materials."""

    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    live: Live | None = None
    """A board that the group sees from then on, told apart from the opening and edited in place."""


class StageKind(Protocol):
    """Listed in `scheduler/stages/__init__.py`. Each is called at most once a stage, in the transaction that turns its state."""

    async def open(self, at: Firing) -> Opening: ...

    async def owing(self, at: Firing) -> list[Member]:
        """Whom a reminder is for; nobody where nothing is owed. Those on leave are left out by the caller."""
        ...

    def doing(self, at: Firing) -> tuple[Button, ...]:
        """What those who owe something press to do it: they find it under the reminder."""
        ...

    async def close(self, at: Firing) -> tuple[Line, ...]:
        """Finish the stage; what its summing-up says."""
        ...
