"""Pushes the day's item to every group, in a process of its own so that its memory can be told; for bench/growth.py."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from pathlib import Path
from resource import getpagesize
from time import perf_counter

import orjson

from bench.town import NOW, PACK, PUSH_AT
from bench.works import Works, opened
from domain.day import DAY
from domain.pack import Item, Pack
from storage import outbox_care, packs
from storage.tx import Tx

DAYS = 5
TICKS = 50
_SAMPLE = 0.02
"""Seconds between looks at the memory."""
_PACK = Pack(
    id=PACK,
    title="试读",
    language="zh",
    description="",
    items=tuple(
        Item(key=f"day-{n}", title=f"第{n}天", body="每天读一点，胜过一天读很多。", source="《试读》")
        for n in range(1, 31)
    ),
)


async def _measure(path: Path) -> dict[str, list[float]]:
    async with opened(path, speaking=False) as works:
        await works.database.transaction(packs.save, _PACK, NOW)
        idle = [await _idle(works) for _ in range(DAYS)]
        start = _megabytes()
        pushes = [await _push(works, day) for day in range(DAYS)]
    return {
        "idle": idle,
        "seconds": [seconds for seconds, _ in pushes],
        "megabytes": [most - start for _, most in pushes],
    }


async def _idle(works: Works) -> float:
    """Milliseconds of the slowest."""
    return max([await _seconds(works.core.tick.run()) for _ in range(TICKS)]) * 1000


async def _push(works: Works, day: int) -> tuple[float, float]:
    """Seconds, and the most memory in megabytes."""
    works.clock.move_to(PUSH_AT + day * DAY)
    watch = Watch()
    watching = asyncio.create_task(watch.run())
    seconds = await _seconds(works.core.tick.run())
    watching.cancel()
    await _check(works, day + 1)
    return seconds, watch.most


async def _check(works: Works, days: int) -> None:
    """Raises AssertionError where a group was left out."""
    queued = sum((await works.database.read(outbox_care.counts)).values())
    there = await works.database.read(_groups)
    assert queued == days * there, f"{queued} of {days} × {there} were queued"


async def _groups(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM groups")
    return int(row[0]) if row else 0


class Watch:
    def __init__(self) -> None:
        self.most = _megabytes()

    async def run(self) -> None:
        while True:
            self.most = max(self.most, _megabytes())
            await asyncio.sleep(_SAMPLE)


def _megabytes() -> float:
    """What the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * getpagesize() / 1_000_000


async def _seconds(work: Awaitable[object]) -> float:
    start = perf_counter()
    await work
    return perf_counter() - start


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(_measure(Path(sys.argv[1])))))
