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
