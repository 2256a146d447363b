"""A whole event, from Telegram's bytes to the answer marked sent, beside python-telegram-bot."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bench.peers.ptb import Handwritten, Idle
from bench.report import Need, Row, Section
from bench.rounds import in_rounds, rate, waiting_at_once
from bench.town import build, forget_today
from bench.updates import Mornings
from bench.works import Works, opened

MEMBERS = 10_000
WAITING = 64
OURS, IDLE, HANDWRITTEN, IN_TURN = 4000, 4000, 1000, 400
"""Events a round, fewer than there are members who are late."""
HOW = (
    f"The bytes of a check-in by a random member who has not checked in yet, of {MEMBERS:,} in groups of fifty; "
    f"{WAITING} wait at a time. Half of them are commands, half replies to the day's item: what a bot in privacy mode "
    "hears. Ours are decoded, dispatched and committed with synchronous=FULL; the sender gives the mark on each message "
    "and the groups' boards to a transport that answers at once, and the time is up when every mark is marked sent. "
    "The transport has one limit, Telegram's on a group: its board is composed and shown anew every six seconds at most. "
    "python-telegram-bot builds its Update and finds a handler, which returns. The hand-written bot does that, then "
    "four changes and two look-ups on aiosqlite (WAL, a commit after each change), without groups, permissions, repeats "
    "or an outbox, and answers through a request that returns at once. In turn is how python-telegram-bot runs a bot "
    "unless told otherwise; with concurrent_updates, which loses the order of a chat, its commits on the one connection "
    "carry one another's changes."
)


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", MEMBERS)
    async with AsyncExitStack() as stack:
        works = await stack.enter_async_context(opened(town.path))
        idle = await Idle.open()
        stack.push_async_callback(idle.close)
        bot = await Handwritten.open(folder / "bot.db", [(who.user, who.name) for who in town.everybody()])
        stack.push_async_callback(bot.close)
        figures = await in_rounds(
            {
                "ours": partial(_ours, works, Mornings(town)),
                "idle": partial(_idle, idle, Mornings(town)),
                "in turn": partial(_bot, bot, Mornings(town), 1, IN_TURN),
                "bot": partial(_bot, bot, Mornings(town), WAITING, HANDWRITTEN),
            }
        )
    idle_row = Row("python-telegram-bot, doing nothing", figures["idle"], "/s")
    in_turn = Row("hand-written bot, python-telegram-bot and aiosqlite, in turn", figures["in turn"], "/s")
    bot_row = Row("hand-written bot with concurrent_updates", figures["bot"], "/s")
    ours = figures["ours"]
    return Section(
        f"Whole event, {WAITING} waiting",
        HOW,
        [
            idle_row,
            in_turn,
            bot_row,
            Row("学伴, answer marked sent", ours, "/s", idle_row, Need("≥", 1.0)),
            Row("学伴, answer marked sent (again)", ours, "/s", in_turn, Need("≥", 8)),
            Row("学伴, answer marked sent (once more)", ours, "/s", bot_row),
        ],
    )


async def _ours(works: Works, mornings: Mornings) -> float:
    forget_today(mornings.town.path)
    todo = mornings.updates(OURS)

    async def work() -> int:
        done = await waiting_at_once(WAITING, todo, works.ear.take)
        await works.answered()
        return done

    return await rate(work())


async def _idle(idle: Idle, mornings: Mornings) -> float:
    return await rate(waiting_at_once(WAITING, mornings.updates(IDLE), idle.take))


async def _bot(bot: Handwritten, mornings: Mornings, waiting: int, count: int) -> float:
    await bot.forget_today()
    return await rate(waiting_at_once(waiting, mornings.updates(count), bot.take))
