"""Typesetting with typst: a source that we wrote, and data that people wrote, which reaches it as JSON and is never read as markup.

The source begins with ``#let data = json("data.json")``. Pictures lie beside it under the names they are given.
Fonts come with a package, so every machine has the same ones: "Noto Sans SC" and "Noto Serif SC".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import orjson

from content.texts import tame

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
_NONE: Mapping[str, bytes] = MappingProxyType({})


def pdf(source: str, data: object, pictures: Mapping[str, bytes] = _NONE) -> bytes:
    """The document as PDF, with the characters of the fonts that it needs and no others."""
    return b"".join(_compile(source, data, pictures, format="pdf"))


def png(
    source: str, data: object, pictures: Mapping[str, bytes] = _NONE, *, ppi: float = 144.0
) -> list[bytes]:
    """A picture of each page."""
    return _compile(source, data, pictures, format="png", ppi=ppi)


def _compile(source: str, data: object, pictures: Mapping[str, bytes], **how: Any) -> list[bytes]:
    import pylopdf_fonts_zh_cn as fonts  # these two are loaded for the first document
    import typst

    with TemporaryDirectory(prefix="xueban-print-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(source, encoding="utf-8")
        (root / "data.json").write_bytes(orjson.dumps(_tamed(data)))
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        made = typst.compile(
            root / "main.typ",
            root=root,
            font_paths=[Path(fonts.__file__).parent],
            ignore_system_fonts=True,
            **how,
        )
    return made if isinstance(made, list) else [made]


def _tamed(value: object) -> object:
    """Without what no text file can hold, such as halves of characters."""
    if isinstance(value, str):
        return tame(value)
    if isinstance(value, Mapping):
        return {name: _tamed(one) for name, one in value.items()}
    return [_tamed(one) for one in value] if isinstance(value, (list, tuple)) else value
