"""Writes a bank as GIFT, the way `content.exchange.gift` reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.exchange.labels import write_category, write_labels
from content.exchange.plain import one_line, tidy
from domain.question import Bank, Question

_SPECIAL = re.compile(r"([\\~=#{}:])")
_LOOKS_FORMATTED = re.compile(r"\[(?:html|moodle|plain|markdown)\]")


def write_gift(bank: Bank) -> bytes:
    return "\n".join(_lines(bank)).encode()


def _lines(bank: Bank) -> Iterator[str]:
    yield "// " + write_labels(bank=bank.id, title=one_line(bank.title), language=bank.language)
    yield ""
    topic = ""
    for question in bank.questions:
        if question.topic != topic:
            topic = question.topic
            yield from (f"$CATEGORY: {write_category(one_line(topic))}", "")
        yield from _question(question)
        yield ""


def _question(question: Question) -> Iterator[str]:
    if labels := write_labels(item=question.item, source=one_line(question.source)):
        yield f"// {labels}"
    yield f"::{question.key}::{_escaped(question.stem)} {{"
    yield from _answers(question)
    if question.explanation:
        yield f"####{_escaped(question.explanation)}"
    yield "}"


def _answers(question: Question) -> Iterator[str]:
    match question.kind:
        case "truefalse":
            yield "FALSE" if question.right == (1,) else "TRUE"
        case "fill":  # with a weight, an arrow is no pair to be matched and a percent sign no weight
            for answer in question.answers:
                yield f"={'%100%' if '->' in answer or answer.startswith('%') else ''}{_escaped(answer)}"
        case _:
            for place, option in enumerate(question.options):
                yield _mark(question, place, option) + _escaped(option)


def _mark(question: Question, place: int, option: str) -> str:
    """The right ones of several share a hundred percent; a wrong one then takes all of it away, as is usual in Moodle."""
    if question.kind == "multiple":
        share = f"{100 / len(question.right):.5f}".rstrip("0").rstrip(".")
        return f"~%{share}%" if place in question.right else "~%-100%"
    if place in question.right:
        return "="
    return "~%0%" if option.startswith("%") else "~"


def _escaped(text: str) -> str:
    """What begins like the name of a format is told to be plain."""
    text = tidy(text)
    plain = "[plain]" if _LOOKS_FORMATTED.match(text) else ""
    return plain + _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")
