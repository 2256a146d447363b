"""Reads one item of a study pack: front matter between two ``---`` lines, then Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, get_args

from content.faults import Faults, quoted
from content.form import Form
from content.markdown import plain_text
from content.media import SUFFIXES, check_media
from content.strict_yaml import read_mapping
from content.written import inside, read_text
from domain.pack import MAX_BODY, MAX_MINUTES, MAX_SOURCE, MAX_TITLE, Item, ItemKind

FIELDS = ("title", "kind", "source", "minutes", "link", "media")
KINDS: tuple[str, ...] = get_args(ItemKind)
DEFAULT_MINUTES = 5
_FENCE = "---"
_LONGEST_PATH = 400
_LONGEST_MARKDOWN = 4 * MAX_BODY
"""Characters of source beyond which no text is short enough, and the parser need not be kept busy."""


class _Parts(NamedTuple):
    front: str
    body: str
    body_line: int


def read_item(folder: Path, key: str, language: str, faults: Faults) -> Item | None:
    """The item ``items/<key>.md``, or None when a fault was found in it."""
    faults = faults.inside(f"items/{key}.md")
    before = len(faults.found)
    parts = _split(_text(folder, faults), faults)
    if parts is None:
        return None
    fields = read_mapping(parts.front, 2, FIELDS, faults)
    filled = None if fields is None else fill(Form(fields, 1, FIELDS, faults), folder, faults)
    body = read_body(parts.body, parts.body_line, language, faults)
    return Item(key=key, body=body, **filled) if filled and len(faults.found) == before else None


def _text(folder: Path, faults: Faults) -> str | None:
    path = inside(folder, faults.file)
    if path is None:
        faults.add(1, "pack.outside", path=quoted(faults.file))
        return None
    return read_text(path, faults)


def _split(text: str | None, faults: Faults) -> _Parts | None:
    if text is None:
        return None
    rows = text.split("\n")
    if rows[0].rstrip() != _FENCE:
        faults.add(1, "pack.no_front_matter")
        return None
    end = next((n for n, row in enumerate(rows) if n and row.rstrip() == _FENCE), None)
    if end is None:
        faults.add(1, "pack.open_front_matter")
        return None
    return _Parts("\n".join(rows[1:end]), "\n".join(rows[end + 1 :]), end + 2)


def fill(form: Form, folder: Path | None, faults: Faults) -> dict[str, Any]:
    """The fields of an item but for its key and body. ``folder``: where its media lie, None where it can have none."""
    kind = form.choice("kind", KINDS, default="text")
    filled = {
        "title": form.text("title", MAX_TITLE),
        "kind": kind,
        "source": form.text("source", MAX_SOURCE),
        "minutes": form.number("minutes", DEFAULT_MINUTES, MAX_MINUTES),
        "link": form.address("link") if form.has("link") else None,
        "media": form.text("media", _LONGEST_PATH) if form.has("media") else None,
    }
    if kind is not None:
        _check_kind(kind, filled["media"], form, folder, faults)
    return filled


def _check_kind(kind: str, media: Any, form: Form, folder: Path | None, faults: Faults) -> None:
    """An item shows what its kind promises, and nothing is given that it would not show."""
    if kind == "link" and not form.has("link"):
        faults.add(1, "pack.link_needed")
    if kind in SUFFIXES and not form.has("media"):
        faults.add(1, "pack.media_needed", kind=kind)
    elif media and kind in SUFFIXES:
        check_media(folder, media, kind, form.line("media"), faults)
    elif media:
        faults.add(form.line("media"), "pack.media_unused", kind=kind)


def read_body(markdown: str, first: int, language: str, faults: Faults) -> str:
    """The plain text of what begins in line ``first``."""
    if not markdown.strip():
        faults.add(first - 1, "pack.body_empty")
        return ""
    if len(markdown) > _LONGEST_MARKDOWN:
        faults.add(first, "pack.body_too_long", count=len(markdown), most=MAX_BODY)
        return ""
    before = len(faults.found)
    text = plain_text(markdown, first, language, faults)
    if len(text) > MAX_BODY:
        faults.add(first, "pack.body_too_long", count=len(text), most=MAX_BODY)
    if not text and len(faults.found) == before:
        faults.add(first, "pack.body_empty")
    return text
