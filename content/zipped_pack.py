"""Unpacks the zip of a pack's folder: weighed before it is opened, and nothing of it is written outside of where it belongs."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from content.faults import Faults, PackFaults, quoted
from content.media import SUFFIXES
from content.packs import FILE as COVER

MAX_FILES = 2000
MAX_UNZIPPED = 60 * 1024 * 1024
MAX_RATIO = 100
"""Text shrinks to a third, pictures not at all; a bomb to a thousandth."""
_SMALL = 1024 * 1024
_PIECE = 64 * 1024
_OF_A_PACK = (".yaml", ".md", *(suffix for suffixes in SUFFIXES.values() for suffix in suffixes))
_UTF8 = 0x800
"""The flag of a name in UTF-8 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.4.4); without it, Chinese
Windows writes GBK."""


def holds_pack(data: bytes) -> bool:
    """Is it a zip with a pack's folder in it? False also for what is no zip, or a broken one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _root(map(_name, archive.infolist())) is not None
    except Exception:  # a damaged archive can make zipfile raise almost anything
        return False


def unpack(data: bytes, name: str, folder: Path) -> None:
    """Put what a pack may have into ``folder``. Raises `PackFaults` where the archive must not be opened, or cannot."""
    faults = Faults(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if _is_wanted(part)]
            if refused := _weighed(archive.infolist()):
                faults.add(0, refused, most=MAX_UNZIPPED // 1024 // 1024, files=MAX_FILES)
            else:
                _write(archive, parts, folder, faults)
    except Exception:  # as above
        faults.add(0, "pack.zip_broken")
    if faults.found:
        raise PackFaults(faults.found)


def _weighed(parts: list[zipfile.ZipInfo]) -> str:
    """Why the archive must not be opened, "" if it may. No part is ever unpacked beyond the size it declares."""
    if any(part.flag_bits & 1 for part in parts):
        return "pack.zip_locked"
    if len(parts) > MAX_FILES or sum(part.file_size for part in parts) > MAX_UNZIPPED:
        return "pack.zip_too_large"
    bomb = any(part.file_size > max(_SMALL, MAX_RATIO * part.compress_size) for part in parts)
    return "pack.zip_too_large" if bomb else ""


def _write(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], folder: Path, faults: Faults) -> None:
    root = _root(map(_name, parts)) or PurePosixPath()
    for part in parts:
        path = _name(part)
        if path.is_absolute() or ".." in path.parts or any(":" in piece for piece in path.parts):
            faults.add(0, "pack.outside", path=quoted(str(path)))
        elif path.is_relative_to(root):
            target = folder.joinpath(*path.relative_to(root).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(part) as source, target.open("wb") as kept:
                while piece := source.read(_PIECE):
                    kept.write(piece)


def _is_wanted(part: zipfile.ZipInfo) -> bool:
    """No folders, links or devices, nothing hidden, nothing that no pack has."""
    path, mode = _name(part), part.external_attr >> 16
    plain = not part.is_dir() and (not stat.S_IFMT(mode) or stat.S_ISREG(mode))
    hidden = any(piece.startswith((".", "__MACOSX")) and piece != ".." for piece in path.parts)
    return plain and not hidden and path.suffix.lower() in _OF_A_PACK


def _name(part: zipfile.ZipInfo) -> PurePosixPath:
    name = part.filename
    if not part.flag_bits & _UTF8 and not name.isascii():
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    return PurePosixPath(name.replace("\\", "/").replace("\0", ""))


def _root(paths: Iterable[PurePosixPath]) -> PurePosixPath | None:
    """The folder that holds ``pack.yaml``: the archive's own, or one in it."""
    found = [path.parent for path in paths if path.name == COVER and len(path.parts) <= 2]
    return min(found, key=lambda path: len(path.parts), default=None)
