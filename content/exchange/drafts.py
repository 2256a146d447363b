"""Questions as they stand in somebody's file, and the one place where they are held to what a question may be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from content.exchange.plain import one_line, tidy
from content.faults import Fault, Faults, PackFaults, Place, quoted
from domain.folding import fold
from domain.group import LANGUAGES, Language
from domain.message import Line
from domain.pack import KEY, MAX_SOURCE, MAX_TITLE
from domain.question import (
    ANSWER_CHARS,
    EXPLANATION_CHARS,
    OPTION_CHARS,
    OPTIONS_MOST,
    STEM_CHARS,
    TOPIC_CHARS,
    Bank,
    Question,
    QuestionKind,
)

MAX_QUESTIONS = 20_000

Progress = Callable[[int], None]
"""Told now and then how many questions have been read."""

_KEY = re.compile(KEY)
_NO_KEY = re.compile(r"[^a-z0-9]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_KEY_CHARS = 48


class BankFaults(PackFaults):
    """Everything that is wrong with one file of questions, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        seen: dict[str, Fault] = {}
        for fault in faults:  # a topic that is too long is one fault, not one for every question below it
            seen.setdefault(repr(fault), fault)
        super().__init__(seen.values())


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as read. ``name`` is what a key can be made of where the file gives none; ``places`` are those of its fields."""

    at: Place
    kind: QuestionKind
    stem: str
    key: str = ""
    name: str = ""
    options: Sequence[str] = ()
    right: Sequence[int] = ()
    answers: Sequence[str] = ()
    explanation: str = ""
    source: str = ""
    topic: str = ""
    item: str = ""
    places: dict[str, Place] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        return self.places.get(name, self.at)


@dataclass(frozen=True, slots=True)
class Head:
    """What a file tells of the bank itself; "" where it does not."""

    id: str = ""
    title: str = ""
    language: str = ""


def make_bank(head: Head, drafts: Sequence[Draft], faults: Faults) -> Bank:
    """Raises `BankFaults` with all faults, those found before included."""
    tidied = [_tidied(draft) for draft in drafts]
    keys = _keys(tidied, faults)
    questions = [_question(draft, key, faults) for draft, key in zip(tidied, keys, strict=True)]
    if not drafts and not faults.found:
        faults.add(0, "exchange.empty")
    if faults.found:
        raise BankFaults(faults.found)
    stem = faults.file.rpartition(".")[0] or faults.file
    id = head.id if _KEY.fullmatch(head.id) else _slug(stem) or f"bank-{_digest(stem)}"
    title = one_line(head.title or stem)[:MAX_TITLE] or id
    ready = tuple(question for question in questions if question)
    return Bank(id, title, _language(head.language, ready), ready)


def _language(given: str, questions: Iterable[Question]) -> Language:
    for known in LANGUAGES:
        if given == known:
            return known
    return "zh" if any(_HAN.search(question.stem) for question in questions) else "en"


def _tidied(draft: Draft) -> Draft:
    return replace(
        draft,
        stem=tidy(draft.stem),
        options=[tidy(option) for option in draft.options],
        right=sorted(set(draft.right)),
        answers=list(dict.fromkeys(filter(None, map(one_line, draft.answers)))),
        explanation=tidy(draft.explanation),
        source=one_line(draft.source),
        topic=one_line(draft.topic),
        item=one_line(draft.item),
    )


def _keys(drafts: Sequence[Draft], faults: Faults) -> list[str]:
    """The keys written, and for the other questions one made of the name or the words, so that it stays when rows move."""
    first: dict[str, Place] = {}
    for draft in drafts:
        if draft.key and not _KEY.fullmatch(draft.key):
            faults.add(draft.place("key"), "exchange.bad_key", key=quoted(draft.key))
        elif draft.key in first:
            faults.add(draft.place("key"), "exchange.same_key", key=draft.key)
        elif draft.key:
            first[draft.key] = draft.place("key")
    taken = set(first)
    return [draft.key or _unlike(taken, _made_key(draft)) for draft in drafts]


def _made_key(draft: Draft) -> str:
    return _slug(draft.name) or f"q-{_digest(draft.kind, draft.stem, *draft.options, *draft.answers)}"


def _unlike(taken: set[str], key: str) -> str:
    unlike, count = key, 1
    while unlike in taken:
        count += 1
        unlike = f"{key[: _KEY_CHARS - 6]}-{count}"
    taken.add(unlike)
    return unlike


def _slug(text: str) -> str:
    """Nothing unless the text is in plain letters: half of a Chinese title is no name."""
    if _KEY.fullmatch(text) or not text.isascii():
        return text if text.isascii() else ""
    return _NO_KEY.sub("-", text.lower()).strip("-")[:_KEY_CHARS].rstrip("-")


def _digest(*words: str) -> str:
    return hashlib.blake2b("\n".join(words).encode(errors="replace"), digest_size=5).hexdigest()


def _question(draft: Draft, key: str, faults: Faults) -> Question | None:
    before = len(faults.found)
    _check_words(draft, faults)
    if draft.kind == "fill":
        _check_answers(draft, faults)
    else:
        _check_choice(draft, faults)
    if len(faults.found) > before or not _KEY.fullmatch(key):
        return None
    return Question(
        key=key,
        kind=draft.kind,
        stem=draft.stem,
        options=tuple(draft.options),
        right=tuple(draft.right),
        answers=tuple(draft.answers),
        explanation=draft.explanation,
        source=draft.source,
        topic=draft.topic,
        item=draft.item,
    )


def _check_words(draft: Draft, faults: Faults) -> None:
    if not draft.stem:
        faults.add(draft.place("stem"), "exchange.no_stem")
    for name, text, most in (
        ("stem", draft.stem, STEM_CHARS),
        ("explanation", draft.explanation, EXPLANATION_CHARS),
        ("source", draft.source, MAX_SOURCE),
        ("topic", draft.topic, TOPIC_CHARS),
    ):
        _check_length(name, text, most, draft.place(name), faults)
    if draft.item and not _KEY.fullmatch(draft.item):
        faults.add(draft.place("item"), "exchange.bad_item", item=quoted(draft.item))


def _check_length(name: str, text: str, most: int, at: Place, faults: Faults) -> None:
    if len(text) > most:
        faults.add(at, "exchange.too_long", field=Line(f"exchange.field_{name}"), count=len(text), most=most)


def _check_answers(draft: Draft, faults: Faults) -> None:
    if not draft.answers:
        faults.add(draft.place("answer"), "exchange.no_answer")
    for answer in draft.answers:
        if not fold(answer):
            faults.add(draft.place("answer"), "exchange.answer_marks", answer=quoted(answer))
        _check_length("answer", answer, ANSWER_CHARS, draft.place("answer"), faults)


def _check_choice(draft: Draft, faults: Faults) -> None:
    count = 2
    if draft.kind != "truefalse":
        _check_options(draft, faults)
        count = len(draft.options)
    at = draft.place("answer")
    if not draft.right:
        faults.add(at, "exchange.no_right")
    elif draft.right[-1] >= count:
        faults.add(at, "exchange.right_outside", letter=chr(ord("A") + draft.right[-1]), count=count)
    elif draft.kind == "single" and len(draft.right) > 1:
        faults.add(at, "exchange.several_right")


def _check_options(draft: Draft, faults: Faults) -> None:
    count = len(draft.options)
    if count < 2:
        faults.add(draft.at, "exchange.few_options")
    if count > OPTIONS_MOST:
        faults.add(
            draft.place(f"option {OPTIONS_MOST}"), "exchange.many_options", count=count, most=OPTIONS_MOST
        )
    first: dict[str, int] = {}
    for number, option in enumerate(draft.options):
        at = draft.place(f"option {number}")
        _check_length("option", option, OPTION_CHARS, at, faults)
        if not option:
            faults.add(at, "exchange.empty_option")
        elif option in first:
            faults.add(at, "exchange.same_option", option=quoted(option))
        first.setdefault(option, number)
