"""Files that people sent, kept by what is in them: the same file twice is kept once, and its name tells nothing."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[0-9a-f]{64}")


class MediaStore(Protocol):
    """Where files lie. ``key`` is what `put` returned."""

    async def put(self, content: bytes) -> str: ...

    async def get(self, key: str) -> bytes | None:
        """None for what is not, or no longer, kept."""
        ...

    async def delete(self, key: str) -> None: ...

    async def forget(self, before: int) -> int:
        """Delete what was last put before that instant (UTC epoch ms). How many files that were."""
        ...

    async def old(self, before: int) -> list[str]:
        """Keys of what was last put before that instant, to ask who still needs it."""
        ...


class FolderStore:
    """`MediaStore` in a folder of this machine, which is made when something is put there."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._clock = clock

    async def put(self, content: bytes) -> str:
        return await asyncio.to_thread(self._put, content)

    async def get(self, key: str) -> bytes | None:
        return await asyncio.to_thread(self._get, key)

    async def delete(self, key: str) -> None:
        if path := self._path(key):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def forget(self, before: int) -> int:
        return await asyncio.to_thread(self._forget, before)

    async def old(self, before: int) -> list[str]:
        return await asyncio.to_thread(self._old, before)

    def _path(self, key: str) -> Path | None:
        """None for what is no key: it may hold a way out of the folder."""
        return self._folder / key[:2] / key if _KEY.fullmatch(key) else None

    def _put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        path = self._folder / key[:2] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, content, self._clock() / 1000)
        return key

    def _get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            return path.read_bytes() if path else None
        except FileNotFoundError:
            return None

    def _old(self, before: int) -> list[str]:
        lying = self._folder.glob("??/*")
        return sorted(
            path.name for path in lying if _changed_at(path) * 1000 < before and _KEY.fullmatch(path.name)
        )

    def _forget(self, before: int) -> int:
        old = [path for path in self._folder.glob("??/*") if _changed_at(path) * 1000 < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _write_whole(path: Path, content: bytes, at: float) -> None:
    """Under another name first: nobody ever sees half a file, even after a power cut."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix="part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(draft, (at, at))
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
