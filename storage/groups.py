"""Groups and the chats they live in."""

from __future__ import annotations

from domain.group import Chat, Group, Settings
from storage import outbox_chats, polls
from storage.tx import Tx

_COLUMNS = "g.id, g.name, g.settings, g.paused, g.next_item"


async def find(tx: Tx, group_id: int) -> Group | None:
    row = await tx.one(f"SELECT {_COLUMNS} FROM groups g WHERE g.id = :group", group=group_id)
    if row is None:
        return None
    id, name, settings, paused, next_item = row
    return Group(id, name, Settings.parse(settings), bool(paused), next_item)


async def all_groups(tx: Tx) -> list[Group]:
    rows = await tx.all(f"SELECT {_COLUMNS} FROM groups g ORDER BY g.id")
    return [Group(r[0], r[1], Settings.parse(r[2]), bool(r[3]), r[4]) for r in rows]


async def add(tx: Tx, group: Group, now: int) -> None:
    await tx.run(
        """INSERT INTO groups (id, name, settings, paused, next_item, created_at)
           VALUES (:id, :name, :settings, 0, 0, :now)""",
        id=group.id,
        name=group.name,
        settings=group.settings.dump(),
        now=now,
    )


async def change_settings(tx: Tx, group_id: int, settings: Settings) -> None:
    await tx.run("UPDATE groups SET settings = :s WHERE id = :group", s=settings.dump(), group=group_id)


async def set_paused(tx: Tx, group_id: int, paused: bool) -> None:
    await tx.run("UPDATE groups SET paused = :p WHERE id = :group", p=int(paused), group=group_id)


async def set_next_item(tx: Tx, group_id: int, position: int) -> None:
    await tx.run("UPDATE groups SET next_item = :p WHERE id = :group", p=position, group=group_id)


async def bind(
    tx: Tx, chat: Chat, group_id: int, title: str, now: int, *, hears_all: bool | None = None
) -> None:
    """From now on the chat is one of the group's. ``hears_all``: None where it is not known anew."""
    await tx.run(
        """INSERT INTO chats (platform, account, chat_id, thread_id, group_id, reachable, title, bound_at)
           VALUES (:platform, :account, :chat, :thread, :group, 1, :title, :now)
           ON CONFLICT (platform, account, chat_id) DO UPDATE
           SET thread_id = :thread, group_id = :group, reachable = 1, title = :title, bound_at = :now""",
        platform=chat.platform,
        account=chat.account,
        chat=chat.chat_id,
        thread=chat.thread_id,
        group=group_id,
        title=title,
        now=now,
    )
    if hears_all is not None:
        await note_hearing(tx, chat, hears_all)


async def note_hearing(tx: Tx, chat: Chat, hears_all: bool) -> None:
    """The bot hears all that is said in the chat, or only what is addressed to it."""
    await tx.run(
        "UPDATE chats SET hears_all = :hears WHERE platform = :p AND account = :a AND chat_id = :c",
        hears=int(hears_all),
        p=chat.platform,
        a=chat.account,
        c=chat.chat_id,
    )


async def hears_all(tx: Tx, group_id: int) -> bool | None:
    """Whether the bot hears all that is said, in every chat of the group in which it can speak; None where it is not known."""
    rows = await tx.all(
        "SELECT DISTINCT hears_all FROM chats WHERE group_id = :group AND reachable = 1", group=group_id
    )
    heard = {row[0] for row in rows}
    if 0 in heard:
        return False
    return None if None in heard else True


async def chats(tx: Tx, group_id: int) -> list[Chat]:
    """Every chat of the group in which the bot can speak."""
    rows = await tx.all(
        """SELECT platform, account, chat_id, thread_id FROM chats
           WHERE group_id = :group AND reachable = 1""",
        group=group_id,
    )
    return [Chat(*row) for row in rows]


async def chat_title(tx: Tx, chat: Chat) -> str:
    row = await tx.one(
        "SELECT title FROM chats WHERE platform = :p AND account = :a AND chat_id = :c",
        p=chat.platform,
        a=chat.account,
        c=chat.chat_id,
    )
    return str(row[0]) if row else ""


async def reached(tx: Tx, chat: Chat, reachable: bool) -> None:
    """The bot was let into the chat again, or thrown out of it."""
    await tx.run(
        "UPDATE chats SET reachable = :r WHERE platform = :p AND account = :a AND chat_id = :c",
        r=int(reachable),
        p=chat.platform,
        a=chat.account,
        c=chat.chat_id,
    )


async def rename_chat(tx: Tx, platform: str, account: str, old: str, new: str) -> None:
    """The chat has a new id: its binding, its shown messages and what waits for it move along."""
    await tx.run(
        """UPDATE chats SET chat_id = :new
           WHERE platform = :p AND account = :a AND chat_id = :old
             AND NOT EXISTS (SELECT 1 FROM chats n WHERE n.platform = :p AND n.account = :a AND n.chat_id = :new)""",
        p=platform,
        a=account,
        old=old,
        new=new,
    )
    # Still there, the new one was bound before we heard of the move.
    await tx.run(
        "DELETE FROM chats WHERE platform = :p AND account = :a AND chat_id = :old",
        p=platform,
        a=account,
        old=old,
    )
    await outbox_chats.rename_chat(tx, f"{platform}:{account}", old, new)
    await polls.rename_chat(tx, platform, account, old, new)
