"""The real program around a town's database: decoder, dispatcher, scheduler and sender, on a transport that answers at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.null import AS_A_GROUP_TAKES_IT, NullTransport
from bench.town import ACCOUNT, BOT_NAME, NOW
from bot import garbage
from bot.clock import VirtualClock
from bot.core import Core, Given
from bot.platforms.telegram.calls import make_bot
from bot.platforms.telegram.ear import Ear
from bot.platforms.telegram.incoming import Decoder
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.words import Me
from bot.sending.sender import Sender
from content.texts import Texts
from content.words import Words
from domain.outgoing import Limits
from storage.sqlite import SqliteDatabase
from storage.tx import Database, Tx

PATIENCE = 60.0
"""Seconds after which the sender must have stumbled."""


class Works:
    def __init__(self, database: Database, clock: VirtualClock, limits: Limits, worker: int) -> None:
        self.database = database
        self.clock = clock
        self.core = Core(
            Given(
                database=database,
                clock=clock,
                rng=random.Random(1),
                key=b"bench",
                new_token=lambda: "token",
                owner="bench",
                worker=worker,
                public_url="https://xueban.example",
            ),
            Texts.load(),
            Words.load(),
        )
        self.sender = self.core.speak_through(NullTransport(limits))
        self.ear = hearing(self.core, clock)

    async def answered(self) -> None:
        """Until every answer is marked sent. Boards, which have a slot, come at their own pace."""
        async with asyncio.timeout(PATIENCE):
            while await self.database.read(_answers_waiting):
                pass


async def _answers_waiting(tx: Tx) -> int:
    waiting = await tx.one("SELECT count(*) FROM outbox WHERE state = 'queued' AND slot IS NULL")
    flying = await tx.one("SELECT count(*) FROM outbox WHERE state IN ('flying', 'failed') AND slot IS NULL")
    assert waiting and flying
    return int(waiting[0] + flying[0])


def hearing(core: Core, clock: VirtualClock) -> Ear:
    bot = make_bot(f"{ACCOUNT}:bench")
    ear = Ear(ACCOUNT, core.dispatcher, Rights(bot, ACCOUNT), bot)
    ear.open(Decoder(Me(int(ACCOUNT), BOT_NAME), clock))
    return ear


@asynccontextmanager
async def opened(
    path: Path, *, limits: Limits = AS_A_GROUP_TAKES_IT, speaking: bool = True, worker: int = 1
) -> AsyncIterator[Works]:
    """On ten o'clock of the town's day; ``speaking`` lets the sender run. Opened a second time, it is another ``worker``."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with AsyncExitStack() as stack:
        database = await SqliteDatabase.open(path)
        stack.push_async_callback(database.close)
        works = Works(
            database, VirtualClock(NOW, lambda: round((loop.time() - start) * 1000)), limits, worker
        )
        if speaking:
            stack.push_async_callback(_stop, works.sender, asyncio.create_task(works.sender.run()))
        garbage.settle()
        yield works


async def _stop(sender: Sender, sending: asyncio.Task[None]) -> None:
    sender.stop()
    await sending
