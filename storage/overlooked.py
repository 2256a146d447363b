"""Groups that ought to have something planned and have not: it was planned before there was such a kind, or by a version that did
not know it and let it go."""

from __future__ import annotations

from collections.abc import Sequence

from storage.tx import Tx


async def days(tx: Tx, kinds: Sequence[str], after: int, limit: int) -> list[int]:
    """Ids, above ``after`` and in their order, of groups that have rows of some of these kinds and none of others."""
    return await _ids(
        tx,
        f"""SELECT g.id FROM groups g
            WHERE g.id > :after
              AND (SELECT count(DISTINCT d.kind) FROM due d
                   WHERE d.group_id = g.id AND d.kind IN ({", ".join(f":kind{n}" for n in range(len(kinds)))}))
                  BETWEEN 1 AND :most
            ORDER BY g.id LIMIT :limit""",
        after=after,
        limit=limit,
        most=len(kinds) - 1,
        **{f"kind{n}": kind for n, kind in enumerate(kinds)},
    )


async def months(tx: Tx, kind: str, after: int, limit: int) -> list[int]:
    """Of groups that keep points and have no row of this kind."""
    return await _ids(
        tx,
        """SELECT g.id FROM groups g
           WHERE g.id > :after AND g.settings LIKE '%"points":true%'
             AND NOT EXISTS (SELECT 1 FROM due d WHERE d.group_id = g.id AND d.kind = :kind)
           ORDER BY g.id LIMIT :limit""",
        after=after,
        limit=limit,
        kind=kind,
    )


async def stages(tx: Tx, kind: str, after: int, limit: int) -> list[int]:
    """Of groups in which a stage of a running activity has no row of this kind left by which it would open, or close."""
    return await _ids(
        tx,
        """SELECT s.group_id FROM stages s
           JOIN cycles c ON c.group_id = s.group_id AND c.id = s.cycle_id AND c.state = 'running'
           WHERE s.group_id > :after
           GROUP BY s.group_id
           HAVING sum(CASE s.state WHEN 'planned' THEN 2 WHEN 'open' THEN 1 ELSE 0 END) >
             (SELECT count(*) FROM due d WHERE d.group_id = s.group_id AND d.kind = :kind
                AND (d.key LIKE '%open' OR d.key LIKE '%close'))
           ORDER BY s.group_id LIMIT :limit""",
        after=after,
        limit=limit,
        kind=kind,
    )


async def reviews(tx: Tx, kind: str, after: int, limit: int) -> list[int]:
    """Of groups that have an open review, and no row of this kind that looks after it."""
    return await _ids(
        tx,
        """SELECT DISTINCT s.group_id FROM stages s
           JOIN cycles c ON c.group_id = s.group_id AND c.id = s.cycle_id AND c.state = 'running'
           WHERE s.group_id > :after AND s.kind = 'review' AND s.state = 'open'
             AND NOT EXISTS (SELECT 1 FROM due d WHERE d.group_id = s.group_id AND d.kind = :kind)
           ORDER BY s.group_id LIMIT :limit""",
        after=after,
        limit=limit,
        kind=kind,
    )


async def contests(tx: Tx, kind: str, after: int, limit: int) -> list[int]:
    """Of groups that have a contest, and no row of this kind that ends it."""
    return await _ids(
        tx,
        """SELECT DISTINCT c.group_id FROM contests c
           WHERE c.group_id > :after AND c.state IN ('open', 'running')
             AND NOT EXISTS (SELECT 1 FROM due d WHERE d.group_id = c.group_id AND d.kind = :kind)
           ORDER BY c.group_id LIMIT :limit""",
        after=after,
        limit=limit,
        kind=kind,
    )


async def _ids(tx: Tx, statement: str, **params: str | int) -> list[int]:
    return [int(row[0]) for row in await tx.all(statement, **params)]
