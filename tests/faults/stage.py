"""A sender's surroundings in a test: a database, a platform, and a clock that only the test moves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from bot.sending.closing import OnUnreachable
from bot.sending.renderer import Renderer
from bot.sending.sender import GRACE, Sender
from content.texts import Texts
from domain.group import Chat
from domain.ids import Ids
from domain.message import Live, Message, Priority, line
from domain.outgoing import Limits
from domain.seal import Sealer
from storage import outbox, outbox_care
from storage.tx import Database, StorageError, Tx
from tests.faults.fake_transport import FakeTransport

P = ParamSpec("P")
T = TypeVar("T")

START = 1_772_409_600_000  # 2026-03-02T08:00+08:00
LANE = "telegram:study_bot"
TELEGRAM = Limits(30, 1, 20)  # as platforms.md has it: a bot a second, a chat a second, a group a minute
TEXTS = Texts({"zh": {"say": "{text}", "board": "已打卡 {count} 人", "list.comma": "、"}})


class Stage:
    """A database, a platform and a clock, and senders between them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.closed: list[tuple[int, Chat]] = []
        self.counted: list[str] = []
        self.checked_in = 0
        self._ids = Ids(1)
        self._owners = 0

    def sender(
        self,
        transport: FakeTransport,
        *,
        database: Database | None = None,
        on_unreachable: OnUnreachable | None = None,
        grace: float = GRACE,
    ) -> Sender:
        self._owners += 1
        return Sender(
            database or self.database,
            transport,
            Renderer(TEXTS, Sealer(b"k" * 32), {"board": self._compose, "nothing": _nothing}, self.database),
            clock=lambda: self.now,
            rng=random.Random(7),
            owner=f"owner {self._owners}",
            on_unreachable=on_unreachable or self._on_unreachable,
            count=lambda platform, outcome: self.counted.append(outcome),
            grace=grace,
        )

    async def say(
        self,
        text: str,
        chat_id: str = "一组",
        *,
        priority: int = Priority.REPLY,
        slot: str | None = None,
        message: Message | None = None,
        person_id: int = 0,
    ) -> None:
        async def work(tx: Tx) -> None:
            await outbox.queue(
                tx,
                self._ids,
                self.now,
                group_id=7,
                chat=Chat("telegram", "study_bot", chat_id, is_group=not person_id),
                language="zh",
                body=(message or Message((line("say", text=text),))).dump(),
                priority=priority,
                slot=slot,
                person_id=person_id,
            )

        await self.database.transaction(work)

    async def update_board(self, chat_id: str = "一组") -> None:
        await self.say("", chat_id, slot="board", message=Message(live=Live("board")))

    async def play_until_quiet(self, sender: Sender, limit: int = 400) -> None:
        """Move the clock from one instant at which something may leave to the next."""
        for _ in range(limit):
            at = await sender.drain()
            if at is None:
                return
            assert at > self.now
            self.now = at
        raise AssertionError("it never became quiet")

    async def failures(self) -> list[tuple[str, str]]:
        rows = await self.database.transaction(outbox_care.failures, 100)
        return [(row.chat_id, row.error) for row in rows]

    async def counts(self) -> dict[tuple[str, str], int]:
        return await self.database.transaction(outbox_care.counts)

    async def _compose(self, tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
        return Message((line("board", count=self.checked_in),))

    async def _on_unreachable(self, tx: Tx, now: int, group_id: int, chat: Chat) -> None:
        self.closed.append((group_id, chat))


async def _nothing(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    return None


class FailingAfter:
    """A database whose transactions fail after the first few."""

    def __init__(self, database: Database, good: int) -> None:
        self._database = database
        self.good = good
        self.failed = 0

    @property
    def busy(self) -> bool:
        return self._database.busy

    async def transaction(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self.good == 0:
            self.failed += 1
            raise StorageError("the disk is full")
        self.good -= 1
        return await self._database.transaction(fn, *args, **kwargs)

    async def read(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._database.read(fn, *args, **kwargs)

    async def close(self) -> None:
        """The real one is closed elsewhere."""


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop turn until it holds, ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the sender tells nobody when it has sent
            await asyncio.sleep(0.001)


async def bind(tx: Tx, chat_id: str) -> None:
    await tx.run(
        """INSERT INTO chats (platform, account, chat_id, group_id, bound_at)
           VALUES ('telegram', 'study_bot', :chat, 7, :now)""",
        chat=chat_id,
        now=START,
    )
