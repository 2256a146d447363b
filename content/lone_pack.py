"""Reads a study pack that is one YAML file: the items stand in it, each with its text under ``body``."""

from __future__ import annotations

from content.banks import questions_of
from content.faults import Faults, PackFaults, quoted
from content.form import Form, word
from content.items import FIELDS as ITEM_FIELDS
from content.items import fill, read_body
from content.packs import FIELDS as COVER_FIELDS
from content.packs import KEY_FORM, read_cover
from content.questions import FIELDS as QUESTION_FIELDS
from content.strict_yaml import Value, read_mapping
from domain.pack import Item, Pack
from domain.question import Bank

FIELDS = (*COVER_FIELDS, "questions")
_OF_AN_ITEM = ("key", *ITEM_FIELDS, "body")


def read_lone_pack(text: str, name: str) -> tuple[Pack, Bank | None]:
    """The pack and its questions. Raises `PackFaults` with all its faults."""
    faults = Faults(name)
    found = _read(text, faults)
    if found is None or faults.found:
        raise PackFaults(faults.found)
    return found


def _read(text: str, faults: Faults) -> tuple[Pack, Bank | None] | None:
    inner = tuple(dict.fromkeys((*_OF_AN_ITEM, *QUESTION_FIELDS)))
    fields = read_mapping(text, 1, FIELDS, faults, inner)
    if fields is None:
        return None
    cover = read_cover(Form(fields, 1, FIELDS, faults), faults)
    items = _items(fields.get("items", Value(1, "empty")), cover.language, faults)
    pack = Pack(cover.id, cover.title, cover.language, cover.description, items)
    if "questions" not in fields:
        return pack, None
    questions = questions_of(fields, {item.key for item in items} or None, faults)
    return pack, Bank(pack.id, pack.title, pack.language, questions)


def _items(listed: Value, language: str, faults: Faults) -> tuple[Item, ...]:
    if listed.kind not in ("list", "empty"):
        faults.add(listed.line, "pack.not_list", field="items")
    elif not listed.items:
        faults.add(listed.line, "pack.no_items")
    lines: dict[str, int] = {}
    read = [_item(one, language, lines, faults) for one in listed.items]
    return tuple(item for item in read if item)


def _item(value: Value, language: str, lines: dict[str, int], faults: Faults) -> Item | None:
    if value.kind != "mapping":
        faults.add(value.line, "pack.not_item")
        return None
    before = len(faults.found)
    form = Form(value.fields, value.line, _OF_AN_ITEM, faults)
    key = _key(form, lines, faults)
    filled = fill(form, None, faults)
    body = _body(value, language, faults)
    return Item(key=key, body=body, **filled) if len(faults.found) == before else None


def _key(form: Form, lines: dict[str, int], faults: Faults) -> str:
    key, at = form.text("key", 1000), form.line("key")
    if key and not KEY_FORM.fullmatch(key):
        faults.add(at, "pack.bad_key", key=quoted(key))
    elif key in lines:
        faults.add(at, "pack.duplicate_item", key=key, first=lines[key])
    elif key:
        lines[key] = at
    return key


def _body(value: Value, language: str, faults: Faults) -> str:
    """The text begins in the line after ``body: |``."""
    field = value.fields.get("body")
    if field is None:
        faults.add(value.line, "pack.field_missing", field="body")
        return ""
    text = word(field, "body", faults)
    return "" if text is None else read_body(text, field.line + ("\n" in text), language, faults)
