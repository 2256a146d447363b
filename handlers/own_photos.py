"""A member's own pictures and films, for the archive of their data: as many as one file can carry, the newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from content.films import ending
from storage.archive import Kept
from storage.media import MediaStore

MOST_BYTES = 40_000_000
"""With the tables, below the 50 MB that Telegram lets bots send (bot/platforms/telegram/rules.py)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    key: str


def wanted(kept: Sequence[Kept]) -> list[Wanted]:
    """What `storage.archive` names, in its order, each file once."""
    pictures = next(part for part in kept if part.name == "pictures")
    name, key = pictures.columns.index("file"), pictures.columns.index("hash")
    return list(dict.fromkeys(Wanted(str(row[name]), str(row[key])) for row in pictures.rows if row[name]))


def fetched(photos: MediaStore | None, files: Sequence[Wanted]) -> tuple[list[tuple[str, bytes]], int]:
    """(the files, how many did not fit). In the thread in which files are made, where no event loop runs."""
    return asyncio.run(_fetch(photos, files)) if photos and files else ([], 0)


async def _fetch(photos: MediaStore, files: Sequence[Wanted]) -> tuple[list[tuple[str, bytes]], int]:
    found: list[tuple[str, bytes]] = []
    room = MOST_BYTES
    for place, file in enumerate(files):
        content = await photos.get(file.key)
        if content is None:
            continue
        room -= len(content)
        if room < 0:
            return found, len(files) - place
        # A document has its own name.
        named = file.name if "." in file.name else f"{file.name}.{ending(content)}"
        found.append((f"photos/{named}", content))
    return found, 0
