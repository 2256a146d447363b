"""Leave of members and pauses of groups: the days on which nobody is missed."""

from __future__ import annotations

from datetime import date, timedelta

from storage.tx import Row, Tx


async def take(tx: Tx, group_id: int, person_id: int, first: date, last: date) -> None:
    await tx.run(
        """INSERT INTO leaves (group_id, person_id, from_day, to_day) VALUES (:g, :p, :first, :last)
           ON CONFLICT (group_id, person_id, from_day) DO UPDATE SET to_day = excluded.to_day""",
        g=group_id,
        p=person_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )


async def end(tx: Tx, group_id: int, person_id: int, today: date) -> bool:
    """End leave that is running or to come: days before ``today`` stay excused. False where there was none."""
    dropped = await tx.run(
        "DELETE FROM leaves WHERE group_id = :g AND person_id = :p AND from_day >= :today",
        g=group_id,
        p=person_id,
        today=today.isoformat(),
    )
    cut = await tx.run(
        """UPDATE leaves SET to_day = :yesterday
           WHERE group_id = :g AND person_id = :p AND from_day < :today AND to_day >= :today""",
        g=group_id,
        p=person_id,
        today=today.isoformat(),
        yesterday=(today - timedelta(days=1)).isoformat(),
    )
    return dropped + cut > 0


async def away(tx: Tx, group_id: int, day: date) -> set[int]:
    """Who is on leave that day."""
    rows = await tx.all(
        "SELECT person_id FROM leaves WHERE group_id = :g AND from_day <= :day AND to_day >= :day",
        g=group_id,
        day=day.isoformat(),
    )
    return {int(row[0]) for row in rows}


async def until(tx: Tx, group_id: int, person_id: int, day: date) -> date | None:
    """The last day of the leave that covers ``day``."""
    row = await tx.one(
        """SELECT max(to_day) FROM leaves
           WHERE group_id = :g AND person_id = :p AND from_day <= :day AND to_day >= :day""",
        g=group_id,
        p=person_id,
        day=day.isoformat(),
    )
    return date.fromisoformat(row[0]) if row and row[0] else None


async def pause(tx: Tx, group_id: int, first: date) -> None:
    """The group rests from that day on."""
    await tx.run(
        """INSERT INTO pauses (group_id, from_day, to_day) VALUES (:g, :first, NULL)
           ON CONFLICT (group_id, from_day) DO UPDATE SET to_day = NULL""",
        g=group_id,
        first=first.isoformat(),
    )


async def resume(tx: Tx, group_id: int, last: date) -> None:
    """The pause that is running ended with ``last``; one that began after that never was."""
    await tx.run(
        "DELETE FROM pauses WHERE group_id = :g AND to_day IS NULL AND from_day > :last",
        g=group_id,
        last=last.isoformat(),
    )
    await tx.run(
        "UPDATE pauses SET to_day = :last WHERE group_id = :g AND to_day IS NULL",
        g=group_id,
        last=last.isoformat(),
    )


async def excused(tx: Tx, group_id: int, person_id: int, first: date, last: date) -> set[date]:
    """The days from ``first`` to ``last`` that leave of the person or a pause of the group covers."""
    rows = await tx.all(
        """SELECT from_day, to_day FROM leaves
           WHERE group_id = :g AND person_id = :p AND from_day <= :last AND to_day >= :first
           UNION ALL
           SELECT from_day, to_day FROM pauses
           WHERE group_id = :g AND from_day <= :last AND (to_day IS NULL OR to_day >= :first)""",
        g=group_id,
        p=person_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return {day for row in rows for day in _days(row, first, last)}


def _days(row: Row, first: date, last: date) -> list[date]:
    start = max(first, date.fromisoformat(row[0]))
    end_ = min(last, date.fromisoformat(row[1])) if row[1] else last
    return [start + timedelta(days=n) for n in range((end_ - start).days + 1)]
