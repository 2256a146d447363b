"""Check-ins and study marks of a group's days."""

from __future__ import annotations

from datetime import date

from domain.checkin import Kind
from storage.tx import Tx


async def add(
    tx: Tx, *, group_id: int, day: str, person_id: int, kind: Kind, note: str, by: int, now: int
) -> bool:
    """Record a check-in; False where there is one for that day already, which stays as it is."""
    added = await tx.run(
        """INSERT INTO checkins (group_id, day, person_id, kind, note, at, by_person)
           VALUES (:group, :day, :person, :kind, :note, :now, :by) ON CONFLICT DO NOTHING""",
        group=group_id,
        day=day,
        person=person_id,
        kind=kind,
        note=note,
        now=now,
        by=by,
    )
    return added == 1


async def change_note(tx: Tx, group_id: int, day: str, person_id: int, note: str) -> None:
    await tx.run(
        "UPDATE checkins SET note = :note WHERE group_id = :group AND day = :day AND person_id = :person",
        note=note,
        group=group_id,
        day=day,
        person=person_id,
    )


async def days_of(tx: Tx, group_id: int, person_id: int) -> list[date]:
    """Every day the person checked in, oldest first."""
    rows = await tx.all(
        "SELECT day FROM checkins WHERE group_id = :group AND person_id = :person ORDER BY day",
        group=group_id,
        person=person_id,
    )
    return [date.fromisoformat(row[0]) for row in rows]


async def count_between(
    tx: Tx, group_id: int, person_id: int, first: date, last: date, kind: Kind | None = None
) -> int:
    """How many check-ins the person has on the days from ``first`` to ``last``, of one kind or of all."""
    row = await tx.one(
        """SELECT count(*) FROM checkins
           WHERE group_id = :group AND person_id = :person AND day >= :first AND day <= :last
             AND (:kind = '' OR kind = :kind)""",
        group=group_id,
        person=person_id,
        first=first.isoformat(),
        last=last.isoformat(),
        kind=kind or "",
    )
    return int(row[0]) if row else 0


async def makeups_made(tx: Tx, group_id: int, person_id: int, since: int) -> int:
    """How many missed days the person has made up since that instant."""
    row = await tx.one(
        """SELECT count(*) FROM checkins
           WHERE group_id = :group AND person_id = :person AND kind = 'makeup' AND at >= :since""",
        group=group_id,
        person=person_id,
        since=since,
    )
    return int(row[0]) if row else 0


async def of_day(tx: Tx, group_id: int, day: str) -> list[tuple[int, str, int, str]]:
    """(person id, name, streak, kind) of everybody who checked in that day, in that order."""
    rows = await tx.all(
        """SELECT c.person_id, m.name, m.streak, c.kind FROM checkins c
           JOIN members m ON m.group_id = c.group_id AND m.person_id = c.person_id
           WHERE c.group_id = :group AND c.day = :day AND m.left_at IS NULL ORDER BY c.at, c.person_id""",
        group=group_id,
        day=day,
    )
    return [(int(p), str(n), int(s), str(k)) for p, n, s, k in rows]


async def totals(tx: Tx, group_id: int, first: date, last: date) -> dict[str, int]:
    """How many checked in on each of those days; days without any are left out."""
    rows = await tx.all(
        "SELECT day, checked FROM days WHERE group_id = :group AND day >= :first AND day <= :last",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return {str(day): int(checked) for day, checked in rows}


async def study(tx: Tx, group_id: int, day: str, person_id: int, now: int) -> bool:
    """Mark the day's item as studied; False where it was already."""
    marked = await tx.run(
        """INSERT INTO studies (group_id, day, person_id, at) VALUES (:group, :day, :person, :now)
           ON CONFLICT DO NOTHING""",
        group=group_id,
        day=day,
        person=person_id,
        now=now,
    )
    return marked == 1


async def studied_between(tx: Tx, group_id: int, person_id: int, first: date, last: date) -> int:
    row = await tx.one(
        """SELECT count(*) FROM studies
           WHERE group_id = :group AND person_id = :person AND day >= :first AND day <= :last""",
        group=group_id,
        person=person_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return int(row[0]) if row else 0
