"""Which events were heard already, and the ones nobody could understand."""

from __future__ import annotations

from domain.incoming import Incoming
from storage.tx import Row, Tx


async def first_time(tx: Tx, event: Incoming, now: int) -> bool:
    """Note the event; False when it was noted before, so that a redelivered one changes nothing."""
    noted = await tx.run(
        """INSERT INTO events (platform, account, event_id, at) VALUES (:platform, :account, :event, :now)
           ON CONFLICT DO NOTHING""",
        platform=event.platform,
        account=event.account,
        event=event.event_id,
        now=now,
    )
    return noted == 1


async def forget(tx: Tx, before: int) -> int:
    """Drop notes older than ``before``; no platform redelivers after that."""
    return await tx.run("DELETE FROM events WHERE at < :before", before=before)


async def bury(
    tx: Tx, *, id: int, platform: str, account: str, event_id: str, error: str, raw: str, now: int
) -> None:
    """Keep an event that could not be handled, for the operator to look at."""
    await tx.run(
        """INSERT INTO dead_letters (id, platform, account, event_id, error, raw, at)
           VALUES (:id, :platform, :account, :event, :error, :raw, :now)""",
        id=id,
        platform=platform,
        account=account,
        event=event_id,
        error=error,
        raw=raw,
        now=now,
    )


async def buried(tx: Tx, limit: int = 50) -> list[Row]:
    """(id, platform, account, event_id, error, at), newest first."""
    return await tx.all(
        """SELECT id, platform, account, event_id, error, at FROM dead_letters
           ORDER BY id DESC LIMIT :limit""",
        limit=limit,
    )
