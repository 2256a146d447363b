"""One file that holds everything, the same from either engine: rows of every table as lines of JSON, and media as they are.

It is a ZIP: ``manifest.json``, ``tables/NAME.ndjson`` (each line a list in the order of the manifest's columns) and
``files/FOLDER/…``. All rows are of one moment, also while others write. Leases of lanes are left out: they belong to a program
that runs, not to what it knows.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson

from domain.errors import UserError
from storage.migrate import newest
from storage.tx import Database, Row, Tx

FORMAT = 1
OWNER_ONLY = 0o600
"""Everybody's words are in it, and the key that seals buttons."""
NOT_KEPT = frozenset(("lanes",))
PAGE = 2_000
"""Rows read, or written, at a time."""
_CHUNK = 1 << 20
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 16 << 20

Progress = Callable[[str, int], None]
"""(table or folder, how many rows or files so far)."""
Folders = Mapping[str, Path]
"""Folders of media, by the names they have in the archive."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table or a file: how many rows or bytes, and the SHA-256 of what is in the archive."""

    count: int
    sha256: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    revision: str
    """Of the schema."""
    program: str
    made_at: int
    tables: dict[str, Part] = field(default_factory=dict)
    files: dict[str, Part] = field(default_factory=dict)
    """By ``folder/path``."""

    @property
    def rows(self) -> int:
        return sum(table.count for table in self.tables.values())


async def back_up(
    database: Database, folders: Folders, file: Path, program: str, now: int, progress: Progress
) -> Manifest:
    """Write it to ``file``, which is whole or not there. Raises `UserError` where there is one of that name."""
    if file.exists():  # noqa: ASYNC240 - it is the operator's program that waits, nobody else
        raise UserError("backup.exists", file=str(file))
    part = file.with_name(f".{file.name}.part")
    begun = Manifest(FORMAT, newest(), program, now)
    try:
        manifest = await database.read(_write, part, folders, begun, progress)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


async def _write(tx: Tx, part: Path, folders: Folders, begun: Manifest, progress: Progress) -> Manifest:
    # It may be run again from the start, and then begins a new file.
    row = await tx.one("SELECT version_num FROM alembic_version")
    if row is None or row[0] != begun.revision:
        raise UserError("backup.behind")
    tables: dict[str, Part] = {}
    files: dict[str, Part] = {}
    with _private(part) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, columns, key in _tables():
                with archive.open(f"tables/{name}.ndjson", "w", force_zip64=True) as out:
                    tables[name] = await _write_table(tx, name, columns, key, out, progress)
            for folder, path in folders.items():
                files |= _write_folder(archive, folder, path, progress)
            whole = replace(begun, tables=tables, files=files)
            archive.writestr(_MANIFEST, orjson.dumps(asdict(whole), option=orjson.OPT_INDENT_2))
        raw.flush()
        os.fsync(raw.fileno())
    return whole


def _private(part: Path) -> IO[bytes]:
    part.unlink(missing_ok=True)
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb")


