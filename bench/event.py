"""A whole event, from Telegram's bytes to the answer marked sent, beside python-telegram-bot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bench.peers.ptb import Handwritten, Idle
from bench.report import Need, Row, Section
from bench.rounds import in_rounds, rate, taken, waiting_at_once
from bench.town import Town, build
from bench.updates import Updates
from bench.works import Works, opened

MEMBERS = 100_000
WAITING = 64
OURS, IDLE, HANDWRITTEN = 4000, 4000, 800
"""Events a round."""
HOW = (
    f"The bytes of 打卡 from a random member, of {MEMBERS:,} in groups of fifty, half of whom have checked in; {WAITING} "
    "events wait at a time. Ours is decoded, dispatched and committed with synchronous=FULL; the sender then composes the "
    "mark on the message and the group's board, gives them to a transport that answers at once and has no limits, and "
    "the time is up when every message is marked sent. python-telegram-bot builds its Update and finds a handler, "
    "which returns. The hand-written bot does that, then five statements and two look-ups on aiosqlite (WAL, a commit after each "
    "change), without groups, permissions, repeats or an outbox, and answers through a request that returns at once."
)


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", MEMBERS)
    async with AsyncExitStack() as stack:
        works = await stack.enter_async_context(opened(town.path))
        idle = await Idle.open()
        stack.push_async_callback(idle.close)
        people = [(who.user, who.name) for who in town.everybody()]
        bot = await Handwritten.open(folder / "bot.db", people)
        stack.push_async_callback(bot.close)
        figures = await in_rounds(
            {
                "ours": partial(_ours, works, _updates(town), OURS),
                "idle": partial(_peer, idle, _updates(town), IDLE),
                "bot": partial(_peer, bot, _updates(town), HANDWRITTEN),
            }
        )
    idle_row = Row("python-telegram-bot, doing nothing", figures["idle"], "/s")
    bot_row = Row("hand-written bot, python-telegram-bot and aiosqlite", figures["bot"], "/s")
    ours = figures["ours"]
    return Section(
        "Whole event, 64 waiting",
        HOW,
        [
            idle_row,
            bot_row,
            Row("学伴, answer marked sent", ours, "/s", idle_row, Need("≥", 1.0)),
            Row("学伴, answer marked sent (again)", ours, "/s", bot_row, Need("≥", 8)),
        ],
    )


def _updates(town: Town) -> Iterator[bytes]:
    """Everybody gets the same."""
    return map(Updates().check_in, town.late(seed=2))


async def _ours(works: Works, updates: Iterator[bytes], number: int) -> float:
    todo = taken(updates, number)

    async def work() -> int:
        done = await waiting_at_once(WAITING, todo, works.ear.take)
        await works.answered()
        return done

    return await rate(work())


async def _peer(peer: Idle | Handwritten, updates: Iterator[bytes], number: int) -> float:
    return await rate(waiting_at_once(WAITING, taken(updates, number), peer.take))
