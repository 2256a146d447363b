"""Reads a bank of questions from YAML, by itself or beside a pack, and finds everything that is wrong with it in one go.

`docs/packs.md` shows authors how questions are written.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from content.faults import Fault, Faults, PackFaults, quoted
from content.form import Form
from content.packs import read_pack
from content.questions import FIELDS as QUESTION_FIELDS
from content.questions import read_question
from content.strict_yaml import Fields, Value, read_mapping
from content.written import inside, is_file, read_text
from domain.group import LANGUAGES
from domain.pack import KEY, MAX_TITLE, Pack
from domain.question import Bank, Question

__all__ = [
    "MAX_BYTES",
    "PackFaults",
    "bank_of",
    "questions_of",
    "read_bank",
    "read_pack_bank",
    "read_pack_with_bank",
]

FILE = "questions.yaml"
FIELDS = ("id", "title", "language", "questions")
MAX_BYTES = 4 * 1024 * 1024
"""Some thirteen thousand questions, which take five seconds to read."""
_KEY = re.compile(KEY)


def read_bank(path: Path) -> Bank:
    """The bank that stands alone in that file. Raises `PackFaults` with all its faults."""
    faults = Faults(path.name)
    bank = _read_alone(path, faults)
    if bank is None or faults.found:
        raise PackFaults(faults.found)
    return bank


def read_pack_bank(folder: Path, pack: Pack) -> Bank | None:
    """The questions beside the pack, None where it has none. Raises `PackFaults` with all their faults."""
    faults = Faults(FILE)
    questions = _read_beside(folder, {item.key for item in pack.items}, faults)
    if faults.found:
        raise PackFaults(faults.found)
    return None if questions is None else Bank(pack.id, pack.title, pack.language, questions)


def read_pack_with_bank(folder: Path) -> tuple[Pack, Bank | None]:
    """The pack and its questions. Raises `PackFaults` with the faults of both at once."""
    found: list[Fault] = []
    try:
        pack = read_pack(folder)
        return pack, read_pack_bank(folder, pack)
    except PackFaults as wrong:
        found += wrong.faults
    if not any(fault.file == FILE for fault in found):  # the pack is wrong; which items it has is not known
        faults = Faults(FILE, found)
        _read_beside(folder, None, faults)
    raise PackFaults(found)


def _read_alone(path: Path, faults: Faults) -> Bank | None:
    if not is_file(path):
        faults.add(0, "bank.no_file")
        return None
    text = read_text(path, faults, MAX_BYTES, "bank.file_too_large")
    return None if text is None else bank_of(text, faults)


def bank_of(text: str, faults: Faults) -> Bank | None:
    """The bank that is written in that YAML; where faults were found, what could be read of it."""
    fields = read_mapping(text, 1, FIELDS, faults, QUESTION_FIELDS)
    if fields is None:
        return None
    form = Form(fields, 1, FIELDS, faults)
    id, title = form.text("id", 1000), form.text("title", MAX_TITLE)
    if id and not _KEY.fullmatch(id):
        faults.add(form.line("id"), "pack.bad_key", key=quoted(id))
    language = form.choice("language", LANGUAGES) or ""
    return Bank(id, title, language, questions_of(fields, (), faults))


def _read_beside(folder: Path, items: Collection[str] | None, faults: Faults) -> tuple[Question, ...] | None:
    """``items``: the keys that questions may belong to, None for any."""
    path = inside(folder, FILE)
    if path is None:
        faults.add(0, "pack.outside", path=FILE)
    if path is None or not is_file(path):
        return None
    text = read_text(path, faults, MAX_BYTES, "bank.file_too_large")
    fields = None if text is None else read_mapping(text, 1, FIELDS[-1:], faults, QUESTION_FIELDS)
    if fields is None:
        return None
    Form(fields, 1, FIELDS[-1:], faults)
    return questions_of(fields, items, faults)


def questions_of(fields: Fields, items: Collection[str] | None, faults: Faults) -> tuple[Question, ...]:
    """What stands under ``questions``. ``items``: the keys they may belong to, None for any."""
    listed = fields.get("questions", Value(1, "empty"))
    if listed.kind not in ("list", "empty"):
        faults.add(listed.line, "pack.not_list", field="questions")
    elif not listed.items:
        faults.add(listed.line, "bank.no_questions")
    lines: dict[str, int] = {}
    read = [read_question(one, items, lines, faults) for one in listed.items]
    return tuple(question for question in read if question)
