"""What is to be said: queued in the transaction of the state it speaks of, sent after that is committed.

A row is ``queued``, then ``flying`` while the platform is being asked, then ``sent`` or ``failed``. Within a
slot at most one row is queued: a newer one takes its place, and one that comes back from the air gives way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from domain.group import Chat
from domain.ids import Ids
from storage.tx import Tx


class OutboxRow(NamedTuple):
    """One message on its way. ``shown`` is the id of the message its slot was last shown in."""

    group_id: int
    id: int
    chat_id: str
    thread_id: str
    is_group: int
    person_id: int
    priority: int
    slot: str | None
    language: str
    body: str
    attempts: int
    shown: str | None


class Sent(NamedTuple):
    row: OutboxRow
    message_id: str | None = None
    """To be remembered as what the row's slot is shown in now."""
    note: str | None = None
    """Why there was nothing to see of it."""
    poll_id: str = ""
    quiz_id: int = 0
    """The native poll it became, and the question that the poll's answers belong to."""


# A live message that waits already is the same again with every change: then nothing is written.
_QUEUE = """
INSERT INTO outbox (group_id, id, lane, chat_id, thread_id, is_group, person_id,
                    priority, slot, language, body, not_before, created_at)
VALUES (:group_id, :id, :lane, :chat_id, :thread_id, :is_group, :person_id,
        :priority, :slot, :language, :body, :not_before, :now)
ON CONFLICT (lane, chat_id, thread_id, slot) WHERE state = 'queued' DO UPDATE
SET body = excluded.body, language = excluded.language,
    priority = CASE WHEN excluded.priority < outbox.priority THEN excluded.priority ELSE outbox.priority END,
    not_before = CASE WHEN excluded.not_before < outbox.not_before
                      THEN excluded.not_before ELSE outbox.not_before END
WHERE excluded.body <> outbox.body OR excluded.language <> outbox.language
   OR excluded.priority < outbox.priority OR excluded.not_before < outbox.not_before
"""

_WAITING = """
SELECT o.group_id, o.id, o.chat_id, o.thread_id, o.is_group, o.person_id, o.priority, o.slot, o.language,
       o.body, o.attempts, p.message_id
FROM outbox o
LEFT JOIN posts p
  ON p.lane = o.lane AND p.chat_id = o.chat_id AND p.thread_id = o.thread_id AND p.slot = o.slot
WHERE o.lane = :lane AND o.state = 'queued' AND o.not_before <= :now
ORDER BY o.priority, o.id LIMIT :limit
"""

# SQLite uses a partial index only where its condition is repeated word for word.
FLYING = "lane = :lane AND state IN ('flying', 'failed') AND state = 'flying'"

# A row of this slot that waits already says what is true now.
REPLACED = """
EXISTS (SELECT 1 FROM outbox n
        WHERE n.lane = outbox.lane AND n.chat_id = outbox.chat_id AND n.thread_id = outbox.thread_id
          AND n.slot = outbox.slot AND n.state = 'queued' AND n.slot IS NOT NULL)
"""


async def queue(
    tx: Tx,
    ids: Ids,
    now: int,
    *,
    group_id: int,
    chat: Chat,
    language: str,
    body: str,
    priority: int,
    slot: str | None = None,
    not_before: int = 0,
    person_id: int = 0,
) -> None:
    """Say ``body`` (`Message.dump`) when it is its turn; with a ``slot``, in place of what waits there."""
    await tx.run(
        _QUEUE,
        group_id=group_id,
        id=ids.next(now),
        lane=chat.lane,
        chat_id=chat.chat_id,
        thread_id=chat.thread_id,
        is_group=int(chat.is_group),
        person_id=person_id,
        priority=int(priority),
        slot=slot,
        language=language,
        body=body,
        not_before=not_before,
        now=now,
    )


async def call_off(tx: Tx, group_id: int, prefix: str) -> None:
    """Whatever still waits for a slot that is ``prefix`` without its colon, or begins with it, is not said."""
    await tx.run(
        """DELETE FROM outbox WHERE group_id = :group AND state = 'queued' AND slot IS NOT NULL
             AND substr(slot || ':', 1, :length) = :prefix""",
        group=group_id,
        length=len(prefix),
        prefix=prefix,
    )


async def call_off_for(tx: Tx, group_id: int, person_id: int) -> None:
    """What waits for the morning to be said to somebody in private is not said: they have left the group."""
    await tx.run(
        """DELETE FROM outbox WHERE group_id = :group AND person_id = :person AND state = 'queued'
             AND substr(slot, 1, 5) = 'wait:'""",
        group=group_id,
        person=person_id,
    )


