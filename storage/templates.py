"""A group's own variants of the templates for activities, as the YAML they were written in."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Kept:
    key: str
    body: str
    at: int
    """When it was kept: another version has another."""


async def of_group(tx: Tx, group_id: int) -> list[Kept]:
    rows = await tx.all(
        "SELECT key, body, at FROM templates WHERE group_id = :group ORDER BY key", group=group_id
    )
    return [Kept(*row) for row in rows]


async def keep(tx: Tx, group_id: int, key: str, body: str, by: int, now: int) -> None:
    """The group's template of that key is this one from now on; what runs already is not changed by it."""
    await tx.run(
        """INSERT INTO templates (group_id, key, body, by_person, at) VALUES (:group, :key, :body, :by, :now)
           ON CONFLICT (group_id, key) DO UPDATE
           SET body = excluded.body, by_person = excluded.by_person, at = excluded.at""",
        group=group_id,
        key=key,
        body=body,
        by=by,
        now=now,
    )


async def forget(tx: Tx, group_id: int, key: str) -> bool:
    gone = await tx.run(
        "DELETE FROM templates WHERE group_id = :group AND key = :key", group=group_id, key=key
    )
    return gone == 1
