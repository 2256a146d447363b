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

HOUSEKEEPING_BITE = 500
"""Rows deleted in one transaction, a few milliseconds' work."""


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
_FLYING = "lane = :lane AND state IN ('flying', 'failed') AND state = 'flying'"
_FAILED = "state IN ('flying', 'failed') AND state = 'failed'"

# A row of this slot that waits already says what is true now.
_REPLACED = """
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
        f"DELETE FROM outbox WHERE group_id = :group_id AND id = :id AND state = 'flying' AND {_REPLACED}",
        **key,
    )
    await tx.run(
        """UPDATE outbox SET state = 'queued', attempts = :attempts, error = :error
           WHERE group_id = :group_id AND id = :id AND state = 'flying'""",
        attempts=attempts,
        error=error,
        **key,
    )


async def hold(tx: Tx, lane: str, chat_id: str, until: int) -> None:
    """Nothing that waits for the chat leaves before ``until``, so its order is kept."""
    await tx.run(
        """UPDATE outbox SET not_before = :until
           WHERE lane = :lane AND chat_id = :chat AND state = 'queued' AND not_before < :until""",
        lane=lane,
        chat=chat_id,
        until=until,
    )


async def put_off(tx: Tx, rows: Iterable[tuple[OutboxRow, int]]) -> None:
    """Each row alone leaves no sooner than its instant; its chat is free to be spoken to."""
    await tx.many(
        "UPDATE outbox SET not_before = :until WHERE group_id = :group_id AND id = :id",
        [{"group_id": row.group_id, "id": row.id, "until": until} for row, until in rows],
    )


async def held(tx: Tx, lane: str, now: int) -> list[tuple[str, int]]:
    """(chat, until) for the chats whose last try asked for patience: the memory of a sender that is gone."""
    rows = await tx.all(
        """SELECT chat_id, max(not_before) FROM outbox
           WHERE lane = :lane AND state = 'queued' AND not_before > :now AND error IS NOT NULL
           GROUP BY chat_id""",
        lane=lane,
        now=now,
    )
    return [(row[0], row[1]) for row in rows]


async def recover(tx: Tx, lane: str) -> int:
    """Queue again what was in the air when its sender went away; how many rows that were."""
    await tx.run(f"DELETE FROM outbox WHERE {_FLYING} AND slot IS NOT NULL AND {_REPLACED}", lane=lane)
    return await tx.run(f"UPDATE outbox SET state = 'queued' WHERE {_FLYING}", lane=lane)


async def is_flying(tx: Tx, lane: str, slot: str) -> bool:
    """Whether anything for a slot that begins like this is in the air."""
    row = await tx.one(
        f"SELECT 1 FROM outbox WHERE {_FLYING} AND slot LIKE :slot LIMIT 1",
        lane=lane,
        slot=f"{slot}%",
    )
    return row is not None


async def close_chat(tx: Tx, lane: str, row: OutboxRow, now: int) -> bool:
    """Nothing can be said in the row's chat any more: what waits for it has failed. True where it is news."""
    platform, _, account = lane.partition(":")
    for there in ("lane = :lane AND state = 'queued'", _FLYING):
        await tx.run(
            f"""UPDATE outbox SET state = 'failed', error = 'unreachable', done_at = :now
                WHERE {there} AND chat_id = :chat""",
            lane=lane,
            chat=row.chat_id,
            now=now,
        )
    chats = await tx.run(
        """UPDATE chats SET reachable = 0
           WHERE platform = :platform AND account = :account AND chat_id = :chat AND reachable = 1""",
        platform=platform,
        account=account,
        chat=row.chat_id,
    )
    accounts = await tx.run(
        """UPDATE accounts SET reachable = 0
           WHERE person_id = :person AND group_id = 0 AND platform = :platform AND account = :account
             AND chat_id = :chat AND reachable = 1""",
        person=row.person_id,
        platform=platform,
        account=account,
        chat=row.chat_id,
    )
    return bool(chats or accounts)


async def rename_chat(tx: Tx, lane: str, old: str, new: str) -> None:
    """What waits for the chat or is in the air moves along to its new id."""
    await tx.run(
        """DELETE FROM outbox WHERE lane = :lane AND chat_id = :old AND state = 'queued' AND slot IS NOT NULL
             AND EXISTS (SELECT 1 FROM outbox n WHERE n.lane = :lane AND n.chat_id = :new
                           AND n.thread_id = outbox.thread_id AND n.slot = outbox.slot
                           AND n.state = 'queued' AND n.slot IS NOT NULL)""",
        lane=lane,
        old=old,
        new=new,
    )
    for there in ("lane = :lane AND state = 'queued'", _FLYING):
        await tx.run(
            f"UPDATE outbox SET chat_id = :new WHERE {there} AND chat_id = :old", lane=lane, old=old, new=new
        )
    # Messages of before the move cannot be edited under the new id.
    await tx.run("DELETE FROM posts WHERE lane = :lane AND chat_id = :old", lane=lane, old=old)


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
        f"DELETE FROM outbox WHERE {failed_row} AND slot IS NOT NULL AND {_REPLACED}", id=id
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


def _keys(rows: Iterable[OutboxRow]) -> list[dict[str, Any]]:
    return [{"group_id": row.group_id, "id": row.id} for row in rows]
