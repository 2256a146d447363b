"""Reads Aiken, the plainest of all: a question, its options ``A)`` to ``L)``, and ``ANSWER: B``.

https://docs.moodle.org/en/Aiken_format. Chinese punctuation, 答案 and several letters are understood as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from content.exchange.drafts import MAX_QUESTIONS, Draft, Head, Progress
from content.faults import Faults, Place, quoted
from domain.question import QuestionKind

_OPTION = re.compile(r"([A-Z])\s*[).．。、）:：](.*)")
_ANSWER = re.compile(r"(?:ANSWER|答案)\s*[:：](.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z](?:[\s,，、;；]*[A-Z])*")


@dataclass(slots=True)
class _Open:
    """A question whose answer has not come yet."""

    at: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


def looks_like_aiken(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n", 2000)[:2000]]
    return any(map(_ANSWER.match, lines)) and any(map(_OPTION.match, lines))


def read_aiken(text: str, faults: Faults, progress: Progress) -> tuple[Head, list[Draft]]:
    drafts: list[Draft] = []
    open = _Open()
    for at, line in enumerate(map(str.strip, text.split("\n")), 1):
        if len(drafts) >= MAX_QUESTIONS and line:
            faults.add(at, "exchange.too_many", most=MAX_QUESTIONS)
            break
        if answer := _ANSWER.match(line):
            drafts += _closed(open, answer[1].strip().upper(), at, faults)
            open = _Open()
            progress(len(drafts))
        elif option := _OPTION.match(line):
            _add_option(open, option[1], option[2].strip(), at, faults)
        elif line:
            open = _with_stem(open, line, at, faults)
    if open.stem or open.options:
        faults.add(open.at, "exchange.aiken_unanswered", stem=quoted(" ".join(open.stem)))
    return Head(), drafts


def _add_option(open: _Open, letter: str, text: str, at: int, faults: Faults) -> None:
    expected = chr(ord("A") + len(open.options))
    if letter != expected:
        faults.add(at, "exchange.aiken_letter", letter=letter, expected=expected)
    open.at = open.at or at
    open.places[f"option {len(open.options)}"] = at
    open.options.append(text)


def _with_stem(open: _Open, line: str, at: int, faults: Faults) -> _Open:
    """Words after the options begin the next question: the answer of this one is missing."""
    if open.options:
        faults.add(open.at, "exchange.aiken_unanswered", stem=quoted(" ".join(open.stem)))
        open = _Open()
    open.at = open.at or at
    open.stem.append(line)
    return open


def _closed(open: _Open, answer: str, at: int, faults: Faults) -> list[Draft]:
    if not open.stem and not open.options:
        faults.add(at, "exchange.aiken_answer_alone")
        return []
    letters = [letter for letter in answer if "A" <= letter <= "Z"]
    if not _LETTERS.fullmatch(answer) or len(set(letters)) < len(
        letters
    ):  # a word that is no list of letters
        faults.add(at, "exchange.answer_letters", answer=quoted(answer))
        return []
    right = sorted(ord(letter) - ord("A") for letter in letters)
    places = {**open.places, "answer": at}
    kind: QuestionKind = "single" if len(right) == 1 else "multiple"
    return [Draft(open.at, kind, "\n".join(open.stem), options=open.options, right=right, places=places)]
