"""Once an hour, forget what nobody will ask for again: notes of events heard, messages sent, links expired, files that
nobody loaded."""

from __future__ import annotations

from domain.day import DAY
from scheduler.forgetting import forget_details
from storage import events, logins, outbox, previews
from storage.media import MediaStore
from storage.tx import Database

UPLOADS_KEPT = DAY
"""Whoever sent a file has read by then what came of it."""
KEPT = 7 * DAY
"""Telegram keeps an update 24 h; a week leaves room for a clock that was wrong."""


async def tidy(database: Database, now: int, uploads: MediaStore | None = None) -> None:
    await database.transaction(events.forget, now - KEPT)
    await database.transaction(logins.sweep, now)
    await database.transaction(previews.forget, now - DAY)
    while await database.transaction(outbox.forget_sent, now - KEPT):
        pass
    await forget_details(database, now)
    if uploads is not None:
        await uploads.forget(now - UPLOADS_KEPT)
