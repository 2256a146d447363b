"""Who looked at whose details. A look at the whole group is about nobody in particular (0)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ids import Ids
from storage.tx import Row, Tx

NEWEST = (1 << 63) - 1
"""Before this id come all."""


@dataclass(frozen=True, slots=True)
class Look:
    id: int
    group: str
    by: str
    """Who looked; "" for somebody who has been erased since."""
    about: str
    """Whose details; "" for the whole group's."""
    what: str
    """What was looked at, and after a space for which days."""
    at: int


async def note(tx: Tx, ids: Ids, now: int, *, group_id: int, by: int, what: str, about: int = 0) -> None:
    await tx.run(
        """INSERT INTO audit (group_id, id, person_id, about_person, what, at)
           VALUES (:group, :id, :by, :about, :what, :now)""",
        group=group_id,
        id=ids.next(now),
        by=by,
        about=about,
        what=what,
        now=now,
    )


_LOOK = """SELECT a.id, g.name, coalesce(l.name, ''), coalesce(m.name, ''), a.what, a.at
           FROM audit a JOIN groups g ON g.id = a.group_id
           LEFT JOIN members l ON l.group_id = a.group_id AND l.person_id = a.person_id
           LEFT JOIN members m ON m.group_id = a.group_id AND m.person_id = a.about_person"""


async def of_group(tx: Tx, group_id: int, before: int, limit: int) -> list[Look]:
    """The ``limit`` looks before the id ``before``, newest first."""
    rows = await tx.all(
        f"{_LOOK} WHERE a.group_id = :group AND a.id < :before ORDER BY a.id DESC LIMIT :limit",
        group=group_id,
        before=before,
        limit=limit,
    )
    return [_look(row) for row in rows]


async def of_member(tx: Tx, group_id: int, person_id: int, before: int, limit: int) -> list[Look]:
    """Who looked at this member's details, or at the whole group's since they joined; their own looks left out."""
    rows = await tx.all(
        f"""{_LOOK} JOIN members me ON me.group_id = a.group_id AND me.person_id = :person
            WHERE a.group_id = :group AND a.id < :before AND a.person_id <> :person
              AND (a.about_person = :person OR (a.about_person = 0 AND a.at >= me.joined_at))
            ORDER BY a.id DESC LIMIT :limit""",
        group=group_id,
        person=person_id,
        before=before,
        limit=limit,
    )
    return [_look(row) for row in rows]


async def forget_person(tx: Tx, person_id: int) -> None:
    """Looks at their details go; that somebody looked at others' stays, without the name."""
    groups = "SELECT group_id FROM members WHERE person_id = :person"
    await tx.run(
        f"DELETE FROM audit WHERE about_person = :person AND group_id IN ({groups})", person=person_id
    )
    await tx.run(
        f"UPDATE audit SET person_id = 0 WHERE person_id = :person AND group_id IN ({groups})",
        person=person_id,
    )


def _look(row: Row) -> Look:
    id, group, by, about, what, at = row
    return Look(int(id), str(group), str(by), str(about), str(what), int(at))
