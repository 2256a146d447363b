"""Housekeeping of the messages that slots were last shown in."""

from __future__ import annotations

from storage.tx import Tx

HOUSEKEEPING_BITE = 500


async def find(tx: Tx, lane: str, chat_id: str, slot: str, thread_id: str = "") -> str | None:
    """The id of the message the slot was last shown in."""
    row = await tx.one(
        """SELECT message_id FROM posts
           WHERE lane = :lane AND chat_id = :chat AND thread_id = :thread AND slot = :slot""",
        lane=lane,
        chat=chat_id,
        thread=thread_id,
        slot=slot,
    )
    return None if row is None else str(row[0])


async def remember(
    tx: Tx, lane: str, chat_id: str, slot: str, message_id: str, now: int, thread_id: str = ""
) -> None:
    """Somebody's own message shows what the slot is named for; it is never edited by us."""
    await tx.run(
        """INSERT INTO posts (lane, chat_id, thread_id, slot, message_id, at)
           VALUES (:lane, :chat, :thread, :slot, :message, :now)
           ON CONFLICT (lane, chat_id, thread_id, slot) DO UPDATE
           SET message_id = excluded.message_id, at = excluded.at""",
        lane=lane,
        chat=chat_id,
        thread=thread_id,
        slot=slot,
        message=message_id,
        now=now,
    )


async def slot_of(tx: Tx, lane: str, chat_id: str, message_id: str, prefix: str) -> str | None:
    """Of the slots that begin so, the one that the message shows."""
    row = await tx.one(
        """SELECT slot FROM posts
           WHERE lane = :lane AND chat_id = :chat AND message_id = :message
             AND substr(slot, 1, :length) = :prefix ORDER BY at DESC LIMIT 1""",
        lane=lane,
        chat=chat_id,
        message=message_id,
        length=len(prefix),
        prefix=prefix,
    )
    return None if row is None else str(row[0])


async def let_go(tx: Tx, lane: str, chat_id: str, slot: str) -> None:
    """What comes next in the slot is said anew, below what was said since."""
    await tx.run(
        "DELETE FROM posts WHERE lane = :lane AND chat_id = :chat AND slot = :slot",
        lane=lane,
        chat=chat_id,
        slot=slot,
    )


async def forget(tx: Tx, before: int) -> int:
    """Delete a bite of what was last shown anew before ``before``; how many rows."""
    return await tx.run(
        """DELETE FROM posts WHERE (lane, chat_id, thread_id, slot) IN (
             SELECT lane, chat_id, thread_id, slot FROM posts WHERE at < :before LIMIT :bite)""",
        before=before,
        bite=HOUSEKEEPING_BITE,
    )
