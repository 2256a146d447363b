"""The statements of one transaction with their parameters, taken down as our own code issued them, so that all run the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from storage.tx import Database, Row, Tx

T = TypeVar("T")


class Statement(NamedTuple):
    sql: str
    params: Mapping[str, Any]
    reads: bool


Script = list[Statement]


class Undone(Exception):
    """Everything was taken down, and nothing is to be kept."""


async def take_down(database: Database, fn: Callable[[Tx, T], Awaitable[object]], argument: T) -> Script:
    """What ``fn`` asks of its ``tx``; it is rolled back."""
    script: Script = []

    async def play(tx: Tx) -> None:
        await fn(_Listening(tx, script), argument)
        raise Undone

    try:
        await database.transaction(play)
    except Undone:
        return script
    raise AssertionError("it was to be rolled back")


class _Listening:
    """A ``tx`` that writes along."""

    def __init__(self, tx: Tx, script: Script) -> None:
        self._tx = tx
        self._script = script

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        self._script.append(Statement(sql, params, True))
        return await self._tx.one(sql, **params)

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        self._script.append(Statement(sql, params, True))
        return await self._tx.all(sql, **params)

    async def run(self, sql: str, /, **params: Any) -> int:
        self._script.append(Statement(sql, params, False))
        return await self._tx.run(sql, **params)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        self._script += [Statement(sql, row, False) for row in rows]
        await self._tx.many(sql, rows)

    async def lock(self, key: int, /) -> bool:
        return await self._tx.lock(key)
