"""Whether an answer is right, and what people mean by what they type as one.

A fill-in is never right by being nearly right: what is close goes to the secretary, and where numbers or dates are
involved only the same number will do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from domain.folding import fold, has_number
from domain.question import ANSWER_CHARS, OPTIONS_MOST, Question, QuestionKind

__all__ = ["LETTERS", "Verdict", "fold", "grade", "read_choice", "read_places"]

Verdict = Literal["right", "wrong", "doubtful"]
LETTERS = "ABCDEFGHIJKL"
SLIP = 4
"""One character in so many may be a slip of the hand."""

_TRUE = frozenset(
    (
        "对",
        "√",
        "✓",
        "✔",
        "✅",
        "☑",
        "⭕",
        "是",
        "真",
        "对的",
        "是的",
        "正确",
        "t",
        "true",
        "y",
        "yes",
        "right",
    )
)
_FALSE = frozenset(
    (
        "错",
        "×",
        "x",
        "✗",
        "✘",
        "❌",
        "✖",
        "否",
        "假",
        "错的",
        "不对",
        "不是",
        "错误",
        "不正确",
        "f",
        "false",
        "n",
        "no",
        "wrong",
    )
)
_PARTS = re.compile(r"[\s,，、;；/&+和与及]+")
_JOINTS = re.compile(r"[\W_]+")
_ORDINAL = re.compile("第?([1-9][0-9]?)[个项]?")
_AROUND = " \t\n.。!！,，;；:：()（）[]【】\"'“”‘’"
_YEAR = re.compile("([0-9]{4})年")

Accepted = Mapping[str, bool]
"""Folded answers that the group's secretary decided on: whether each is right."""


def grade(question: Question, given: Sequence[int] | str, accepted: Accepted) -> Verdict:
    """``given``: the places chosen, in any order, or the text filled in."""
    if isinstance(given, str):
        return _grade_text(question.answers, fold(given), accepted)
    return "right" if set(given) == set(question.right) else "wrong"


def _grade_text(answers: Collection[str], given: str, accepted: Accepted) -> Verdict:
    if given in accepted:
        return "right" if accepted[given] else "wrong"
    if not given or len(given) > ANSWER_CHARS:
        return "wrong"
    folded = [fold(answer) for answer in answers]
    if any(_year(given) == _year(answer) for answer in folded):
        return "right"
    return "doubtful" if any(_close(given, answer) for answer in folded) else "wrong"


def _year(folded: str) -> str:
    """A year, with or without the word for it."""
    found = _YEAR.fullmatch(folded)
    return found[1] if found else folded


def _close(given: str, answer: str) -> bool:
    if has_number(given) or has_number(answer):
        return False
    shorter, longer = sorted((given, answer), key=len)
    if len(shorter) > 1 and shorter in longer:
        return True
    slips = len(longer) // SLIP
    return len(longer) - len(shorter) <= slips and _distance(shorter, longer) <= slips


def _distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or changed to make one text the other."""
    row = list(range(len(other) + 1))
    for i, c in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, d in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (c != d))
    return row[-1]


def read_choice(text: str, question: Question) -> tuple[int, ...] | None:
    """The places somebody chose, in order; None where the text is no answer to that question."""
    places = read_places(text, question.kind, question.options)
    return None if places and len(places) > 1 and question.kind != "multiple" else places


def read_places(text: str, kind: QuestionKind, options: Sequence[str]) -> tuple[int, ...] | None:
    """Letters (``B``, ``AC``, ``A、C``), the numbers or the words of options, or for true and false one of many words."""
    if kind == "fill":
        return None
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\ufe0f", "").strip(_AROUND)
    if kind == "truefalse":
        return _truth(plain) or _letters(plain, 2) or _ordinal(plain, 2)
    whole = _one(plain, options)
    return whole if whole is not None else _several([part for part in _PARTS.split(plain) if part], options)


def _truth(plain: str) -> tuple[int, ...] | None:
    word = fold(plain) or plain
    return (0,) if word in _TRUE else (1,) if word in _FALSE else None


def _one(plain: str, options: Sequence[str]) -> tuple[int, ...] | None:
    """Letters mean places whatever the options say; a number means a place unless it is what an option says."""
    return _letters(plain, len(options)) or _words(plain, options) or _ordinal(plain, len(options))


def _several(parts: Sequence[str], options: Sequence[str]) -> tuple[int, ...] | None:
    """What the parts mean together, such as ``B、上海``; None where one of them means nothing."""
    if not 2 <= len(parts) <= 2 * OPTIONS_MOST:
        return None
    read = [_one(part.strip(_AROUND), options) for part in parts]
    known = [places for places in read if places]
    return tuple(sorted({place for places in known for place in places})) if len(known) == len(read) else None


def _letters(plain: str, count: int) -> tuple[int, ...] | None:
    places = {LETTERS.find(letter) for letter in _JOINTS.sub("", plain).upper()}
    return tuple(sorted(places)) if places and min(places) >= 0 and max(places) < count else None


def _words(plain: str, options: Sequence[str]) -> tuple[int, ...] | None:
    folded = fold(plain)
    found = [place for place, option in enumerate(options) if fold(option) == folded]
    return (found[0],) if folded and len(found) == 1 else None


def _ordinal(plain: str, count: int) -> tuple[int, ...] | None:
    found = _ORDINAL.fullmatch(fold(plain))
    return (int(found[1]) - 1,) if found and int(found[1]) <= count else None
