"""Reads a study pack from its folder, and finds everything that is wrong with it in one go.

`docs/packs.md` shows authors what such a folder looks like.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from content.faults import Fault, Faults, PackFaults, describe, quoted
from content.form import Form
from content.items import read_item
from content.media import store_media
from content.strict_yaml import Fields, read_mapping
from content.written import inside, is_file, is_folder, read_text
from domain.group import LANGUAGES
from domain.pack import KEY, MAX_TITLE, Item, Pack

__all__ = ["Fault", "PackFaults", "describe", "read_pack", "store_media"]

FILE = "pack.yaml"
FIELDS = ("id", "title", "language", "description", "items")
MAX_DESCRIPTION = 400
KEY_FORM = re.compile(KEY)


def read_pack(folder: Path) -> Pack:
    """The pack in that folder. Raises `PackFaults` with all its faults.

    Media are still named as in the folder; `store_media` moves them to where they are kept.
    """
    faults = Faults(FILE)
    pack = _read(folder, faults)
    if pack is None or faults.found:
        raise PackFaults(faults.found)
    return pack


def _read(folder: Path, faults: Faults) -> Pack | None:
    if not is_folder(folder):
        faults.inside(quoted(str(folder))).add(0, "pack.not_folder")
        return None
    fields = _fields(folder, faults)
    if fields is None:  # the items can be checked all the same
        for key in filter(KEY_FORM.fullmatch, _present(folder)):
            read_item(folder, key, "zh", faults)
        return None
    form = Form(fields, 1, FIELDS, faults)
    cover = read_cover(form, faults)
    return replace(cover, items=_items(folder, _keys(form, faults), cover.language, faults))


def read_cover(form: Form, faults: Faults) -> Pack:
    """The pack without its items."""
    id, title = _id(form, faults), form.text("title", MAX_TITLE)
    language = form.choice("language", LANGUAGES) or "zh"
    return Pack(id, title, language, form.text("description", MAX_DESCRIPTION, required=False), ())


def _fields(folder: Path, faults: Faults) -> Fields | None:
    path = inside(folder, FILE)
    if path is None or not is_file(path):
        faults.add(1, "pack.no_pack_yaml")
        return None
    text = read_text(path, faults)
    return None if text is None else read_mapping(text, 1, FIELDS, faults)


def _id(form: Form, faults: Faults) -> str:
    id = form.text("id", 1000)
    if id and not KEY_FORM.fullmatch(id):
        faults.add(form.line("id"), "pack.bad_key", key=quoted(id))
    return id


def _keys(form: Form, faults: Faults) -> dict[str, int]:
    """The keys listed, in order, with the line of each."""
    keys: dict[str, int] = {}
    listed = form.words("items")
    if not listed:
        faults.add(form.line("items"), "pack.no_items")
    for at, key in listed:
        if not KEY_FORM.fullmatch(key):
            faults.add(at, "pack.bad_key", key=quoted(key))
        elif key in keys:
            faults.add(at, "pack.duplicate_item", key=key, first=keys[key])
        else:
            keys[key] = at
    return keys


def _items(folder: Path, keys: dict[str, int], language: str, faults: Faults) -> tuple[Item, ...]:
    present = _present(folder)
    for key in keys.keys() - present.keys():
        faults.add(keys[key], "pack.item_missing", key=key)
    for key in present.keys() - keys.keys():
        faults.inside(f"items/{quoted(present[key])}").add(1, "pack.item_unlisted", key=quoted(key))
    items = (read_item(folder, key, language, faults) for key in keys if key in present)
    return tuple(item for item in items if item)


def _present(folder: Path) -> dict[str, str]:
    """The item files that are there: key → file name. Hidden files are the computer's own affair."""
    files = sorted((folder / "items").glob("*"))
    return {
        x.stem: x.name
        for x in files
        if x.suffix.lower() == ".md" and not x.name.startswith(".") and is_file(x)
    }
