"""The disk is full, the file is locked, the server is gone, the caller is cancelled: who is told what, and what is kept."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tx import StorageError, Tx
from tests.postgres import PostgresServer

BIG = "大" * 400_000
"""Text of 1.2 MB."""


async def put(tx: Tx, lane: str, owner: str = "张三") -> int:
    return await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES (:l, :o, 0)", l=lane, o=owner)


async def put_many_big(tx: Tx, lane: str) -> int:
    return await tx.run(
        """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
           INSERT INTO lanes (lane, owner, alive_at) SELECT :l || i, :o, 0 FROM n""",
        l=lane,
        o=BIG[:10_000],
    )


async def lanes(tx: Tx) -> list[str]:
    return [str(row[0]) for row in await tx.all("SELECT lane FROM lanes ORDER BY lane")]


async def limit_pages(tx: Tx, pages: int) -> None:
    await tx.one(f"PRAGMA max_page_count = {pages}")


async def limit_to_what_is_there(tx: Tx) -> None:
    row = await tx.one("PRAGMA page_count")
    assert row is not None
    await limit_pages(tx, row[0] + 20)


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Writing beyond fails for the whole process, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def put_big(tx: Tx, lane: str) -> int:
    return await put(tx, lane, BIG)


async def put_big_and_go_on(tx: Tx, lane: str) -> None:
    with suppress(StorageError):
        await put_big(tx, lane)
    with suppress(StorageError):
        await put(tx, "gone on")
    with suppress(StorageError):
        await tx.many("INSERT INTO lanes (lane, owner, alive_at) VALUES (:l, '', 0)", [{"l": "gone on 2"}])


@pytest.mark.parametrize("greedy", [put_big, put_many_big, put_big_and_go_on], ids=lambda fn: fn.__name__)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a batch"])
async def test_when_the_disk_is_full_who_needs_too_much_is_told_and_the_others_commit(
    sqlite_database: SqliteDatabase, greedy, alone: bool
) -> None:
    await sqlite_database.transaction(limit_to_what_is_there)
    others = [] if alone else ["a", "b", "c"]
    outcomes = await asyncio.gather(
        *(sqlite_database.transaction(put, lane) for lane in others[:2]),
        sqlite_database.transaction(greedy, "greedy"),
        *(sqlite_database.transaction(put, lane) for lane in others[2:]),
        return_exceptions=True,
    )
    [refused] = [outcome for outcome in outcomes if outcome != 1]
    assert isinstance(refused, StorageError)
    assert isinstance(refused.__cause__, sqlite3.OperationalError)
    assert "full" in str(refused.__cause__)
    assert await sqlite_database.read(lanes) == others

    await sqlite_database.transaction(limit_pages, 1_000_000)
    await sqlite_database.transaction(put_big, "room again")
    assert await sqlite_database.read(lanes) == [*others, "room again"]


async def test_when_the_commit_fails_nobody_is_told_it_succeeded(sqlite_database: SqliteDatabase) -> None:
    with files_no_longer_than(300_000):
        outcomes = await asyncio.gather(
            sqlite_database.transaction(put, "a"),
            sqlite_database.transaction(put_big, "greedy"),
            sqlite_database.transaction(put, "b"),
            return_exceptions=True,
        )
        assert await sqlite_database.read(lanes) == ["a", "b"]
    assert [outcome for outcome in outcomes if outcome != 1] == [outcomes[1]]
    assert isinstance(outcomes[1], StorageError)
    await sqlite_database.transaction(put_big, "room again")
    assert await sqlite_database.read(lanes) == ["a", "b", "room again"]


async def test_a_file_that_another_program_keeps_locked_is_told_and_read(sqlite_path: Path) -> None:
    database = await SqliteDatabase.open(sqlite_path, busy_timeout=0.05)
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    outcomes = await asyncio.gather(
        *(database.transaction(put, str(n)) for n in range(5)), return_exceptions=True
    )
    assert all(isinstance(outcome, StorageError) and "lock" in str(outcome) for outcome in outcomes)
    assert await database.read(lanes) == []
    other.execute("COMMIT")
    assert await database.transaction(put, "a") == 1
    other.close()
    await database.close()


async def test_a_lock_that_is_given_back_in_time_is_waited_for(sqlite_path: Path) -> None:
    database = await SqliteDatabase.open(sqlite_path, busy_timeout=10)
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.transaction(put, "a"))
    assert await database.read(lanes) == []
    other.execute("COMMIT")
    assert await waiting == 1
    other.close()
    await database.close()


async def test_a_file_that_is_no_database_or_not_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("没有数据库" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        await SqliteDatabase.open(tmp_path / "text.db")
    with pytest.raises(StorageError, match="cannot be opened"):
        await SqliteDatabase.open(tmp_path / "missing" / "x.db")


async def test_who_is_cancelled_while_running_hears_of_it_when_the_outcome_is_on_disk(
    sqlite_database: SqliteDatabase,
) -> None:
    started, go_on = threading.Event(), threading.Event()

    async def slow(tx: Tx) -> None:
        started.set()
        assert go_on.wait(10)
        await put(tx, "slow")

    running = asyncio.create_task(sqlite_database.transaction(slow))
    assert await asyncio.to_thread(started.wait, 10)
    behind = asyncio.create_task(sqlite_database.transaction(put, "behind"))
    await asyncio.sleep(0)
    for _ in range(3):
        running.cancel()
        await asyncio.sleep(0)
    behind.cancel()
    assert not running.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(asyncio.CancelledError):
        await behind
    assert await sqlite_database.read(lanes) == ["slow"]


async def test_the_log_of_a_writer_that_never_rests_stays_short(sqlite_path: Path) -> None:
    database = await SqliteDatabase.open(sqlite_path, checkpoint_after=200, long_log=300)
    numbers = iter(range(6_000))

    async def client() -> None:
        for number in numbers:
            await database.transaction(put, str(number), BIG[:500])

    await asyncio.gather(*(client() for _ in range(100)))
    log = sqlite_path.with_name(sqlite_path.name + "-wal")
    written = sqlite_path.stat().st_size
    assert log.stat().st_size < written
    assert written > 6_000 * 1_500
    await database.close()
    assert not log.exists()


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    database = await PostgresDatabase.open(postgres_url, connections=4)
    yield database
    await database.close()


@pytest.fixture
async def holder(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's session, which holds the lock of key 7."""
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("SELECT pg_advisory_lock(7)")
    yield connection
    await connection.close()


