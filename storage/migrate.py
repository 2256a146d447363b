"""Brings a database of either engine to the schema of this program, and tells whether it is there already.

A new migration: change `storage.schema`, call `draft`, read and format what it wrote. Nothing here is for use inside an
event loop. What needs Alembic is loaded when it is needed (`storage.migrating`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg

from storage.database import is_postgres, sqlite_path
from storage.sqlite import BUSY_TIMEOUT
from storage.tx import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
UNREACHABLE = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_REVISION = "SELECT version_num FROM alembic_version"


def migrate(url: str) -> None:
    """Bring the database up to date, all of it or nothing; a file that does not exist is created.

    Raises StorageError when the database cannot be reached, or when a newer version of the program has migrated it.
    """
    if is_current(url):
        return
    from storage.migrating import upgrade

    if not is_postgres(url):
        sqlite_path(url).parent.mkdir(parents=True, exist_ok=True)
    upgrade(url)


def is_current(url: str) -> bool:
    """Whether `migrate` would have nothing to do. Raises StorageError when the database cannot be reached."""
    try:
        return _revision(url) == newest()
    except UNREACHABLE as error:
        raise StorageError(f"the database cannot be reached ({error})") from error


def check(url: str) -> list[str]:
    """In what the database and `storage.schema` differ; where they do, a migration is missing."""
    from storage.migrating import differences

    return differences(url)


def draft(message: str, number: str) -> Path:
    """Write the migration from what the migrations so far make to what `storage.schema` says; returns its file."""
    from storage import migrating

    return migrating.draft(message, number)


def newest() -> str:
    """The number that the last migration's file name begins with, which is its revision."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _revision(url: str) -> str | None:
    if is_postgres(url):
        return asyncio.run(_revision_on_postgres(url))
    path = sqlite_path(url)
    return _revision_on_sqlite(path) if path.exists() else None


def _revision_on_sqlite(path: Path) -> str | None:
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute(_REVISION).fetchone() if there else None
    return str(row[0]) if row else None


async def _revision_on_postgres(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        revision: str | None = await connection.fetchval(_REVISION)
        return revision
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
