"""What was earned at a period's end, or given by the secretary: who, when, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.group import Role
from storage.ledger import Placed
from storage.tx import Tx

STAR, WINNER = "*star", "*winner"
"""Titles that points earn. What people write never begins with the asterisk."""


@dataclass(frozen=True, slots=True)
class Honour:
    period: str
    person_id: int
    name: str
    title: str
    rank: int
    points: int


async def crown(tx: Tx, group_id: int, period: str, title: str, best: Sequence[Placed], now: int) -> bool:
    """False where that title was given for the period before."""
    known = await tx.one(
        "SELECT 1 FROM honours WHERE group_id = :g AND period = :period AND title = :title",
        g=group_id,
        period=period,
        title=title,
    )
    if known is None:
        await tx.many(
            """INSERT INTO honours (group_id, period, person_id, title, rank, points, at)
               VALUES (:g, :period, :person, :title, :rank, :points, :now)""",
            [
                {
                    "g": group_id,
                    "period": period,
                    "person": one.person_id,
                    "title": title,
                    "rank": one.rank,
                    "points": one.points,
                    "now": now,
                }
                for one in best
            ],
        )
    return known is None


async def give(tx: Tx, group_id: int, period: str, person_id: int, title: str, now: int) -> bool:
    """A title for one person. False where they have it for that period."""
    given = await tx.run(
        """INSERT INTO honours (group_id, period, person_id, title, rank, points, at)
           VALUES (:g, :period, :person, :title, 0, 0, :now)
           ON CONFLICT (group_id, period, person_id, title) DO NOTHING""",
        g=group_id,
        period=period,
        person=person_id,
        title=title,
        now=now,
    )
    return given == 1


async def take_back(tx: Tx, group_id: int, year: int, person_id: int, title: str) -> bool:
    """A title given in that year by mistake. False where there was none."""
    gone = await tx.run(
        """DELETE FROM honours WHERE group_id = :g AND period >= :first AND period < :next
             AND person_id = :person AND title = :title""",
        g=group_id,
        first=str(year),
        next=str(year + 1),
        person=person_id,
        title=title,
    )
    return gone > 0


async def of_year(tx: Tx, group_id: int, year: int, person_id: int | None = None) -> list[Honour]:
    """The latest period first, in it by title and rank; of one person, or of everybody who is still here."""
    rows = await tx.all(
        f"""SELECT h.period, h.person_id, m.name, h.title, h.rank, h.points FROM honours h
            JOIN members m ON m.group_id = h.group_id AND m.person_id = h.person_id AND m.left_at IS NULL
            WHERE h.group_id = :g AND h.period >= :first AND h.period < :next
              {"" if person_id is None else "AND h.person_id = :person"}
            ORDER BY h.at, h.person_id""",
        g=group_id,
        first=str(year),
        next=str(year + 1),
        **({} if person_id is None else {"person": person_id}),
    )
    # Not in SQL: engines put letters, digits and asterisks into different orders.
    found = sorted((Honour(*row) for row in rows), key=lambda one: (one.title, one.rank))
    return sorted(found, key=lambda one: one.period, reverse=True)


async def below(tx: Tx, group_id: int, period: str, least: int, since: int) -> list[tuple[int, str]]:
    """(person id, name) of the members, here since before ``since``, who have fewer points than ``least``."""
    rows = await tx.all(
        """SELECT m.person_id, m.name FROM members m
           LEFT JOIN totals t ON t.group_id = m.group_id AND t.period = :period AND t.person_id = m.person_id
           WHERE m.group_id = :g AND m.left_at IS NULL AND m.role < :secretary AND m.joined_at < :since
             AND coalesce(t.points, 0) < :least
           ORDER BY m.joined_at, m.person_id""",
        g=group_id,
        period=period,
        secretary=int(Role.SECRETARY),
        since=since,
        least=least,
    )
    return [(int(person), str(name)) for person, name in rows]


async def days_away(tx: Tx, group_id: int, first: date, last: date) -> dict[int, int]:
    """Person id → days of leave from ``first`` to ``last``."""
    rows = await tx.all(
        """SELECT person_id, from_day, to_day FROM leaves
           WHERE group_id = :g AND from_day <= :last AND to_day >= :first""",
        g=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    away: dict[int, set[date]] = {}
    for person, from_day, to_day in rows:
        start, end = max(first, date.fromisoformat(from_day)), min(last, date.fromisoformat(to_day))
        away.setdefault(int(person), set()).update(
            start + timedelta(days=n) for n in range((end - start).days + 1)
        )
    return {person: len(days) for person, days in away.items()}
