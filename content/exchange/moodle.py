"""Reads Moodle XML (https://docs.moodle.org/en/Moodle_XML_format).

The ID number is the question's key, the category its topic, the general feedback its explanation; item and source are tags
``[item:…]`` and ``[source:…]``. HTML becomes plain text; a question that shows a picture is refused, for without it makes no sense.
"""

from __future__ import annotations

import re
from dataclasses import replace

from content.exchange.drafts import MAX_QUESTIONS, Draft, Head, Progress
from content.exchange.labels import read_category, read_labels
from content.exchange.moodle_tree import Node, Refused, read_questions
from content.exchange.plain import has_picture
from content.faults import Faults, Place, quoted
from domain.message import Line, Param
from domain.pack import KEY

_KNOWN = ("description", "essay", "matching", "numerical", "cloze")
"""Types that have a name of their own in the texts; plug-ins add many more."""
_FRACTION = re.compile(r"\s*(-?\d{1,3}(?:\.\d{0,20})?)\s*")
_FULL = 99.99
_KEY = re.compile(KEY)


def read_moodle(text: str, faults: Faults, progress: Progress) -> tuple[Head, list[Draft]]:
    reader = _Reader(faults, progress)
    read_questions(text, reader.take, faults)
    return reader.head, reader.drafts


class _Reader:
    """Remembers the category, which holds for all questions after it."""

    def __init__(self, faults: Faults, progress: Progress) -> None:
        self._faults = faults
        self._progress = progress
        self._topic, self._topic_at = "", 0
        self.head = Head()
        self.drafts: list[Draft] = []

    def take(self, node: Node) -> None:
        if node.attributes.get("type") == "category":
            self._category(node)
        elif len(self.drafts) >= MAX_QUESTIONS:
            raise Refused(node.line, "exchange.too_many", most=MAX_QUESTIONS)
        elif draft := _draft(node, self._common(node), self._faults):
            self.drafts.append(draft)
            self._progress(len(self.drafts))

    def _category(self, node: Node) -> None:
        self._topic, self._topic_at = read_category(node.one("category").raw()), node.line
        labels = read_labels(node.one("info").raw())
        if "bank" in labels:
            self.head = Head(labels["bank"], labels.get("title", ""), labels.get("language", ""))

    def _common(self, node: Node) -> Draft:
        labels = read_labels(" ".join(tag.raw() for tag in node.one("tags").all("tag")))
        number = node.one("idnumber").raw().strip()
        stem, explanation = node.one("questiontext"), node.one("generalfeedback")
        return Draft(
            node.line,
            "fill",
            stem.words(),
            key=number if _KEY.fullmatch(number) else "",
            name=number or node.one("name").raw().strip(),
            explanation=explanation.words(),
            source=labels.get("source", ""),
            topic=self._topic,
            item=labels.get("item", ""),
            places={"stem": stem.line, "explanation": explanation.line, "topic": self._topic_at},
        )


def _draft(node: Node, common: Draft, faults: Faults) -> Draft | None:
    answers, type = node.all("answer"), node.attributes.get("type", "")
    if any(has_picture(part.raw()) for part in (node.one("questiontext"), *answers)):
        faults.add(node.line, "exchange.picture", stem=quoted(common.stem))
    match type:
        case "multichoice":
            return _choice(node, common, answers)
        case "truefalse":
            right = [_truth(answer) for answer in answers if _fraction(answer) >= _FULL]
            return replace(common, kind="truefalse", right=[place for place in right if place is not None])
        case "shortanswer":
            full = [_answer(answer) for answer in answers if _fraction(answer) >= _FULL]
            return replace(common, answers=full)
        case "numerical" if exact := _exact(node, answers):
            return replace(common, answers=exact)
    kind: Param = Line(f"exchange.type_{type}") if type in _KNOWN else quoted(type)
    faults.add(node.line, "exchange.unsupported", kind=kind, stem=quoted(common.stem))
    return None


def _choice(node: Node, common: Draft, answers: list[Node]) -> Draft:
    """Where only one may be chosen, an answer that earns a part of the points is not right."""
    single = node.one("single").raw().strip().lower() in ("true", "1")
    least = _FULL if single else 0.000_01
    right = [number for number, answer in enumerate(answers) if _fraction(answer) >= least]
    places: dict[str, Place] = {f"option {number}": answer.line for number, answer in enumerate(answers)}
    return replace(
        common,
        kind="multiple" if not single or len(right) > 1 else "single",
        options=[answer.words() for answer in answers],
        right=right,
        places={**common.places, **places},
    )


def _exact(node: Node, answers: list[Node]) -> list[str]:
    """The numbers that are wholly right; none where one may be missed by a little, or has a unit."""
    full = [answer for answer in answers if _fraction(answer) >= _FULL]
    missed = any(answer.one("tolerance").raw().strip().rstrip(".0") for answer in full)
    return [] if missed or node.one("units").children else [_answer(answer) for answer in full]


def _fraction(answer: Node) -> float:
    given = _FRACTION.fullmatch(answer.attributes.get("fraction", "0"))
    return float(given[1]) if given else 0.0


def _truth(answer: Node) -> int | None:
    return {"true": 0, "false": 1}.get(answer.raw().strip().lower())


def _answer(answer: Node) -> str:
    """A short answer is what people type, so it has no markup unless it says so."""
    return answer.words() if answer.attributes.get("format") == "html" else answer.raw()
