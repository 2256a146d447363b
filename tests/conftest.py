"""Databases for every test that wants one: fresh, migrated, of either engine, in a few milliseconds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.database import open_database
from storage.migrate import migrate
from storage.sqlite import SqliteDatabase
from storage.tx import Database
from tests.postgres import PostgresServer

ENGINES = ("sqlite", "postgres")


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
def postgres_names(postgres_server: PostgresServer) -> Iterator[str]:
    """Names of databases to come; before the first, the template that they are copied from is made."""
    postgres_server.execute("CREATE DATABASE template")
    migrate(postgres_server.url("template"))
    return (f"test_{number}" for number in count())


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_names: Iterator[str]) -> Iterator[str]:
    """The address of a migrated PostgreSQL database of the test's own."""
    name = next(postgres_names)
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE template")
    yield postgres_server.url(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
