"""Pairs of members who do not review one another: a family, a manager and her staff."""

from __future__ import annotations

from storage.tx import Tx


async def add(tx: Tx, group_id: int, one: int, other: int, by: int) -> bool:
    """False where they were apart already."""
    added = await tx.run(
        """INSERT INTO exclusions (group_id, one_id, other_id, by_person) VALUES (:group, :one, :other, :by)
           ON CONFLICT DO NOTHING""",
        group=group_id,
        one=min(one, other),
        other=max(one, other),
        by=by,
    )
    return added == 1


async def remove(tx: Tx, group_id: int, one: int, other: int) -> None:
    await tx.run(
        "DELETE FROM exclusions WHERE group_id = :group AND one_id = :one AND other_id = :other",
        group=group_id,
        one=min(one, other),
        other=max(one, other),
    )


async def pairs(tx: Tx, group_id: int) -> set[tuple[int, int]]:
    """(smaller id, larger id) of each."""
    rows = await tx.all("SELECT one_id, other_id FROM exclusions WHERE group_id = :group", group=group_id)
    return {(int(one), int(other)) for one, other in rows}


async def apart(tx: Tx, group_id: int, one: int, other: int) -> bool:
    return (min(one, other), max(one, other)) in await pairs(tx, group_id)


async def forget_person(tx: Tx, person_id: int) -> None:
    groups = "group_id IN (SELECT group_id FROM members WHERE person_id = :p)"
    await tx.run(f"DELETE FROM exclusions WHERE {groups} AND (one_id = :p OR other_id = :p)", p=person_id)
    await tx.run(f"UPDATE exclusions SET by_person = 0 WHERE {groups} AND by_person = :p", p=person_id)
