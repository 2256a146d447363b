"""Native polls that questions are shown as. They are answered without a word of the chat, so it is looked up here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.group import Chat
from storage import outbox
from storage.tx import StorageError, Tx

SLOT = "quiz:"
"""How the slots begin in which questions are shown (`scheduler.quiz`, the games)."""


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll, and the question put to a group that its answers belong to."""

    platform: str
    account: str
    poll_id: str
    group_id: int
    quiz_id: int
    chat_id: str
    message_id: str
    closed_at: int | None = None

    def is_in(self, chat: Chat) -> bool:
        return (self.platform, self.account, self.chat_id) == (chat.platform, chat.account, chat.chat_id)


class TooEarly(StorageError):
    """The poll may be one of those just being sent: where it stands is not known yet, so the answer must come again."""


_COLUMNS = "platform, account, poll_id, group_id, quiz_id, chat_id, message_id, closed_at"


async def keep(tx: Tx, shown: Sequence[Polled]) -> None:
    """To be called in the transaction that settles their sending."""
    await tx.many(
        """INSERT INTO polls (platform, account, poll_id, group_id, quiz_id, chat_id, message_id)
           VALUES (:platform, :account, :poll, :group, :quiz, :chat, :message) ON CONFLICT DO NOTHING""",
        [
            {
                "platform": one.platform,
                "account": one.account,
                "poll": one.poll_id,
                "group": one.group_id,
                "quiz": one.quiz_id,
                "chat": one.chat_id,
                "message": one.message_id,
            }
            for one in shown
        ],
    )


async def find(tx: Tx, platform: str, account: str, poll_id: str) -> Polled | None:
    """None for a poll nobody knows. Raises `TooEarly` where it may be one that has been sent but not settled."""
    poll = await seen(tx, platform, account, poll_id)
    if poll is None and await outbox.is_flying(tx, f"{platform}:{account}", SLOT):
        raise TooEarly
    return poll


async def seen(tx: Tx, platform: str, account: str, poll_id: str) -> Polled | None:
    """None for a poll nobody knows, be it only not yet."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM polls WHERE platform = :platform AND account = :account AND poll_id = :poll",
        platform=platform,
        account=account,
        poll=poll_id,
    )
    return None if row is None else Polled(*row)


async def of_quiz(tx: Tx, group_id: int, quiz_id: int) -> list[Polled]:
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM polls WHERE group_id = :group AND quiz_id = :quiz",
        group=group_id,
        quiz=quiz_id,
    )
    return [Polled(*row) for row in rows]


async def close(tx: Tx, poll: Polled, now: int) -> bool:
    """It takes no more answers; False where that was known."""
    closed = await tx.run(
        """UPDATE polls SET closed_at = :now
           WHERE platform = :platform AND account = :account AND poll_id = :poll AND closed_at IS NULL""",
        now=now,
        platform=poll.platform,
        account=poll.account,
        poll=poll.poll_id,
    )
    return closed == 1


async def rename_chat(tx: Tx, platform: str, account: str, old: str, new: str) -> None:
    """The chat has a new id; its polls go on being answered."""
    await tx.run(
        "UPDATE polls SET chat_id = :new WHERE platform = :p AND account = :a AND chat_id = :old",
        new=new,
        p=platform,
        a=account,
        old=old,
    )
