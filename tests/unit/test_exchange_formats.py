"""Files of other programs: what is understood of them, and what is told of the rest with its line."""

from __future__ import annotations

import pytest

from content.exchange.formats import BankFaults, Format, read_bank, recognise
from content.exchange.plain import MAX_BYTES
from content.exchange.xlsx import MAX_BYTES as MAX_XLSX_BYTES
from content.faults import describe
from content.texts import Texts
from domain.question import STEM_CHARS
from tests.unit.exchange_banks import SAMPLES, brief, faults, questions


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_gift_as_people_write_it_is_understood() -> None:
    found = read_bank(sample("teaching.gift"), "teaching.gift").questions
    assert brief(found) == [
        ("single", "Which season comes after spring?", ("winter", "summer", "autumn"), (1,)),
        ("single", "The week begins on ____ in many countries.", ("Friday", "Monday", "Sunday"), (1,)),
        ("multiple", "Which of these\nare even?", ("two", "three", "four"), (0, 2)),
        ("fill", "Twelve months make a ____.", ("year", "twelvemonth"), ()),
        ("fill", "A leap year has ____ days.", ("366", "three hundred and sixty-six"), ()),
        ("truefalse", "The sun rises in the east.", (), (0,)),
        ("truefalse", "The moon shines by itself.", (), (1,)),
        ("single", "Which sum is right: {x} ?", ("1 + 1 = 3", "1 + 1 = 2", "#~ and a backslash \\"), (1,)),
    ]
    assert (found[2].key, found[2].explanation) == ("two-even-ones", "Even numbers can be halved.")
    assert [question.topic for question in found[4:]] == ["", "Sky", "Sky", "Sky"]
    assert found[7].key == "braces-1"


def test_gift_that_cannot_be_a_question_is_told_line_by_line() -> None:
    assert faults(sample("refused.gift"), "refused.gift") == [
        ("1", "unsupported"),
        ("6", "unsupported"),
        ("8", "unsupported"),
        ("10", "gift_no_braces"),
        ("12", "gift_braces"),
        ("14", "gift_braces"),
        ("16", "gift_marks"),
        ("18", "no_right"),
    ]


def test_a_gift_option_is_told_on_its_own_line() -> None:
    assert faults("// one\n::Q::Which? {\n=a\n~" + "长" * 101 + "\n~a\n}\n", "q.gift") == [
        ("4", "too_long"),
        ("5", "same_option"),
    ]


def test_aiken_is_understood_with_chinese_punctuation_and_several_answers() -> None:
    assert brief(read_bank(sample("plain.aiken.txt"), "plain.aiken.txt").questions) == [
        ("single", "Which is the largest?", ("a hill", "a mountain", "a stone"), (1,)),
        ("multiple", "哪些是水果？", ("苹果", "白菜", "梨"), (0, 2)),
    ]


def test_faults_of_aiken_are_told_all_at_once() -> None:
    assert faults(sample("refused.aiken.txt"), "refused.aiken.txt") == [
        ("1", "few_options"),
        ("7", "answer_letters"),
        ("14", "aiken_unanswered"),
        ("20", "aiken_letter"),
        ("21", "right_outside"),
        ("23", "aiken_answer_alone"),
    ]


def test_moodle_xml_is_understood_and_its_pages_become_text() -> None:
    found = read_bank(sample("moodle.xml"), "moodle.xml").questions
    assert brief(found) == [
        ("single", "Which season follows spring?\nChoose one.", ("winter", "summer"), (1,)),
        ("multiple", "Which are even?", ("two", "three", "10^2"), (0, 2)),
        ("truefalse", "The sun rises in the west.", (), (1,)),
        ("fill", "How many months has a year?", ("12", "a < b"), ()),
    ]
    assert [question.key for question in found] == ["seasons", "even-1", "sun", "months"]
    assert found[0].explanation == "Spring, summer & autumn."
    assert (found[1].item, found[1].topic) == ("001-opening", "Calendar")


