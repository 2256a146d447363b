"""A group's days: the item of each, what was pushed when, and how many took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.tx import Tx

_COLUMNS = "day, pack, item, number, minutes, checked, studied, pushed_at, reminded_at, closed_at"


@dataclass(frozen=True, slots=True)
class Day:
    day: str
    pack: str = ""
    item: str = ""
    number: int = 0
    minutes: int = 0
    checked: int = 0
    studied: int = 0
    pushed_at: int | None = None
    reminded_at: int | None = None
    closed_at: int | None = None


async def find(tx: Tx, group_id: int, day: str) -> Day | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM days WHERE group_id = :group AND day = :day", group=group_id, day=day
    )
    return None if row is None else Day(*row)


async def set_item(tx: Tx, group_id: int, day: str, *, pack: str, item: str, minutes: int) -> Day | None:
    """Give the day its item, as the next number in the group's count of study days; the day as it is then."""
    row = await tx.one(
        f"""INSERT INTO days (group_id, day, pack, item, minutes, number)
           VALUES (:group, :day, :pack, :item, :minutes,
                   1 + coalesce((SELECT max(d.number) FROM days d WHERE d.group_id = :group), 0))
           ON CONFLICT (group_id, day) DO UPDATE
           SET pack = excluded.pack, item = excluded.item, minutes = excluded.minutes, number = excluded.number
           RETURNING {_COLUMNS}""",
        group=group_id,
        day=day,
        pack=pack,
        item=item,
        minutes=minutes,
    )
    return None if row is None else Day(*row)


async def note_pushed(tx: Tx, group_id: int, day: str, now: int) -> None:
    await tx.run(
        "UPDATE days SET pushed_at = :now WHERE group_id = :group AND day = :day",
        now=now,
        group=group_id,
        day=day,
    )


async def note_reminded(tx: Tx, group_id: int, day: str, now: int) -> None:
    await tx.run(
        """INSERT INTO days (group_id, day, reminded_at) VALUES (:group, :day, :now)
           ON CONFLICT (group_id, day) DO UPDATE SET reminded_at = excluded.reminded_at""",
        now=now,
        group=group_id,
        day=day,
    )


async def close(tx: Tx, group_id: int, day: str, now: int) -> None:
    await tx.run(
        """INSERT INTO days (group_id, day, closed_at) VALUES (:group, :day, :now)
           ON CONFLICT (group_id, day) DO UPDATE SET closed_at = excluded.closed_at""",
        now=now,
        group=group_id,
        day=day,
    )


async def count_checkin(tx: Tx, group_id: int, day: str) -> None:
    """One more has checked in on that day."""
    await tx.run(
        """INSERT INTO days (group_id, day, checked) VALUES (:group, :day, 1)
           ON CONFLICT (group_id, day) DO UPDATE SET checked = days.checked + 1""",
        group=group_id,
        day=day,
    )


async def count_study(tx: Tx, group_id: int, day: str) -> None:
    await tx.run(
        "UPDATE days SET studied = studied + 1 WHERE group_id = :group AND day = :day",
        group=group_id,
        day=day,
    )


async def all_silent(tx: Tx, group_id: int, span: Sequence[date]) -> bool:
    """Whether an item was pushed on each of those days and nobody checked in on any."""
    row = await tx.one(
        """SELECT count(*) FROM days WHERE group_id = :group AND day >= :first AND day <= :last
             AND pushed_at IS NOT NULL AND checked = 0""",
        group=group_id,
        first=min(span).isoformat(),
        last=max(span).isoformat(),
    )
    return row is not None and int(row[0]) == len(span)


async def minutes_pushed(tx: Tx, group_id: int, first: date, last: date) -> int:
    """Minutes of study pushed to the group unasked on the days from ``first`` to ``last``."""
    row = await tx.one(
        """SELECT coalesce(sum(minutes), 0) FROM days
           WHERE group_id = :group AND day >= :first AND day <= :last AND pushed_at IS NOT NULL""",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return int(row[0]) if row else 0
