"""Writes small study packs for tests, and tells the faults found in them in a form that is short to compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from content.packs import PackFaults, read_pack

COVER = "id: demo\ntitle: 示范\nlanguage: zh\nitems:\n  - one\n"
ITEM = "---\ntitle: 第一课\nsource: 张三编\n---\n正文一段。\n"

Content = str | bytes


def pack(folder: Path, files: Mapping[str, Content | None] | None = None) -> Path:
    """A correct pack in ``folder``, with some files put in place of its own; None leaves one out."""
    for name, content in {"pack.yaml": COVER, "items/one.md": ITEM, **(files or {})}.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def faults(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PackFaults) as caught:
        read_pack(folder)
    return [(x.file, x.line, x.what.key.removeprefix("pack.")) for x in caught.value.faults]


def item(front: str = "", body: str = "正文一段。\n") -> str:
    """An item whose extra front matter begins at line 4."""
    return f"---\ntitle: 第一课\nsource: 张三编\n{front}---\n{body}"


def item_faults(folder: Path, text: Content) -> list[tuple[int, str]]:
    found = faults(pack(folder, {"items/one.md": text}))
    assert {file for file, _, _ in found} == {"items/one.md"}
    return [(at, key) for _, at, key in found]


def cover_faults(folder: Path, text: Content) -> list[tuple[int, str]]:
    found = faults(pack(folder, {"pack.yaml": text}))
    return [(at, key) for file, at, key in found if file == "pack.yaml"]
