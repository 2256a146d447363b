from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.database import open_database
from storage.migrate import check, is_current, migrate
from storage.schema import metadata
from storage.tx import StorageError, Tx
from tests.conftest import ENGINES
from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: PostgresServer) -> str:
    postgres_server.execute("postgres", "CREATE DATABASE empty")
    return "empty"


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/xueban.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name: str = request.getfixturevalue("empty_postgres")
    server.execute(name, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return server.url(name)


async def _revision(tx: Tx) -> str:
    row = await tx.one("SELECT version_num FROM alembic_version")
    return str(row[0]) if row else ""


async def _of_the_future(tx: Tx) -> None:
    await tx.run("UPDATE alembic_version SET version_num = '9999'")


async def _do(url: str, fn):  # type: ignore[no-untyped-def]
    database = await open_database(url)
    try:
        return await database.transaction(fn)
    finally:
        await database.close()


def test_an_empty_database_becomes_current_and_stays_so(empty_url: str) -> None:
    assert not is_current(empty_url)
    migrate(empty_url)
    assert is_current(empty_url)
    migrate(empty_url)
    assert is_current(empty_url)


def test_migrations_and_schema_agree(database_url: str) -> None:
    assert check(database_url) == []


def test_a_table_that_is_missing_is_told(empty_url: str) -> None:
    migrate(empty_url)
    asyncio.run(_do(empty_url, _drop_talk))
    assert any("talk" in difference for difference in check(empty_url))


async def _drop_talk(tx: Tx) -> None:
    await tx.run("DROP TABLE talk")


def test_programs_that_migrate_at_once_take_turns(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as programs:
        list(programs.map(migrate, [empty_url] * 4))
    assert is_current(empty_url)


def test_a_database_of_a_newer_program_is_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    asyncio.run(_do(empty_url, _of_the_future))
    assert not is_current(empty_url)
    with pytest.raises(StorageError, match="newer"):
        migrate(empty_url)
    assert asyncio.run(_do(empty_url, _revision)) == "9999"


def test_a_migration_that_fails_leaves_nothing_half_made(tmp_path: Path) -> None:
    path = tmp_path / "xueban.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE talk (in_the_way)")
    connection.close()
    with pytest.raises(StorageError, match="talk"):
        migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("talk",)]
    connection.close()


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database")
    for url in (f"sqlite:///{tmp_path}/file", f"postgresql://postgres@/none?host={tmp_path}"):
        with pytest.raises(StorageError):
            is_current(url)


def test_on_sqlite_a_table_is_the_tree_of_its_primary_key(sqlite_path: Path) -> None:
    connection = sqlite3.connect(sqlite_path)
    made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    connection.close()
    assert all(made[table].rstrip().endswith("WITHOUT ROWID") for table in metadata.tables)
