"""What was to be said and could not be, for people to look at and try again; figures of the queue, and its housekeeping."""

from __future__ import annotations

from typing import NamedTuple

from storage.outbox import REPLACED
from storage.tx import Tx

HOUSEKEEPING_BITE = 500
"""Rows deleted in one transaction, a few milliseconds' work."""
# SQLite uses a partial index only where its condition is repeated word for word.
_FAILED = "state IN ('flying', 'failed') AND state = 'failed'"


class Failure(NamedTuple):
    """What could not be said, for people to look at."""

    id: int
    group_id: int
    lane: str
    chat_id: str
    body: str
    attempts: int
    error: str
    created_at: int
    done_at: int


async def failures(tx: Tx, limit: int) -> list[Failure]:
    """The latest that could not be said, newest first."""
    rows = await tx.all(
        f"""SELECT id, group_id, lane, chat_id, body, attempts, error, created_at, done_at FROM outbox
            WHERE {_FAILED} ORDER BY id DESC LIMIT :limit""",
        limit=limit,
    )
    return [Failure(*row) for row in rows]


async def failed_in_group(tx: Tx, group_id: int) -> int:
    """How many messages for this group could not be said."""
    row = await tx.one(
        "SELECT count(*) FROM outbox WHERE group_id = :group AND state = 'failed'", group=group_id
    )
    return int(row[0]) if row else 0


async def retry(tx: Tx, id: int) -> bool:
    """Try a failed row once more, from the beginning. False where there is no failed row of that id."""
    failed_row = f"id = :id AND {_FAILED}"
    replaced = await tx.run(
        f"DELETE FROM outbox WHERE {failed_row} AND slot IS NOT NULL AND {REPLACED}", id=id
    )
    queued = await tx.run(
        f"""UPDATE outbox SET state = 'queued', attempts = 0, error = NULL, not_before = 0, done_at = NULL
            WHERE {failed_row}""",
        id=id,
    )
    return bool(replaced or queued)


async def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """(lane, state) → rows, for the states that are not yet over and for failed."""
    rows = await tx.all(
        """SELECT lane, 'queued', count(*) FROM outbox WHERE state = 'queued' GROUP BY lane
           UNION ALL
           SELECT lane, state, count(*) FROM outbox WHERE state IN ('flying', 'failed')
           GROUP BY lane, state"""
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def forget_sent(tx: Tx, before: int) -> int:
    """Delete a bite of what was sent before ``before``; how many rows. Again until it is less than a bite."""
    return await tx.run(
        """DELETE FROM outbox WHERE (group_id, id) IN (
             SELECT group_id, id FROM outbox WHERE state = 'sent' AND done_at < :before LIMIT :bite)""",
        before=before,
        bite=HOUSEKEEPING_BITE,
    )