def _tables() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(name, columns, those of the primary key)."""
    from storage.schema import metadata  # SQLAlchemy takes half a second to load

    for table in metadata.sorted_tables:
        if table.name not in NOT_KEPT:
            key = tuple(str(column.name) for column in table.primary_key)
            yield str(table.name), tuple(map(str, table.columns.keys())), key


async def _write_table(
    tx: Tx, name: str, columns: tuple[str, ...], key: tuple[str, ...], out: IO[bytes], progress: Progress
) -> Part:
    count, digest, last = 0, hashlib.sha256(), None
    while page := await _page(tx, name, columns, key, last):
        lines = b"".join(orjson.dumps(list(row), option=orjson.OPT_APPEND_NEWLINE) for row in page)
        out.write(lines)
        digest.update(lines)
        count, last = count + len(page), page[-1]
        progress(name, count)
    return Part(count, digest.hexdigest(), columns)


async def _page(
    tx: Tx, name: str, columns: tuple[str, ...], key: tuple[str, ...], last: Row | None
) -> list[Row]:
    """The rows that follow ``last`` in the order of the table's key."""
    listed, by = _quoted(columns), _quoted(key)
    if last is None:
        return await tx.all(f"SELECT {listed} FROM {name} ORDER BY {by} LIMIT {PAGE}")
    after = {f"k{place}": last[columns.index(one)] for place, one in enumerate(key)}
    further = ", ".join(f":{name}" for name in after)
    return await tx.all(
        f"SELECT {listed} FROM {name} WHERE ({by}) > ({further}) ORDER BY {by} LIMIT {PAGE}", **after
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _write_folder(archive: zipfile.ZipFile, folder: str, path: Path, progress: Progress) -> dict[str, Part]:
    written: dict[str, Part] = {}
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
            name = f"{folder}/{file.relative_to(path).as_posix()}"
            if part := _write_file(archive, name, file):
                written[name] = part
                progress(folder, len(written))
    return written


def _write_file(archive: zipfile.ZipFile, name: str, path: Path) -> Part | None:
    """None where it was taken away in the meantime. Media are compressed by themselves already."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return None
    with source, archive.open(zipfile.ZipInfo(f"files/{name}"), "w", force_zip64=True) as out:
        size, digest = 0, hashlib.sha256()
        while chunk := source.read(_CHUNK):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


class Backup:
    """A backup that was read from its beginning to its end, and found whole. Made by `open`; to be closed."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self._archive = archive

    @classmethod
    def open(cls, file: Path, progress: Progress) -> Backup:
        """Raises `UserError` where it is no backup, damaged, or of a newer program."""
        try:
            archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            raise UserError("backup.not_one", file=str(file)) from None
        try:
            backup = cls(archive, _manifest(archive, file))
            backup._check(progress)
        except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError, RuntimeError):  # type: ignore[attr-defined]
            archive.close()
            raise UserError("backup.damaged", part=str(file)) from None
        except BaseException:
            archive.close()
            raise
        return backup

    def close(self) -> None:
        self._archive.close()

    def pages(self, table: str) -> Iterator[list[dict[str, Any]]]:
        """The table's rows, so many at a time."""
        columns = self.manifest.tables[table].columns
        with self._archive.open(f"tables/{table}.ndjson") as lines:
            while page := [
                dict(zip(columns, orjson.loads(line), strict=True)) for line in islice(lines, PAGE)
            ]:
                yield page

    def put_files(self, folders: Folders) -> None:
        """Each file is whole or not there; what is there already stays: a file's name is what is in it."""
        for name in self.manifest.files:
            folder, _, below = name.partition("/")
            path = folders[folder] / below
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            with self._archive.open(f"files/{name}") as source, part.open("wb") as out:
                while chunk := source.read(_CHUNK):
                    out.write(chunk)
            part.replace(path)

    def _check(self, progress: Progress) -> None:
        if set(self._archive.namelist()) != {_MANIFEST, *self._entries()}:
            raise UserError("backup.damaged", part=_MANIFEST)
        for name, table in self.manifest.tables.items():
            self._check_part(f"tables/{name}.ndjson", table, self._rows(name, table))
            progress(name, table.count)
        for name, file in self.manifest.files.items():
            self._check_part(f"files/{name}", file, self._archive.getinfo(f"files/{name}").file_size)

    def _entries(self) -> set[str]:
        tables = {f"tables/{name}.ndjson" for name in self.manifest.tables}
        return tables | {f"files/{name}" for name in self.manifest.files}

    def _check_part(self, entry: str, part: Part, count: int) -> None:
        digest = hashlib.sha256()
        with self._archive.open(entry) as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
        if count != part.count or digest.hexdigest() != part.sha256:
            raise UserError("backup.damaged", part=entry)

    def _rows(self, name: str, table: Part) -> int:
        count = 0
        try:
            for page in self.pages(name):
                count += len(page)
        except (ValueError, TypeError):
            raise UserError("backup.damaged", part=name) from None
        return count


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Checked as far as it can be without the rest."""
    try:
        if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError
        raw = orjson.loads(archive.read(_MANIFEST))
        tables = {name: _part(part) for name, part in raw.pop("tables").items()}
        files = {name: _part(part) for name, part in raw.pop("files").items()}
        manifest = Manifest(**raw, tables=tables, files=files)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise UserError("backup.not_one", file=str(file)) from None
    if manifest.format != FORMAT or manifest.revision > newest():
        raise UserError("backup.newer", program=str(manifest.program))
    if any(not name.isidentifier() for name in tables) or any(not _safe(name) for name in files):
        raise UserError("backup.damaged", part=_MANIFEST)
    return manifest


def _part(raw: dict[str, Any]) -> Part:
    return Part(int(raw["count"]), str(raw["sha256"]), tuple(map(str, raw["columns"])))


def _safe(name: str) -> bool:
    """Below one of the folders, wherever that is."""
    path = PurePosixPath(name)
    return (
        bool(name)
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and "\0" not in name
    )
