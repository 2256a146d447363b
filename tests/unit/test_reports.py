"""Reports as files: they open, say what was recorded, and do nothing to whoever opens them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import orjson
import pytest
from openpyxl import load_workbook

from content.reports.cells import csv_bytes, for_csv, for_sheet, is_risky
from content.reports.folder import write_csv_folder
from content.reports.mydata import LONG, Mine, Section, write_mydata
from content.reports.tables import given
from content.reports.workbook import write_workbook
from content.texts import Texts
from domain.message import Message, line
from domain.outgoing import Say
from domain.question import Question
from domain.report import AnswerRow, Asked, CheckinRow, DayRow, PointsRow, Report

AT = 1_772_409_600_000  # 2026-03-02T08:00+08:00
OFTEN = Question(
    key="often", kind="single", stem="读书贵在什么？", options=("一天读完", "每天一点"), right=(1,)
)
MANY = Question(key="many", kind="multiple", stem="怎样读？", options=("独自", "一起", "不读"), right=(0, 1))
TRUE = Question(key="true", kind="truefalse", stem="温故可以知新。", right=(0,))
FILL = Question(key="fill", kind="fill", stem="____年。", answers=("1921",))
REPORT = Report(
    group="一支部",
    timezone="Asia/Shanghai",
    first=date(2026, 3, 1),
    last=date(2026, 3, 31),
    made_at=AT,
    members=4,
    asked={1: Asked("2026-03-02", OFTEN), 2: Asked("2026-03-03", None)},
    days=[DayRow("2026-03-02", "读书贵恒", 5, 3, 2), DayRow("2026-03-03", "", 0, 1, 0)],
    checkins=[
        CheckinRow("2026-03-02", "张三", "self", "=HYPERLINK(1)", AT, ""),
        CheckinRow("2026-03-02", "李四", "proxy", "", AT + 1500, "张三"),
        CheckinRow("2026-03-02", "+王五", "makeup", "好", 0, ""),
        CheckinRow("2026-03-03", "张三", "self", "\x00#N/A", AT, ""),
    ],
    answers=[AnswerRow(1, "张三", "1", "right", AT), AnswerRow(1, "李四", "0", "wrong", AT), AnswerRow(2, "张三", "x", "doubtful", AT)],
    points=[
        PointsRow("2026-03-02", "张三", "checkin", 10, "", ""),
        PointsRow("2026-03-02", "", "correction", -10, "@SUM(1)", "张三"),
        PointsRow("2026-03-02", "张三", "of_old", 1, "", ""),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def zh() -> Say:
    return partial(Texts.load().say, "zh")


@pytest.fixture(scope="module")
def en() -> Say:
    return partial(Texts.load().say, "en")


def test_the_workbook_has_a_sheet_for_each_table_with_heads_in_the_readers_language(zh: Say, en: Say) -> None:
    book = load_workbook(io.BytesIO(write_workbook(REPORT, zh)))
    assert book.sheetnames == ["概况", "打卡", "答题", "积分"]
    assert [cell.value for cell in book["打卡"][1]] == ["日期", "名字", "方式", "心得", "时间", "经手人"]
    assert load_workbook(io.BytesIO(write_workbook(REPORT, en))).sheetnames == [
        "Overview", "Check-ins", "Quiz", "Points",
    ]  # fmt: skip


def test_heads_stay_in_sight_columns_are_wide_enough_and_nothing_is_hidden(zh: Say) -> None:
    book = load_workbook(io.BytesIO(write_workbook(REPORT, zh)))
    assert [sheet.freeze_panes for sheet in book] == ["A4", "A2", "A2", "A2"]
    assert book["打卡"].column_dimensions["D"].width == 48
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(d.hidden for d in (*sheet.column_dimensions.values(), *sheet.row_dimensions.values()))
    assert not book.defined_names


def test_days_are_days_and_times_are_those_of_the_groups_zone(zh: Say) -> None:
    first, second, third = list(
        load_workbook(io.BytesIO(write_workbook(REPORT, zh)))["打卡"].iter_rows(min_row=2, max_row=4)
    )
    assert first[0].value == datetime(2026, 3, 2) and first[0].is_date  # noqa: DTZ001
    assert second[4].value == datetime(2026, 3, 2, 8, 0, 1)  # noqa: DTZ001
    assert third[4].value is None


def test_what_begins_like_a_formula_stays_text_in_the_workbook(zh: Say) -> None:
    book = load_workbook(io.BytesIO(write_workbook(REPORT, zh)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type in ("f", "e")]
    formula = book["打卡"]["D2"]
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert book["积分"]["E3"].value == "@SUM(1)"
    assert book["打卡"]["D5"].value == "#N/A"


def test_points_are_numbers_and_an_erased_member_has_no_name(zh: Say) -> None:
    rows = [
        [cell.value for cell in row[1:6]]
        for row in load_workbook(io.BytesIO(write_workbook(REPORT, zh)))["积分"].iter_rows(min_row=2)
    ]
    assert rows == [
        ["张三", "打卡", 10, None, None],
        ["（已注销）", "更正", -10, "@SUM(1)", "张三"],
        ["张三", "of_old", 1, None, None],
    ]


def test_the_overview_counts_each_day_and_draws_it(zh: Say) -> None:
    sheet = load_workbook(io.BytesIO(write_workbook(REPORT, zh)))["概况"]
    rows = [[cell.value for cell in row[:8]] for row in sheet.iter_rows(min_row=3)]
    assert sheet["A1"].value == "一支部 2026-03-01 – 2026-03-31"
    assert sheet["A2"].value == "成员 4 位；平均每天 50% 打卡；答题 3 次，答对 50%；学习共 10 分钟"
    assert rows[1][1:] == ["读书贵恒", 3, 2, 1, 1, 0, 10]
    assert rows[2][1:] == [None, 1, 0, 0, 0, 1, 0]
    assert len(_charts(write_workbook(REPORT, zh))) == 3


def test_every_chart_shows_the_days_there_are(zh: Say) -> None:
    participation, quiz, minutes = _charts(write_workbook(REPORT, zh))
    assert "每天打卡和学完的人数" in participation
    assert "'概况'!$C$4:$C$5" in participation and "'概况'!$D$4:$D$5" in participation
    assert "'概况'!$A$4:$A$5" in quiz
    assert "stacked" in quiz
    assert "'概况'!$H$4:$H$5" in minutes


def test_a_span_without_a_day_has_no_charts(zh: Say) -> None:
    empty = Report("一支部", "UTC", REPORT.first, REPORT.last, AT, 0, {}, [], [], [], [])
    assert _charts(write_workbook(empty, zh)) == []


def _charts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if "charts/chart" in name]


def test_the_same_tables_come_as_csv(zh: Say) -> None:
    with zipfile.ZipFile(io.BytesIO(write_csv_folder(REPORT, zh))) as archive:
        assert archive.namelist() == ["概况.csv", "打卡.csv", "答题.csv", "积分.csv"]
        assert archive.getinfo("打卡.csv").date_time == (2026, 3, 2, 8, 0, 0)
        content = archive.read("打卡.csv")
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["2026-03-02", "张三", "本人", "'=HYPERLINK(1)", "2026-03-02 08:00:00", ""]
    assert rows[2] == ["2026-03-02", "李四", "代打卡", "", "2026-03-02 08:00:01", "张三"]
    assert rows[3][1] == "'+王五"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n-1", "＝1", "　=1"])
def test_a_cell_that_might_do_something_begins_with_an_apostrophe(text: str) -> None:
    assert is_risky(text)
    assert for_csv(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [("", ""), ("读=1", "读=1"), (None, ""), (-10, "-10"), (date(2026, 3, 2), "2026-03-02")],
)
def test_numbers_days_and_harmless_words_are_left_as_they_are(value: object, written: str) -> None:
    assert for_csv(value) == written


def test_csv_quotes_what_holds_commas_quotes_and_lines() -> None:
    told = csv_bytes(["a"], [['他说"好"，\n再见, 一'], ["\ud83d"]]).decode("utf-8-sig")
    assert told == 'a\r\n"他说""好""，\n再见, 一"\r\n?\r\n'


@pytest.mark.parametrize(
    ("text", "written"),
    [("a\x00b\x1bc", "abc"), ("\ud83d好", "好"), ("_x000D_", "_x005F_x000D_"), ("两\n行", "两\n行")],
)
def test_a_sheet_gets_no_character_it_cannot_hold(text: str, written: str) -> None:
    assert for_sheet(text) == written


@pytest.mark.parametrize(
    ("question", "places", "shown"),
    [
        (OFTEN, "1", "B 每天一点"),
        (OFTEN, "7", "H"),
        (MANY, "0,1", "AB"),
        (TRUE, "0", "对"),
        (TRUE, "1", "错"),
        (FILL, "1921", "1921"),
        (None, "2", "2"),
    ],
)
def test_an_answer_is_shown_as_people_gave_it(
    question: Question | None, places: str, shown: str, zh: Say
) -> None:
    assert given(question, places, zh) == shown


MINE = Mine(
    "李四<b>",
    "Asia/Shanghai",
    AT,
    [
        Section("profile", ("name", "language", "created_at", "told_at"), [("李四<b>", "zh", AT, None)]),
        Section("memberships", ("group", "role"), [("一支部", 1), ("二支部", 2)]),
        Section(
            "checkins",
            ("group", "day", "kind", "note", "at", "by"),
            [
                ("一支部", "2026-03-02", "proxy", "=1+1", AT, "张三"),
                ("一支部", "2025-03-02", "self", "长" * 500, 0, None),
            ],
        ),
        Section(
            "answers",
            ("group", "question", "given", "verdict", "at"),
            [("一支部", OFTEN.model_dump_json(), "1", "right", AT), ("一支部", None, "别的", "wrong", AT)],
        ),
        Section("points", ("group", "rule", "points"), [("一支部", "checkin", 10), ("一支部", "of_old", 1)]),
        Section("talk", ("chat", "mine", "body"), [("g7", 1, '{"text":"大家好<script>"}')]),
        Section(
            "messages",
            ("body",),
            [(Message((line("checkin.done", days=3),), title=line("mydata.title")).dump(),)],
        ),
        Section("looks", ("by", "what"), [("张三", "export 2026-03-01..2026-03-31"), (None, "missing")]),
        Section("leaves", ("group", "from_day", "to_day"), []),
        Section(
            "handins",
            ("kind", "about", "body"),
            [
                ("work", "3", '{"kind":"text","title":"春到社区","text":"一早出发","file":""}'),
                ("of_old", "", "答案"),
            ],
        ),
        Section("reviews_received", ("kind", "scores"), [("allotted", "[5,4,5]"), ("invited", "")]),
    ],
    [("photos/x-1.jpg", b"jpeg")],
    2,
)


@pytest.fixture(scope="module")
def mine(zh: Say) -> Callable[[str], bytes]:
    with zipfile.ZipFile(io.BytesIO(write_mydata(MINE, zh))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}.__getitem__


def test_the_archive_begins_with_a_page_to_read(mine: Callable[[str], bytes]) -> None:
    page = mine("请先看这里.html").decode()
    assert "<h1>李四&lt;b&gt; 的全部数据</h1>" in page
    assert "<td>一支部</td><td>书记</td>" not in page and "<td>二支部</td><td>书记</td>" in page
    assert "<td>代打卡</td><td>=1+1</td><td>2026-03-02 08:00:00</td><td>张三</td>" in page
    assert "<td>读书贵在什么？</td><td>B 每天一点</td><td>对</td>" in page
    assert "大家好&lt;script&gt;" in page and "<script" not in page
    assert "🔒 您的全部数据\n✅ 打卡成功，连续 3 天。" in page
    assert "导出了全组记录（2026-03-01..2026-03-31）" in page and "看了未打卡名单" in page
    assert f"{'长' * LONG}…" in page
    assert '<h2>请假</h2>\n<p class="none">没有。</p>' in page
    assert 'lang="zh-CN"' in page
    assert "<td>作品</td><td>3</td><td>春到社区\n一早出发</td>" in page and "<td>of_old</td>" in page
    assert "<td>安排的点评</td><td>5 4 5</td>" in page
    assert "照片和视频 1 个" in page and "还有 2 个" in page
    assert mine("photos/x-1.jpg") == b"jpeg"


def test_the_archive_has_the_same_for_programs_as_it_is_stored(mine: Callable[[str], bytes]) -> None:
    data = orjson.loads(mine("data.json"))
    assert data["made_at"] == "2026-03-02T08:00:00+08:00"
    assert data["profile"] == [
        {"name": "李四<b>", "language": "zh", "created_at": "2026-03-02T08:00:00+08:00", "told_at": None}
    ]
    assert data["leaves"] == []
    assert orjson.loads(data["answers"][0]["question"])["stem"] == OFTEN.stem
    assert data["checkins"][0]["note"] == "=1+1"


def test_the_archives_tables_open_in_a_spreadsheet_without_doing_anything(
    mine: Callable[[str], bytes],
) -> None:
    rows = list(csv.reader(io.StringIO(mine("csv/checkins.csv").decode("utf-8-sig"), newline="")))
    assert rows[0] == ["组", "日期", "种类", "心得", "时间", "由谁"]
    assert rows[1] == ["一支部", "2026-03-02", "代打卡", "'=1+1", "2026-03-02 08:00:00", "张三"]
    with pytest.raises(KeyError):
        mine("csv/leaves.csv")


def test_the_archive_speaks_the_readers_language(en: Say) -> None:
    with zipfile.ZipFile(io.BytesIO(write_mydata(MINE, en))) as archive:
        page = archive.read("read-me-first.html").decode()
    assert "Everything kept of 李四&lt;b&gt;" in page and 'lang="en"' in page


def test_a_message_of_an_older_version_does_not_hold_up_the_archive(zh: Say) -> None:
    old = Section("messages", ("body",), [(Message((line("no.such"),)).dump(),)])
    with zipfile.ZipFile(io.BytesIO(write_mydata(Mine("李四", "UTC", AT, [old]), zh))) as archive:
        assert "<td></td>" in archive.read("请先看这里.html").decode()
        assert b"no.such" in archive.read("data.json")
