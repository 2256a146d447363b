"""PostgreSQL, with the promises of the SQLite driver: nothing but ``tx`` is awaited, and what returned is committed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import asyncpg

from storage.driving import Args, Fn, Kwargs
from storage.postgres_tx import CONFLICTS, run_on
from storage.tx import StorageError, Tx

if TYPE_CHECKING:
    from storage.postgres_tx import Connection

P = ParamSpec("P")
T = TypeVar("T")

CONNECTIONS = 10
_CACHED_STATEMENTS = 512
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Each statement sees what was committed before it: what follows `Tx.lock` sees what the last holder did."""
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PAUSES = (0.0, 0.02, 0.1, 0.5)
"""Seconds after each lost conflict until the transaction tries again; after the last it is given up."""


class PostgresDatabase:
    """A pool of connections to one database; made by `open`."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool
        self._under_way = 0
        self._idle = asyncio.Event()
        self._closing = False

    @classmethod
    async def open(cls, url: str, *, connections: int = CONNECTIONS) -> PostgresDatabase:
        """Raises StorageError when the server does not let us in, ValueError for an address it cannot read."""
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=connections,
                init=_prepare,
                reset=_nothing_to_reset,
                statement_cache_size=_CACHED_STATEMENTS,
                max_cached_statement_lifetime=0,
                server_settings={"application_name": "xueban"},
            )
        except ValueError as error:
            raise ValueError(f"the address of the database cannot be read ({error})") from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise _unreachable(error) from error
        return cls(pool)

    @property
    def busy(self) -> bool:
        return self._under_way > 0

    async def transaction(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._persist(_WRITE, fn, args, kwargs)  # type: ignore[no-any-return]

    async def read(
        self, fn: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._persist(_READ, fn, args, kwargs)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Whatever waits is still done and answered before the connections are closed."""
        if self._closing:
            return
        self._closing = True
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()
        await self._pool.close()

    async def _persist(self, begin: str, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
        lost: Exception | None = None
        for pause in _PAUSES:
            try:
                return await self._attempt(begin, fn, args, kwargs)
            except CONFLICTS as error:
                lost = error
                await asyncio.sleep(pause)
        raise StorageError(f"others kept coming in the way ({lost})") from lost

    async def _attempt(self, begin: str, fn: Fn, args: Args, kwargs: Kwargs) -> Any:
        if self._closing:
            raise StorageError("the database is closed")
        self._under_way += 1
        try:
            connection = await self._acquire()
            try:
                return await run_on(connection, begin, fn, args, kwargs)
            finally:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await self._pool.release(connection)  # throws a broken connection away, and says so
        finally:
            self._under_way -= 1
            self._idle.set()

    async def _acquire(self) -> Connection:
        try:
            return await self._pool.acquire()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise _unreachable(error) from error


def _unreachable(error: Exception) -> StorageError:
    return StorageError(f"PostgreSQL cannot be reached ({type(error).__name__}: {error})")


async def _prepare(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    # sum() and avg() give `numeric` there and plain numbers on SQLite.
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=_plain_number, format="text"
    )


def _plain_number(text: str) -> int | float:
    return int(text) if text.removeprefix("-").isdecimal() else float(text)


async def _nothing_to_reset(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Our transactions leave nothing behind in a session; asyncpg's own reset would cost one more round trip each."""
