"""What Alembic does for us: upgrade, compare, and draft a migration. Reached through `storage.migrate`.

Loading Alembic and SQLAlchemy takes most of a second, which a start on a current database does not need.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import is_postgres, sqlite_path
from storage.migrate import MIGRATIONS, UNREACHABLE, newest
from storage.schema import metadata
from storage.sqlite import BUSY_TIMEOUT
from storage.tx import StorageError

T = TypeVar("T")

PAGE_BYTES = 2048
"""Half of SQLite's usual: a check-in changes a few small rows that lie apart, and every page that is changed is written and synced."""
_LOCK = 0x78756562616E
"""Key of the advisory lock (the letters of xueban) under which one program migrates while the others wait."""
_CHATTER = "    # ###"
"""How the lines begin that Alembic writes into a draft for its reader."""


def upgrade(url: str) -> None:
    _on(url, _upgrade, begin="BEGIN IMMEDIATE")


def rebuild(
    url: str, revision: str, check: Callable[[sa.Connection], None], fill: Callable[[sa.Connection], None]
) -> None:
    """Our tables made anew as of ``revision``, filled, and brought up to date; ``check`` sees them as they were.

    All in one transaction: what ``check`` or ``fill`` raises leaves the database as it was.
    """

    def work(connection: sa.Connection) -> None:
        _lock(connection)
        _known(connection)
        check(connection)
        _drop(connection)
        command.upgrade(_config(connection), revision)
        fill(connection)
        command.upgrade(_config(connection), "head")

    _on(url, work, begin="BEGIN IMMEDIATE")


def ask(url: str, question: Callable[[sa.Connection], T]) -> T:
    return _on(url, question)


def differences(url: str) -> list[str]:
    return _on(url, lambda connection: [repr(difference) for difference in _differences(connection)])


def draft(message: str, number: str) -> Path:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/so-far.db"
        upgrade(url)
        _on(url, lambda c: command.revision(_config(c), message, autogenerate=True, rev_id=number))
    [file] = (MIGRATIONS / "versions").glob(f"{number}_*.py")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(_CHATTER)))
    return file


def _upgrade(connection: sa.Connection) -> None:
    _lock(connection)
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise _of_the_future(_revision(connection)) from error


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _known(connection: sa.Connection) -> None:
    """A database that a newer program works with is not to be torn down by an older one."""
    revision = _revision(connection)
    if revision is not None and revision > newest():
        raise _of_the_future(revision)


def _of_the_future(revision: str | None) -> StorageError:
    return StorageError(
        f"the database is at revision {revision}, which this version of the program does not know; "
        "a newer one has migrated it"
    )


def _drop(connection: sa.Connection) -> None:
    """Ours alone: other programs may have tables beside them."""
    ours = {*metadata.tables, "alembic_version"}
    for name in sa.inspect(connection).get_table_names():
        if name in ours:
            connection.execute(sa.schema.DropTable(sa.Table(name, sa.MetaData())))


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: sa.Connection) -> list[object]:
    # SQLite hands defaults back in quotes, which Alembic takes for a difference; PostgreSQL's it can compare.
    defaults = connection.dialect.name == "postgresql"
    context = MigrationContext.configure(connection, opts={"compare_server_default": defaults})
    return list(compare_metadata(context, metadata))


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _on(url: str, work: Callable[[sa.Connection], T], *, begin: str = "BEGIN") -> T:
    """The result of ``work``, in one transaction; ``begin`` says how SQLite is to start it."""
    try:
        if is_postgres(url):
            return asyncio.run(_on_postgres(url, work))
        return _on_sqlite(sqlite_path(url), work, begin)
    except sa.exc.DBAPIError as error:
        raise StorageError(f"the database refused ({error.orig})") from error
    except UNREACHABLE as error:
        raise StorageError(f"the database cannot be reached ({error})") from error


def _on_sqlite(path: Path, work: Callable[[sa.Connection], T], begin: str) -> T:
    engine = sa.create_engine("sqlite://", creator=lambda: _connect(path), poolclass=NullPool)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    with engine.begin() as connection:
        return work(connection)


def _connect(path: Path) -> sqlite3.Connection:
    # The sqlite3 module's own idea of a transaction leaves DDL out, so it is told to have none.
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # heeded while the file is made
    return connection


async def _on_postgres(url: str, work: Callable[[sa.Connection], T]) -> T:
    # The address is read by asyncpg here too, so that both places understand it alike.
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        return await connection.run_sync(work)
