"""Questions: an answer beside a check-in, two thousand answers at once, and drawing the day's question for a hundred thousand groups."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from bench import answers as given
from bench.answers import BANK, QUESTIONS, QUIZ_AT, Answers, Way
from bench.null import UNLIMITED
from bench.report import Need, Row, Section
from bench.rounds import in_rounds, waiting_at_once
from bench.town import NOW, build, forget_today
from bench.updates import Mornings
from bench.works import Works, opened
from domain.day import DAY
from storage import banks
from storage.tx import Tx

MEMBERS, WAITING, EVENTS = 10_000, 64, 4_000
CROWD, ROUNDS = 2_000, 5
GROUPS, ASKED, DAYS = 100_000, 10, 3
HOW = (
    f"An answer: of {MEMBERS:,} members in groups of fifty, {WAITING} waiting, each to the question their group was put; "
    "from the bytes to the answer marked sent, like the check-in beside it. A vote brings two updates, as it does in Telegram: "
    "the answer, and how the poll stands now; nothing is said of it, and nothing shown anew. A typed answer is "
    "answered with a mark on it and the result in private, and the question is shown anew with the count. Every "
    "answer is graded and kept, and it is planned when the question comes back to the person. "
    f"At once: {CROWD:,} members of one group answer one question in the same moment, half by vote, half in words; the "
    "slowest hundredth of the acknowledgements, after which every answer must be there. "
    f"Drawing: Tick.run where the day's question is due in {GROUPS:,} groups at the same instant, from a bank of "
    f"{QUESTIONS} of which each was asked {ASKED} before, until every question is queued, on {DAYS} days in a row."
)


async def measure(folder: Path) -> Section:
    return Section("Quiz", HOW, [*await _answers(folder), await _crowd(folder), await _draws(folder)])


async def _answers(folder: Path) -> list[Row]:
    voting, talking = build(folder / "voting.db", MEMBERS), build(folder / "talking.db", MEMBERS)
    for town in (voting, talking):
        given.put_questions(town)
    given.show_in_words(talking)
    async with opened(voting.path) as polled, opened(talking.path) as worded:
        for works in (polled, worded):
            await works.database.transaction(banks.save, BANK, NOW)
        votes, words = Answers(voting), Answers(talking)
        figures = await in_rounds(
            {
                "check-in": partial(_check_in, worded, Mornings(talking)),
                "vote": lambda: _answer(polled, votes, Answers.vote),
                "say": lambda: _answer(worded, words, Answers.say),
            },
            ROUNDS,
        )
    base, need = Row("a check-in", figures["check-in"], "µs"), Need("≤", 1.3)
    return [
        base,
        Row("an answer by vote in a poll", figures["vote"], "µs", base, need),
        Row("an answer in words", figures["say"], "µs", base, need),
    ]


async def _check_in(works: Works, mornings: Mornings) -> float:
    forget_today(mornings.town.path)
    return await _cost(works, [[one] for one in mornings.updates(EVENTS)])


async def _answer(works: Works, answers: Answers, way: Way) -> float:
    given.forget_answers(answers.town)
    spent = await _cost(works, answers.of(EVENTS, way))
    await _check(works, EVENTS)
    return spent


async def _cost(works: Works, todo: Sequence[list[bytes]]) -> float:
    """Microseconds an event, until every answer to it is marked sent."""
    start = perf_counter()
    await waiting_at_once(WAITING, todo, partial(_take, works))
    await works.answered()
    return (perf_counter() - start) / len(todo) * 1e6


async def _take(works: Works, updates: Sequence[bytes]) -> None:
    for update in updates:
        await works.ear.take(update)


async def _crowd(folder: Path) -> Row:
    town = build(folder / "crowd.db", CROWD)
    given.put_questions(town)
    given.gather(town)
    answers = Answers(town, together=True)
    slowest = []
    async with opened(town.path) as works:
        await works.database.transaction(banks.save, BANK, NOW)
        for _ in range(ROUNDS):
            given.forget_answers(town)
            todo = answers.of(CROWD, Answers.vote, Answers.say)
            slowest.append(await _slowest_hundredth(works, todo))
            await works.answered()
            await _check(works, CROWD)
    what = f"{CROWD:,} answers to one question at once, the slowest hundredth"
    return Row(what, slowest, "s", need=Need("≤", 2, of_ratio=False))


async def _slowest_hundredth(works: Works, todo: Sequence[list[bytes]]) -> float:
    start = perf_counter()

    async def one(updates: list[bytes]) -> float:
        await _take(works, updates)
        return perf_counter() - start

    return sorted(await asyncio.gather(*map(one, todo)))[-len(todo) // 100]


async def _draws(folder: Path) -> Row:
    town = build(folder / "draws.db", 0, groups=GROUPS)
    given.ask_before(town, ASKED)
    seconds = []
    async with opened(town.path, limits=UNLIMITED, speaking=False) as works:
        await works.database.transaction(banks.save, BANK, NOW)
        for day in range(DAYS):
            works.clock.move_to(QUIZ_AT + day * DAY)
            start = perf_counter()
            await works.core.tick.run()
            seconds.append(perf_counter() - start)
            asked = await works.database.read(_count, "quizzes")
            assert asked == GROUPS * (ASKED + day + 1), f"{asked} questions were put"
    return Row(f"drawing for {GROUPS:,} groups", seconds, "s", need=Need("≤", 20, of_ratio=False))


async def _check(works: Works, expected: int) -> None:
    """Raises AssertionError where an answer was lost."""
    kept = await works.database.read(_count, "answers")
    assert kept == expected, f"{kept} of {expected} answers were kept"


async def _count(tx: Tx, table: str) -> int:
    row = await tx.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0
