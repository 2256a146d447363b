"""aiosqlite as most bots use it: one connection for everybody, and a commit after each change."""

from __future__ import annotations

from pathlib import Path

import aiosqlite

from bench.peers.script import Script


class AiosqliteWay:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: Path) -> AiosqliteWay:
        connection = await aiosqlite.connect(path)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
            await connection.execute(f"PRAGMA {pragma}")
        return cls(connection)

    async def do(self, script: Script) -> None:
        for sql, params, reads in script:
            if reads:
                await self._connection.execute_fetchall(sql, params)
            else:
                await self._connection.execute(sql, params)
                await self._connection.commit()

    async def close(self) -> None:
        await self._connection.close()
