"""Tables of questions, CSV and XLSX: loose in their heads and words, strict in what could do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from content.exchange.formats import read_bank, template, write_bank
from domain.question import Bank, Question
from tests.unit.exchange_banks import brief, faults, questions

HEADS = ("编号", "题型", "题目", "A", "B", "C", "D", "答案", "解析")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(data: bytes, extra: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in extra:
                new.writestr(part, old.read(part))
        for name, content in extra.items():
            new.writestr(name, content)
    return written.getvalue()


def test_kinds_and_answers_are_understood_in_the_words_people_use() -> None:
    data = workbook(
        ("三月测验",),
        HEADS,
        ("q1", "单选题", "一", "甲", "乙", None, None, "ｂ"),
        ("q2", "多选", "二", "甲", "乙", "丙", None, "A、C"),
        ("q3", "判断题", "三", None, None, None, None, "正确"),
        ("q4", "判断", "四", "错", "对", None, None, "A"),
        ("q5", "填空", "五", None, None, None, None, 1921),
        ("q6", "填空", "六", None, None, None, None, "十二|12"),
        (None,),
        (None, None, "七", "甲", "乙", None, None, "乙"),
        (None, None, "八", None, None, None, None, "×"),
        (None, None, "九", None, None, None, None, "A"),
    )
    assert brief(read_bank(data, "x.xlsx").questions) == [
        ("single", "一", ("甲", "乙"), (1,)),
        ("multiple", "二", ("甲", "乙", "丙"), (0, 2)),
        ("truefalse", "三", (), (0,)),
        ("truefalse", "四", (), (1,)),
        ("fill", "五", ("1921",), ()),
        ("fill", "六", ("十二", "12"), ()),
        ("single", "七", ("甲", "乙"), (1,)),
        ("truefalse", "八", (), (1,)),
        ("fill", "九", ("A",), ()),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_csv_is_read_in_any_dialect_of_spreadsheets(delimiter: str, encoding: str) -> None:
    rows = (("題目", "選項A", "選項B", "正確答案", "难度"), ("哪个季节最热？", "夏天", "冬天", "A", "1"))
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert brief(read_bank(text.encode(encoding), "x.csv").questions) == [
        ("single", "哪个季节最热？", ("夏天", "冬天"), (0,))
    ]


def test_english_heads_in_any_order_are_understood() -> None:
    text = 'Answer,Option 2,Option 1,Question,Type\n"B",two,one,Which?,single\n'
    assert brief(questions(text, "x.csv")) == [("single", "Which?", ("one", "two"), (1,))]


def test_faults_are_told_with_their_cells_all_at_once() -> None:
    data = workbook(
        HEADS,
        ("一号", "单选", "一", "甲", "乙", None, None, "A"),
        ("b", "连线", "二", "甲", "乙", None, None, "A"),
        ("c", "单选", "三", "甲", None, "丙", None, "E"),
        ("d", "单选", "四", "甲", "甲", None, None, "甲和乙"),
        ("e", "判断", "五", None, None, None, None, "也许"),
        ("f", "填空", "六", None, None, None, None, None),
        ("f", "单选", None, "长" * 101, "乙", None, None, "AB", "长" * 201),
        ("h", "填空", "八", None, None, None, None, "……"),
    )
    assert faults(data, "x.xlsx") == [
        ("A2", "bad_key"),
        ("B3", "unknown_kind"),
        ("E4", "empty_option"),
        ("H4", "right_outside"),
        ("H5", "answer_letters"),
        ("H6", "answer_truth"),
        ("H7", "no_answer"),
        ("A8", "same_key"),
        ("C8", "no_stem"),
        ("D8", "too_long"),
        ("H8", "several_right"),
        ("I8", "too_long"),
        ("H9", "answer_marks"),
    ]


def test_thirteen_options_are_told() -> None:
    heads = ("题目", *"ABCDEFGHIJKLM", "答案")
    assert faults(workbook(heads, ("问", *"甲乙丙丁戊己庚辛壬癸子丑寅", "A")), "x.xlsx") == [
        ("N2", "many_options")
    ]


def test_formulas_dates_and_errors_in_cells_are_refused_with_the_cell() -> None:
    data = workbook(
        ("题目", "答案"),
        ("=1+1", "二"),
        ("何时", date(1921, 7, 23)),
        ("问", "#REF!"),
        ("好", "=HYPERLINK(1)"),
    )
    assert faults(data, "x.xlsx") == [
        ("A2", "cell_formula"),
        ("B3", "cell_date"),
        ("B4", "cell_error"),
        ("B5", "cell_formula"),
    ]


def test_a_macro_file_is_refused_by_its_name_and_by_what_is_in_it() -> None:
    data = template()
    assert faults(data, "x.xlsm") == [("0", "xlsx_macros")]
    assert faults(repacked(data, {"xl/vbaProject.bin": b"x"}), "x.xlsx") == [("0", "xlsx_macros")]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/media/image1.png"])
def test_a_file_that_unpacks_to_far_more_is_not_opened(part: str) -> None:
    bomb = repacked(template(), {part: b" " * 20_000_000})
    assert faults(bomb, "x.xlsx") == [("0", "xlsx_bomb")]


def test_a_file_of_thousands_of_parts_is_not_opened() -> None:
    assert faults(repacked(template(), {f"xl/{n}.xml": b"" for n in range(1001)}), "x.xlsx") == [
        ("0", "xlsx_bomb")
    ]


def test_a_sheet_that_claims_the_last_row_and_column_costs_nothing() -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>
    </worksheet>"""
    assert faults(repacked(template(), {"xl/worksheets/sheet1.xml": sheet}), "x.xlsx") == [("1", "no_heads")]


