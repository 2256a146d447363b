"""Once an hour, forget what nobody will ask for again: notes of events heard, messages sent, links expired."""

from __future__ import annotations

from domain.day import DAY
from storage import events, logins, outbox
from storage.tx import Database

KEPT = 7 * DAY
"""Telegram keeps an update 24 h; a week leaves room for a clock that was wrong."""


async def tidy(database: Database, now: int) -> None:
    await database.transaction(events.forget, now - KEPT)
    await database.transaction(logins.sweep, now)
    while await database.transaction(outbox.forget_sent, now - KEPT):
        pass