async def waiting(tx: Tx, lane: str, now: int, limit: int) -> list[OutboxRow]:
    """What may leave by now, in the order in which it should."""
    rows = await tx.all(_WAITING, lane=lane, now=now, limit=limit)
    return [OutboxRow(*row) for row in rows]


async def next_at(tx: Tx, lane: str, now: int) -> int | None:
    """When the next of those rows that must not leave yet may."""
    row = await tx.one(
        "SELECT min(not_before) FROM outbox WHERE lane = :lane AND state = 'queued' AND not_before > :now",
        lane=lane,
        now=now,
    )
    return None if row is None or row[0] is None else int(row[0])


async def next_waiting(tx: Tx) -> int | None:
    """The earliest instant at which any message not yet sent may leave, past ones and those in the air included."""
    row = await tx.one("SELECT min(not_before) FROM outbox WHERE state IN ('queued', 'flying')")
    return None if row is None or row[0] is None else int(row[0])


async def fly(tx: Tx, rows: Sequence[OutboxRow]) -> None:
    """Mark them in flight, before the platform is asked."""
    await tx.many("UPDATE outbox SET state = 'flying' WHERE group_id = :group_id AND id = :id", _keys(rows))


async def landed(tx: Tx, lane: str, now: int, sent: Sequence[Sent]) -> None:
    """They have been said."""
    await tx.many(
        """UPDATE outbox SET state = 'sent', done_at = :now, error = :note
           WHERE group_id = :group_id AND id = :id""",
        [{"group_id": x.row.group_id, "id": x.row.id, "now": now, "note": x.note} for x in sent],
    )
    if shown := [x for x in sent if x.message_id and x.row.slot]:
        await tx.many(
            """INSERT INTO posts (lane, chat_id, thread_id, slot, message_id, at)
               VALUES (:lane, :chat, :thread, :slot, :message, :now)
               ON CONFLICT (lane, chat_id, thread_id, slot) DO UPDATE
               SET message_id = excluded.message_id, at = excluded.at""",
            [
                {
                    "lane": lane,
                    "chat": x.row.chat_id,
                    "thread": x.row.thread_id,
                    "slot": x.row.slot,
                    "message": x.message_id,
                    "now": now,
                }
                for x in shown
            ],
        )


async def failed(tx: Tx, now: int, rows: Iterable[tuple[OutboxRow, str]]) -> None:
    """They will not be tried again of themselves; each with the reason."""
    await tx.many(
        """UPDATE outbox SET state = 'failed', done_at = :now, error = :error
           WHERE group_id = :group_id AND id = :id""",
        [{"group_id": row.group_id, "id": row.id, "now": now, "error": error} for row, error in rows],
    )


async def put_back(tx: Tx, row: OutboxRow, *, attempts: int, error: str | None) -> None:
    """Out of the air and back into the queue, at its old place."""
    key = {"group_id": row.group_id, "id": row.id}
    await tx.run(
        f"DELETE FROM outbox WHERE group_id = :group_id AND id = :id AND state = 'flying' AND {REPLACED}",
        **key,
    )
    await tx.run(
        """UPDATE outbox SET state = 'queued', attempts = :attempts, error = :error
           WHERE group_id = :group_id AND id = :id AND state = 'flying'""",
        attempts=attempts,
        error=error,
        **key,
    )


async def put_off(tx: Tx, rows: Iterable[tuple[OutboxRow, int]]) -> None:
    """Each row alone leaves no sooner than its instant; its chat is free to be spoken to."""
    await tx.many(
        "UPDATE outbox SET not_before = :until WHERE group_id = :group_id AND id = :id",
        [{"group_id": row.group_id, "id": row.id, "until": until} for row, until in rows],
    )


async def recover(tx: Tx, lane: str) -> int:
    """Queue again what was in the air when its sender went away; how many rows that were."""
    await tx.run(f"DELETE FROM outbox WHERE {FLYING} AND slot IS NOT NULL AND {REPLACED}", lane=lane)
    return await tx.run(f"UPDATE outbox SET state = 'queued' WHERE {FLYING}", lane=lane)


async def is_flying(tx: Tx, lane: str, slot: str) -> bool:
    """Whether anything for a slot that begins like this is in the air."""
    row = await tx.one(
        f"SELECT 1 FROM outbox WHERE {FLYING} AND slot LIKE :slot LIMIT 1",
        lane=lane,
        slot=f"{slot}%",
    )
    return row is not None


def _keys(rows: Iterable[OutboxRow]) -> list[dict[str, Any]]:
    return [{"group_id": row.group_id, "id": row.id} for row in rows]
