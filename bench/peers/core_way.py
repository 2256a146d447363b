"""SQLAlchemy Core on its asyncio engine, over aiosqlite; one transaction after the other, as one writer must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, event, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.peers.script import Script


class CoreWay:
    def __init__(self, path: Path) -> None:
        # One connection: with more, SQLite's lock makes them wait by sleeping, which is slower.
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0, pool_timeout=120
        )
        self._texts: dict[str, TextClause] = {}
        event.listen(self._engine.sync_engine, "connect", _prepare)

    async def do(self, script: Script) -> None:
        async with self._engine.begin() as connection:
            for sql, params, reads in script:
                result = await connection.execute(self._text(sql), params)
                if reads:
                    result.fetchall()

    async def close(self) -> None:
        await self._engine.dispose()

    def _text(self, sql: str) -> TextClause:
        return self._texts.setdefault(sql, text(sql))


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
