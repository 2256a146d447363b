"""Reads one question as an author writes it: the right options by their letters, true and false in many words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from content.faults import Faults, quoted
from content.form import Form
from content.strict_yaml import Value
from domain.grading import LETTERS, fold, read_places
from domain.pack import KEY, MAX_SOURCE
from domain.question import (
    ANSWER_CHARS,
    EXPLANATION_CHARS,
    KINDS,
    OPTION_CHARS,
    OPTIONS_MOST,
    STEM_CHARS,
    TOPIC_CHARS,
    Question,
    QuestionKind,
)

FIELDS = ("key", "kind", "stem", "options", "right", "answers", "explanation", "source", "topic", "item")
KIND_WORDS: dict[str, QuestionKind] = {
    **{kind: kind for kind in KINDS},
    "单选": "single",
    "多选": "multiple",
    "判断": "truefalse",
    "填空": "fill",
}
_KEY = re.compile(KEY)
_OF_KIND: dict[QuestionKind, tuple[str, ...]] = {
    "single": ("options", "right"),
    "multiple": ("options", "right"),
    "truefalse": ("right",),
    "fill": ("answers",),
}


def read_question(
    value: Value, items: Collection[str] | None, lines: dict[str, int], faults: Faults
) -> Question | None:
    """The question, or None when a fault was found in it.

    ``items``: the keys it may belong to, None for any. ``lines``: where each key was met, added to.
    """
    if value.kind != "mapping":
        faults.add(value.line, "bank.not_question")
        return None
    before = len(faults.found)
    form = Form(value.fields, value.line, FIELDS, faults)
    common = {"key": _key(value, form, lines, faults), "item": _item(form, items, faults), **_texts(form)}
    kind = KIND_WORDS.get(form.choice("kind", tuple(KIND_WORDS)) or "")
    if kind is None:
        return None
    common |= _answerable(value, kind, form, faults)
    return Question(kind=kind, **common) if len(faults.found) == before else None


def _key(value: Value, form: Form, lines: dict[str, int], faults: Faults) -> str:
    [(at, key)] = _words(value, "key", faults)[:1] or [(value.line, "")]
    if key and not _KEY.fullmatch(key):
        faults.add(at, "pack.bad_key", key=quoted(key))
    elif key in lines:
        faults.add(at, "bank.duplicate_key", key=key, first=lines[key])
    elif key:
        lines[key] = at
    return key


def _item(form: Form, items: Collection[str] | None, faults: Faults) -> str:
    item = form.text("item", 1000) if form.has("item") else ""
    if item and items is not None and item not in items:
        faults.add(form.line("item"), "bank.item_unknown", item=quoted(item))
    return item


def _texts(form: Form) -> dict[str, Any]:
    return {
        "stem": form.text("stem", STEM_CHARS),
        "explanation": form.text("explanation", EXPLANATION_CHARS, required=False),
        "source": form.text("source", MAX_SOURCE, required=False),
        "topic": form.text("topic", TOPIC_CHARS, required=False),
    }


def _answerable(value: Value, kind: QuestionKind, form: Form, faults: Faults) -> dict[str, Any]:
    """What makes the question one of its kind: options and which of them are right, or answers."""
    for name in ("options", "right", "answers"):
        if form.has(name) and name not in _OF_KIND[kind]:
            faults.add(form.line(name), "bank.unneeded", field=name, kind=kind)
    if kind == "fill":
        return {"answers": _answers(value, faults)}
    options = _options(value, faults) if kind != "truefalse" else ()
    return {"options": options, "right": _right(value, kind, options, faults)}


def _answers(value: Value, faults: Faults) -> tuple[str, ...]:
    answers = _words(value, "answers", faults, ANSWER_CHARS)
    for at, answer in answers:
        if not fold(answer):
            faults.add(at, "bank.answer_empty", answer=quoted(answer))
    return tuple(answer for _, answer in answers)


def _options(value: Value, faults: Faults) -> tuple[str, ...]:
    options = _words(value, "options", faults, OPTION_CHARS)
    at = value.fields["options"].line if "options" in value.fields else value.line
    if not 2 <= len(options) <= OPTIONS_MOST and "options" in value.fields:
        faults.add(at, "bank.options_count", count=len(options), most=OPTIONS_MOST)
    met: dict[str, str] = {}
    for (at, option), letter in zip(options, LETTERS, strict=False):
        first = met.setdefault(unicodedata.normalize("NFKC", option), letter)
        if first != letter:
            faults.add(at, "bank.options_alike", first=first, second=letter, option=quoted(option))
    return tuple(option for _, option in options)


def _right(value: Value, kind: QuestionKind, options: tuple[str, ...], faults: Faults) -> tuple[int, ...]:
    right: set[int] = set()
    for at, text in _words(value, "right", faults):
        places = read_places(text, kind, options)
        if places is None and (options or kind == "truefalse"):
            key = "bank.right_neither" if kind == "truefalse" else "bank.right_unknown"
            faults.add(at, key, right=quoted(text), **_range(options))
        right.update(places or ())
    if len(right) > 1 and kind != "multiple":
        faults.add(value.fields["right"].line, "bank.right_many", kind=kind)
    return tuple(sorted(right))


def _range(options: tuple[str, ...]) -> dict[str, str]:
    return {"last": LETTERS[min(len(options), OPTIONS_MOST) - 1]} if options else {}


def _words(value: Value, name: str, faults: Faults, longest: int = 1000) -> list[tuple[int, str]]:
    """(line, text) of one text or of a list of them, as they stand in the file: 1921 and yes are texts here."""
    field = value.fields.get(name)
    if field is None:
        faults.add(value.line, "pack.field_missing", field=name)
        return []
    if field.kind == "list" and not field.items:
        faults.add(field.line, "pack.field_empty", field=name)
    entries = field.items if field.kind == "list" else (field,)
    words = [(entry.line, _word(entry, name, longest, faults)) for entry in entries]
    return [(at, word) for at, word in words if word]


def _word(entry: Value, name: str, longest: int, faults: Faults) -> str:
    word = " ".join(entry.text.split())
    if entry.kind in ("list", "mapping"):
        faults.add(entry.line, "pack.not_text", field=name)
    elif entry.kind == "empty" or not word:
        faults.add(entry.line, "pack.field_empty", field=name)
    elif len(word) > longest:
        faults.add(entry.line, "pack.too_long", field=name, count=len(word), most=longest)
    else:
        return word
    return ""
