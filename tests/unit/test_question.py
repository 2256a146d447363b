"""A question that could not be answered cannot be made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.question import EXPLANATION_CHARS, OPTION_CHARS, OPTIONS_MOST, STEM_CHARS, Question

PLAIN: dict[str, dict[str, Any]] = {
    "single": {"options": ("上海", "北京"), "right": (1,)},
    "multiple": {"options": ("上海", "北京", "嘉兴"), "right": (0, 2)},
    "truefalse": {"right": (0,)},
    "fill": {"answers": ("1921",)},
}


def question(kind: str, /, **changes: Any) -> Question:
    return Question(**{"key": "q", "kind": kind, "stem": "?", **PLAIN[kind], **changes})


@pytest.mark.parametrize("kind", PLAIN)
def test_a_question_of_each_kind_comes_back_from_json(kind: str) -> None:
    made = question(kind, explanation="因为", source="张三编", topic="建党", item="one")
    assert Question.model_validate_json(made.model_dump_json(exclude_defaults=True)) == made


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("fill", {"answers": ()}),
        ("fill", {"answers": ("",)}),
        ("fill", {"options": ("a", "b")}),
        ("fill", {"right": (0,)}),
        ("truefalse", {"options": ("对", "错")}),
        ("truefalse", {"right": (2,)}),
        ("truefalse", {"right": (0, 1)}),
        ("single", {"answers": ("a",)}),
        ("single", {"options": ()}),
        ("single", {"options": ("a",), "right": (0,)}),
        ("single", {"options": ("a", "a")}),
        ("single", {"options": tuple(map(str, range(OPTIONS_MOST + 1)))}),
        ("single", {"options": ("a", "b" * (OPTION_CHARS + 1))}),
        ("single", {"right": ()}),
        ("single", {"right": (-1,)}),
        ("single", {"right": (0, 1)}),
        ("multiple", {"right": (0, 0)}),
        ("multiple", {"right": (3,)}),
        ("single", {"key": "Ü"}),
        ("single", {"stem": ""}),
        ("single", {"stem": "长" * (STEM_CHARS + 1)}),
        ("single", {"explanation": "长" * (EXPLANATION_CHARS + 1)}),
        ("single", {"kind": "essay"}),
        ("single", {"points": 5}),
    ],
)
def test_this_is_no_question(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        question(kind, **changes)
