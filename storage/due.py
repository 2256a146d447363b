"""Due rows: what time has to do, each unique by what it is for. Whoever takes one does it in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tx import Tx

FETCH = "fetch"
"""What takes longer than a transaction may: its own worker leases these rows (bot/fetching.py), and `take` leaves them alone."""


@dataclass(frozen=True, slots=True)
class Due:
    group_id: int
    kind: str
    key: str
    at: int
    attempts: int = 0


async def plan(tx: Tx, group_id: int, kind: str, key: str, at: int) -> None:
    """Have ``kind`` done for ``key`` at that instant; planned before, it moves there."""
    await tx.run(
        """INSERT INTO due (group_id, kind, key, at, attempts) VALUES (:group, :kind, :key, :at, 0)
           ON CONFLICT (group_id, kind, key) DO UPDATE SET at = excluded.at, attempts = 0""",
        group=group_id,
        kind=kind,
        key=key,
        at=at,
    )


async def cancel(tx: Tx, group_id: int, kinds: Sequence[str]) -> None:
    """Plan nothing of those kinds for the group any more."""
    await tx.many(
        "DELETE FROM due WHERE group_id = :group AND kind = :kind",
        [{"group": group_id, "kind": kind} for kind in kinds],
    )


async def cancel_of(tx: Tx, group_id: int, kind: str, prefix: str) -> None:
    """Plan nothing of that kind any more whose key begins so."""
    await tx.run(
        "DELETE FROM due WHERE group_id = :group AND kind = :kind AND substr(key, 1, :length) = :prefix",
        group=group_id,
        kind=kind,
        length=len(prefix),
        prefix=prefix,
    )


async def hasten(tx: Tx, group_id: int, kinds: Sequence[str], prefix: str, at: int) -> None:
    """Rows of those kinds whose key begins so are due by that instant at the latest."""
    await tx.many(
        """UPDATE due SET at = :at WHERE group_id = :group AND kind = :kind AND substr(key, 1, :length) = :prefix
             AND at > :at""",
        [
            {"group": group_id, "kind": kind, "length": len(prefix), "prefix": prefix, "at": at}
            for kind in kinds
        ],
    )


async def drop(tx: Tx, group_id: int, kind: str, key: str) -> None:
    """Have it done no more."""
    await tx.run(
        "DELETE FROM due WHERE group_id = :group AND kind = :kind AND key = :key",
        group=group_id,
        kind=kind,
        key=key,
    )


async def keys_of(tx: Tx, group_id: int, kind: str, prefix: str) -> set[str]:
    """What is planned of that kind, by keys that begin so."""
    rows = await tx.all(
        "SELECT key FROM due WHERE group_id = :group AND kind = :kind AND substr(key, 1, :length) = :prefix",
        group=group_id,
        kind=kind,
        length=len(prefix),
        prefix=prefix,
    )
    return {str(row[0]) for row in rows}


async def is_planned(tx: Tx, group_id: int, kind: str, key: str) -> bool:
    row = await tx.one(
        "SELECT 1 FROM due WHERE group_id = :group AND kind = :kind AND key = :key",
        group=group_id,
        kind=kind,
        key=key,
    )
    return row is not None


async def kinds(tx: Tx, group_id: int) -> set[str]:
    """What is planned for the group."""
    rows = await tx.all("SELECT DISTINCT kind FROM due WHERE group_id = :group", group=group_id)
    return {str(row[0]) for row in rows}


async def take(tx: Tx, now: int, limit: int) -> list[Due]:
    """Take out up to ``limit`` rows that are due, the longest due first; nobody else gets the same ones."""
    # Said twice, since a row that was moved by the one we waited for is looked at again, but only from outside.
    rows = await tx.all(
        """DELETE FROM due WHERE at <= :now AND kind <> :apart AND (group_id, kind, key) IN
             (SELECT group_id, kind, key FROM due WHERE at <= :now AND kind <> :apart
              ORDER BY at, group_id LIMIT :limit)
           RETURNING group_id, kind, key, at, attempts""",
        now=now,
        apart=FETCH,
        limit=limit,
    )
    return sorted((Due(*row) for row in rows), key=lambda d: (d.at, d.group_id))


async def lease(tx: Tx, kind: str, now: int, until: int, limit: int) -> list[Due]:
    """Up to ``limit`` rows of that kind that are due, for this caller alone until that instant; then they are due again.

    Each counts one more attempt. Who is done with one says so by `settle`.
    """
    rows = await tx.all(
        """UPDATE due SET at = :until, attempts = attempts + 1 WHERE kind = :kind AND at <= :now
             AND (group_id, kind, key) IN
               (SELECT group_id, kind, key FROM due WHERE at <= :now AND kind = :kind ORDER BY at LIMIT :limit)
           RETURNING group_id, kind, key, at, attempts""",
        kind=kind,
        now=now,
        until=until,
        limit=limit,
    )
    return [Due(*row) for row in rows]


async def settle(tx: Tx, leased: Due, again_at: int | None = None) -> bool:
    """What was leased is done, or to be done again at that instant. False where it was called off, or is somebody else's by now."""
    held = "group_id = :group AND kind = :kind AND key = :key AND at = :at"
    key = {"group": leased.group_id, "kind": leased.kind, "key": leased.key, "at": leased.at}
    if again_at is None:
        return await tx.run(f"DELETE FROM due WHERE {held}", **key) == 1
    return await tx.run(f"UPDATE due SET at = :again WHERE {held}", **key, again=again_at) == 1


async def is_due(tx: Tx, kind: str, now: int) -> bool:
    return (
        await tx.one("SELECT 1 FROM due WHERE kind = :kind AND at <= :now LIMIT 1", kind=kind, now=now)
        is not None
    )


async def first_at(tx: Tx, kind: str) -> int | None:
    """When the first row of that kind is due."""
    row = await tx.one("SELECT min(at) FROM due WHERE kind = :kind", kind=kind)
    return None if row is None or row[0] is None else int(row[0])


async def postpone(tx: Tx, row: Due, at: int) -> None:
    """It failed: try again at that instant, counting the attempt; unless it was cancelled or moved in the meantime."""
    await tx.run(
        """UPDATE due SET at = :at, attempts = attempts + 1
           WHERE group_id = :group AND kind = :kind AND key = :key AND at = :was""",
        group=row.group_id,
        kind=row.kind,
        key=row.key,
        at=at,
        was=row.at,
    )


async def next_at(tx: Tx) -> int | None:
    """When the next row is due that `take` would take."""
    row = await tx.one("SELECT at FROM due WHERE kind <> :apart ORDER BY at LIMIT 1", apart=FETCH)
    return None if row is None else int(row[0])


async def overdue(tx: Tx, now: int) -> int:
    row = await tx.one("SELECT count(*) FROM due WHERE at <= :now", now=now)
    return int(row[0]) if row else 0


async def upcoming(tx: Tx, group_id: int) -> Due | None:
    """What the group has to expect next."""
    row = await tx.one(
        """SELECT group_id, kind, key, at, attempts FROM due
           WHERE group_id = :group AND kind <> :apart ORDER BY at LIMIT 1""",
        group=group_id,
        apart=FETCH,
    )
    return None if row is None else Due(*row)
