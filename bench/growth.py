"""What size costs: the same event among a thousand and among a million members, a push to a hundred thousand groups, and the tick."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import process_time

import orjson

from bench.null import UNLIMITED
from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from bench.town import Town, build, forget_today
from bench.updates import Mornings
from bench.works import Works, opened

FEW, MANY = 1_000, 1_000_000
EVENTS, ROUNDS = 200, 15
"""Events a round: fewer than the small town has members who are late."""
GROUPS, DUE_PER_GROUP = 100_000, 5
HOW = (
    f"The whole event, one after the other, each until its answer and the group's board are marked sent; processor time "
    f"of the process, with all its threads and what the operating system does for it, in {ROUNDS} rounds of {EVENTS} "
    f"events by random members. The push is Tick.run on {GROUPS:,} groups whose item is due at the same instant, until "
    "every item is queued, on five days in a row; memory is the process at its largest, above what it held when the "
    f"first push began. The tick that finds nothing due runs among {GROUPS * (DUE_PER_GROUP + 1):,} due rows, and is "
    "the slowest of fifty."
)


async def measure(folder: Path) -> Section:
    return Section("Growth", HOW, [*await _events(folder), *await _pushes(folder)])


async def _events(folder: Path) -> list[Row]:
    async with AsyncExitStack() as stack:
        costs = {}
        for members in (FEW, MANY):
            town = build(folder / f"{members}.db", members)
            works = await stack.enter_async_context(opened(town.path, limits=UNLIMITED))
            costs[str(members)] = Cost(works, town).event
        for cost in costs.values():
            await cost()  # once unmeasured: what is made at the first use is made now
        figures = await in_rounds(costs, ROUNDS)
    few = Row(f"an event among {FEW:,} members", figures[str(FEW)], "µs of processor")
    many = figures[str(MANY)]
    return [few, Row(f"an event among {MANY:,} members", many, "µs of processor", few, Need("≤", 1.4))]


class Cost:
    def __init__(self, works: Works, town: Town) -> None:
        self._works = works
        self._mornings = Mornings(town)

    async def event(self) -> float:
        """Microseconds of processor time, one with another."""
        forget_today(self._mornings.town.path)
        todo = self._mornings.updates(EVENTS)
        start = process_time()
        for raw in todo:
            await self._works.ear.take(raw)
            await self._works.said(2)  # the mark and the board
        return (process_time() - start) / EVENTS * 1e6


async def _pushes(folder: Path) -> list[Row]:
    town = build(folder / "push.db", 0, groups=GROUPS, due=DUE_PER_GROUP)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.push", str(town.path), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    found = orjson.loads(told)
    need = partial(Need, "≤", of_ratio=False)
    return [
        Row(f"a push to {GROUPS:,} groups", found["seconds"], "s", need=need(10)),
        Row("its memory", found["megabytes"], "MB", need=need(200)),
        Row("a tick with nothing due", found["idle"], "ms", need=need(5)),
    ]
