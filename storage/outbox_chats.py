"""What waits for one chat: kept back while its platform asks for patience, moved along with it, given up where nobody listens."""

from __future__ import annotations

from storage.outbox import FLYING, OutboxRow
from storage.tx import Tx


async def hold(tx: Tx, lane: str, chat_id: str, until: int) -> None:
    """Nothing that waits for the chat leaves before ``until``, so its order is kept."""
    await tx.run(
        """UPDATE outbox SET not_before = :until
           WHERE lane = :lane AND chat_id = :chat AND state = 'queued' AND not_before < :until""",
        lane=lane,
        chat=chat_id,
        until=until,
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
    for there in ("lane = :lane AND state = 'queued'", FLYING):
        await tx.run(
            f"UPDATE outbox SET chat_id = :new WHERE {there} AND chat_id = :old", lane=lane, old=old, new=new
        )
    # Messages of before the move cannot be edited under the new id.
    await tx.run("DELETE FROM posts WHERE lane = :lane AND chat_id = :old", lane=lane, old=old)


async def close_chat(tx: Tx, lane: str, row: OutboxRow, now: int) -> bool:
    """Nothing can be said in the row's chat any more: what waits for it has failed. True where it is news."""
    platform, _, account = lane.partition(":")
    for there in ("lane = :lane AND state = 'queued'", FLYING):
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
