"""What is remembered of questions, by a person and by a whole group, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.day import DAY
from domain.memory import recall
from domain.question import Bank, Question
from storage import banks, cards, due, members, people, quizzes, recalls
from storage.cards import Mistake, Ripe, Waiting
from storage.sqlite import SqliteDatabase
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group, settle
from tests.storage.test_plans import Explaining

ZHANG, LI, WANG, ZHAO = 101, 102, 103, 104
NAMES = ("张三", "李四", "王五", "赵六")
SAFE = 50.0
BANK = Bank(
    "sample",
    "三日小读",
    "zh",
    tuple(Question(key=f"q{n}", kind="fill", stem=f"第{n}题", answers=("1921",)) for n in range(1, 7)),
)


@pytest.fixture
async def group(database: Database) -> None:
    await database.transaction(found, 7)


async def found(tx: Tx, group_id: int) -> None:
    await found_group(tx, group_id, NAMES)
    await banks.save(tx, BANK, NOW)


async def keep(
    tx: Tx,
    question: str,
    person: int = LI,
    *,
    group: int = 7,
    bank: str = "sample",
    missed: bool = False,
    stability: float = SAFE,
    due_at: int = NOW,
    seen_at: int = NOW,
    card: str = "{}",
) -> None:
    await cards.remember(
        tx, group_id=group, person_id=person, bank=bank, question=question, missed=missed, card=card,
        stability=stability, due_at=due_at, now=seen_at,
    )  # fmt: skip


async def without(tx: Tx, *keys: str) -> None:
    await banks.save(tx, replace(BANK, questions=tuple(q for q in BANK.questions if q.key not in keys)), NOW)


async def test_a_card_is_kept_and_moved_and_its_misses_are_counted(database: Database, group: None) -> None:
    async def answer(tx: Tx) -> None:
        await keep(tx, "q1", missed=True, stability=0.2, due_at=NOW + DAY, card='{"a": 1}')
        await keep(tx, "q1", missed=True, stability=0.3, due_at=NOW + DAY, card='{"a": 2}')
        await keep(tx, "q1", stability=2.0, due_at=NOW + 2 * DAY, card='{"a": 3}')

    assert await database.read(cards.card, 7, LI, "sample", "q1") is None
    await database.transaction(answer)
    assert await database.read(cards.card, 7, LI, "sample", "q1") == '{"a": 3}'
    assert await database.read(cards.book, 7, LI, 10) == [Mistake("sample", "q1", 2, NOW + 2 * DAY)]


async def test_what_was_missed_is_asked_before_what_is_shaky_and_what_is_safe_is_not(
    database: Database, group: None
) -> None:
    async def answer(tx: Tx) -> None:
        await keep(tx, "q1", stability=2.3, due_at=NOW - 3 * DAY)
        await keep(tx, "q2", missed=True, due_at=NOW)
        await keep(tx, "q3", missed=True, due_at=NOW - DAY)
        await keep(tx, "q4", due_at=NOW - 9 * DAY)
        await keep(tx, "q5", missed=True, due_at=NOW + DAY)
        await keep(tx, "q6", stability=2.3, due_at=NOW + 2 * DAY)

    await database.transaction(answer)
    expected = [Waiting("sample", key) for key in ("q3", "q2", "q1")]
    assert await database.read(cards.due, 7, LI, NOW, 10) == expected
    assert await database.read(cards.due, 7, LI, NOW, 2) == expected[:2]
    assert await database.read(cards.ripe, 7, LI, NOW) == Ripe(2, 1)
    assert (await database.read(cards.ripe, 7, LI, NOW)).all == 3
    assert await database.read(cards.next_due, 7, LI, NOW) == NOW + DAY
    assert await database.read(cards.next_due, 7, LI, NOW + 3 * DAY) is None
    assert await database.read(cards.missed, 7, LI) == 3


async def test_the_book_lists_what_was_missed_and_is_turned_page_by_page(
    database: Database, group: None
) -> None:
    async def answer(tx: Tx) -> None:
        for n in range(1, 6):
            await keep(tx, f"q{n}", missed=n != 3, due_at=NOW + n * DAY)

    await database.transaction(answer)
    pages = [await database.read(cards.book, 7, LI, 3, offset) for offset in (0, 3)]
    assert [[one.question for one in page] for page in pages] == [["q1", "q2", "q4"], ["q5"]]


async def test_a_question_that_its_bank_no_longer_has_is_neither_asked_nor_listed(
    database: Database, group: None
) -> None:
    async def answer(tx: Tx) -> None:
        await keep(tx, "q1", missed=True)
        await keep(tx, "q2", missed=True, due_at=NOW + DAY)
        await keep(tx, "q1", missed=True, bank="gone")

    await database.transaction(answer)
    await database.transaction(without, "q1", "q2")
    assert await database.read(cards.due, 7, LI, NOW, 10) == []
    assert await database.read(cards.ripe, 7, LI, NOW) == Ripe(0, 0)
    assert await database.read(cards.next_due, 7, LI, NOW) is None
    assert await database.read(cards.book, 7, LI, 10) == []
    assert await database.read(cards.missed, 7, LI) == 0
    await database.transaction(without, "q2")
    assert await database.read(cards.due, 7, LI, NOW, 10) == [Waiting("sample", "q1")]


async def test_books_are_apart_by_person_and_by_group(database: Database, group: None) -> None:
    async def answer(tx: Tx) -> None:
        await found_group(tx, 8, ())
        await settle(tx, 8, LI, "李四")
        await keep(tx, "q1", missed=True)
        await keep(tx, "q2", missed=True, group=8)
        await keep(tx, "q3", WANG, missed=True)

    await database.transaction(answer)
    books = [await database.read(cards.book, g, p, 10) for g, p in ((7, LI), (8, LI), (7, WANG), (8, WANG))]
    assert [[one.question for one in book] for book in books] == [["q1"], ["q2"], ["q3"], []]


async def test_whoever_is_erased_leaves_no_card_and_no_word_in_the_morning(
    database: Database, group: None
) -> None:
    async def left(tx: Tx) -> tuple[object, ...]:
        rows = await tx.all(
            "SELECT person_id FROM cards UNION ALL SELECT CAST(key AS BIGINT) FROM due WHERE kind = 'review'"
        )
        return tuple(sorted(row[0] for row in rows))

    async def live(tx: Tx) -> None:
        for person in (LI, WANG):
            await keep(tx, "q1", person, missed=True)
            await due.plan(tx, 7, "review", str(person), NOW)
        await people.erase(tx, LI)

    await database.transaction(live)
    assert await database.read(left) == (WANG, WANG)


async def test_what_is_planned_can_be_asked_for_and_dropped(database: Database, group: None) -> None:
    await database.transaction(due.plan, 7, "review", str(LI), NOW)
    assert await database.read(due.is_planned, 7, "review", str(LI))
    await database.transaction(due.drop, 7, "review", str(WANG))
    assert await database.read(due.is_planned, 7, "review", str(LI))
    await database.transaction(due.drop, 7, "review", str(LI))
    assert not await database.read(due.is_planned, 7, "review", str(LI))


async def test_the_least_remembered_question_comes_first_and_few_members_do_not_speak_for_the_group(
    database: Database, group: None
) -> None:
    async def answer(tx: Tx) -> None:
        for person in (LI, WANG):
            await keep(tx, "q1", person, stability=5.0)
            await keep(tx, "q2", person, stability=1.0)
        await keep(tx, "q3", LI, stability=0.1)
        await keep(tx, "q1", ZHAO, stability=5.0)
        await keep(tx, "q4", LI, bank="other")
        await keep(tx, "q4", WANG, bank="other")

    await database.transaction(answer)
    found = await database.read(recalls.means, 7, "sample", NOW + 5 * DAY)
    assert [(one.question, one.members) for one in found] == [("q2", 2), ("q1", 3)]
    assert found[0].mean == pytest.approx(recall(1.0, 0, 5 * DAY))
    assert found[1].mean == pytest.approx(0.9)


async def test_who_has_left_does_not_count_for_the_group(database: Database, group: None) -> None:
    async def answer(tx: Tx) -> None:
        for person in (LI, WANG):
            await keep(tx, "q1", person)
        await tx.run("UPDATE members SET left_at = 1 WHERE person_id = :p", p=WANG)

    await database.transaction(answer)
    [one] = await database.read(recalls.means, 7, "sample", NOW)
    assert one.members == 1, "of three, one is a third"


async def test_a_group_without_answers_remembers_nothing(database: Database, group: None) -> None:
    assert await database.read(recalls.means, 7, "sample", NOW) == []
    assert await database.read(recalls.means, 9, "sample", NOW) == []


async def test_only_what_was_asked_long_enough_ago_is_asked_again(database: Database, group: None) -> None:
    async def ask(tx: Tx) -> None:
        for id, (question, at) in enumerate(
            [("q1", NOW - 9 * DAY), ("q2", NOW - 9 * DAY), ("q3", NOW - DAY), ("q2", NOW - DAY)], 1
        ):
            await quizzes.ask(
                tx, group_id=7, id=id, key=f"day:{id}", bank="sample", question=question, now=at
            )

    await database.transaction(ask)
    assert await database.read(recalls.asked_before, 7, "sample", NOW - 7 * DAY) == {"q1"}
    assert await database.read(recalls.asked_before, 7, "other", NOW) == set()
    await database.transaction(without, "q1")
    assert await database.read(recalls.asked_before, 7, "sample", NOW - 7 * DAY) == set()
    again = [await database.read(_again, id) for id in (1, 2, 3, 4)]
    assert again == [False, False, False, True]


async def _again(tx: Tx, quiz_id: int) -> bool:
    quiz = await quizzes.find(tx, 7, quiz_id)
    assert quiz is not None
    return await recalls.is_asked_again(tx, quiz)


ANSWERED = st.lists(
    st.tuples(
        st.sampled_from((ZHANG, LI, WANG, ZHAO)),
        st.sampled_from(("q1", "q2", "q3")),
        st.booleans(),
        st.floats(0.01, 100),
        st.integers(-20, 20),
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERED)
async def test_counts_lists_and_means_agree_with_a_plain_reckoning(
    sqlite_database: SqliteDatabase, answered: list[tuple[int, str, bool, float, int]]
) -> None:
    kept: dict[tuple[int, str], tuple[int, float, int]] = {}
    for person, question, missed, stability, days in answered:
        before = kept.get((person, question), (0, 0.0, 0))[0]
        kept[person, question] = (before + missed, stability, NOW + days * DAY)

    async def play(tx: Tx) -> None:
        await tx.run("DELETE FROM cards")
        if await members.count(tx, 7) == 0:
            await found(tx, 7)
        for person, question, missed, stability, days in answered:
            at = NOW + days * DAY
            await keep(tx, question, person, missed=missed, stability=stability, due_at=at, seen_at=at)
        for person in (ZHANG, LI, WANG, ZHAO):
            mine = {q: c for (p, q), c in kept.items() if p == person}
            weak = {q: c for q, c in mine.items() if c[0] or c[1] < 3}
            now_due = {q for q, c in weak.items() if c[2] <= NOW}
            assert {one.question for one in await cards.due(tx, 7, person, NOW, 99)} == now_due
            assert (await cards.ripe(tx, 7, person, NOW)).all == len(now_due)
            coming = [c[2] for c in weak.values() if c[2] > NOW]
            assert await cards.next_due(tx, 7, person, NOW) == min(coming, default=None)
            in_book = {q: c[0] for q, c in mine.items() if c[0]}
            assert {one.question: one.missed for one in await cards.book(tx, 7, person, 99)} == in_book
            assert await cards.missed(tx, 7, person) == len(in_book)
        for one in await recalls.means(tx, 7, "sample", NOW):
            of_it = [recall(c[1], c[2], NOW) for (_, q), c in kept.items() if q == one.question]
            assert one.mean == pytest.approx(sum(of_it) / len(of_it))

    await sqlite_database.transaction(play)


async def test_cards_are_found_by_key_and_by_index(sqlite_database: SqliteDatabase) -> None:
    async def explain(tx: Tx) -> list[str]:
        await found(tx, 7)
        explaining = Explaining(tx)
        await keep(explaining, "q1")
        await cards.card(explaining, 7, LI, "sample", "q1")
        await cards.due(explaining, 7, LI, NOW, 10)
        await cards.ripe(explaining, 7, LI, NOW)
        await cards.next_due(explaining, 7, LI, NOW)
        await cards.book(explaining, 7, LI, 10)
        await recalls.means(explaining, 7, "sample", NOW)
        return explaining.steps

    steps = await sqlite_database.transaction(explain)
    assert not [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step], steps
    assert "SEARCH c USING PRIMARY KEY (group_id=? AND person_id=? AND bank=?)" in steps


async def test_sixty_questions_of_a_thousand_members_are_summed_up_at_once(
    sqlite_database: SqliteDatabase,
) -> None:
    async def fill(tx: Tx) -> None:
        await found_group(tx, 7, ())
        for person in range(1000):
            await settle(tx, 7, 1000 + person, "张三")
        await tx.many(
            """INSERT INTO cards (group_id, person_id, bank, question, stability, seen_at, due_at, card)
               VALUES (7, :person, 'sample', :question, :stability, :at, :at, :card)""",
            [
                {"person": 1000 + p, "question": f"q{q}", "stability": 1 + q, "at": NOW, "card": "x" * 180}
                for p in range(1000)
                for q in range(60)
            ],
        )

    await sqlite_database.transaction(fill)
    found = await sqlite_database.read(recalls.means, 7, "sample", NOW + DAY)
    assert (len(found), found[0].question, found[0].members) == (60, "q0", 1000)
