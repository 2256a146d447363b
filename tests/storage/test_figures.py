"""A group's figures as the database adds them up."""

from __future__ import annotations

from datetime import date

from domain.grading import Verdict
from domain.message import File
from domain.outgoing import Order
from handlers.charts import KIND, make_stats
from storage import checkins, figures, quizzes
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

GROUP, OTHER = 7, 8
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 30)
PEOPLE = ("张三", "李四", "王五", "赵六", "钱七")


async def a_month(tx: Tx) -> None:
    """In two groups alike, so that one group's figures hold nothing of the other's."""
    for group in (GROUP, OTHER):
        await found_group(tx, group, PEOPLE)
        for day, minutes in (("2026-02-28", 50), ("2026-03-01", 5), ("2026-03-30", 10)):
            await tx.run(
                "INSERT INTO days (group_id, day, minutes, checked) VALUES (:group, :day, :minutes, 2)",
                group=group,
                day=day,
                minutes=minutes,
            )
            for person in (FIRST_PERSON, FIRST_PERSON + 1)[: 1 if minutes == 10 else 2]:
                await checkins.study(tx, group, day, person, NOW)
        await _answered(tx, group, 1, "day:2026-02-28", ("wrong",))
        await _answered(tx, group, 2, "day:2026-03-01", ("right", "right", "wrong"))
        await _answered(tx, group, 3, "day:2026-03-30", ("doubtful",))
        await _answered(tx, group, 4, "challenge:9", ("wrong",))
        await _answered(tx, group, 5, "day:2026-03-29", ())


async def _answered(tx: Tx, group: int, quiz: int, key: str, verdicts: tuple[Verdict, ...]) -> None:
    await quizzes.ask(tx, group_id=group, id=quiz, key=key, bank="b", question="q", now=NOW)
    for place, verdict in enumerate(verdicts):
        await quizzes.answer(
            tx,
            group_id=group,
            quiz_id=quiz,
            person_id=FIRST_PERSON + place,
            given="0",
            verdict=verdict,
            now=NOW,
        )


async def _gone(tx: Tx, person: int) -> None:
    await tx.run(
        "UPDATE members SET left_at = :now WHERE group_id = :group AND person_id = :person",
        now=NOW,
        group=GROUP,
        person=person,
    )


async def test_answers_are_counted_by_day_and_verdict_and_games_are_left_out(database: Database) -> None:
    await database.transaction(a_month)
    assert await database.read(figures.verdicts, GROUP, FIRST, LAST) == {
        "2026-03-01": {"right": 2, "wrong": 1},
        "2026-03-30": {"doubtful": 1},
    }


async def test_minutes_of_study_are_added_up_for_each_member_the_idle_ones_included(
    database: Database,
) -> None:
    await database.transaction(a_month)
    assert await database.read(figures.study_minutes, GROUP, FIRST, LAST) == {0: 3, 5: 1, 15: 1}


async def test_whoever_left_is_in_the_figures_no_longer(database: Database) -> None:
    await database.transaction(a_month)
    await database.transaction(_gone, FIRST_PERSON)
    assert await database.read(figures.study_minutes, GROUP, FIRST, LAST) == {0: 3, 5: 1}


def _order(person: int, group: int = GROUP) -> Order:
    return Order(group, person, File(KIND, LAST.isoformat()), "zh")


async def test_the_picture_is_made_for_the_group_and_in_private_for_its_secretary_alone(
    database: Database,
) -> None:
    await database.transaction(a_month)
    assert await database.read(make_stats, _order(0), NOW) is not None
    assert await database.read(make_stats, _order(FIRST_PERSON), NOW) is not None
    assert await database.read(make_stats, _order(FIRST_PERSON + 1), NOW) is None
    assert await database.read(make_stats, _order(999), NOW) is None
    assert await database.read(make_stats, _order(0, group=99), NOW) is None
