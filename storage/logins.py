"""How one enters the browser chat: one-time links, and the sessions they become. Only hashes of what was handed out are kept."""

from __future__ import annotations

import hashlib
from typing import Literal

from storage.tx import Tx

Standing = Literal["good", "used", "expired", "unknown"]


def digest(token: str) -> str:
    """What is stored of a link or a session: tokens are long and random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def invite(tx: Tx, token: str, person_id: int, expires_at: int) -> None:
    """Keep a login link that lets this person in, once, until ``expires_at``."""
    await tx.run(
        "INSERT INTO tickets (hash, kind, person_id, expires_at) VALUES (:hash, 'login', :person, :expires_at)",
        hash=digest(token),
        person=person_id,
        expires_at=expires_at,
    )


async def standing(tx: Tx, token: str, now: int) -> Standing:
    """Whether the link would still let somebody in."""
    row = await tx.one(
        "SELECT expires_at, used_at FROM tickets WHERE hash = :hash AND kind = 'login'", hash=digest(token)
    )
    if row is None:
        return "unknown"
    expires_at, used_at = row
    if used_at is not None:
        return "used"
    return "good" if expires_at > now else "expired"


async def enter(tx: Tx, token: str, session: str, account: str, now: int, until: int) -> int | None:
    """Use the link up and open a session until ``until``. The person's id, or None where the link is good no more."""
    row = await tx.one(
        "UPDATE tickets SET used_at = :now "
        "WHERE hash = :hash AND kind = 'login' AND used_at IS NULL AND expires_at > :now RETURNING person_id",
        hash=digest(token),
        now=now,
    )
    if row is None:
        return None
    person_id = int(row[0])
    await tx.run(
        "INSERT INTO sessions (hash, person_id, expires_at) VALUES (:hash, :person, :until)",
        hash=digest(session),
        person=person_id,
        until=until,
    )
    await _known_here(tx, person_id, account)
    return person_id


async def visitor(tx: Tx, session: str, now: int) -> int | None:
    """Whose session this is, None for one that has ended or never was."""
    row = await tx.one(
        "SELECT person_id FROM sessions WHERE hash = :hash AND expires_at > :now",
        hash=digest(session),
        now=now,
    )
    return int(row[0]) if row else None


async def leave(tx: Tx, session: str) -> None:
    await tx.run("DELETE FROM sessions WHERE hash = :hash", hash=digest(session))


async def sweep(tx: Tx, now: int) -> None:
    """Drop sessions and links that are over."""
    await tx.run("DELETE FROM sessions WHERE expires_at <= :now", now=now)
    await tx.run("DELETE FROM tickets WHERE kind = 'login' AND expires_at <= :now", now=now)


async def _known_here(tx: Tx, person_id: int, account: str) -> None:
    """The browser is an account of the person like any other: by it the bot can write to them."""
    await tx.run(
        "INSERT INTO accounts (group_id, platform, account, user_id, person_id, chat_id) "
        "VALUES (0, 'browser', :account, :user, :person, :chat) "
        "ON CONFLICT (group_id, platform, account, user_id) DO UPDATE SET chat_id = excluded.chat_id, reachable = 1",
        account=account,
        user=str(person_id),
        person=person_id,
        chat=f"p{person_id}",
    )
