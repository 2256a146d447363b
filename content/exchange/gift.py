"""Reads GIFT, Moodle's way of writing questions by hand (https://docs.moodle.org/en/GIFT_format).

The title is the question's key, ``$CATEGORY`` its topic, the general feedback (``####``) its explanation; item and source
stand in a comment above the question as ``[item:…] [source:…]``. The feedback of single options has no place here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.exchange.drafts import MAX_QUESTIONS, Draft, Head, Progress
from content.exchange.labels import read_category, read_labels
from content.exchange.plain import from_html
from content.faults import Faults, Place, quoted
from domain.message import Line
from domain.pack import KEY

BLANK = "____"
"""Where the answer was missing in the middle of a sentence."""
_CATEGORY = "$CATEGORY:"

# Escaped characters are put aside as control characters, which `decode` has taken out of every text before.
_MARKS = "\\~=#{}:n"
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_RESTORED = {place + 1: "\n" if mark == "n" else mark for place, mark in enumerate(_MARKS)}

_TITLE = re.compile(r"\s*::((?:[^:]|:(?!:))*)::")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#.*)?", re.DOTALL | re.IGNORECASE)
_PART = re.compile(r"([~=])([^~=]*)")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,9})?)%")
_FULL = 100.0
_EXACT = re.compile(r"(-?\d{1,40}(?:\.\d{1,40})?)(?::0{1,9}(?:\.0{1,9})?)?")
_WRAPPED = re.compile(r"[ \t]*\n\s*")
_KEY = re.compile(KEY)


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one question, comments left empty so that they still count."""

    at: int
    text: str
    labels: dict[str, str]
    topic: str
    topic_at: int


