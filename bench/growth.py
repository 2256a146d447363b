"""What size costs: the same event among a thousand and among a million members, a push to a hundred thousand groups, and the tick."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import process_time

import orjson

from bench.null import UNLIMITED
from bench.report import Need, Row, Section
from bench.rounds import in_rounds, waiting_at_once
from bench.town import build, forget_today
from bench.updates import Mornings
from bench.works import Works, opened

FEW, MANY = 1_000, 1_000_000
AT_ONCE = 20
"""Groups whose members check in at the same time: as many as the small town has."""
EVENTS, MORNINGS, ROUNDS = 400, 4, 7
"""Events a morning, fewer than the small town has members who are late; mornings a round."""
WAITING = 64
GROUPS, DUE_PER_GROUP = 100_000, 5
HOW = (
    f"Processor time of the process, with all its threads and what the operating system does for it, {WAITING} waiting, "
    f"in {ROUNDS} rounds of {EVENTS * MORNINGS:,} events. As groups do it: a group's members check in at about the same "
    f"time, so {EVENTS} events come from {AT_ONCE} groups, which are all there are among {FEW:,} members, and random ones "
    f"among {MANY:,}; the whole event, until every answer is marked sent. Anywhere: from members at random, so that among "
    f"{MANY:,} nearly every event is of another group than those around it, and its rows are on pages of their own to "
    "be read, logged and synced; until it is committed. The push is "
    f"Tick.run on {GROUPS:,} groups whose item is due at the same instant, until every item is queued, on five days in "
    "a row; memory is the process at its largest, above what it held when the first push began. The tick that finds "
    f"nothing due runs among {GROUPS * (DUE_PER_GROUP + 1):,} due rows, and is the slowest of fifty."
)


async def measure(folder: Path) -> Section:
    return Section("Growth", HOW, [*await _events(folder), *await _pushes(folder)])


async def _events(folder: Path) -> list[Row]:
    towns = [build(folder / f"{members}.db", members) for members in (FEW, MANY)]
    mornings = [Mornings(town) for town in towns]
    together = await _costs(mornings, AT_ONCE, "as groups do it")
    return together + await _costs(mornings, None, "anywhere, until committed")


async def _costs(mornings: Sequence[Mornings], groups: int | None, how: str) -> list[Row]:
    async with AsyncExitStack() as stack:
        costs = {}
        for one in mornings:
            works = await stack.enter_async_context(
                opened(one.town.path, limits=UNLIMITED, speaking=groups is not None, worker=groups or 0)
            )
            costs[f"{one.town.members:,}"] = partial(_cost, works, one, groups)
        for cost in costs.values():
            await cost()  # once unmeasured: what is made at the first use is made now
        (few, few_figures), (many, many_figures) = (await in_rounds(costs, ROUNDS)).items()
    base = Row(f"an event among {few} members, {how}", few_figures, "µs of processor")
    need = Need("≤", 1.4)
    return [base, Row(f"an event among {many} members, {how}", many_figures, "µs of processor", base, need)]


async def _cost(works: Works, mornings: Mornings, groups: int | None) -> float:
    """Microseconds of processor time, one with another."""
    spent = 0.0
    for _ in range(MORNINGS):
        if mornings.town.members == FEW:
            forget_today(mornings.town.path)
        todo = mornings.updates(EVENTS, groups)
        start = process_time()
        await waiting_at_once(WAITING, todo, works.ear.take)
        if groups:
            await works.answered()
        spent += process_time() - start
    return spent / (MORNINGS * EVENTS) * 1e6


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
