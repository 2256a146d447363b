"""SQLite with one writer, whose transactions share commits: `synchronous=FULL` costs one sync for all that wait.

While one batch is being committed the next one gathers. Checkpoints of the write-ahead log run on a second
connection, and what only reads has connections of its own.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import aiosqlite

from storage.sqlite_connection import Reader, connect, tx_of
from storage.sqlite_tx import SqliteTx, trouble
from storage.sqlite_writer import Call, Writer
from storage.tx import AwaitedOutside, StorageError, Tx

P = ParamSpec("P")
T = TypeVar("T")

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another process that holds the write lock."""
READERS = 2
CHECKPOINT_AFTER = 2_000
"""Changed rows after which the log is copied into the database, beside the writer."""
LONG_LOG = 8_192
"""Pages of log (16 MB) at which the writer pauses for a checkpoint: while it writes, none can reach the log's end."""
_CLOSING_PATIENCE = 0.2
"""Seconds that `close` waits for readers of other processes to leave the log, which it would like to empty."""
_WRITER = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0")
_KEEPER = ("synchronous=FULL",)
_READER = ("query_only=ON",)

_log = logging.getLogger(__name__)


class SqliteDatabase:
    """An open database file; made by `open`."""

    def __init__(
        self,
        connection: aiosqlite.Connection,
        tx: SqliteTx,
        keeper: aiosqlite.Connection,
        readers: list[Reader],
        checkpoint_after: int,
        long_log: int,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._keeper = keeper
        self._readers = readers
        self._writer = Writer(tx, self._deliver)
        self._pump: asyncio.Task[None] | None = None
        self._upkeep: asyncio.Task[None] | None = None
        self._checkpoint_after = checkpoint_after
        self._long_log = long_log
        self._checkpointed = 0
        self._closing = False
        self._under_way = 0

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        busy_timeout: float = BUSY_TIMEOUT,
        readers: int = READERS,
        checkpoint_after: int = CHECKPOINT_AFTER,
        long_log: int = LONG_LOG,
    ) -> SqliteDatabase:
        """Raises StorageError when the file cannot be opened."""
        opened: list[aiosqlite.Connection] = []
        try:
            opened.append(await connect(path, "rwc", busy_timeout, _WRITER))
            opened.append(await connect(path, "rw", _CLOSING_PATIENCE, _KEEPER))
            for _ in range(readers):
                opened.append(await connect(path, "ro", busy_timeout, _READER))
            writer, keeper, *others = opened
            pool = [Reader(reader, await tx_of(reader)) for reader in others]
            return cls(writer, await tx_of(writer), keeper, pool, checkpoint_after, long_log)
        except BaseException as error:
            for connection in opened:
                await connection.close()
            if isinstance(error, sqlite3.Error):
                raise StorageError(f"{path}: {trouble(error) or error}") from error
            raise

    @property
    def busy(self) -> bool:
        return self._under_way > 0

    async def transaction(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._closing:
            raise StorageError("the database is closed")
        call = Call(fn, args, kwargs, _loop().create_future())
        self._writer.waiting.append(call)
        if self._pump is None:
            self._pump = self._loop.create_task(self._work_off())
        self._under_way += 1
        try:
            await call.done
        except asyncio.CancelledError:
            await self._withdraw(call)
            raise
        finally:
            self._under_way -= 1
        if call.error is not None:
            raise call.error
        return call.result  # type: ignore[no-any-return]

    async def read(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if self._closing:
            raise StorageError("the database is closed")
        _loop()
        reader = min(self._readers, key=lambda one: one.queued)
        return await reader.read(fn, args, kwargs)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Whatever waits is still done and answered before the file is closed."""
        if self._closing:
            return
        self._closing = True
        while self._pump is not None or self._writer.waiting:
            self._pump = self._pump or self._loop.create_task(self._work_off())
            await asyncio.wait([self._pump])
        if self._upkeep is not None:
            await asyncio.wait([self._upkeep])
        for reader in self._readers:
            await reader.connection.close()
        with suppress(sqlite3.Error):  # no room, or somebody reads: the log is kept for the next start
            await self._keeper.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        await self._keeper.close()
        await self._connection.close()

    async def _work_off(self) -> None:
        try:
            while self._writer.waiting:
                # aiosqlite's public methods cross threads for every statement; this one takes a whole function.
                await self._connection._execute(self._writer.work_off)  # type: ignore[no-untyped-call]
        finally:
            self._pump = None

    async def _withdraw(self, call: Call) -> None:
        """Return once the call can change nothing any more: it never ran, or its outcome is on disk."""
        with suppress(ValueError):
            self._writer.waiting.remove(call)
            return
        while not call.settled:
            call.done = self._loop.create_future()
            with suppress(asyncio.CancelledError):
                await call.done

    def _deliver(self, batch: list[Call], changes: int) -> None:
        """In the event loop, once for each batch."""
        for call in batch:
            call.settled = True
            if not call.done.done():
                call.done.set_result(None)
        if changes - self._checkpointed >= self._checkpoint_after and self._upkeep is None:
            self._checkpointed = changes
            self._upkeep = self._loop.create_task(self._checkpoint())

    async def _checkpoint(self) -> None:
        try:
            [(_busy, pages, _copied)] = await self._keeper.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
            self._writer.log_is_long = pages >= self._long_log
        except sqlite3.Error as error:
            _log.warning("checkpoint failed, the log grows: %s", trouble(error) or error)
        finally:
            self._upkeep = None


def _loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError as error:  # this is the thread of a connection, in the middle of a transaction
        raise AwaitedOutside(
            "a transaction may await nothing but its tx, and this one awaited another transaction"
        ) from error
