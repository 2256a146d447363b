"""What happens in the one thread that writes to SQLite: what waits is worked off, many transactions to a commit."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import Any

from storage.driving import Args, Fn, Kwargs, drive, swallowed
from storage.sqlite_tx import SqliteTx, trouble
from storage.tx import StorageError

SHARE = 512
"""Transactions that share one commit, at most: some 30 ms of work, so that the first does not wait long."""


class Call:
    """One transaction that somebody waits for."""

    __slots__ = ("args", "context", "done", "error", "fn", "kwargs", "result", "settled")

    def __init__(self, fn: Fn, args: Args, kwargs: Kwargs, done: asyncio.Future[None]) -> None:
        self.fn = fn
        self.args = args
        self.kwargs = kwargs
        self.done = done
        self.context = copy_context()
        self.result: Any = None
        self.error: BaseException | None = None
        self.settled = False

    def fail(self, error: sqlite3.Error) -> None:
        self.error = trouble(error) or StorageError(f"the database could not commit ({error})")
        self.error.__cause__ = error


class Writer:
    """The waiting transactions, and the connection they will run on.

    ``deliver(batch, changes)`` is called in the event loop when a batch is decided; so many rows were changed so far.
    """

    def __init__(self, tx: SqliteTx, deliver: Callable[[list[Call], int], None]) -> None:
        # The event loop appends and removes, the thread pops. A deque's own methods are atomic, so a call is either
        # withdrawn or taken, never both.
        self.waiting: deque[Call] = deque()
        self.log_is_long = False
        """The write-ahead log has outgrown its measure: the writer pauses to copy it into the database."""
        self._tx = tx
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()

    def work_off(self) -> None:
        """In the writer's thread, until nobody waits any more."""
        while batch := self._take():
            try:
                self._settle(batch)
            except BaseException as error:
                self._roll_back()
                for call in batch:
                    call.error = error
            self._loop.call_soon_threadsafe(self._deliver, batch, self._tx.connection.total_changes)
            if self.log_is_long:
                self._shorten_log()

    def _take(self) -> list[Call]:
        batch: list[Call] = []
        with suppress(IndexError):
            while len(batch) < SHARE:
                batch.append(self.waiting.popleft())
        return batch

    def _settle(self, batch: list[Call]) -> None:
        """Give every call its result or its error, and neither before it is true on disk."""
        if self._begin(batch):
            try:
                self._commit(batch)
            except sqlite3.Error as error:
                self._roll_back()
                self._recover(batch, error)

    def _begin(self, calls: Sequence[Call]) -> bool:
        try:
            self._tx.control("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            for call in calls:
                call.fail(error)
            return False
        return True

    def _commit(self, batch: list[Call]) -> None:
        """Raises sqlite3.Error when nothing of the whole batch is kept."""
        if len(batch) == 1:
            self._tx.control("COMMIT" if self._run(batch[0]) else "ROLLBACK")
            return
        for call in batch:
            self._tx.control("SAVEPOINT one")
            if not self._run(call):
                self._tx.control("ROLLBACK TO one")
            self._tx.control("RELEASE one")
        self._tx.control("COMMIT")

    def _run(self, call: Call) -> bool:
        """False when the function raised. Raises what made SQLite end the transaction, if something did."""
        tx = self._tx
        tx.start_afresh()
        call.error = None
        try:
            call.result = call.context.run(drive, tx, call.fn, call.args, call.kwargs)
        except BaseException as error:
            call.error = error
        if tx.failed is not None:
            if tx.ended:
                raise tx.failed
            call.error = call.error or swallowed(tx.failed)
        return call.error is None

    def _recover(self, batch: list[Call], error: sqlite3.Error) -> None:
        """One of them spoilt it for all: each tries again by itself, so that the others need not pay."""
        if len(batch) == 1:
            batch[0].fail(error)
            return
        for place, call in enumerate(batch):
            if not self._begin(batch[place:]):
                return
            try:
                self._commit([call])
            except sqlite3.Error as again:
                self._roll_back()
                call.fail(again)

    def _roll_back(self) -> None:
        if self._tx.connection.in_transaction:
            with suppress(sqlite3.Error):  # the file is gone: closing the connection will undo it
                self._tx.control("ROLLBACK")

    def _shorten_log(self) -> None:
        self.log_is_long = False
        with suppress(sqlite3.Error):  # the checkpoint beside the writer meets the same error, and reports it
            self._tx.control("PRAGMA wal_checkpoint(PASSIVE)")
