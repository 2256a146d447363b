"""Points equal the ledger after any order of events, corrections, redemptions, refusals, erasures and restarts.

What happens is kept a second time in the plainest way there is, a list in memory; totals, balances, ranks and stocks must agree
with it after every step.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.ids import Ids
from domain.points import ALL, SPENT, counted_in, periods
from storage import installation, ledger, people, rewards
from storage.ledger import Standing
from storage.rewards import Reward
from storage.sqlite import SqliteDatabase
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group, settle

T = TypeVar("T")
NAMES = {101: "张三", 102: "李四", 103: "王五", 104: "赵六"}
PERSON = st.sampled_from(list(NAMES))
LATER = st.integers(0, 120)
EARNED = st.sampled_from(["checkin", "speaking"])
MONDAY = date(2026, 3, 2)
CAP = 40
STOCK = 3
IDS = Ids(1)


class Books:
    """The same in memory: every entry of somebody known, every wish, every piece."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, str, date, int]] = []
        self.causes: set[tuple[int, str, str]] = set()
        self.wishes: dict[int, tuple[int, int, str]] = {}
        self.gone = 0
        """Sum of what people had who are erased."""
        self.stock = STOCK

    def enter(self, person: int, rule_name: str, cause: str, day: date, points: int) -> None:
        self.causes.add((person, rule_name, cause))
        self.entries.append((person, rule_name, day, points))

    def earned(self, person: int, rule_name: str, day: date) -> int:
        return sum(n for who, what, when, n in self.entries if (who, what, when) == (person, rule_name, day))

    def totals(self) -> dict[tuple[str, int], int]:
        found = Counter[tuple[str, int]]()
        for person, rule_name, day, points in self.entries:
            for period in counted_in(rule_name, day):
                found[period, person] += points
        return dict(found)

    def balance(self, person: int) -> int:
        return sum(points for who, _, _, points in self.entries if who == person)

    def forget(self, person: int) -> None:
        self.gone += self.balance(person)
        self.entries = [one for one in self.entries if one[0] != person]
        self.causes = {one for one in self.causes if one[0] != person}
        mine = [id for id, (who, _, state) in self.wishes.items() if who == person and state != "closed"]
        self.stock += len(mine)
        self.wishes = {id: wish for id, wish in self.wishes.items() if wish[0] != person}


class Story:
    """One group's points, told to the database and to the books alike; each step returns what must be true of both."""

    def __init__(self) -> None:
        self.books = Books()
        self.wishes = 0

    async def begin(self, tx: Tx) -> None:
        for table in ("ledger", "totals", "rewards", "redemptions"):
            await tx.run(f"DELETE FROM {table}")
        await rewards.offer(tx, 7, "《党章》", 25, STOCK, NOW)

    async def award(self, tx: Tx, person: int, points: int, cause: str, later: int, what: str) -> None:
        day, known = MONDAY + timedelta(days=later), (person, what, cause) in self.books.causes
        left = max(0, min(points, CAP - self.books.earned(person, what, day)))
        given_points = await ledger.award(
            tx, IDS, group_id=7, person_id=person, rule=what, cause=cause, day=day, points=points, cap=CAP, now=NOW
        )  # fmt: skip
        assert given_points == (0 if known else left)
        if given_points:
            self.books.enter(person, what, cause, day, given_points)

    async def correct(self, tx: Tx, person: int, points: int, cause: str, later: int) -> None:
        day = MONDAY + timedelta(days=later)
        entered = await ledger.correct(
            tx, IDS, group_id=7, person_id=person, cause=cause, day=day, points=points, now=NOW, by=101, reason="改"
        )  # fmt: skip
        assert entered == ((person, "correction", cause) not in self.books.causes)
        if entered:
            self.books.enter(person, "correction", cause, day, points)

    async def ask(self, tx: Tx, person: int, cost: int, later: int) -> None:
        day = MONDAY + timedelta(days=later)
        reward = Reward(1, "《党章》", cost, self.books.stock)
        await rewards.change(tx, 7, reward)
        self.wishes += 1
        outcome = await rewards.ask(
            tx,
            IDS,
            group_id=7,
            id=self.wishes,
            reward=reward,
            person_id=person,
            day=day,
            now=NOW + self.wishes,
        )
        has = self.books.balance(person)
        assert outcome == ("short" if has < cost else "asked" if self.books.stock else "gone")
        if outcome == "asked":
            self.books.enter(person, "redeem", str(self.wishes), day, -cost)
            self.books.wishes[self.wishes] = (person, cost, "asked")
            self.books.stock -= 1

    async def refuse(self, tx: Tx, place: int, later: int) -> None:
        """Any wish, of whatever state: only what was asked and not decided goes back."""
        if not self.books.wishes:
            return
        id = sorted(self.books.wishes)[place % len(self.books.wishes)]
        person, cost, state = self.books.wishes[id]
        asked = await rewards.redemption(tx, 7, id)
        assert asked
        day = MONDAY + timedelta(days=later)
        refused = await rewards.refuse(tx, IDS, group_id=7, asked=asked, by=101, day=day, now=NOW)
        assert refused == (state == "asked")
        if refused:
            self.books.enter(person, "redeem", f"{id}:back", day, cost)
            self.books.stock += 1
            self.books.wishes[id] = (person, cost, "closed")

    async def settle(self, tx: Tx, place: int, hand: bool) -> None:
        if not self.books.wishes:
            return
        id = sorted(self.books.wishes)[place % len(self.books.wishes)]
        person, cost, state = self.books.wishes[id]
        if hand:
            assert await rewards.hand_over(tx, 7, id, 101, NOW) == (state != "closed")
            self.books.wishes[id] = (person, cost, "closed")
        else:
            assert await rewards.approve(tx, 7, id, 101, NOW) == (state == "asked")
            self.books.wishes[id] = (person, cost, "approved" if state == "asked" else state)

    async def erase(self, tx: Tx, person: int, again: int) -> None:
        """Erased, and back under the same number, as nobody is in the program: nothing of before is found."""
        await installation.keep(tx, "key", f"key {again}")
        await people.erase(tx, person)
        await settle(tx, 7, person, NAMES[person])
        self.books.forget(person)

    async def check(self, tx: Tx) -> None:
        rows = await tx.all("SELECT period, person_id, points FROM totals WHERE group_id = 7")
        kept = {(str(period), int(person)): int(points) for period, person, points in rows}
        assert kept == self.books.totals()
        assert await ledger.recount(tx, 7) == kept
        whole = await tx.one("SELECT coalesce(sum(points), 0) FROM ledger WHERE group_id = 7")
        assert whole and whole[0] == sum(n for *_, n in self.books.entries) + self.books.gone
        reward = await rewards.find(tx, 7, 1)
        assert reward and reward.stock == self.books.stock >= 0
        for person in NAMES:
            assert await ledger.balance(tx, 7, person) == self.books.balance(person)
        for period in {period for period, _ in kept} - {SPENT}:
            await self._check_ranks(tx, period, {p: n for (of, p), n in kept.items() if of == period})

    async def _check_ranks(self, tx: Tx, period: str, kept: dict[int, int]) -> None:
        """What a plain sort says."""
        positive = sorted(((-n, p) for p, n in kept.items() if n > 0))
        best = await ledger.top(tx, 7, period, 10)
        assert [(p.person_id, p.points) for p in best] == [(p, -n) for n, p in positive]
        for place in (1, 2, 3):
            limit = positive[place - 1][0] if len(positive) >= place else 0
            leading = await ledger.leading(tx, 7, period, place)
            assert [p.person_id for p in leading] == [p for n, p in positive if n <= limit or not limit]
        for person, points in kept.items():
            rank = 1 + sum(other > points for other in kept.values())
            assert await ledger.own(tx, 7, period, person) == Standing(rank, points)


