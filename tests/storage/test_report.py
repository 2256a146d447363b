"""What is taken out of a group is what was recorded in it, for those days, and for its secretary alone."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from functools import partial

from openpyxl import load_workbook

from content.texts import Texts
from domain.group import Group, Role
from domain.ids import Ids
from domain.message import File
from domain.outgoing import Order
from domain.question import Bank
from domain.report import AnswerRow, CheckinRow, PointsRow
from handlers.export import make_export
from handlers.privacy import makers
from storage import banks, checkins, days, ledger, members, people, quizzes, report
from storage.tx import Database, Tx
from tests.storage.everywhere import QUESTION
from tests.storage.founding import NOW, found_group

ZHANG, LI = 101, 102
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
SAY = partial(Texts.load().say, "zh")


async def _lived(tx: Tx) -> Group:
    group = await found_group(tx)
    for day in ("2026-02-28", "2026-03-02"):
        for person, kind in ((LI, "self"), (ZHANG, "self")):
            await _check_in(tx, day, person, kind, person)
        await days.count_checkin(tx, 7, day)
    await _check_in(tx, "2026-03-03", LI, "proxy", ZHANG)
    await days.count_checkin(tx, 7, "2026-03-03")
    await banks.save(tx, Bank("sample", "题", "zh", (QUESTION,)), NOW)
    await quizzes.ask(tx, group_id=7, id=9, key="day:2026-03-02", bank="sample", question="often", now=NOW)
    await quizzes.answer(tx, group_id=7, quiz_id=9, person_id=LI, given="0", verdict="right", now=NOW + 1)
    ids = Ids(1)
    for day_of, cause in ((date(2026, 3, 2), "a"), (date(2026, 4, 1), "b")):
        await ledger.correct(
            tx, ids, group_id=7, person_id=LI, cause=cause, day=day_of, points=-5, now=NOW, by=ZHANG, reason="重复"
        )  # fmt: skip
    return group


async def _check_in(tx: Tx, day: str, person: int, kind: str, by: int) -> None:
    await checkins.add(
        tx,
        group_id=7,
        day=day,
        person_id=person,
        kind=kind,
        note="好" * (by == LI),
        by=by,
        now=NOW + person,  # type: ignore[arg-type]
    )


async def test_the_rows_are_those_of_the_days_asked_for(database: Database) -> None:
    group = await database.transaction(_lived)
    found = await database.read(report.read, group, *MARCH, NOW)
    assert found.checkins == [
        CheckinRow("2026-03-02", "张三", "self", "", NOW + ZHANG, ""),
        CheckinRow("2026-03-02", "李四", "self", "好", NOW + LI, ""),
        CheckinRow("2026-03-03", "李四", "proxy", "", NOW + LI, "张三"),
    ]
    assert found.answers == [AnswerRow(9, "李四", "0", "right", NOW + 1)]
    assert (found.asked[9].day, found.asked[9].question) == ("2026-03-02", QUESTION)
    assert found.points == [PointsRow("2026-03-02", "李四", "correction", -5, "重复", "张三")]
    assert [day.day for day in found.days] == ["2026-03-02", "2026-03-03"]
    assert await database.read(report.size, group, *MARCH) == 5
    assert await database.read(report.first_day, 7) == date(2026, 2, 28)


async def test_of_somebody_erased_only_the_points_are_left_without_a_name(database: Database) -> None:
    group = await database.transaction(_lived)
    await database.transaction(people.erase, LI)
    found = await database.read(report.read, group, *MARCH, NOW)
    assert [row.name for row in found.checkins] == ["张三"]
    assert found.answers == []
    assert [(row.name, row.points) for row in found.points] == [("", -5)]


async def test_the_file_is_made_for_the_secretary(database: Database) -> None:
    await database.transaction(_lived)
    make = await database.read(make_export, _order(ZHANG), NOW)
    assert make is not None
    made = make(SAY)
    assert (made.name, made.kind) == ("第7组_2026-03-01_2026-03-31.xlsx", "document")
    assert load_workbook(io.BytesIO(made.content))["打卡"].max_row == 4


async def test_whoever_is_no_longer_secretary_gets_nothing(database: Database) -> None:
    await database.transaction(_lived)
    await database.transaction(members.set_role, 7, ZHANG, Role.MEMBER)
    for person in (ZHANG, LI, 0, 999):
        assert await database.read(make_export, _order(person), NOW) is None
    gone = Order(8, ZHANG, File("export", "xlsx 2026-03-01..2026-03-31"), "zh")
    assert await database.read(make_export, gone, NOW) is None


async def test_everybody_gets_their_own_archive_and_nobody_anothers(database: Database) -> None:
    await database.transaction(_lived)
    make_mydata = makers(None)["mydata"]
    make = await database.read(make_mydata, Order(7, LI, File("mydata"), "zh"), NOW)
    assert make is not None
    made = make(SAY)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert {"请先看这里.html", "data.json", "csv/checkins.csv", "csv/points.csv"} <= set(
            archive.namelist()
        )
        assert "李四 的全部数据" in archive.read("请先看这里.html").decode()
    for person, group in ((0, 7), (999, 7), (LI, 8)):
        assert await database.read(make_mydata, Order(group, person, File("mydata"), "zh"), NOW) is None


def _order(person: int) -> Order:
    return Order(7, person, File("export", "xlsx 2026-03-01..2026-03-31"), "zh")
