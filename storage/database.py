"""One address opens either engine; nothing else in the program knows which one it got."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tx import Database

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


async def open_database(url: str) -> Database:
    """``sqlite:///data/xueban.db``, ``sqlite:////absolute/path.db`` or ``postgresql://user:password@host/name``.

    Raises ValueError for any other address, StorageError when the database cannot be opened.
    """
    if is_postgres(url):
        return await PostgresDatabase.open(url)
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    return await SqliteDatabase.open(path)


def is_postgres(url: str) -> bool:
    return url.startswith(_POSTGRES)


def sqlite_path(url: str) -> Path:
    """The file an SQLite address names; after the third slash comes the path, so a fourth makes it absolute."""
    path = unquote(url.removeprefix(_SQLITE).partition("?")[0])
    if not url.startswith(_SQLITE) or not path or path.endswith("/") or path == ":memory:":
        raise ValueError(
            "a database address looks like sqlite:///data/xueban.db, sqlite:////absolute/path.db or "
            f"postgresql://user:password@host/name, not like {url.partition(':')[0]}:…"
        )
    return Path(path)
