"""The webhook over HTTP, answered after the commit, beside the same server that answers without doing anything."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from bench.load import call, post
from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from bench.town import build, forget_today
from bench.updates import Mornings
from bench.webhook_server import HOOK, NOTHING, SECRET

MEMBERS = 10_000
CONNECTIONS = 64
CALLS, IDLE_TIMES = 4000, 3
"""Requests a round; those that are answered at once are made so many times."""
STARTING = 30.0
"""Seconds the server may take to tell its port."""
HOW = (
    f"uvicorn with httptools and the whole application in one process, its sender on a transport that answers at once; "
    f"the caller in another, with {CONNECTIONS} connections kept alive, each sending its next update when the last is "
    "answered. The same server gets the same updates at another address, and answers at once."
)


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", MEMBERS)
    async with _server(town.path) as port:
        hook = Hook(port, Mornings(town))
        figures = await in_rounds({"nothing": hook.nothing, "hook": hook.rate})
    idle = Row("answered at once, without work", figures["nothing"], "/s")
    return Section(
        f"Webhook, {CONNECTIONS} connections",
        HOW,
        [
            idle,
            Row("answered after the commit", figures["hook"], "/s", idle, Need("≥", 0.25)),
            Row("99 of 100 answered within", hook.slowest, "ms", need=Need("≤", 50, of_ratio=False)),
        ],
    )


class Hook:
    """Both addresses are called with the same updates."""

    def __init__(self, port: int, mornings: Mornings) -> None:
        self._port = port
        self._mornings = mornings
        self.slowest: list[float] = []
        """Milliseconds within which 99 of 100 were answered after the commit, one a round."""

    async def nothing(self) -> float:
        _, per_second = await _called(self._port, self._requests(NOTHING) * IDLE_TIMES)
        return per_second

    async def rate(self) -> float:
        forget_today(self._mornings.town.path)
        took, per_second = await _called(self._port, self._requests(HOOK))
        self.slowest.append(quantiles(took, n=100)[98] * 1000)
        await asyncio.sleep(1)  # what is still queued is sent, and is no burden to whoever is measured next
        return per_second

    def _requests(self, path: str) -> list[bytes]:
        updates = self._mornings.updates(CALLS)
        return [post(path, body, X_Telegram_Bot_Api_Secret_Token=SECRET) for body in updates]


async def _called(port: int, requests: Sequence[bytes]) -> tuple[list[float], float]:
    """The seconds each took, and how many a second."""
    start = perf_counter()
    took = await call(port, requests, CONNECTIONS)
    return took, len(requests) / (perf_counter() - start)


@asynccontextmanager
async def _server(database: Path) -> AsyncIterator[int]:
    """Its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.webhook_server", str(database), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield int(await asyncio.wait_for(process.stdout.readline(), STARTING))
    finally:
        process.terminate()
        await process.wait()
