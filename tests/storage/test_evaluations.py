"""An activity is evaluated: what counts, who is told what, and that it is told once, also late; on both engines."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial

import pytest
from openpyxl import load_workbook

from domain.composite import Parts
from domain.day import DAY, HOUR
from domain.group import Role, Settings
from domain.ids import brief
from domain.message import File
from domain.outgoing import Order
from handlers.cycle_file import make_cycle_report
from storage import audit, cycle_report, cycles, evaluations, members, people, surveys
from storage.tx import Database, Tx
from tests.storage.founding import NOW
from tests.storage.rounding_up import LI, TEXTS, WANG, ZHANG, RoundingUp, plan

OPEN, CLOSED = NOW + DAY + 2 * HOUR, NOW + 4 * DAY + 13 * HOUR


async def _answer(at: RoundingUp, person: int, *answers: str) -> None:
    stage = await at.stage("evaluation")
    for number, body in enumerate(answers, 1):
        await at.database.transaction(
            surveys.answer, stage, at.ids.next(at.now), person, number, body, at.now
        )


async def _mark(
    at: RoundingUp, person: int, *scores: int, kind: evaluations.EvaluationKind = "secretary"
) -> bool:
    return await at.database.transaction(
        partial(evaluations.put, scores=scores, comment="", by=ZHANG, now=at.now), at.cycle, person, kind
    )


@pytest.fixture
async def at(database: Database) -> RoundingUp:
    found = RoundingUp(database)
    await found.begin()
    return found


async def test_everybody_owes_an_answer_until_all_questions_have_one(at: RoundingUp) -> None:
    await at.at(OPEN)
    await _answer(at, LI, "5", "研讨", "早一点")
    await _answer(at, WANG, "4")
    owing = await at.database.read(surveys.owing, await at.stage("evaluation"))
    assert [one.name for one in owing] == ["张三", "王五"]


async def test_without_questions_nobody_owes_anything(at: RoundingUp) -> None:
    await at.again(plan(asked=()))
    said = await at.at(OPEN)
    assert all("反馈" not in words for person, words in said if not person and "评价" in words[-20:])


async def test_parts_come_from_reviews_that_were_asked_for_and_from_the_secretary(at: RoundingUp) -> None:
    one, other = await at.write(1, LI), await at.write(2, WANG)
    await at.review(one, WANG, 5, 5, 5)
    await at.review(one, ZHANG, 3, 3, 3)
    await at.review(one, WANG, 1, 1, 1, kind="invited")
    await at.review(one, LI, 4, 4, 4, kind="self")
    await at.review(other, ZHANG, 2, 2, 2, kind="secretary")
    assert not await _mark(at, LI, 5, 5, 5)
    assert await _mark(at, LI, 5, 5, 4)
    found = await at.database.read(evaluations.parts, at.cycle)
    assert (found[LI].own, found[LI].peers, round(found[LI].secretary or 0)) == (80, 80, 93)
    assert found[WANG] == Parts(secretary=40)


async def test_at_the_close_the_group_hears_figures_and_each_member_their_own_result(at: RoundingUp) -> None:
    await at.write(1, LI)
    await at.at(OPEN)
    for person, mark in ((LI, "5"), (WANG, "4"), (ZHANG, "3")):
        await _answer(at, person, mark, "研讨", "")
    await _mark(at, LI, 5, 5, 5)
    said = await at.at(CLOSED)
    group = [words for person, words in said if person == 0 and words.startswith("🏁 三月实践 · 评价")]
    assert len(group) == 1
    assert "交心得 1 人，占 33%" in group[0] and "填反馈 3 人，占 100%" in group[0]
    assert "平均 4（3 人）" in group[0]
    assert not any(name in group[0] for name in ("李四", "王五"))
    assert [words for person, words in said if person == LI and "100 分" in words]
    assert not [words for person, words in said if person == WANG and "综合评价" in words]
    assert [words for person, words in said if person == ZHANG and words.startswith("📊")]
    assert await at.at(CLOSED + HOUR) == []


async def test_what_the_secretary_is_shown_is_noted(at: RoundingUp) -> None:
    await at.at(OPEN)
    await at.at(CLOSED)
    looks = await at.database.read(audit.of_group, 7, audit.NEWEST, 10)
    assert [(look.by, look.what) for look in looks] == [("张三", "evaluation")]


async def test_after_a_long_stop_it_is_summed_up_once_and_its_opening_is_no_news(at: RoundingUp) -> None:
    await at.write(1, LI)
    said = await at.at(NOW + 40 * DAY)
    assert not [words for _, words in said if words.startswith("📌 三月实践 · 评价")]
    assert (
        len([words for person, words in said if person == 0 and words.startswith("🏁 三月实践 · 评价")]) == 1
    )
    assert await at.at(NOW + 41 * DAY) == []


async def test_cancelled_in_the_middle_nothing_is_summed_up(at: RoundingUp) -> None:
    await at.at(OPEN)
    await _mark(at, LI, 5, 5, 5)
    await at.database.transaction(cycles.end, at.cycle, "cancelled", at.now)
    assert await at.at(CLOSED + 5 * DAY) == []


async def test_figures_stand_beside_those_of_the_last_activity_of_the_template(at: RoundingUp) -> None:
    await at.write(1, LI)
    await at.write(2, WANG)
    await at.at(NOW + 20 * DAY)
    await at.again()
    await at.write(1, LI)
    report = await at.database.read(cycle_report.read, at.group, at.cycle, at.group.settings.day(at.now))
    assert report.before is not None
    assert (report.counts.handed_in, report.before.handed_in) == (1, 2)
    said = await at.at(NOW + 40 * DAY)
    assert [words for person, words in said if "占 33%（上次 67%）" in words and person == 0]


async def test_an_activity_whose_details_may_be_forgotten_is_nothing_to_be_measured_by(
    at: RoundingUp,
) -> None:
    await at.write(1, LI)
    await at.at(NOW + 20 * DAY)
    await at.again()
    for months, days, is_there in ((3, 60, True), (3, 150, False), (0, 150, True)):
        group = replace(at.group, settings=Settings(keep_months=months))
        today = group.settings.day(NOW + days * DAY)
        report = await at.database.read(cycle_report.read, group, at.cycle, today)
        assert (report.before is not None) == is_there


async def test_who_leaves_is_told_nothing_and_stands_in_no_row(at: RoundingUp) -> None:
    await at.at(OPEN)
    await _mark(at, LI, 5, 5, 5)
    await at.database.transaction(_leave, LI)
    report = await at.database.read(cycle_report.read, at.group, at.cycle, at.group.settings.day(at.now))
    assert [deed.name for deed in report.deeds] == ["张三", "王五"]
    assert not [words for person, words in await at.at(CLOSED) if person == LI]


async def _leave(tx: Tx, person: int) -> None:
    await tx.run("UPDATE members SET left_at = :now WHERE person_id = :person", now=NOW, person=person)


async def test_the_table_is_for_the_secretary_and_holds_text_as_text(at: RoundingUp) -> None:
    await at.database.transaction(members.rename, 7, LI, '=HYPERLINK("http://x")')
    await at.at(OPEN)
    for person, words in ((LI, "=1+1"), (WANG, "研讨"), (ZHANG, "+早一点")):
        await _answer(at, person, "5", words)
    await _mark(at, LI, 4, 4, 4)
    made = await at.database.read(make_cycle_report, _order(at, ZHANG), at.now)
    assert made is not None
    file = made(partial(TEXTS.say, "zh"))
    book = load_workbook(io.BytesIO(file.content))
    rows = [[cell.value for cell in row] for row in book["每人"].iter_rows()]
    assert rows[0][0] == "姓名" and rows[0][-1] == "综合"
    assert rows[2][0] == '=HYPERLINK("http://x")' and rows[2][-1] == 80
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds, "no cell is a formula"
    assert file.name == "三月实践-总结.xlsx"
    assert await at.database.read(make_cycle_report, _order(at, LI), at.now) is None
    assert await at.database.read(make_cycle_report, _order(at, 0), at.now) is None


def _order(at: RoundingUp, person: int) -> Order:
    return Order(7, person, File("cycle_report", brief(at.cycle.id)), "zh")


async def test_erasing_a_person_erases_what_was_thought_of_them_and_their_name_on_what_they_thought(
    at: RoundingUp,
) -> None:
    await at.at(OPEN)
    await _answer(at, LI, "5", "研讨")
    await _mark(at, LI, 5, 5, 5)
    await _mark(at, WANG, 4, 4, 4)
    await at.database.transaction(members.set_role, 7, WANG, Role.SECRETARY)
    await at.database.transaction(people.erase, LI)
    await at.database.transaction(people.erase, ZHANG)
    left = await at.database.read(evaluations.of_cycle, at.cycle)
    assert [(one.person_id, one.scores) for one in left] == [(WANG, (4, 4, 4))]
    rows = await at.database.read(_named)
    assert rows == [0]


async def _named(tx: Tx) -> list[int]:
    return [int(row[0]) for row in await tx.all("SELECT by_person FROM evaluations")]
