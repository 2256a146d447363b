"""What a file that people send or take away is called, and how large it is, said so that it can be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

NAME_CHARS: Final = 80
_SUFFIX_CHARS = 12
_FORBIDDEN = '\\/:*?"<>|'
"""What no file may have in its name on somebody's computer."""
_MB = 1024 * 1024


def file_name(written: str, otherwise: str = "file") -> str:
    """The name on one line, without folders, control characters and such as turn the direction of writing; cut in its middle."""
    last = written.replace("\\", "/").rpartition("/")[2]
    clean = "".join("_" if c in _FORBIDDEN else c for c in last if _visible(c))
    clean = " ".join(clean.split()).strip(". ")
    if len(clean) <= NAME_CHARS:
        return clean or otherwise
    stem, dot, suffix = clean.rpartition(".")
    if not stem or len(suffix) > _SUFFIX_CHARS:
        return clean[: NAME_CHARS - 1] + "…"
    return f"{stem[: NAME_CHARS - len(suffix) - 2]}…{dot}{suffix}"


def document_name(written: str) -> str:
    """As `file_name`, with an ending in any case."""
    name = file_name(written)
    return name if "." in name else f"{name}.bin"


def shown_size(size: int) -> str:
    """``5 MB``, ``1.4 MB``, ``12 KB``: rounded up, so that nothing is larger than it says."""
    if size < _MB:
        return f"{max(1, -(-size // 1024))} KB"
    tenths = -(-size * 10 // _MB)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10} MB"


def _visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] != "C"