def test_moodle_types_without_a_question_here_are_told_by_their_words() -> None:
    assert faults(sample("refused.xml"), "refused.xml") == [
        ("3", "unsupported"),
        ("6", "unsupported"),
        ("9", "picture"),
        ("13", "no_right"),
    ]
    with pytest.raises(BankFaults) as caught:
        read_bank(sample("refused.xml"), "refused.xml")
    told = describe(caught.value.faults, Texts.load(), "en")
    assert told[0].startswith('refused.xml:3 "Tell of your village." (essay)')
    assert "ddwtos" in told[1]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('<!DOCTYPE quiz [<!ENTITY a "b">]>\n<quiz>&a;</quiz>', ("1", "xml_entities")),
        ('<!DOCTYPE quiz SYSTEM "file:///etc/passwd">\n<quiz/>', ("1", "xml_entities")),
        ("<html/>", ("1", "not_quiz")),
        ("<quiz>\n<question>", ("2", "xml_broken")),
        ("<quiz>" + "\n<a>" * 20, ("13", "xml_nested")),
        ("<quiz/>", ("0", "empty")),
    ],
)
def test_xml_that_is_broken_or_an_attack_is_refused(document: str, told: tuple[str, str]) -> None:
    assert faults(document, "x.xml") == [told]


def test_a_topic_that_is_too_long_is_one_fault_for_all_its_questions() -> None:
    text = f"$CATEGORY: {'题' * 41}\n\nOne {{T}}\n\nTwo {{F}}\n"
    assert faults(text, "q.gift") == [("1", "too_long")]


def test_keys_alike_are_a_fault_but_names_alike_are_told_apart() -> None:
    assert faults("::a::One {T}\n\n::a::Two {F}\n", "q.gift") == [("3", "same_key")]
    assert [x.key for x in questions("::A b::One {T}\n\n::A b::Two {F}\n", "q.gift")] == ["a-b", "a-b-2"]


def test_a_key_made_of_the_words_stays_when_other_questions_come_before() -> None:
    later = questions("新的 {T}\n\n问题 {F}\n", "q.gift")[1]
    assert later.key == questions("问题 {F}\n", "q.gift")[0].key


