"""The ``tx`` of PostgreSQL, and how its transaction ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import asyncpg

from storage.driving import Args, Fn, Kwargs, follow, swallowed
from storage.parameters import in_order, numbered
from storage.tx import Row, StorageError

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]

T = TypeVar("T")

CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""The transaction did nothing wrong but came in another's way; run again, it may well go through."""
_TROUBLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
)
_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
_ROWS = -1
"""Place of the row count in a status tag such as ``INSERT 0 1``."""


class PostgresTx:
    """One transaction on a connection. ``under_way`` is for `follow`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.under_way = False
        self.failed: Exception | None = None
        """The first error PostgreSQL gave: whatever the function makes of it, nothing will be committed."""

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        text, names = numbered(sql)
        row: Row | None = await self.ask(self._connection.fetchrow, text, *in_order(names, params))
        return row

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        text, names = numbered(sql)
        rows: list[Row] = await self.ask(self._connection.fetch, text, *in_order(names, params))
        return rows

    async def run(self, sql: str, /, **params: Any) -> int:
        text, names = numbered(sql)
        tag: str = await self.ask(self._connection.execute, text, *in_order(names, params))
        count = tag.split()[_ROWS]
        return int(count) if count.isdecimal() else 0

    async def many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        text, names = numbered(sql)
        await self.ask(self._connection.executemany, text, [in_order(names, row) for row in rows])

    async def lock(self, key: int, /) -> bool:
        await self.ask(self._connection.execute, "SELECT pg_advisory_xact_lock($1)", key)
        return True

    async def ask(self, method: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        self.under_way = True
        try:
            return await method(*args)
        except _ERRORS as error:
            self.failed = self.failed or error
            if isinstance(error, _TROUBLE) or self._connection.is_closed():
                raise StorageError(f"PostgreSQL could not do it ({error})") from error
            raise
        finally:
            self.under_way = False


async def run_on(connection: Connection, begin: str, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
    """The result of ``fn(tx, …)``, committed. Raises one of `CONFLICTS` when it is worth another try."""
    tx = PostgresTx(connection)
    try:
        await tx.ask(connection.execute, begin)
        result = await follow(tx, fn, args, kwargs)
    except BaseException as error:
        await _to_its_end(_roll_back(connection))
        if isinstance(error, Exception) and isinstance(tx.failed, CONFLICTS):
            raise tx.failed from error  # whatever the function made of it
        raise
    await _to_its_end(_commit(tx, connection))
    return result


async def _commit(tx: PostgresTx, connection: Connection) -> None:
    tag = await tx.ask(connection.execute, "COMMIT")
    if tag == "COMMIT":
        return
    if isinstance(tx.failed, CONFLICTS):
        raise tx.failed
    raise swallowed(tx.failed)


async def _roll_back(connection: Connection) -> None:
    with suppress(*_ERRORS):  # where the connection is lost the server rolls back by itself
        await connection.execute("ROLLBACK")


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Cancelled or not, the outcome is known first; then the cancellation is raised."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    failure = task.exception()
    if cancelled is not None:
        raise cancelled
    if failure is not None:
        raise failure
