"""Pairs of reflections that are alike, for the secretary to look at. A pair is named by its newer reflection first."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from domain.day import MINUTE
from domain.ids import brief
from storage import due
from storage.tx import Row, Tx

LIKENESS = "likeness"
"""Key of the due row: ``brief(reflection)``."""
_SPREAD = MINUTE
"""What is handed in at the same moment is compared over a minute, so that no tick is long (docs/decisions/0012)."""

Kind = Literal["text", "photo"]
State = Literal["open", "fine", "spoken"]
_SIGN_CHARS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    group_id: int
    one: int
    """Id of the newer reflection."""
    other: int
    kind: Kind
    percent: int
    state: State = "open"

    @property
    def name(self) -> str:
        """Short enough for a button: two ids would not fit into it."""
        sign = zlib.crc32(f"{self.other}{self.kind}".encode()) % 36**_SIGN_CHARS
        return f"{brief(self.one)}_{brief(sign)}"


def pair(group_id: int, one: int, other: int, kind: Kind, percent: int) -> Pair:
    return Pair(group_id, max(one, other), min(one, other), kind, percent)


async def look_at(tx: Tx, group_id: int, reflection_id: int, now: int) -> None:
    """Have the reflection compared soon: it was handed in or changed, or one of its pictures is there now."""
    key = brief(reflection_id)
    await due.plan(tx, group_id, LIKENESS, key, now + zlib.crc32(key.encode()) % _SPREAD)


async def replace(tx: Tx, group_id: int, reflection_id: int, found: Collection[Pair], now: int) -> list[Pair]:
    """These are the reflection's pairs now. Which of them were not known; what was settled stays so."""
    before = {(one.one, one.other, one.kind) for one in await _of_reflection(tx, group_id, reflection_id)}
    after = {(one.one, one.other, one.kind) for one in found}
    await tx.many(_DROP, [_key(group_id, *gone) for gone in sorted(before - after)])
    await tx.many(
        _KEEP,
        [
            {**_key(group_id, one.one, one.other, one.kind), "percent": one.percent, "now": now}
            for one in found
        ],
    )
    return [one for one in found if (one.one, one.other, one.kind) not in before]


async def open_pairs(tx: Tx, group_id: int, secretary: int, offset: int, limit: int) -> list[Pair]:
    """What is to be looked at, the newest first; nobody decides on what they wrote themselves."""
    rows = await tx.all(
        f"""{_PAIRS} AND l.state = 'open' AND r.person_id <> :secretary AND o.person_id <> :secretary
            ORDER BY l.at DESC, l.reflection_id DESC, l.other_id DESC, l.kind LIMIT :limit OFFSET :offset""",
        group=group_id,
        secretary=secretary,
        limit=limit,
        offset=offset,
    )
    return [_pair(row) for row in rows]


async def of_reflection(tx: Tx, group_id: int, secretary: int, reflection_id: int) -> list[Pair]:
    """Its pairs in which it is the newer one, in whatever state."""
    rows = await tx.all(
        f"""{_PAIRS} AND l.reflection_id = :id AND r.person_id <> :secretary AND o.person_id <> :secretary
            ORDER BY l.other_id, l.kind""",
        group=group_id,
        secretary=secretary,
        id=reflection_id,
    )
    return [_pair(row) for row in rows]


async def settle(tx: Tx, one: Pair, state: State) -> bool:
    """False where it was settled before."""
    settled = await tx.run(
        """UPDATE likenesses SET state = :state WHERE group_id = :group AND reflection_id = :one
             AND other_id = :other AND kind = :kind AND state = 'open'""",
        state=state,
        **_key(one.group_id, one.one, one.other, one.kind),
    )
    return settled == 1


async def given(tx: Tx, group_id: int, since: str, most: int) -> list[str]:
    """What everybody in the group was given to read from that day on: the bodies of the items, the newest first."""
    rows = await tx.all(
        """SELECT i.body FROM days d JOIN items i ON i.pack = d.pack AND i.key = d.item
           WHERE d.group_id = :group AND d.day >= :since AND d.item <> '' ORDER BY d.day DESC LIMIT :most""",
        group=group_id,
        since=since,
        most=most,
    )
    return [str(row[0]) for row in rows]


async def forget(tx: Tx, group_id: int, reflection_id: int) -> None:
    """All pairs it is in."""
    for column in ("reflection_id", "other_id"):
        await tx.run(
            f"DELETE FROM likenesses WHERE group_id = :group AND {column} = :id",
            group=group_id,
            id=reflection_id,
        )


async def forget_person(tx: Tx, person_id: int) -> None:
    """Of all they wrote, in every group; to be called while it is still known who wrote it."""
    theirs = """SELECT r.id FROM members m JOIN reflections r
                ON r.group_id = m.group_id AND r.person_id = m.person_id WHERE m.person_id = :person"""
    groups = "SELECT group_id FROM members WHERE person_id = :person"
    for table, column in (
        ("sketches", "reflection_id"),
        ("likenesses", "reflection_id"),
        ("likenesses", "other_id"),
    ):
        await tx.run(
            f"DELETE FROM {table} WHERE group_id IN ({groups}) AND {column} IN ({theirs})", person=person_id
        )


_PAIRS = """
SELECT l.group_id, l.reflection_id, l.other_id, l.kind, l.percent, l.state FROM likenesses l
JOIN reflections r ON r.group_id = l.group_id AND r.id = l.reflection_id AND r.state = 'handed'
JOIN reflections o ON o.group_id = l.group_id AND o.id = l.other_id AND o.state = 'handed'
WHERE l.group_id = :group"""
_DROP = """
DELETE FROM likenesses WHERE group_id = :group AND reflection_id = :one AND other_id = :other
  AND kind = :kind AND state = 'open'"""
_KEEP = """
INSERT INTO likenesses (group_id, reflection_id, other_id, kind, percent, state, at)
VALUES (:group, :one, :other, :kind, :percent, 'open', :now)
ON CONFLICT (group_id, reflection_id, other_id, kind) DO UPDATE SET percent = excluded.percent"""


def _key(group_id: int, one: int, other: int, kind: str) -> dict[str, int | str]:
    return {"group": group_id, "one": one, "other": other, "kind": kind}


async def _of_reflection(tx: Tx, group_id: int, reflection_id: int) -> list[Pair]:
    rows = await tx.all(
        """SELECT group_id, reflection_id, other_id, kind, percent, state FROM likenesses
           WHERE group_id = :group AND (reflection_id = :id OR other_id = :id)""",
        group=group_id,
        id=reflection_id,
    )
    return [_pair(row) for row in rows]


def _pair(row: Row) -> Pair:
    group_id, one, other, kind, percent, state = row
    return Pair(int(group_id), int(one), int(other), kind, int(percent), state)
