"""What a template's new version changes is told stage by stage, by the stages' keys."""

from __future__ import annotations

from typing import Any

from domain.template import StageSpec, Template, When
from domain.template_change import Change, change

NOTHING = Change((), (), (), (), False)


def stage(key: str, **others: Any) -> StageSpec:
    return StageSpec(**{"key": key, "kind": "notice", "title": key.upper(), **others})


def template(*stages: StageSpec, title: str = "x", about: str = "") -> Template:
    return Template(key="t", title=title, about=about, stages=stages)


A, B, C = stage("a"), stage("b"), stage("c")


def test_the_same_template_changes_nothing() -> None:
    assert change(template(A, B), template(A, B)) == NOTHING


def test_stages_that_come_and_go_are_told_by_their_titles() -> None:
    assert change(template(A, B), template(B, C)) == Change(("C",), ("A",), (), (), False)
    assert change(template(A), template(stage("b", title="A"))) == Change(("A",), ("A",), (), (), False)


def test_other_times_are_told_apart_from_other_words() -> None:
    later = stage("a", closes=When(days=3), text="也改了")
    asked = stage("b", questions=("问？",))
    assert change(template(A, B), template(later, asked)) == Change((), (), ("A",), ("B",), False)
    assert change(template(A), template(stage("a", title="新"))).reworded == ("新",)


def test_another_order_of_the_same_stages_is_a_move() -> None:
    assert change(template(A, B, C), template(B, A, C)).moved == ("B", "A")
    assert change(template(A, B, C), template(A, C)) == Change((), ("B",), (), (), False)


def test_a_new_title_or_description_is_told() -> None:
    assert change(template(A), template(A, title="y")).cover
    assert change(template(A), template(A, about="y")).cover