def test_a_stem_longer_than_telegram_shows_is_told() -> None:
    assert questions("长" * STEM_CHARS + "{T}", "q.gift")
    assert faults("长" * (STEM_CHARS + 1) + "{T}", "q.gift") == [("1", "too_long")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
def test_the_encoding_is_found_out(encoding: str) -> None:
    text = "地球是圆的，月亮绕着它转。{T}\r\n\r\n春天过后是什么季节？{=夏天 ~冬天}"
    found = read_bank(text.encode(encoding), "q.gift").questions
    assert [x.stem for x in found] == ["地球是圆的，月亮绕着它转。", "春天过后是什么季节？"]


def test_utf8_with_a_broken_byte_is_told_with_its_line_instead_of_read_as_gbk() -> None:
    assert faults("第一行是好的\n第二行".encode() + b"\xff{T}", "q.gift") == [("2", "encoding")]


@pytest.mark.parametrize(
    ("data", "name", "format"),
    [
        ("题目,答案\n一,二\n".encode(), "x.txt", "csv"),
        (b"Q?\nA) a\nB) b\nANSWER: A\n", "x.txt", "aiken"),
        (b"Q?{T}", "x.txt", "gift"),
        (b"<quiz/>", "x.txt", "moodle"),
        (b"PK\x03\x04...", "x.csv", "xlsx"),
        (b"nothing of the kind", "x.txt", None),
        (b"", "x.gift", None),
        (b"\xd0\xcf\x11\xe0....", "x.xlsx", None),
    ],
)
def test_a_format_is_recognised_by_content_before_its_name(
    data: bytes, name: str, format: Format | None
) -> None:
    assert recognise(data, name) == format


def test_what_is_no_bank_at_all_is_told_what_to_do() -> None:
    assert faults(b"hello", "x.txt") == [("0", "unknown_format")]
    assert faults(b"", "x.gift") == [("0", "empty")]
    assert faults(b"// only a remark\n", "x.gift") == [("0", "empty")]
    assert faults(b"x" * (MAX_BYTES + 1), "x.gift") == [("0", "too_large")]
    assert faults(b"PK\x03\x04" + b"x" * MAX_XLSX_BYTES, "x.xlsx") == [("0", "too_large")]


def test_markup_made_to_be_slow_is_read_in_time() -> None:
    for hostile in ("<", "<!--", "<style>", "[a:", "<p ", "&#", "::", "~%"):
        text = hostile * (1_000_000 // len(hostile))
        faults(f"[html]{text}{{T}}", "x.gift")
        faults(f"//{text}\n", "x.gift")


def test_every_fault_can_be_said_in_both_languages() -> None:
    texts = Texts.load()
    for name in ("refused.gift", "refused.aiken.txt", "refused.xml"):
        with pytest.raises(BankFaults) as caught:
            read_bank(sample(name), name)
        for language in ("zh", "en"):
            assert all(told.startswith(name) for told in describe(caught.value.faults, texts, language))  # type: ignore[arg-type]


def test_numbers_that_must_be_met_exactly_are_filled_in_and_others_refused() -> None:
    exact = "Two and two? {#4}\n\nAnd eight? {#=8:0#Yes =%50%8:2}\n\nMinus one? {#-1:0.0}\n"
    assert [x.answers for x in questions(exact, "q.gift")] == [("4",), ("8",), ("-1",)]
    for missed in ("{#1822:5}", "{#3.141..3.142}", "{#=8:0 =9:1}", "{#}", "{#=%50%8}"):
        assert faults(f"How many? {missed}\n", "q.gift") == [("1", "unsupported")]


@pytest.mark.parametrize(
    ("inside", "good"),
    [
        ("<tolerance>0</tolerance>", True),
        ("", True),
        ("<tolerance>0.5</tolerance>", False),
        ("<tolerance>10</tolerance>", False),
    ],
)
def test_a_number_of_moodle_without_tolerance_is_filled_in(inside: str, good: bool) -> None:
    answer = f'<answer fraction="100"><text>12</text>{inside}</answer>'
    text = f'<quiz><question type="numerical"><questiontext><text>Months?</text></questiontext>{answer}'
    if good:
        assert questions(f"{text}</question></quiz>", "q.xml")[0].answers == ("12",)
        units = "<units><unit><unit_name>m</unit_name></unit></units>"
        assert faults(f"{text}{units}</question></quiz>", "q.xml") == [("1", "unsupported")]
    else:
        assert faults(f"{text}</question></quiz>", "q.xml") == [("1", "unsupported")]


def test_a_word_is_no_list_of_letters_in_aiken() -> None:
    assert faults("Which?\nA) one\nB) two\nANSWER: Not begun\n", "q.txt") == [("4", "answer_letters")]


def test_a_bank_as_authors_write_it_is_read_whatever_it_is_called() -> None:
    text = "# 题库\nid: demo\ntitle: 示范\nlanguage: zh\nquestions:\n- {key: a, kind: 填空, stem: 问, answers: 答}\n"
    for name in ("demo.yaml", "demo.yml", "demo.txt", "demo"):
        found = read_bank(text.encode(), name)
        assert (found.id, found.title, recognise(text.encode(), name)) == ("demo", "示范", "yaml")
    assert faults(text.replace("kind: 填空", "kind: 问答"), "demo.yaml") == [("6", "pack.not_a_choice")]


@pytest.mark.parametrize("beginning", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"%PDF-1.7"])
def test_a_picture_is_no_table_whatever_it_is_called(beginning: bytes) -> None:
    assert faults(beginning + bytes(99), "题库.xlsx") == [("0", "picture_file")]
