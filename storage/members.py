"""People, the accounts they are known by, and their membership in groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.group import Chat, Group, Language, Member, Role, Settings
from domain.incoming import Incoming
from storage.tx import Row, Tx

_MEMBER = "m.group_id, m.person_id, m.name, m.role, m.language, m.last_day, m.streak, m.best_streak, m.total"


def _member(row: Row) -> Member:
    group_id, id, name, role, language, last_day, streak, best_streak, total = row
    return Member(group_id, id, name, Role(role), language, last_day, streak, best_streak, total)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and for which group. Without a group the chat is not bound; without a member it is the person's first act."""

    group: Group | None
    member: Member | None


NOBODY = Speaker(None, None)


async def speaker_in_group(tx: Tx, event: Incoming) -> Speaker:
    """The group bound to the chat of the event and the member who speaks there, in one look."""
    row = await tx.one(
        """SELECT g.id, g.name, g.settings, g.paused, g.next_item,
                  m.group_id, m.person_id, m.name, m.role, m.language, m.last_day, m.streak, m.best_streak, m.total
           FROM chats c
           JOIN groups g ON g.id = c.group_id
           LEFT JOIN accounts a ON a.group_id = g.id AND a.platform = c.platform AND a.account = c.account
                                AND a.user_id = :user
           LEFT JOIN members m ON m.group_id = a.group_id AND m.person_id = a.person_id AND m.left_at IS NULL
           WHERE c.platform = :platform AND c.account = :account AND c.chat_id = :chat""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        user=event.sender_id,
    )
    return NOBODY if row is None else _speaker(row)


async def speaker_in_private(tx: Tx, event: Incoming) -> Speaker:
    """The group that is meant when this person writes in private: the one they chose, else the one they joined last."""
    row = await tx.one(
        """SELECT g.id, g.name, g.settings, g.paused, g.next_item,
                  m.group_id, m.person_id, m.name, m.role, m.language, m.last_day, m.streak, m.best_streak, m.total
           FROM accounts a
           JOIN people p ON p.id = a.person_id
           JOIN members m ON m.person_id = a.person_id AND m.left_at IS NULL
           JOIN groups g ON g.id = m.group_id
           WHERE a.group_id = 0 AND a.platform = :platform AND a.account = :account AND a.user_id = :user
           ORDER BY CASE WHEN g.id = p.home_group THEN 0 ELSE 1 END, m.joined_at DESC LIMIT 1""",
        platform=event.platform,
        account=event.account,
        user=event.sender_id,
    )
    return NOBODY if row is None else _speaker(row)


def _speaker(row: Row) -> Speaker:
    id, name, settings, paused, next_item, *member = row
    group = Group(id, name, Settings.parse(settings), bool(paused), next_item)
    if member[0] is None:
        return Speaker(group, None)
    group_id, person, called, role, language, last_day, streak, best_streak, total = member
    return Speaker(
        group, Member(group_id, person, called, Role(role), language, last_day, streak, best_streak, total)
    )


async def person_of(tx: Tx, platform: str, account: str, user_id: str) -> int | None:
    """The person behind an account, whatever groups they are in."""
    row = await tx.one(
        """SELECT person_id FROM accounts
           WHERE group_id = 0 AND platform = :p AND account = :a AND user_id = :u""",
        p=platform,
        a=account,
        u=user_id,
    )
    return None if row is None else int(row[0])


async def add_person(tx: Tx, person_id: int, name: str, now: int) -> None:
    await tx.run(
        "INSERT INTO people (id, name, home_group, created_at) VALUES (:id, :name, 0, :now)",
        id=person_id,
        name=name,
        now=now,
    )


async def know_account(
    tx: Tx, platform: str, account: str, user_id: str, person_id: int, *, group_id: int = 0, chat_id: str = ""
) -> None:
    """This account is that person; with ``group_id`` 0 and a ``chat_id``, this is where they can be reached in private."""
    await tx.run(
        """INSERT INTO accounts (group_id, platform, account, user_id, person_id, chat_id, reachable)
           VALUES (:group, :p, :a, :u, :person, :chat, 1)
           ON CONFLICT (group_id, platform, account, user_id) DO UPDATE SET
             person_id = excluded.person_id, reachable = 1,
             chat_id = CASE WHEN excluded.chat_id = '' THEN accounts.chat_id ELSE excluded.chat_id END""",
        group=group_id,
        p=platform,
        a=account,
        u=user_id,
        person=person_id,
        chat=chat_id,
    )


async def join(tx: Tx, group_id: int, person_id: int, name: str, role: Role, now: int) -> None:
    """Make the person a member; somebody who left comes back with what they had."""
    await tx.run(
        """INSERT INTO members (group_id, person_id, name, role, language, joined_at)
           VALUES (:group, :person, :name, :role, (SELECT language FROM people WHERE id = :person), :now)
           ON CONFLICT (group_id, person_id) DO UPDATE SET left_at = NULL, name = excluded.name""",
        group=group_id,
        person=person_id,
        name=name,
        role=int(role),
        now=now,
    )
    await tx.run(
        "UPDATE people SET home_group = :group WHERE id = :person AND home_group = 0",
        group=group_id,
        person=person_id,
    )


async def leave(tx: Tx, group_id: int, person_id: int, now: int) -> bool:
    """Their rows stay. False where they are no member."""
    return bool(
        await tx.run(
            """UPDATE members SET left_at = :now
               WHERE group_id = :group AND person_id = :person AND left_at IS NULL""",
            now=now,
            group=group_id,
            person=person_id,
        )
    )


async def come_back(tx: Tx, group_id: int, person_id: int) -> bool:
    """False where they never were a member, or are one."""
    return bool(
        await tx.run(
            """UPDATE members SET left_at = NULL
               WHERE group_id = :group AND person_id = :person AND left_at IS NOT NULL""",
            group=group_id,
            person=person_id,
        )
    )


async def find(tx: Tx, group_id: int, person_id: int) -> Member | None:
    row = await tx.one(
        f"""SELECT {_MEMBER} FROM members m
            WHERE m.group_id = :group AND m.person_id = :person AND m.left_at IS NULL""",
        group=group_id,
        person=person_id,
    )
    return None if row is None else _member(row)


async def in_group(tx: Tx, group_id: int) -> list[Member]:
    """Everybody in the group, in the order of joining."""
    rows = await tx.all(
        f"""SELECT {_MEMBER} FROM members m
            WHERE m.group_id = :group AND m.left_at IS NULL ORDER BY m.joined_at, m.person_id""",
        group=group_id,
    )
    return [_member(row) for row in rows]


async def count(tx: Tx, group_id: int) -> int:
    row = await tx.one(
        "SELECT count(*) FROM members WHERE group_id = :group AND left_at IS NULL", group=group_id
    )
    return int(row[0]) if row else 0


async def secretaries(tx: Tx, group_id: int) -> list[Member]:
    return [m for m in await in_group(tx, group_id) if m.role >= Role.SECRETARY]


async def by_account(tx: Tx, group_id: int, platform: str, account: str, user_id: str) -> Member | None:
    row = await tx.one(
        f"""SELECT {_MEMBER} FROM accounts a
            JOIN members m ON m.group_id = a.group_id AND m.person_id = a.person_id
            WHERE a.group_id = :group AND a.platform = :p AND a.account = :a AND a.user_id = :u
              AND m.left_at IS NULL""",
        group=group_id,
        p=platform,
        a=account,
        u=user_id,
    )
    return None if row is None else _member(row)


async def groups_of(tx: Tx, person_id: int) -> list[tuple[int, str]]:
    """(group id, its name) of each group the person is in."""
    rows = await tx.all(
        """SELECT g.id, g.name FROM members m JOIN groups g ON g.id = m.group_id
           WHERE m.person_id = :person AND m.left_at IS NULL ORDER BY m.joined_at""",
        person=person_id,
    )
    return [(int(id), str(name)) for id, name in rows]


async def set_home(tx: Tx, person_id: int, group_id: int) -> None:
    await tx.run("UPDATE people SET home_group = :g WHERE id = :p", g=group_id, p=person_id)


async def rename(tx: Tx, group_id: int, person_id: int, name: str) -> None:
    await tx.run(
        "UPDATE members SET name = :name WHERE group_id = :group AND person_id = :person",
        name=name,
        group=group_id,
        person=person_id,
    )


async def set_role(tx: Tx, group_id: int, person_id: int, role: Role) -> None:
    await tx.run(
        "UPDATE members SET role = :role WHERE group_id = :group AND person_id = :person",
        role=int(role),
        group=group_id,
        person=person_id,
    )


async def set_language(tx: Tx, person_id: int, language: Language) -> None:
    await tx.run("UPDATE people SET language = :l WHERE id = :p", l=language, p=person_id)
    await tx.run("UPDATE members SET language = :l WHERE person_id = :p", l=language, p=person_id)


async def set_streak(
    tx: Tx, group_id: int, person_id: int, *, last_day: str, streak: int, best: int, total: int
) -> None:
    await tx.run(
        """UPDATE members SET last_day = :last, streak = :streak, best_streak = :best, total = :total
           WHERE group_id = :group AND person_id = :person""",
        last=last_day,
        streak=streak,
        best=best,
        total=total,
        group=group_id,
        person=person_id,
    )


async def private_chat(tx: Tx, person_id: int, prefer: str = "") -> Chat | None:
    """Where the person can be written to in private, on the platform ``prefer`` if there."""
    # The + keeps SQLite from reading everybody's rows of group 0, rather than the few of this person.
    row = await tx.one(
        """SELECT platform, account, chat_id FROM accounts
           WHERE person_id = :person AND +group_id = 0 AND chat_id <> '' AND reachable = 1
           ORDER BY CASE WHEN platform = :prefer THEN 0 ELSE 1 END, platform LIMIT 1""",
        person=person_id,
        prefer=prefer,
    )
    return None if row is None else Chat(row[0], row[1], row[2], "", False)


async def told(tx: Tx, person_id: int) -> bool:
    """Whether they were told what is kept of them."""
    row = await tx.one("SELECT told_at FROM people WHERE id = :p", p=person_id)
    return row is not None and row[0] is not None


async def note_told(tx: Tx, person_id: int, now: int) -> None:
    await tx.run("UPDATE people SET told_at = :now WHERE id = :p", now=now, p=person_id)


async def named(tx: Tx, group_id: int, names: Sequence[str]) -> list[Member]:
    """Members whose shown name is one of ``names``; several may share one."""
    wanted = {name.casefold() for name in names}
    return [m for m in await in_group(tx, group_id) if m.name.casefold() in wanted]
