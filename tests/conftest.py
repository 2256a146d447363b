"""Databases for every test that wants one: fresh, migrated, of either engine, in a few milliseconds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import open_database
from storage.migrate import migrate
from storage.schema import metadata
from storage.sqlite import SqliteDatabase
from storage.tx import Database
from tests.postgres import PostgresServer

ENGINES = ("sqlite", "postgres")
_EMPTY = (
    "".join(f"DELETE FROM {table.name};" for table in metadata.sorted_tables)
    + """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
"""
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-rewrite", action="store_true", help="write the transcripts as they really go")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "xueban.db"
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return path


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    """A migrated SQLite file of the test's own."""
    return Path(shutil.copy(sqlite_template, tmp_path / "xueban.db"))


@pytest.fixture
async def sqlite_database(sqlite_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = await SqliteDatabase.open(sqlite_path)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The one database that all tests use in turn: copying a database costs a hundred times what emptying one does."""
    postgres_server.execute("postgres", "CREATE DATABASE xueban")
    migrate(postgres_server.url("xueban"))
    return "xueban"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> str:
    """The address of a migrated PostgreSQL database without rows, and without anybody else in it."""
    postgres_server.execute(postgres_template, _EMPTY)
    return postgres_server.url(postgres_template)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database, of each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_path')}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, of each engine in turn."""
    database = await open_database(database_url)
    yield database
    await database.close()