@dataclass(frozen=True, slots=True)
class _Part:
    """An answer in braces: its mark ``=`` or ``~``, its weight in percent where one is written."""

    mark: str
    weight: float | None
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands in the braces, from ``begun`` of the block on, without the general feedback."""

    block: _Block
    text: str
    begun: int
    format: str

    def parts(self) -> Iterator[_Part]:
        """In choices only ``~`` bears a weight, so that "=50% off" may be an answer."""
        weighed = "~" if "~" in self.text else "="
        at, counted = self.block.at, 0
        for found in _PART.finditer(self.text):
            at += self.block.text.count("\n", counted, self.begun + found.start())
            counted = self.begun + found.start()
            weight = _WEIGHT.match(found[2]) if found[1] == weighed else None
            words = found[2][weight.end() :] if weight else found[2]
            text = _plain(words.partition("#")[0], self.format)
            yield _Part(found[1], float(weight[1]) if weight else None, text, at)


def read_gift(text: str, faults: Faults, progress: Progress) -> tuple[Head, list[Draft]]:
    drafts: list[Draft] = []
    head = Head()
    for count, block in enumerate(_blocks(text), 1):
        if "bank" in block.labels:
            head = Head(block.labels["bank"], block.labels.get("title", ""), block.labels.get("language", ""))
        if count > MAX_QUESTIONS:
            faults.add(block.at, "exchange.too_many", most=MAX_QUESTIONS)
            break
        if block.text.strip() and (draft := _draft(block, faults)):
            drafts.append(draft)
        progress(len(drafts))
    return head, drafts


def _blocks(text: str) -> Iterator[_Block]:
    """What stands between empty lines, each under the category named before it."""
    topic, topic_at = "", 0
    lines: list[str] = []
    for at, line in enumerate((*text.split("\n"), ""), 1):
        said = line.strip()
        if said and not said.startswith(_CATEGORY):
            lines.append(said)
            continue
        if lines:
            yield _block(at - len(lines), lines, topic, topic_at)
            lines = []
        if said:
            topic, topic_at = read_category(said.removeprefix(_CATEGORY)), at


def _block(at: int, lines: list[str], topic: str, topic_at: int) -> _Block:
    labels = read_labels(" ".join(line for line in lines if line.startswith("//")))
    lines = ["" if line.startswith("//") else line for line in lines]
    comments = next((number for number, line in enumerate(lines) if line), 0)
    hidden = _ESCAPED.sub(lambda escaped: chr(_MARKS.index(escaped[1]) + 1), "\n".join(lines[comments:]))
    return _Block(at + comments, hidden, labels, topic, topic_at)


def _draft(block: _Block, faults: Faults) -> Draft | None:
    titled = _TITLE.match(block.text)
    begun = titled.end() if titled else 0
    opened, closed = block.text.find("{", begun), block.text.find("}", begun)
    if opened < 0 and closed < 0:
        faults.add(block.at, "exchange.gift_no_braces", stem=quoted(_plain(block.text[begun:])))
        return None
    if (
        opened < 0
        or closed < opened
        or re.search("[{}]", block.text[closed + 1 :] + block.text[opened + 1 : closed])
    ):
        faults.add(block.at, "exchange.gift_braces")
        return None
    tail = block.text[closed + 1 :]
    stem = block.text[begun:opened] + (BLANK + tail if tail.strip() else "")
    body, separator, explanation = block.text[opened + 1 : closed].rpartition("####")
    if not separator:
        body, explanation = explanation, ""
    common = _common(block, _plain(titled[1]) if titled else "", stem, explanation)
    return _answered(common, _Body(block, body, opened + 1, _format(stem)), faults)


def _common(block: _Block, title: str, stem: str, explanation: str) -> Draft:
    labels, format = block.labels, _format(stem)
    return Draft(
        block.at,
        "fill",
        _plain(stem),
        key=title if _KEY.fullmatch(title) else "",
        name=labels.get("id", "") or title,
        explanation=_plain(explanation, format),
        source=labels.get("source", ""),
        topic=block.topic,
        item=labels.get("item", ""),
        places={"topic": block.topic_at},
    )


def _answered(common: Draft, body: _Body, faults: Faults) -> Draft | None:
    """The draft with its kind and answers, by the rules in which Moodle tells the kinds apart."""
    said, parts = body.text.strip(), list(body.parts())
    if said.startswith("#") and (exact := _exact(said)):
        return replace(common, answers=exact)
    if not said or said.startswith("#"):
        _refuse(common, "exchange.type_numerical" if said else "exchange.type_essay", faults)
        return None
    if truth := _TRUTH.fullmatch(said):
        return replace(common, kind="truefalse", right=[0 if truth[1][0] in "Tt" else 1])
    if said[0] not in "~=":
        faults.add(common.at, "exchange.gift_marks", body=quoted(_plain(said)))
        return None
    if "~" in body.text:
        return _choice(common, parts)
    if all(part.weight is None and "->" in part.text for part in parts):
        _refuse(common, "exchange.type_matching", faults)
        return None
    right = [part.text for part in parts if part.weight is None or part.weight >= _FULL]
    return replace(common, answers=right, places={**common.places, "answer": parts[0].at})


def _exact(said: str) -> list[str]:
    """The numbers that are wholly right, such as 1822 in ``#1822``; none where one of them may be missed by a little."""
    rest = said[1:].partition("~")[0]
    exact: list[str] = []
    for part in rest.split("=")[1:] if "=" in rest else [rest]:
        weight = _WEIGHT.match(part)
        if weight and float(weight[1]) < _FULL:
            continue
        found = _EXACT.fullmatch((part[weight.end() :] if weight else part).partition("#")[0].strip())
        if found is None:
            return []
        exact.append(found[1])
    return exact


def _choice(common: Draft, parts: list[_Part]) -> Draft:
    right = [number for number, part in enumerate(parts) if part.mark == "="]
    weighed = [number for number, part in enumerate(parts) if (part.weight or 0) > 0]
    places: dict[str, Place] = {f"option {number}": part.at for number, part in enumerate(parts)}
    return replace(
        common,
        kind="single" if len(right) == 1 else "multiple",
        options=[part.text for part in parts],
        right=right or weighed,
        places={**common.places, **places},
    )


def _refuse(common: Draft, kind: str, faults: Faults) -> None:
    faults.add(common.at, "exchange.unsupported", kind=Line(kind), stem=quoted(common.stem))


def _format(text: str) -> str:
    given = _FORMAT.match(text)
    return given[1] if given else ""


def _plain(text: str, inherited: str = "") -> str:
    format = _format(text) or inherited
    if given := _FORMAT.match(text):
        text = text[given.end() :]
    text = _WRAPPED.sub("\n", text.strip()).translate(_RESTORED)
    return from_html(text) if format == "html" else text
