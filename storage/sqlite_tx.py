"""The ``tx`` of SQLite: it runs sqlite3 directly in the connection's own thread, so that awaiting it never suspends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from threading import get_ident
from typing import Any, NoReturn

from storage.tx import Row, StorageError

_TROUBLE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program holds the lock of the database file; close it or try again",
    sqlite3.SQLITE_LOCKED: "another connection holds the lock of the database file; try again",
    sqlite3.SQLITE_READONLY: "the database can only be read here",
    sqlite3.SQLITE_PERM: "the rights to the database file are missing",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_NOMEM: "the memory is used up",
}
_PRIMARY = 0xFF
"""The low byte of SQLite's extended result codes is the primary code (https://www.sqlite.org/rescode.html)."""


def trouble(error: sqlite3.Error) -> StorageError | None:
    """What the error means where the database is at fault; None where the SQL is."""
    # getattr: the errors that the sqlite3 module itself raises carry no code of SQLite's.
    meaning = _TROUBLE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    return StorageError(f"{meaning} ({error})") if meaning else None


class SqliteTx:
    """One connection, shared by all its transactions in turn. Made, and of use, only in the connection's thread.

    There is one cursor, whose next statement resets the one before: nothing half read hinders a RELEASE or COMMIT.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._cursor = cursor = connection.cursor()
        self._execute: Callable[[str, Any], object] = cursor.execute
        self._executemany: Callable[[str, Any], object] = cursor.executemany
        self._thread = get_ident()
        self._fetchone = cursor.fetchone
        self._fetchall = cursor.fetchall
        self.failed: sqlite3.Error | None = None
        """The first error of a statement: whatever the function makes of it, nothing will be committed."""
        self.ended = False
        """Upon that error SQLite rolled back the whole transaction, with all that shared it."""

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        try:
            self._execute(sql, params)
            return self._fetchone()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            self._fail(error)

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        try:
            self._execute(sql, params)
            return self._fetchall()
        except sqlite3.Error as error:
            self._fail(error)

    async def run(self, sql: str, /, **params: Any) -> int:
        # Not cursor.rowcount, which is -1 for WITH … INSERT.
        before = self.connection.total_changes
        try:
            self._execute(sql, params)
        except sqlite3.Error as error:
            self._fail(error)
        return self.connection.total_changes - before

    async def many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        try:
            self._executemany(sql, rows)
        except sqlite3.Error as error:
            self._fail(error)

    async def lock(self, key: int, /) -> bool:
        """Nothing to wait for: there is one writer."""
        return False

    def control(self, sql: str) -> None:
        """BEGIN, SAVEPOINT and the like, from outside of the driven function."""
        self._cursor.execute(sql)
        self._cursor.fetchall()  # a PRAGMA's answer, left half read, would keep the file open

    def start_afresh(self) -> None:
        """Forget how the transaction before went."""
        if self.failed is not None:
            self.failed, self.ended = None, False
            self._execute, self._executemany = self._cursor.execute, self._cursor.executemany

    def _fail(self, error: sqlite3.Error) -> NoReturn:
        if get_ident() != self._thread:
            raise error  # a tx that leaked out of its transaction; whoever runs in the thread now has no part in it
        self.failed = self.failed or error
        if not self.ended and not self.connection.in_transaction:
            # A function that went on now would commit each further statement by itself.
            self.ended, self._execute, self._executemany = True, self._refuse, self._refuse
        meaning = trouble(error)
        if meaning:
            raise meaning from error
        raise error

    def _refuse(self, *_: object) -> NoReturn:
        raise StorageError("the transaction was rolled back; nothing more can be done in it") from self.failed
