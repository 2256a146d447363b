"""A stage that opens in ten thousand groups at the same minute, while members go on checking in."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.null import UNLIMITED
from bench.report import Need, Row, Section
from bench.rounds import rate, taken, waiting_at_once
from bench.town import GROUP_SIZE, NOW, Town, build, forget_today
from bench.updates import Mornings
from bench.works import Works, opened
from domain.day import DAY, HOUR
from domain.template import StageSpec, Template, When
from scheduler import cycle as time_of
from storage import groups
from storage.tx import Tx

GROUPS, ROUNDS, WAITING = 10_000, 5, 64
ALONE = 6_000
"""Check-ins a round that are measured by themselves."""
MOST = 100_000
"""Check-ins ready for the time in which the stages open: more than ever come in it."""
HOW = (
    f"A stage of reflections opens in {GROUPS:,} groups of {GROUP_SIZE} at the same minute, in one of five stages of an "
    "activity that runs in each of them: Tick.run, from the first row taken until every group's announcement and board "
    "stand in the outbox. Check-ins are whole events, from Telegram's bytes to the commit, by random members of random "
    f"groups, {WAITING} waiting at a time: alone, and then in the very time in which the stages open. Nothing is sent "
    "meanwhile, as a platform takes a few dozen messages a second and no more."
)


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", GROUPS * GROUP_SIZE)
    figures = _Figures()
    async with opened(town.path, limits=UNLIMITED, speaking=False) as works:
        await _begin_everywhere(works, town)
        works.clock.move_to(_opens_at(0) - HOUR)
        await works.core.tick.run()  # whatever is due before: the day's items, the word to those responsible
        mornings = Mornings(town)
        await _check_ins(works, mornings.updates(ALONE))  # once unmeasured
        for turn in range(ROUNDS):
            await _round(works, mornings, turn, figures)
    alone = Row("check-ins alone", figures.alone, "/s")
    return Section(
        f"Stages of {GROUPS:,} groups",
        HOW,
        [
            Row(
                f"a stage opens in {GROUPS:,} groups, check-ins meanwhile",
                figures.opening,
                "s",
                need=Need("≤", 30, of_ratio=False),
            ),
            Row("the same with nothing else to do", figures.undisturbed, "s"),
            alone,
            Row("check-ins while the stages open", figures.meanwhile, "/s", alone, Need("≥", 0.7)),
        ],
    )


class _Figures:
    def __init__(self) -> None:
        self.opening: list[float] = []
        self.undisturbed: list[float] = []
        self.alone: list[float] = []
        self.meanwhile: list[float] = []


async def _round(works: Works, mornings: Mornings, turn: int, figures: _Figures) -> None:
    forget_today(mornings.town.path)
    alone, rest = mornings.updates(ALONE), mornings.updates(MOST)
    gc.collect()
    figures.alone.append(await rate(_check_ins(works, alone)))
    forget_today(mornings.town.path)
    works.clock.move_to(_opens_at(2 * turn))
    opening = asyncio.create_task(_seconds_of_tick(works))
    figures.meanwhile.append(await rate(_check_ins_until(works, rest, opening)))
    figures.opening.append(await opening)
    works.clock.move_to(_opens_at(2 * turn + 1))
    figures.undisturbed.append(await _seconds_of_tick(works))
    await _check(works, 2 * turn + 2)


async def _check_ins(works: Works, todo: Sequence[bytes]) -> int:
    return await waiting_at_once(WAITING, todo, works.ear.take)


async def _check_ins_until(works: Works, todo: Sequence[bytes], over: asyncio.Task[float]) -> int:
    """How many were done before it was over. Raises ValueError where there are not enough of them."""
    rest, done = iter(todo), 0

    async def one_after_another() -> None:
        nonlocal done
        while not over.done():
            await works.ear.take(taken(rest, 1)[0])
            done += not over.done()

    await asyncio.gather(*(one_after_another() for _ in range(WAITING)))
    return done


async def _seconds_of_tick(works: Works) -> float:
    start = perf_counter()
    await works.core.tick.run()
    return perf_counter() - start


async def _check(works: Works, stages: int) -> None:
    """Raises AssertionError where a stage is not open, or was not announced."""
    counts = await works.database.read(_counts)
    assert counts == [stages * GROUPS, stages * GROUPS], counts


async def _counts(tx: Tx) -> list[int]:
    found = [
        await tx.one("SELECT count(*) FROM stages WHERE state = 'open'"),
        await tx.one("SELECT count(*) FROM outbox WHERE slot LIKE 'stage:%'"),
    ]
    return [int(row[0]) for row in found if row]


# --- an activity in every group -----------------------------------------------------------------------------------------


def _plan() -> Template:
    """A stage opens every hour of tomorrow from 9:00 on; none closes before all are open."""
    return Template(
        key="bench",
        title="三月活动",
        stages=tuple(
            StageSpec(
                key=f"stage-{n}",
                kind="reflection",
                title=f"心得{n}",
                opens=When(days=1, at=(9 + n) * 60),
                closes=When(days=5, at=20 * 60),
            )
            for n in range(2 * ROUNDS)
        ),
    )


def _opens_at(stage: int) -> int:
    """Tomorrow's, in the town's zone, counted from its ten o'clock."""
    return NOW + DAY + (stage - 1) * HOUR


async def _begin_everywhere(works: Works, town: Town) -> None:
    """In one group by the program itself, then copied to all others, whose cycles may bear the same id."""
    [first] = taken(town.everybody(), 1)
    await works.database.transaction(_begin, works, first.group)
    with closing(sqlite3.connect(town.path, timeout=10)) as connection, connection:
        for sql in _COPY:
            connection.execute(sql, {"first": first.group})


async def _begin(tx: Tx, works: Works, group_id: int) -> None:
    group = await groups.find(tx, group_id)
    assert group
    await time_of.begin(tx, works.core.ids, group, _plan(), date(2026, 3, 2), by=0, now=NOW)


_COPY = (
    """INSERT INTO cycles (group_id, id, template, title, state, starts_on, plan, repeats, by_person, at)
       SELECT g.id, c.id, c.template, c.title, c.state, c.starts_on, c.plan, c.repeats, c.by_person, c.at
       FROM groups g JOIN cycles c ON c.group_id = :first WHERE g.id <> :first""",
    """INSERT INTO stages (group_id, cycle_id, place, key, kind, state, opens_at, closes_at, owner, link)
       SELECT g.id, s.cycle_id, s.place, s.key, s.kind, s.state, s.opens_at, s.closes_at, s.owner, s.link
       FROM groups g JOIN stages s ON s.group_id = :first WHERE g.id <> :first""",
    """INSERT INTO due (group_id, kind, key, at, attempts)
       SELECT g.id, d.kind, d.key, d.at, 0
       FROM groups g JOIN due d ON d.group_id = :first AND d.kind = 'stage' WHERE g.id <> :first""",
)
