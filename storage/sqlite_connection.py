"""Connections to an SQLite file, each with a thread of its own, and the ones that only read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from contextvars import Context, copy_context
from pathlib import Path
from typing import Any, Literal

import aiosqlite

from storage.driving import Args, Fn, Kwargs, drive
from storage.sqlite_tx import SqliteTx

_CACHED_STATEMENTS = 512
_CACHE_KIB = 64 * 1024
_ALL = (f"cache_size=-{_CACHE_KIB}", "temp_store=MEMORY")


async def connect(
    path: Path, mode: Literal["rwc", "rw", "ro"], busy_timeout: float, pragmas: Iterable[str]
) -> aiosqlite.Connection:
    """Raises sqlite3.Error when the file cannot be opened so. Transactions are begun and ended by hand."""
    connection = aiosqlite.connect(
        f"{_uri(path)}?mode={mode}",
        uri=True,
        timeout=busy_timeout,
        isolation_level=None,
        cached_statements=_CACHED_STATEMENTS,
    )
    try:
        await connection
        connection.row_factory = sqlite3.Row
        for pragma in (*_ALL, *pragmas):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        # Where it never came to a connection aiosqlite leaves the thread behind, about to speak to our loop.
        await asyncio.to_thread(connection._thread.join)
        raise
    return connection


async def tx_of(connection: aiosqlite.Connection) -> SqliteTx:
    # Made in the connection's thread: sqlite3 lets no other use the cursor, so a tx that leaks out is of no use.
    tx: SqliteTx = await connection._execute(SqliteTx, connection._conn)  # type: ignore[no-untyped-call]
    return tx


class Reader:
    """One connection that only reads."""

    def __init__(self, connection: aiosqlite.Connection, tx: SqliteTx) -> None:
        self.connection = connection
        self.queued = 0
        """Reads that wait for the thread, or run in it."""
        self._tx = tx

    async def read(self, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
        self.queued += 1
        try:
            return await self.connection._execute(self._run, copy_context(), fn, args, kwargs)  # type: ignore[no-untyped-call]
        finally:
            self.queued -= 1

    def _run(self, context: Context, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
        self._tx.start_afresh()
        self._tx.control("BEGIN")
        try:
            return context.run(drive, self._tx, fn, args, kwargs)
        finally:
            self._tx.control("ROLLBACK")


def _uri(path: Path) -> str:
    return path.absolute().as_uri()
