"""What a transaction and a database are to the rest of the program, whichever engine stands behind them.

SQL is the dialect that SQLite and PostgreSQL share, with ``:named`` parameters. Rows unpack in the order of their columns
and answer to column names.
"""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Row(Protocol):
    def __getitem__(self, column: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...


class Tx(Protocol):
    """One transaction under way. A function handed to `Database.transaction` awaits these four and nothing else."""

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def all(self, sql: str, /, **params: Any) -> list[Row]: ...

    async def run(self, sql: str, /, **params: Any) -> int:
        """Execute, and return how many rows were changed."""
        ...

    async def many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Execute once for each mapping of parameters."""
        ...

    async def lock(self, key: int, /) -> bool:
        """Wait until no other transaction holds ``key`` (a group's id, or a `key_of`); it is held until this one ends.

        True where others may have changed what this transaction saw before.
        """
        ...


def key_of(name: str) -> int:
    """What to `Tx.lock` for something without a number of its own; far below any group's id."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


class Database(Protocol):
    """A database that is open."""

    @property
    def busy(self) -> bool:
        """Whether somebody's transaction waits or runs in this moment."""
        ...

    async def transaction(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn(tx, *args)`` and commit. When this returns, what it did is on disk; when it raises, none of it is.

        ``fn`` may be run again from the start after a conflict or another transaction's failure, so it changes nothing but rows.
        Raises `AwaitedOutside` when ``fn`` awaits anything but ``tx``, `StorageError` when the database cannot commit.
        """
        ...

    async def read(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a connection that only reads, beside the writers; it sees one committed state throughout."""
        ...

    async def close(self) -> None: ...


class StorageError(Exception):
    """The database could not do it (disk full, file locked, server gone). Nothing of the transaction is kept."""


class AwaitedOutside(StorageError):
    """A transaction awaited something other than its ``tx``: no network call or sleep may sit inside a transaction."""
