"""Once an hour, forget what nobody will ask for again: notes of events heard, messages sent, links expired, photos shown, files
that nobody loaded, pictures that belong to nobody any more."""

from __future__ import annotations

from domain.day import DAY
from scheduler.forgetting import forget_details
from storage import albums, events, logins, outbox_care, pictures, previews
from storage.media import MediaStore
from storage.tx import Database

UPLOADS_KEPT = DAY
"""Whoever sent a file has read by then what came of it."""
_BITE = 200
KEPT = 7 * DAY
"""Telegram keeps an update 24 h; a week leaves room for a clock that was wrong."""


async def tidy(
    database: Database, now: int, uploads: MediaStore | None = None, photos: MediaStore | None = None
) -> None:
    await database.transaction(events.forget, now - KEPT)
    await database.transaction(logins.sweep, now)
    await database.transaction(albums.forget, now - albums.KEPT)
    await database.transaction(previews.forget, now - DAY)
    while await database.transaction(outbox_care.forget_sent, now - KEPT):
        pass
    await forget_details(database, now)
    if uploads is not None:
        await uploads.forget(now - UPLOADS_KEPT)
    if photos is not None:
        await _forget_photos(database, photos, now - DAY)


async def _forget_photos(database: Database, photos: MediaStore, before: int) -> None:
    """Of reflections taken back, of people who left for good. What is younger may only not be marked yet."""
    keys = await photos.old(before)
    for begin in range(0, len(keys), _BITE):
        for key in await database.read(pictures.unused, keys[begin : begin + _BITE]):
            await photos.delete(key)
