"""A store of files that lasts as long as a transcript."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


class MemoryStore:
    """`storage.media.MediaStore`."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.kept: dict[str, tuple[int, bytes]] = {}

    async def put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        self.kept[key] = (self._clock(), content)
        return key

    async def get(self, key: str) -> bytes | None:
        return self.kept.get(key, (0, None))[1]

    async def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    async def forget(self, before: int) -> int:
        old = await self.old(before)
        for key in old:
            await self.delete(key)
        return len(old)

    async def old(self, before: int) -> list[str]:
        return [key for key, (at, _) in self.kept.items() if at < before]
