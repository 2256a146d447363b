"""Who reviews whom in a very large group: the first allocation, and its repair when every fifth reviewer stays away."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from time import perf_counter

from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from domain.peer import Asked, Piece, repaired

AUTHORS = 5_000
EACH = 3
ABSENT = 0.2
SIDES = 50
HOW = (
    f"{AUTHORS:,} authors in {SIDES} sub-groups, {EACH} reviews each: everybody gives and gets {EACH}; then {ABSENT:.0%} of them "
    "stay away, half of the others have given theirs, and what is missing is asked of those who are there, so that every work "
    "has its reviewers again and nobody has two more than another. Pure: without a database."
)


async def measure(folder: Path) -> Section:
    figures = await in_rounds({"allocation": _allocate_and_repair})
    return Section(
        "Allocation of reviews",
        HOW,
        [
            Row(
                f"{AUTHORS:,} authors, and repair",
                figures["allocation"],
                "s",
                need=Need("≤", 1, of_ratio=False),
            )
        ],
    )


async def _allocate_and_repair() -> float:
    return await asyncio.to_thread(_once)


def _once() -> float:
    dice = random.Random(1)
    sides = {who: 1 + who % SIDES for who in range(1, AUTHORS + 1)}
    pieces = [Piece(AUTHORS + who, who, side) for who, side in sides.items()]
    there = {who: side for who, side in sides.items() if dice.random() >= ABSENT}
    start = perf_counter()
    first = repaired(pieces, sides, [], EACH, seed=1)
    asked = [Asked(who, work, who in there and who % 2 == 0, who in there) for who, work in first.ask]
    again = repaired(pieces, there, asked, EACH, seed=2)
    took = perf_counter() - start
    held = sum(one.done or one.live for one in asked) + len(again.ask) - len(again.hand_on)
    if held != EACH * AUTHORS:
        raise RuntimeError(f"{held} reviews are held, not {EACH * AUTHORS}")
    return took
