"""Three questions after an activity: the first may be a scale, the others are answered in words. Answers are told without names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import UserError
from domain.numbered import next_open, numbered

SCALE_MOST = 5
ANSWER_CHARS = 500
LEAST_TOLD = 3
"""Answers in words are told from so many people on: of one or two, everybody would know who said what."""
_SCALE = re.compile(r"[（(]\s*1\s*[-–—~～到至]\s*5\s*[)）]\s*\Z")
_MARK = re.compile(r"\s*(?P<mark>[1-5１-５])(?:\s*分)?(?:[\s,，.。、:：;；]+|\Z)(?P<rest>.*)", re.DOTALL)
_EXPLICIT = re.compile(r"\s*(?:第|问|問|[qQ])")


@dataclass(frozen=True, slots=True)
class Told:
    """What a question was answered with, by nobody in particular."""

    question: str
    count: int
    marks: tuple[int, ...] = ()
    """Of a scale: how many gave 1, 2, … 5."""
    texts: tuple[str, ...] = ()
    """In the order of their words, which says nothing about who wrote which or when."""

    @property
    def listed(self) -> bool:
        """Whether so many answered that what they said may be told."""
        return self.count >= LEAST_TOLD

    @property
    def mean(self) -> float | None:
        total = sum(self.marks)
        return sum(mark * count for mark, count in enumerate(self.marks, 1)) / total if total else None


def is_scale(question: str) -> bool:
    """Whether it ends in （1–5）."""
    return bool(_SCALE.search(question))


def is_mark(text: str) -> bool:
    """Whether it is a 1–5 and nothing else."""
    return _bare_mark(text) is not None


def read(text: str, questions: Sequence[str], given: Iterable[int]) -> dict[int, str]:
    """Question's number (from 1) → what is said to it.

    A bare 1–5 marks the scale; while the scale is open, what follows the mark answers the second question. 「第2题 …」, and
    「2 …」 once the scale is marked, name their question; anything else answers the first one that is open.
    Raises UserError for what answers nothing.
    """
    said = set(given)
    scale = bool(questions) and is_scale(questions[0])
    found = _MARK.match(text)
    if scale and found and (1 not in said or not found["rest"].strip()):
        mark = unicodedata.normalize("NFKC", found["mark"])
        rest = found["rest"].strip()
        return {1: mark, **(_answer(2, rest, questions) if rest else {})}
    number, body = numbered(_EXPLICIT.sub("第", text, count=1) if _EXPLICIT.match(text) else text)
    if number is None or not body:
        number, body = next_open(len(questions), said), text.strip()
    if number is None:
        raise UserError("survey.which", count=len(questions))
    return _answer(number, body, questions)


def _answer(number: int, body: str, questions: Sequence[str]) -> dict[int, str]:
    if not 1 <= number <= len(questions):
        raise UserError("survey.unknown", number=number, count=len(questions))
    if is_scale(questions[number - 1]):
        mark = _bare_mark(body)
        if mark is None:
            raise UserError("survey.mark_needed", most=SCALE_MOST)
        return {number: mark}
    if len(body) > ANSWER_CHARS:
        raise UserError("survey.too_long", most=ANSWER_CHARS, length=len(body))
    return {number: body}


def _bare_mark(text: str) -> str | None:
    found = _MARK.fullmatch(text)
    return None if found is None or found["rest"] else unicodedata.normalize("NFKC", found["mark"])


def told(questions: Sequence[str], answers: Iterable[Mapping[int, str]]) -> tuple[Told, ...]:
    """``answers``: one mapping a person."""
    people = list(answers)
    return tuple(
        _told(question, [one[number] for one in people if one.get(number)])
        for number, question in enumerate(questions, 1)
    )


def _told(question: str, said: list[str]) -> Told:
    if is_scale(question):
        return Told(question, len(said), tuple(said.count(str(mark)) for mark in range(1, SCALE_MOST + 1)))
    return Told(question, len(said), texts=tuple(sorted(said)) if len(said) >= LEAST_TOLD else ())
