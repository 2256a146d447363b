"""The group chats of the browser: one a group, opened by a member's link or by the operator before there is any group.

A chat opened before its group is set up is called ``n`` and a number. Who was let in has an account under that number, which is
no group's, so that they may enter it before and after it is bound, and are nobody's member until they act there.
"""

from __future__ import annotations

from domain.group import Chat, Group, Member, Role
from storage import groups, members
from storage.tx import Row, Tx

PLATFORM, ACCOUNT = "browser", "site"
_EARLY = "n"


async def of_group(tx: Tx, group: Group, now: int) -> str:
    """The id of the group's chat in the browser, opened now if it had none."""
    row = await tx.one(
        "SELECT chat_id FROM chats WHERE group_id = :group AND platform = :p AND account = :a ORDER BY bound_at",
        group=group.id,
        p=PLATFORM,
        a=ACCOUNT,
    )
    if row is not None:
        return str(row[0])
    chat = Chat(PLATFORM, ACCOUNT, f"g{group.id}")
    await groups.bind(tx, chat, group.id, group.name, now, hears_all=True)
    return chat.chat_id


async def unbound(tx: Tx, title: str) -> int | None:
    """The number of the chat of that name that waits for its group to be set up."""
    row = await tx.one(
        """SELECT chat_id FROM chats
           WHERE group_id = 0 AND platform = :p AND account = :a AND title = :title ORDER BY bound_at""",
        p=PLATFORM,
        a=ACCOUNT,
        title=title,
    )
    return int(str(row[0]).removeprefix(_EARLY)) if row else None


def early(number: int) -> str:
    """The id of the chat that was opened under that number before its group was set up."""
    return f"{_EARLY}{number}"


async def open_unbound(tx: Tx, number: int, title: str, now: int) -> None:
    await groups.bind(tx, Chat(PLATFORM, ACCOUNT, early(number)), 0, title, now, hears_all=True)


async def let_in(tx: Tx, number: int, person_id: int) -> None:
    """Into the chat of that number; or, by its id, into a group's."""
    await members.know_account(tx, PLATFORM, ACCOUNT, str(person_id), person_id, group_id=number)


async def guests(tx: Tx, chat_id: str) -> list[Member]:
    """Those who were let into a chat opened early and have not acted there yet."""
    if not chat_id.startswith(_EARLY):
        return []
    rows = await tx.all(
        """SELECT p.id, p.name FROM chats c
           JOIN accounts a ON a.group_id = :number AND a.platform = c.platform AND a.account = c.account
           JOIN people p ON p.id = a.person_id
           LEFT JOIN members m ON m.group_id = c.group_id AND m.person_id = p.id
           WHERE c.platform = :p AND c.account = :a AND c.chat_id = :chat AND m.person_id IS NULL
           ORDER BY p.id""",
        number=int(chat_id.removeprefix(_EARLY)),
        p=PLATFORM,
        a=ACCOUNT,
        chat=chat_id,
    )
    return [Member(0, int(id), str(name), Role.GUEST) for id, name in rows]


async def as_guest(tx: Tx, account: str, person_id: int) -> list[Row]:
    """(chat_id, title, group id or 0, its settings or None, paused) of each chat the person was let into and has not acted in."""
    return await tx.all(
        f"""SELECT c.chat_id, c.title, c.group_id, g.settings, g.paused
            FROM accounts a
            JOIN chats c ON c.platform = a.platform AND c.account = a.account
                        AND c.chat_id = '{_EARLY}' || a.group_id
            LEFT JOIN groups g ON g.id = c.group_id
            LEFT JOIN members m ON m.group_id = c.group_id AND m.person_id = a.person_id
            WHERE a.person_id = :person AND a.platform = :p AND a.account = :account AND m.person_id IS NULL
            ORDER BY c.title, c.chat_id""",
        person=person_id,
        p=PLATFORM,
        account=account,
    )