class Points(RuleBasedStateMachine):
    """A program that is stopped and started between its transactions."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(shutil.copy(self.template, Path(self.folder.name) / "xueban.db"))
        self.runner = asyncio.Runner()
        self.database: Database = self.runner.run(SqliteDatabase.open(self.path))
        self.story = Story()
        self.erased = 0
        self._do(lambda tx: found_group(tx, 7, tuple(NAMES.values())))
        self._do(self.story.begin)

    def _do(self, step: Callable[..., Awaitable[T]], *args: Any) -> T:
        return self.runner.run(self.database.transaction(step, *args))

    @rule(person=PERSON, points=st.integers(0, 30), cause=st.integers(0, 3), later=LATER, what=EARNED)
    def award(self, person: int, points: int, cause: int, later: int, what: str) -> None:
        self._do(self.story.award, person, points, str(cause), later, what)

    @rule(person=PERSON, points=st.integers(-30, 60), cause=st.integers(0, 9), later=LATER)
    def correct(self, person: int, points: int, cause: int, later: int) -> None:
        self._do(self.story.correct, person, points, str(cause), later)

    @rule(person=PERSON, cost=st.integers(1, 30), later=LATER)
    def ask(self, person: int, cost: int, later: int) -> None:
        self._do(self.story.ask, person, cost, later)

    @rule(place=st.integers(0, 9), later=LATER)
    def refuse(self, place: int, later: int) -> None:
        self._do(self.story.refuse, place, later)

    @rule(place=st.integers(0, 9), hand=st.booleans())
    def settle(self, place: int, hand: bool) -> None:
        self._do(self.story.settle, place, hand)

    @rule(person=PERSON)
    def erase(self, person: int) -> None:
        self.erased += 1
        self._do(self.story.erase, person, self.erased)

    @rule()
    def restart(self) -> None:
        self.runner.run(self.database.close())
        self.database = self.runner.run(SqliteDatabase.open(self.path))

    @invariant()
    def the_books_agree(self) -> None:
        self._do(self.story.check)

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()


def test_points_equal_the_ledger_whatever_happens_and_however_often_the_program_restarts(
    sqlite_template: Path,
) -> None:
    machine = type("PointsHere", (Points,), {"template": sqlite_template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["award", "award", "correct", "ask", "ask", "refuse", "settle", "erase"]),
        PERSON,
        st.integers(0, 30),
        st.integers(0, 9),
        LATER,
    ),
    max_size=15,
)


@pytest.fixture
async def peopled(database: Database) -> Database:
    await database.transaction(found_group, 7, tuple(NAMES.values()))
    return database


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_points_equal_the_ledger_on_either_engine(
    peopled: Database, steps: list[tuple[str, int, int, int, int]]
) -> None:
    story = Story()
    await peopled.transaction(story.begin)
    for number, (what, person, points, cause, later) in enumerate(steps):
        match what:
            case "award":
                await peopled.transaction(story.award, person, points, str(cause), later, "checkin")
            case "correct":
                await peopled.transaction(story.correct, person, points - 10, str(cause), later)
            case "ask":
                await peopled.transaction(story.ask, person, points + 1, later)
            case "refuse":
                await peopled.transaction(story.refuse, cause, later)
            case "settle":
                await peopled.transaction(story.settle, cause, points % 2 == 0)
            case _:
                await peopled.transaction(story.erase, person, number)
        await peopled.transaction(story.check)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_what_is_spent_counts_in_no_period_that_is_ranked(day: date) -> None:
    assert counted_in("redeem", day) == (SPENT,)
    assert counted_in("checkin", day) == periods(day)
    assert SPENT not in periods(day) and ALL in periods(day)
