"""Measuring in rounds: every variant once a round, so that whatever else the machine does meanwhile hits all alike."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import islice
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
ROUNDS = 5
Measure = Callable[[], Awaitable[float]]


async def in_rounds(variants: Mapping[str, Measure], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """One figure a round for each variant; the order turns, so that nobody is always first."""
    figures: dict[str, list[float]] = {name: [] for name in variants}
    names = list(variants)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            gc.collect()
            figures[name].append(await variants[name]())
    return figures


async def rate(work: Awaitable[int]) -> float:
    """How many a second, of the number that ``work`` says it has done."""
    start = perf_counter()
    done = await work
    return done / (perf_counter() - start)


async def waiting_at_once(waiting: int, todo: Sequence[T], do: Callable[[T], Awaitable[object]]) -> int:
    """Do all of it with so many at a time waiting for theirs; how many that were."""
    rest = iter(todo)

    async def one_after_another() -> None:
        for each in rest:
            await do(each)

    await asyncio.gather(*(one_after_another() for _ in range(waiting)))
    return len(todo)


def bites(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """One after the other, each of ``size``. Raises ValueError when nothing is left."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
    raise ValueError(f"more was asked for than the {len(whole)} there are")


def taken(source: Iterator[T], count: int) -> list[T]:
    """The next ``count``. Raises ValueError where there are not so many."""
    found = list(islice(source, count))
    if len(found) < count:
        raise ValueError(f"{count} were asked for, {len(found)} are left")
    return found
