"""A bank that leaves as a file and comes back is the same bank, whatever its words."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.exchange.formats import (
    BankFaults,
    Written,
    file_name,
    read_bank,
    recognise,
    template,
    write_bank,
)
from content.exchange.table import guard, join_answers, split_answers, unguard
from domain.group import LANGUAGES, Language
from domain.question import KINDS, Bank, Question
from tests.unit.exchange_banks import banks


@pytest.mark.parametrize("format", ["gift", "moodle", "xlsx"])
@given(bank=banks())
@settings(max_examples=40)
def test_a_bank_written_and_read_again_is_the_same_bank(format: Written, bank: Bank) -> None:
    assert read_bank(write_bank(bank, format), f"another.{format}") == bank


@given(bank=banks())
@settings(max_examples=40)
def test_a_bank_written_as_csv_and_read_again_has_the_same_questions(bank: Bank) -> None:
    again = read_bank(write_bank(bank, "csv"), file_name(bank, "csv"))
    assert (again.id, again.questions) == (bank.id, bank.questions)


@pytest.mark.parametrize("format", ["gift", "moodle", "csv", "xlsx"])
@given(bank=banks())
@settings(max_examples=10)
def test_a_written_bank_is_recognised_by_its_file_name(format: Written, bank: Bank) -> None:
    assert recognise(write_bank(bank, format), file_name(bank, format)) == format


@pytest.mark.parametrize("format", ["gift", "moodle", "csv", "xlsx"])
@given(words=st.text(min_size=1, max_size=60))
@settings(max_examples=40)
def test_words_no_import_would_leave_so_are_cleaned_on_their_way_out(format: Written, words: str) -> None:
    question = Question(key="one", kind="fill", stem=f"问{words}", answers=("一",), explanation=words)
    bank = Bank("demo", "示范", "zh", (question,))
    once = read_bank(write_bank(bank, format), f"demo.{format}")
    assert once.questions == read_bank(write_bank(once, format), f"demo.{format}").questions


@given(st.text(alphabet="'=+-@\t\ra1"))
def test_no_cell_begins_like_a_formula_and_each_comes_back(text: str) -> None:
    assert guard(text)[:1] not in tuple("=+-@\t\r")
    assert unguard(guard(text)) == text


@given(st.lists(st.text(alphabet="\\|｜ab", min_size=1), min_size=1))
def test_answers_in_one_cell_are_parted_as_they_were_joined(answers: list[str]) -> None:
    assert split_answers(join_answers(answers)) == answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_a_bank_with_a_question_of_each_kind(language: Language) -> None:
    bank = read_bank(template(language), "template.xlsx")
    assert [question.kind for question in bank.questions] == list(KINDS)
    assert bank.language == language


@given(
    st.binary(max_size=300),
    st.sampled_from(("gift", "txt", "aiken", "xml", "csv", "tsv", "xlsx", "xlsm", "xls", "")),
)
@settings(max_examples=120)
def test_any_bytes_under_any_name_make_a_bank_or_tell_their_faults(data: bytes, suffix: str) -> None:
    _survives(data, f"x.{suffix}")


@given(
    st.text(alphabet="AB)=~{}:#%\\/\n<>&;!-'\",|答案ANSWER对xT题目$[] ", max_size=200),
    st.sampled_from(("gift", "txt", "aiken", "xml", "csv")),
)
@settings(max_examples=150)
def test_any_text_of_the_formats_own_marks_makes_a_bank_or_tells_its_faults(text: str, suffix: str) -> None:
    _survives(text.encode(), f"x.{suffix}")


@given(st.text(alphabet="<>/!-[]CDATA&;\"'=quiz \n", max_size=120))
@settings(max_examples=100)
def test_any_markup_in_moodle_xml_makes_a_bank_or_tells_its_faults(markup: str) -> None:
    _survives(f'<quiz><question type="shortanswer">{markup}</question></quiz>'.encode(), "x.xml")
    escaped = markup.replace("]]>", "")
    stem = f"<questiontext><text><![CDATA[{escaped}]]></text></questiontext>"
    _survives(f'<quiz><question type="shortanswer">{stem}</question></quiz>'.encode(), "x.xml")


@pytest.mark.parametrize("format", ["gift", "moodle", "csv", "xlsx"])
@given(data=st.data())
@settings(max_examples=100)
def test_a_damaged_file_makes_a_bank_or_tells_its_faults(format: Written, data: st.DataObject) -> None:
    whole = _whole(format)
    at = data.draw(st.integers(0, len(whole) - 1))
    with_junk = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    _survives(with_junk, f"x.{format}")
    _survives(whole[:at], f"x.{format}")


@cache
def _whole(format: Written) -> bytes:
    question = Question(key="a", kind="fill", stem="问", answers=("答",))
    return write_bank(Bank("demo", "示范", "zh", (question,)), format)


def _survives(data: bytes, name: str) -> None:
    recognise(data, name)
    try:
        bank = read_bank(data, name)
    except BankFaults as caught:
        assert caught.faults
    else:
        assert bank.questions
