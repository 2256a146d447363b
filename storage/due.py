"""Due rows: what time has to do, each unique by what it is for. Whoever takes one does it in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.tx import Tx


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


async def drop(tx: Tx, group_id: int, kind: str, key: str) -> None:
    """Have it done no more."""
    await tx.run(
        "DELETE FROM due WHERE group_id = :group AND kind = :kind AND key = :key",
        group=group_id,
        kind=kind,
        key=key,
    )


async def is_planned(tx: Tx, group_id: int, kind: str, key: str) -> bool:
    row = await tx.one(
        "SELECT 1 FROM due WHERE group_id = :group AND kind = :kind AND key = :key",
        group=group_id,
        kind=kind,
        key=key,
    )
    return row is not None


async def lacking(tx: Tx, kinds: Sequence[str], after: int, limit: int) -> list[int]:
    """Ids, above ``after`` and in their order, of groups that have rows of some of these kinds and none of others."""
    rows = await tx.all(
        f"""SELECT g.id FROM groups g
            WHERE g.id > :after
              AND (SELECT count(DISTINCT d.kind) FROM due d
                   WHERE d.group_id = g.id AND d.kind IN ({", ".join(f":kind{n}" for n in range(len(kinds)))}))
                  BETWEEN 1 AND :most
            ORDER BY g.id LIMIT :limit""",
        after=after,
        most=len(kinds) - 1,
        limit=limit,
        **{f"kind{n}": kind for n, kind in enumerate(kinds)},
    )
    return [int(row[0]) for row in rows]


async def kinds(tx: Tx, group_id: int) -> set[str]:
    """What is planned for the group."""
    rows = await tx.all("SELECT DISTINCT kind FROM due WHERE group_id = :group", group=group_id)
    return {str(row[0]) for row in rows}


async def take(tx: Tx, now: int, limit: int) -> list[Due]:
    """Take out up to ``limit`` rows that are due, the longest due first; nobody else gets the same ones."""
    # Said twice, since a row that was moved by the one we waited for is looked at again, but only from outside.
    rows = await tx.all(
        """DELETE FROM due WHERE at <= :now AND (group_id, kind, key) IN
             (SELECT group_id, kind, key FROM due WHERE at <= :now ORDER BY at, group_id LIMIT :limit)
           RETURNING group_id, kind, key, at, attempts""",
        now=now,
        limit=limit,
    )
    return sorted((Due(*row) for row in rows), key=lambda d: (d.at, d.group_id))


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
    """When the next row is due."""
    row = await tx.one("SELECT at FROM due ORDER BY at LIMIT 1")
    return None if row is None else int(row[0])


async def overdue(tx: Tx, now: int) -> int:
    row = await tx.one("SELECT count(*) FROM due WHERE at <= :now", now=now)
    return int(row[0]) if row else 0


async def upcoming(tx: Tx, group_id: int) -> Due | None:
    """What the group has to expect next."""
    row = await tx.one(
        "SELECT group_id, kind, key, at, attempts FROM due WHERE group_id = :group ORDER BY at LIMIT 1",
        group=group_id,
    )
    return None if row is None else Due(*row)
