"""The webhook over HTTP, answered after the commit, beside the same server that answers without doing anything."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import quantiles

from bench.load import call, post
from bench.report import Need, Row, Section
from bench.rounds import in_rounds, taken
from bench.town import build
from bench.updates import Updates
from bench.webhook_server import HOOK, NOTHING, SECRET

MEMBERS = 100_000
CONNECTIONS = 64
CALLS = {HOOK: 3000, NOTHING: 8000}
"""Requests a round."""
STARTING = 30.0
"""Seconds the server may take to tell its port."""
HOW = (
    f"uvicorn with httptools and the whole application in one process, its sender on a transport that answers at once; "
    f"the caller in another, with {CONNECTIONS} connections kept alive, each sending its next update when the last is "
    "answered. The same server answers another address at once."
)


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", MEMBERS)
    updates = map(Updates().check_in, town.late(seed=3))
    async with _server(town.path) as port:
        hook = _Address(port, HOOK, updates)
        nothing = _Address(port, NOTHING, iter(lambda: b"{}", None))
        figures = await in_rounds({"nothing": nothing.rate, "hook": hook.rate})
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


class _Address:
    def __init__(self, port: int, path: str, bodies: Iterator[bytes]) -> None:
        self._port = port
        self._path = path
        self._requests = map(partial(post, path, X_Telegram_Bot_Api_Secret_Token=SECRET), bodies)
        self.slowest: list[float] = []
        """Milliseconds within which 99 of 100 were answered, one a round."""

    async def rate(self) -> float:
        todo = taken(self._requests, CALLS[self._path])
        start = asyncio.get_running_loop().time()
        took = await call(self._port, todo, CONNECTIONS)
        seconds = asyncio.get_running_loop().time() - start
        self.slowest.append(quantiles(took, n=100)[98] * 1000)
        await asyncio.sleep(
            1
        )  # what was queued is sent meanwhile, and is no burden to whoever is measured next
        return len(took) / seconds


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
