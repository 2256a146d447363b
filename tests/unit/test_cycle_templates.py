"""Cycle templates are read strictly: everything wrong with one is told at once, each fault with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.cycles import PackFaults, parse_template, read_template, shipped_templates
from content.faults import describe
from content.texts import Texts
from domain.cycle import times
from domain.template import Template

GOOD = """\
key: try
title: 试一试
stages:
  - key: publish
    kind: notice
    title: 发布
    closes: {days: 1, at: "18:00"}
  - key: talk
    kind: seminar
    title: 研讨
    opens: {after: publish, weekday: 周六, at: "14:00"}
    closes: {after: publish, weekday: sat, at: "16:00"}
    remind: false
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PackFaults) as caught:
        parse_template(text)
    for language in ("zh", "en"):
        assert len(describe(caught.value.faults, Texts.load(), language)) == len(caught.value.faults)
    return sorted((fault.line, fault.what.key) for fault in caught.value.faults)


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda t: t.key)
def test_a_shipped_template_has_times_for_every_stage(template: Template) -> None:
    found = times(template, date(2026, 3, 2), "Asia/Shanghai", lambda day: day.weekday() == 6)
    assert len(found) == len(template.stages)
    assert all(one.opens_at < one.closes_at for one in found)


def test_the_five_templates_are_there() -> None:
    assert {
        "preview-seminar",
        "practice-summary",
        "live-extension",
        "game-certification",
        "training-class",
    } <= {template.key for template in shipped_templates()}


SHIPPED = {template.key: template for template in shipped_templates()}
CHINESE = [template for template in SHIPPED.values() if template.language == "zh"]


def test_no_two_shipped_templates_share_a_key() -> None:
    keys = [template.key for template in shipped_templates()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("chinese", CHINESE, ids=lambda t: t.key)
def test_each_template_is_there_in_english_with_the_same_stages(chinese: Template) -> None:
    english = SHIPPED[f"{chinese.key}-en"]
    assert english.language == "en"
    words = {"title", "text", "questions", "materials", "rubric"}
    for one, other in zip(chinese.stages, english.stages, strict=True):
        assert one.model_dump(exclude=words) == other.model_dump(exclude=words)
        assert len(one.questions) == len(other.questions)
        assert len(one.rubric.criteria) == len(other.rubric.criteria)


@pytest.mark.parametrize("template", SHIPPED.values(), ids=lambda t: t.key)
def test_a_shipped_template_speaks_one_language(template: Template) -> None:
    rubrics = [one.rubric.model_dump() for one in template.stages if one.kind == "review"]
    said = str(template.model_dump(exclude={"stages": {"__all__": {"rubric"}}})) + str(rubrics)
    has_chinese = any("\u4e00" <= character <= "\u9fff" for character in said)
    assert has_chinese is (template.language == "zh")


def test_a_game_is_passed_with_ten_right_answers_unless_its_template_says_otherwise() -> None:
    game = GOOD.replace("kind: seminar", "kind: game")
    assert parse_template(game).stages[1].goal == 10
    assert parse_template(game.replace("remind: false", "goal: 3")).stages[1].goal == 3
    for wrong in ("0", "-1", "1001"):
        assert faults(game.replace("remind: false", f"goal: {wrong}")) == [(13, "template.out_of_range")]


def test_clock_times_and_weekdays_are_read_as_people_write_them() -> None:
    talk = parse_template(GOOD).stages[1]
    assert (talk.opens.at, talk.opens.weekday, talk.closes.weekday, talk.remind) == (14 * 60, 5, 5, False)


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = """\
key: Bad Key
titel: x
stages:
  - key: a
    kind: dance
    title: 一
    opens: {days: -1, at: "25:00", weekday: 周八}
  - key: b
    kind: notice
    title: 二
    opens: {after: c, hour: 3}
    weights: {own: 50}
    seats: many
"""
    assert faults(text) == [
        (1, "pack.field_missing"),
        (1, "template.bad_key"),
        (2, "pack.field_unknown"),
        (5, "pack.not_a_choice"),
        (7, "template.bad_clock"),
        (7, "template.bad_weekday"),
        (7, "template.out_of_range"),
        (11, "pack.field_unknown"),
        (12, "template.weights"),
        (13, "template.wrong"),
    ]


def test_a_time_told_from_a_later_stage_and_a_key_used_twice_are_found() -> None:
    text = GOOD.replace("after: publish, weekday: 周六", "after: end, weekday: 周六") + (
        "  - {key: end, kind: notice, title: 完}\n  - {key: end, kind: notice, title: 完}\n"
    )
    assert faults(text) == [(8, "template.after"), (15, "template.twice")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "pack.not_mapping")]),
        ("key: a\ntitle: x\nstages: []\n", [(3, "template.wrong")]),
        ("key: a\ntitle: x\nstages: no\n", [(3, "template.wrong")]),
        (GOOD.replace("试一试", "试" * 41), [(2, "template.too_much")]),
        (GOOD.replace("remind: false", "questions: [" + "甲, " * 12 + "乙]"), [(13, "template.too_much")]),
        (GOOD.replace("remind: false", "photos: 10"), [(13, "template.out_of_range")]),
        (GOOD.replace("days: 1", "days: 400"), [(7, "template.out_of_range")]),
        ("key: &a a\n", [(1, "pack.yaml_alias")]),
    ],
)
def test_a_fault_says_what_and_where(text: str, expected: list[tuple[int, str]]) -> None:
    assert faults(text) == expected


def test_a_file_that_is_not_there_is_a_fault_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(PackFaults):
        read_template(tmp_path / "none.yaml")


def test_a_number_of_thousands_of_digits_is_a_fault_like_others() -> None:
    endless = "9" * 5000
    text = (
        f"key: x\ntitle: 试\nstages:\n  - {{key: a, kind: notice, title: 甲, closes: {{days: {endless}}}}}\n"
    )
    with pytest.raises(PackFaults) as wrong:
        parse_template(text)
    assert [(fault.line, fault.what.key) for fault in wrong.value.faults] == [(4, "template.wrong")]


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        ("", ("Content", "Insight", "Action")),
        ("    rubric: {most: 3}\n", ("Content", "Insight", "Action")),
        ("    rubric: {criteria: [Courage]}\n", ("Courage",)),
    ],
)
def test_a_template_in_english_asks_for_marks_in_english(rubric: str, expected: tuple[str, ...]) -> None:
    text = (
        "key: ours\ntitle: Ours\nlanguage: en\nstages:\n"
        f"  - key: review\n    kind: review\n    title: Review\n    closes: {{days: 3}}\n{rubric}"
    )
    assert parse_template(text).stages[0].rubric.criteria == expected


@pytest.mark.parametrize("stages", ["some", "[some]", "[{rubric: some}]"])
def test_stages_that_are_none_are_a_fault_in_english_too(stages: str) -> None:
    with pytest.raises(PackFaults):
        parse_template(f"key: ours\ntitle: Ours\nlanguage: en\nstages: {stages}\n")
