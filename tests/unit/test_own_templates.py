"""Templates that groups bring: whatever file is sent is told apart, and what is handed out is read again when it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.cycles import FOLDER, MAX_BYTES, kept_template, read_template, sent_template, shipped_text
from content.faults import PackFaults
from content.parcel import read_parcel
from content.texts import Texts
from domain.group import LANGUAGES, Language
from domain.message import Line
from domain.template import StageSpec, When
from handlers.cycle_template_file import file_of
from handlers.template_words import owed, stage_lines
from tests.transcripts.sample_templates import BOOK, SAMPLES

SHIPPED = sorted(FOLDER.rglob("*.yaml"))
TEXTS = Texts.load()


def say(text: Line, language: Language = "zh") -> str:
    return TEXTS.say(language, text)


def faults(data: bytes, name: str = "a.yaml") -> list[tuple[int, str]]:
    return [(fault.line, fault.what.key) for fault in read_parcel(data, name).faults]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem + path.parent.name)
def test_a_shipped_template_comes_back_as_it_was_handed_out(path: Path, language: Language) -> None:
    shipped = read_template(path)
    made = file_of(shipped.key, None, lambda text: say(text, language))
    assert made.name == f"{shipped.key}.yaml"
    again = read_parcel(made.content, made.name)
    assert again.template == shipped
    assert again.text.startswith("# ")
    assert "\r" not in again.text


def test_a_groups_own_is_handed_out_with_its_own_comments() -> None:
    made = file_of("book", BOOK, say)
    assert made.content.decode("utf-8-sig").replace("\r\n", "\n") == BOOK
    assert read_parcel(made.content, "改过的.TXT").text == BOOK


def test_there_is_no_text_of_a_key_that_nothing_is_shipped_under() -> None:
    assert shipped_text("none") is None


@pytest.mark.parametrize(
    ("sample", "name", "expected"),
    [
        ("template-none", "a.yaml", [(0, "parcel.which_yaml")]),
        ("template-none", "a.yml", [(0, "parcel.which_yaml")]),
        ("template-large", "a.yaml", [(0, "template.too_large")]),
        ("template-bomb", "a.yaml", [(2, "pack.yaml_alias")]),
        ("template-tabs", "a.yaml", [(7, "pack.yaml_tab")]),
        ("template-circle", "a.yaml", [(4, "template.after"), (6, "template.twice")]),
        ("pdf", "a.yaml", [(0, "parcel.picture")]),
    ],
)
def test_a_file_that_is_no_template_says_what_to_do(
    sample: str, name: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(SAMPLES[sample](), name) == expected


def test_whatever_is_wrong_is_told_at_once() -> None:
    assert faults(SAMPLES["template-wrong"]()) == [
        (1, "template.bad_key"),
        (2, "template.too_much"),
        (5, "pack.not_a_choice"),
        (7, "template.out_of_range"),
        (10, "template.bad_title"),
        (13, "pack.hidden_escape"),
    ]


def test_the_largest_template_is_read_and_a_byte_more_is_not() -> None:
    most = BOOK.encode() + b"#" * (MAX_BYTES - len(BOOK.encode()))
    assert sent_template(most, "a.yaml")[0].key == "book"
    with pytest.raises(PackFaults):
        sent_template(most + b"#", "a.yaml")


def test_text_that_is_neither_is_told_what_could_be_sent() -> None:
    assert faults("读书贵恒".encode(), "a.txt") == [(0, "parcel.unknown")]
    assert faults("题目：什么".encode("utf-16"), "a.yaml") == [(1, "pack.not_utf8")]
    assert faults(b"", "a.yaml") == [(0, "exchange.empty")]


def test_what_todays_rules_cannot_read_is_no_template() -> None:
    assert kept_template(BOOK) == sent_template(BOOK.encode(), "a.yaml")[0]
    assert kept_template(BOOK.replace("preview", "dance")) is None


@pytest.mark.parametrize("title", ["''", "' '", "'\u200b\u200d'", '"\\n"', '"a\\tb"'])
def test_a_title_is_one_line_with_something_to_see(title: str) -> None:
    assert faults(BOOK.replace("每月一书", title).encode()) == [(3, "template.bad_title")]


def spec(**others: object) -> StageSpec:
    return StageSpec.model_validate({"key": "a", "kind": "notice", "title": "甲", **others})


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (spec(), "看一看就好"),
        (spec(kind="newsletter"), "看一看就好"),
        (spec(kind="preview", own_questions=0), "看一看就好"),
        (spec(kind="preview", questions=["问？"], own_questions=2), "回答 1 道思考题、想问的最多提 2 个问题"),
        (spec(kind="seminar", groups=3), "报名、到场、分 3 组讨论"),
        (spec(kind="practice"), "报名、到场"),
        (spec(kind="live"), "报名、到场、想问的最多提 3 个问题"),
        (spec(kind="live", own_questions=0, photos=1), "愿意的交一件作品，再投票"),
        (spec(kind="study", questions=["一", "二"]), "报名、到场、学完 2 个模块"),
        (spec(kind="study"), "报名、到场"),
        (spec(kind="reflection"), "写 200 字以上的心得，配 1 张以上的照片"),
        (spec(kind="reflection", photos=0), "写 200 字以上的心得"),
        (spec(kind="review"), "每人评 2 篇"),
        (spec(kind="evaluation", questions=["好吗？"]), "回答 1 个问题"),
        (spec(kind="evaluation"), "看一看就好"),
        (spec(kind="game"), "答对 10 题"),
    ],
)
def test_what_a_stage_asks_of_members_is_said_in_a_few_words(one: StageSpec, expected: str) -> None:
    assert "、".join(map(say, owed(one))) == expected


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        (When(), "第 1 天 09:00 "),
        (When(days=7), "第 8 天 09:00 "),
        (When(after="read"), "「读书」截止当天 09:00 "),
        (When(after="read", days=2, weekday=5), "「读书」截止后第 2 天起的第一个周六 09:00 "),
    ],
)
def test_a_time_is_told_from_the_first_day_or_from_an_earlier_stage(opens: When, expected: str) -> None:
    book = kept_template(BOOK)
    assert book is not None
    changed = book.model_copy(
        update={"stages": (book.stages[0], book.stages[1].model_copy(update={"opens": opens}))}
    )
    said = [say(one) for one in stage_lines(changed)]
    assert said[4] == f"　{expected}开始，当天起的第一个周六 20:00 截止"
