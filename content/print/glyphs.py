"""What the print fonts can show of a text: a newsletter with empty boxes in it looks broken, and nobody knows what stood there."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import regex

GETA = "〓"
"""What printers set where they have no type for a character."""
_CLUSTER = regex.compile(r"\X")
_MARKS_OF_EMOJI = "\ufe0e\ufe0f\u200d\u20e3"


def printable(text: str) -> str:
    """The text as the fonts can set it: emoji they lack are left out, any other character they lack becomes a 〓."""
    known = _covered()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(_shown(cluster, known) for cluster in _CLUSTER.findall(text))


def _shown(cluster: str, known: frozenset[int]) -> str:
    if cluster == "\n" or all(ord(character) in known for character in cluster):
        return cluster
    bare = "".join(character for character in cluster if character not in _MARKS_OF_EMOJI)
    if bare and all(ord(character) in known for character in bare):
        return bare
    if not bare or _is_picture(bare[0]) or not bare.isprintable():
        return ""
    return GETA


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk", "Co", "Cn") or character in _MARKS_OF_EMOJI


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Code points that both of the fonts have."""
    import pylopdf_fonts_zh_cn as fonts

    return frozenset(_code_points(Path(fonts.sans_path()))) & frozenset(
        _code_points(Path(fonts.serif_path()))
    )


def _code_points(path: Path) -> Iterator[int]:
    """From the font's table of 32-bit code points (https://learn.microsoft.com/typography/opentype/spec/cmap, format 12)."""
    with path.open("rb") as file:
        start = _table(file, b"cmap")
        file.seek(start)
        _, count = struct.unpack(">HH", file.read(4))
        records = [struct.unpack(">HHI", file.read(8)) for _ in range(count)]
        for _, _, offset in records:
            file.seek(start + offset)
            if struct.unpack(">H", file.read(2))[0] != 12:
                continue
            _, _, _, groups = struct.unpack(">HIII", file.read(14))
            for first, last, _ in struct.iter_unpack(">III", file.read(12 * groups)):
                yield from range(first, last + 1)
            return
    raise ValueError(f"{path.name} has no table of 32-bit code points")


def _table(file: BinaryIO, wanted: bytes) -> int:
    """Where a table of an OpenType font begins."""
    (count,) = struct.unpack(">4xH6x", file.read(12))
    for tag, _, offset, _ in struct.iter_unpack(">4sIII", file.read(16 * count)):
        if tag == wanted:
            return int(offset)
    raise ValueError(f"the font has no table {wanted.decode()}")