async def put_and_wait(tx: Tx, lane: str) -> None:
    await put(tx, lane)
    await tx.lock(7)


async def until_one_waits(holder: asyncpg.Connection) -> int:
    """The process of the session that waits for the lock."""
    async with asyncio.timeout(10):
        while True:
            waiting = await holder.fetchval(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted LIMIT 1"
            )
            if waiting:
                return int(waiting)
            await asyncio.sleep(0.002)


async def test_on_postgres_who_is_cancelled_while_running_leaves_no_trace(
    postgres_database: PostgresDatabase, holder: asyncpg.Connection
) -> None:
    running = asyncio.create_task(postgres_database.transaction(put_and_wait, "cancelled"))
    await until_one_waits(holder)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.gather(*(postgres_database.transaction(put, str(n)) for n in range(8)))
    assert await postgres_database.read(lanes) == [str(n) for n in range(8)]


async def test_who_loses_the_server_in_the_middle_is_told_and_the_next_finds_it_again(
    postgres_database: PostgresDatabase, holder: asyncpg.Connection
) -> None:
    running = asyncio.create_task(postgres_database.transaction(put_and_wait, "lost"))
    await holder.execute("SELECT pg_terminate_backend($1)", await until_one_waits(holder))
    with pytest.raises(StorageError):
        await running
    assert await postgres_database.transaction(put, "found") == 1
    assert await postgres_database.read(lanes) == ["found"]


async def test_sessions_that_the_server_closed_while_they_rested_are_replaced(
    postgres_database: PostgresDatabase, holder: asyncpg.Connection
) -> None:
    await asyncio.gather(*(postgres_database.transaction(put, str(n)) for n in range(4)))
    await holder.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'xueban'"
    )
    for _ in range(8):
        with suppress(StorageError):  # one that had not yet heard of it
            await postgres_database.read(lanes)
    assert await postgres_database.read(lanes) == ["0", "1", "2", "3"]


async def test_two_that_wait_for_each_other_both_get_through(postgres_database: PostgresDatabase) -> None:
    async def both(tx: Tx, first: int, second: int) -> None:
        await tx.lock(first)
        await tx.one("SELECT pg_sleep(0.02)")
        await tx.lock(second)
        await put(tx, str(first))

    await asyncio.gather(postgres_database.transaction(both, 1, 2), postgres_database.transaction(both, 2, 1))
    assert await postgres_database.read(lanes) == ["1", "2"]


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be reached"):
        await PostgresDatabase.open(f"postgresql://postgres@/xueban?host={tmp_path}")
    with pytest.raises(ValueError, match="cannot be read"):
        await PostgresDatabase.open("postgresql://localhost:harbour/xueban")


async def test_a_database_that_the_server_does_not_have_is_told(postgres_server: PostgresServer) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        await PostgresDatabase.open(postgres_server.url("nowhere"))