def test_entities_in_a_part_are_never_unfolded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert faults(repacked(template(), {"xl/worksheets/sheet1.xml": bomb}), "x.xlsx") == [
        ("0", "xlsx_broken")
    ]


def test_files_of_other_programs_and_halves_of_files_are_told_as_such() -> None:
    assert faults(b"PK\x03\x04 not a workbook", "x.xlsx") == [("0", "xlsx_broken")]
    assert faults(b"\xd0\xcf\x11\xe0 an old workbook", "x.xls") == [("0", "old_excel")]
    assert faults(template()[:3000], "x.xlsx") == [("0", "xlsx_broken")]
    assert faults(workbook(("一", "二"), ("三", "四")), "x.xlsx") == [("1", "no_heads")]
    assert faults(workbook(("题目", "题干", "答案")), "x.xlsx") == [("B1", "same_head")]


def test_an_open_quote_in_csv_is_told_with_its_row() -> None:
    assert faults('题目,答案\n一,二\n"三,四\n五,六\n', "x.csv") == [("3", "csv_broken")]


def test_more_than_twenty_thousand_questions_are_refused() -> None:
    text = "题型,题目,答案\n" + "".join(f"填空,问{n},一\n" for n in range(20_001))
    assert faults(text, "x.csv") == [("20002", "too_many")]


def test_written_cells_can_be_opened_in_a_spreadsheet_without_harm() -> None:
    question = Question(
        key="a", kind="fill", stem="=cmd|' /C calc'!A0", answers=("@a",), source="+1", topic="-1"
    )
    data = write_bank(Bank("demo", "示范", "zh", (question,)), "xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" and cell.value[0] not in "=+-@" for cell in cells)
    assert b"'=cmd" in write_bank(Bank("demo", "示范", "zh", (question,)), "csv")
    assert read_bank(data, "x.xlsx").questions == (question,)


def test_the_template_offers_the_kinds_to_choose_from() -> None:
    sheet = load_workbook(io.BytesIO(template("zh"))).active
    [choice] = sheet.data_validations.dataValidation
    assert choice.formula1 == '"单选,多选,判断,填空"'
    assert str(choice.sqref).startswith("B2:")


def test_progress_is_told_as_the_rows_are_read() -> None:
    told: list[int] = []
    read_bank(template(), "x.xlsx", told.append)
    assert told == [1, 2, 3, 4, 5]
