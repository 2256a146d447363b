"""Reads a text file that somebody wrote by hand, telling apart the ways in which it may not be one."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path, PurePath

from content.faults import Faults

MAX_BYTES = 256 * 1024

# Control characters, line ends that only some programs see (NEL, LS, PS), marks that turn the direction of
# writing, surrogates, a byte order mark in the middle: nobody types them, and they show as something else.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


def inside(folder: Path, name: str) -> Path | None:
    """The path of that file of the folder; None when it would lead out of the folder, through a link too."""
    parts = PurePath(name).parts
    if not parts or PurePath(name).is_absolute() or ".." in parts:
        return None
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL, a name too long
        return None


def is_file(path: Path) -> bool:
    """As `Path.is_file`, but a name too long for the file system is no file instead of an error."""
    with suppress(OSError):
        return path.is_file()
    return False


def is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def read_text(
    path: Path, faults: Faults, most: int = MAX_BYTES, too_large: str = "pack.file_too_large"
) -> str | None:
    """The text with plain line ends and nothing invisible; None when there is nothing to go on with.

    ``too_large``: what to say where it has more than ``most`` bytes.
    """
    try:
        if path.stat().st_size > most:
            faults.add(1, too_large, most=most // 1024)
            return None
        raw = path.read_bytes()
    except OSError as why:
        faults.add(1, "pack.unreadable", reason=why.strerror or type(why).__name__)
        return None
    return decoded(raw, faults)


def decoded(raw: bytes, faults: Faults) -> str | None:
    """As `read_text`, of what stands in the file."""
    raw = raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        before = raw[: wrong.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        faults.add(before.count(b"\n") + 1, "pack.not_utf8", column=column, byte=f"0x{raw[wrong.start]:02X}")
        return None
    return _without_hidden(text, faults)


def _without_hidden(text: str, faults: Faults) -> str:
    """The text without characters that cannot be seen; the first of them in each line is a fault."""
    if not HIDDEN.search(text):
        return text
    for number, row in enumerate(text.split("\n"), 1):
        if hit := HIDDEN.search(row):
            faults.add(number, "pack.hidden_character", code=f"U+{ord(hit[0]):04X}", column=hit.start() + 1)
    return HIDDEN.sub("", text)
