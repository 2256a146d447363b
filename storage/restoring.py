"""Puts a backup into a database of either engine, in one transaction: all of it, or the database is as it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.errors import UserError
from storage.backup import Backup, Folders, Progress
from storage.database import is_postgres, sqlite_path
from storage.installation import DEMO_SHIFT
from storage.migrating import ask, rebuild
from storage.schema import metadata

_HOLDS_PEOPLE = ("groups", "people")
"""A database without any is empty: packs and a key are there from the first start on."""


def restore(
    url: str,
    backup: Backup,
    folders: Folders,
    *,
    replace: bool,
    now: int,
    lease: int,
    progress: Progress,
) -> None:
    """Nothing is changed before the database was found free, and all that the backup holds sound.

    ``lease``: milliseconds for which a sign of life of a running program counts. An older backup goes into the schema
    it was made with, which is then brought up to date. Raises `UserError` with what to do, StorageError.
    """
    if any(name.partition("/")[0] not in folders for name in backup.manifest.files):
        raise UserError("backup.damaged", part="manifest.json")
    if not is_postgres(url):
        sqlite_path(url).parent.mkdir(parents=True, exist_ok=True)

    def check(connection: sa.Connection) -> None:
        _check_free(connection, now, lease)
        if not replace and _is_used(connection):
            raise UserError("backup.not_empty")

    def fill(connection: sa.Connection) -> None:
        _load(connection, backup, progress)
        backup.put_files(folders)

    rebuild(url, backup.manifest.revision, check, fill)


def is_used(url: str) -> bool:
    """Whether there is anybody in it."""
    if not is_postgres(url) and not sqlite_path(url).exists():
        return False
    return ask(url, _is_used)


def _is_used(connection: sa.Connection) -> bool:
    there = sa.inspect(connection).get_table_names()
    return any(_has_rows(connection, name) for name in _HOLDS_PEOPLE if name in there)


def _has_rows(connection: sa.Connection, name: str) -> bool:
    return connection.execute(sa.select(metadata.tables[name].c.id).limit(1)).first() is not None


def _check_free(connection: sa.Connection, now: int, lease: int) -> None:
    """Nobody speaks for a lane: a program that runs would go on with what is no longer there."""
    lanes = metadata.tables["lanes"].c.alive_at
    if not sa.inspect(connection).has_table("lanes"):
        return
    clocks = (now, now + _demo_shift(connection))
    alive = sa.or_(*(lanes.between(clock - lease, clock + lease) for clock in clocks))
    if connection.execute(sa.select(lanes).where(alive).limit(1)).first():
        raise UserError("backup.running", seconds=-(-lease // 1000))


def _demo_shift(connection: sa.Connection) -> int:
    """A demonstration gives its signs of life by its own clock."""
    kept = metadata.tables["installation"].c
    shift = connection.scalar(sa.select(kept.value).where(kept.name == DEMO_SHIFT))
    return int(shift) if shift else 0


def _load(connection: sa.Connection, backup: Backup, progress: Progress) -> None:
    inspector = sa.inspect(connection)
    for name, part in backup.manifest.tables.items():
        if not inspector.has_table(name) or {c["name"] for c in inspector.get_columns(name)} != set(
            part.columns
        ):
            raise UserError("backup.damaged", part=name)
        columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in part.columns]
        into = sa.table(name, *columns).insert()
        done = 0
        for page in backup.pages(name):
            connection.execute(into, page)
            done += len(page)
            progress(name, done)
