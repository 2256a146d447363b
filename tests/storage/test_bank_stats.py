"""Answers summed up by question, on both engines: the first of each person's, in quizzes and in rounds."""

from __future__ import annotations

from domain.item_analysis import Tally, discrimination
from domain.question import Bank, Question
from storage import bank_stats, banks, quizzes
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group

QUESTIONS = tuple(
    Question(key=f"q{n}", kind="single", stem=f"第 {n} 问", options=("甲", "乙", "丙"), right=(0,))
    for n in range(5)
)


async def ask(tx: Tx, group: int = 7) -> None:
    for n, question in enumerate(QUESTIONS):
        await quizzes.ask(
            tx,
            group_id=group,
            id=group * 100 + n,
            key=f"day:{n}",
            bank="demo",
            question=question.key,
            now=NOW + n,
        )


async def answer(tx: Tx, person: int, n: int, given: str, group: int = 7, verdict: str = "") -> None:
    said = verdict or ("right" if given == "0" else "wrong")
    await quizzes.answer(
        tx,
        group_id=group,
        quiz_id=group * 100 + n,
        person_id=person,
        given=given,
        verdict=said,  # type: ignore[arg-type]
        now=NOW + person,
    )


async def prepare(tx: Tx) -> None:
    await found_group(tx)
    await found_group(tx, 8, ())
    await banks.save(tx, Bank("demo", "示范", "zh", QUESTIONS), NOW)
    await ask(tx)
    await ask(tx, 8)


async def try_again(tx: Tx, person: int, key: str, given: str, at: int) -> None:
    await tx.run(
        """INSERT INTO rounds (group_id, id, person_id, kind, about, bank, question, place, "right", started_at)
           VALUES (7, :id, :person, 'review', '', 'demo', '', 1, 0, :at)""",
        id=at,
        person=person,
        at=at,
    )
    await tx.run(
        """INSERT INTO tries (group_id, round_id, place, question, given, verdict, at)
           VALUES (7, :id, 0, :key, :given, :verdict, :at)""",
        id=at,
        key=key,
        given=given,
        verdict="right" if given == "0" else "wrong",
        at=at,
    )


async def test_where_nobody_answered_there_is_nothing_to_sum_up(database: Database) -> None:
    await database.transaction(prepare)
    assert await database.read(bank_stats.tallies, "demo") == {}
    assert await database.read(bank_stats.chosen, "demo", 7) == {}


async def test_only_the_first_answer_of_each_person_counts(database: Database) -> None:
    await database.transaction(prepare)
    await database.transaction(answer, 101, 0, "1")
    await database.transaction(try_again, 101, "q0", "0", NOW + 9000)
    await database.transaction(try_again, 102, "q0", "0", NOW + 9500)
    assert await database.read(bank_stats.tallies, "demo", 7) == {"q0": Tally(answers=2, right=1)}
    assert await database.read(bank_stats.chosen, "demo", 7) == {"q0": {0: 1, 1: 1}}


async def test_a_doubtful_answer_is_none_yet_and_another_group_is_not_counted(database: Database) -> None:
    await database.transaction(prepare)
    await database.transaction(answer, 101, 0, "1", 7, "doubtful")
    await database.transaction(answer, 103, 0, "0,2", 8)
    assert await database.read(bank_stats.tallies, "demo", 7) == {}
    assert await database.read(bank_stats.tallies, "demo") == {"q0": Tally(answers=1)}
    assert await database.read(bank_stats.chosen, "demo") == {"q0": {0: 1, 2: 1}}


async def test_the_sums_tell_who_knows_from_who_does_not(database: Database) -> None:
    """Six know all, six nothing but what they guess at the last question."""
    await database.transaction(prepare)

    async def all_answer(tx: Tx) -> None:
        for person in range(12):
            for n in range(5):
                knows = person < 6 or (n == 4 and person % 2)
                await answer(tx, 200 + person, n, "0" if knows else "1")

    await database.transaction(all_answer)
    tallies = await database.read(bank_stats.tallies, "demo", 7)
    assert tallies["q0"].answers == tallies["q0"].rated == 12
    assert (tallies["q0"].right, tallies["q4"].right) == (6, 9)
    first, last = discrimination(tallies["q0"]), discrimination(tallies["q4"])
    assert first is not None and last is not None
    assert first > 0.9 > last > 0.4


async def test_of_somebody_with_few_answers_nothing_is_told_by_the_others(database: Database) -> None:
    await database.transaction(prepare)
    for n in range(3):
        await database.transaction(answer, 101, n, "0")
    assert (await database.read(bank_stats.tallies, "demo"))["q0"] == Tally(answers=1, right=1)
