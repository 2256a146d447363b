"""Points: a ledger that is only added to, and the totals of every period, kept in the same transaction.

A leaderboard is read from the totals in the order of their index, however long the ledger is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import date

from domain.ids import Ids
from domain.points import ALL, CORRECTION, CREDITED, REDEEM, SPENT, counted_in, room, shared_ranks
from storage import installation
from storage.tx import Row, Tx

# Without statistics SQLite supposes that a group has ten rows, and rather reads them all than goes from an index to the table.
# An index that holds all it is asked for it does use, and every index holds the ids.
_IDS = "SELECT id FROM ledger WHERE group_id = :group"
_BY_SOMEBODY = ", ".join(f"'{rule}'" for rule in (CORRECTION, *CREDITED))
"""The rules whose entries say which secretary made them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a period; those with equal points share a rank."""

    rank: int
    points: int


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of a leaderboard."""

    rank: int
    person_id: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class _Entry:
    group_id: int
    person_id: int
    rule: str
    cause: str
    day: date
    points: int
    at: int
    by: int
    reason: str


async def award(
    tx: Tx,
    ids: Ids,
    *,
    group_id: int,
    person_id: int,
    rule: str,
    cause: str,
    day: date,
    points: int,
    cap: int,
    now: int,
    by: int = 0,
    reason: str = "",
) -> int:
    """Points really given: fewer than ``points`` where the rule's cap for the day is near, 0 for a cause that has counted."""
    await tx.lock(group_id)  # two at once would both find room below the cap
    given = room(points, cap, await _earned(tx, group_id, person_id, rule, day))
    if not given:
        return 0
    entry = _Entry(group_id, person_id, rule, cause, day, given, now, by, reason)
    return given if await _enter(tx, ids, entry) else 0


async def correct(
    tx: Tx,
    ids: Ids,
    *,
    group_id: int,
    person_id: int,
    cause: str,
    day: date,
    points: int,
    now: int,
    by: int,
    reason: str,
) -> bool:
    """A counter-entry of any size and sign; what it corrects stays as it was written. False for a cause that has counted."""
    entry = _Entry(group_id, person_id, CORRECTION, cause, day, points, now, by, reason)
    return await _enter(tx, ids, entry)


async def spend(
    tx: Tx, ids: Ids, *, group_id: int, person_id: int, cause: str, day: date, points: int, now: int
) -> bool:
    """Points paid for a reward, or given back where ``points`` is below 0. Nobody's rank changes by it.

    False for a cause that has counted.
    """
    entry = _Entry(group_id, person_id, REDEEM, cause, day, -points, now, 0, "")
    return await _enter(tx, ids, entry)


async def balance(tx: Tx, group_id: int, person_id: int) -> int:
    """What is left to spend; below 0 where a correction took away what was spent already."""
    row = await tx.one(
        """SELECT coalesce(sum(points), 0) FROM totals
           WHERE group_id = :group AND person_id = :person AND period IN (:all, :spent)""",
        group=group_id,
        person=person_id,
        all=ALL,
        spent=SPENT,
    )
    return int(row[0]) if row else 0


async def _earned(tx: Tx, group_id: int, person_id: int, rule: str, day: date) -> int:
    row = await tx.one(
        f"""SELECT coalesce(sum(points), 0) FROM ledger WHERE group_id = :group AND id IN (
              {_IDS} AND person_id = :person AND day = :day AND rule = :rule)""",
        group=group_id,
        person=person_id,
        day=day.isoformat(),
        rule=rule,
    )
    return int(row[0]) if row else 0


async def _enter(tx: Tx, ids: Ids, entry: _Entry) -> bool:
    entered = await tx.run(
        """INSERT INTO ledger (group_id, id, person_id, rule, cause, day, points, reason, by_person, at)
           VALUES (:group, :id, :person, :rule, :cause, :day, :points, :reason, :by, :at)
           ON CONFLICT (group_id, person_id, rule, cause) DO NOTHING""",
        group=entry.group_id,
        id=ids.next(entry.at),
        person=entry.person_id,
        rule=entry.rule,
        cause=entry.cause,
        day=entry.day.isoformat(),
        points=entry.points,
        reason=entry.reason,
        by=entry.by,
        at=entry.at,
    )
    if entered:
        await _add_up(tx, entry)
    return entered == 1


async def _add_up(tx: Tx, entry: _Entry) -> None:
    counted = dict(zip(("one", "two", "three", "four"), counted_in(entry.rule, entry.day), strict=False))
    values = ", ".join(f"(:group, :{name}, :person, :points)" for name in counted)
    await tx.run(
        f"""INSERT INTO totals (group_id, period, person_id, points) VALUES {values}
            ON CONFLICT (group_id, period, person_id) DO UPDATE SET points = totals.points + excluded.points""",
        group=entry.group_id,
        person=entry.person_id,
        points=entry.points,
        **counted,
    )


async def top(tx: Tx, group_id: int, period: str, limit: int) -> list[Placed]:
    """The members with the most points, from the first down. Who has none is not listed."""
    # CROSS JOIN says to SQLite: the totals first, in the order of their index.
    rows = await tx.all(
        """SELECT t.person_id, m.name, t.points FROM totals t CROSS JOIN members m
           WHERE m.group_id = t.group_id AND m.person_id = t.person_id AND m.left_at IS NULL
             AND t.group_id = :group AND t.period = :period AND t.points > 0
           ORDER BY t.points DESC LIMIT :limit""",
        group=group_id,
        period=period,
        limit=limit,
    )
    return _placed(rows)


async def leading(tx: Tx, group_id: int, period: str, places: int) -> list[Placed]:
    """Everybody whose rank is among the first ``places``: more than so many where the last of them is shared."""
    best = await top(tx, group_id, period, places)
    if len(best) < places:
        return best
    rows = await tx.all(
        """SELECT t.person_id, m.name, t.points FROM totals t CROSS JOIN members m
           WHERE m.group_id = t.group_id AND m.person_id = t.person_id AND m.left_at IS NULL
             AND t.group_id = :group AND t.period = :period AND t.points >= :least""",
        group=group_id,
        period=period,
        least=best[-1].points,
    )
    return _placed(rows)


def _placed(rows: list[Row]) -> list[Placed]:
    first_down = sorted(rows, key=lambda row: (-row["points"], row["person_id"]))
    ranks = shared_ranks([row["points"] for row in first_down])
    return [Placed(rank, int(p), str(n), int(c)) for rank, (p, n, c) in zip(ranks, first_down, strict=True)]


async def own(tx: Tx, group_id: int, period: str, person_id: int) -> Standing | None:
    """Where one person stands; None where nothing was entered for them in the period."""
    # Those who left are few, and counted apart: that leaves the others to be counted in the index alone.
    row = await tx.one(
        """SELECT mine.points,
                  (SELECT count(*) FROM totals t
                   WHERE t.group_id = :group AND t.period = :period AND t.points > mine.points)
                - (SELECT count(*) FROM members m CROSS JOIN totals t
                   WHERE m.group_id = :group AND m.left_at IS NOT NULL AND t.group_id = m.group_id
                     AND t.period = :period AND t.person_id = m.person_id AND t.points > mine.points)
           FROM totals mine
           WHERE mine.group_id = :group AND mine.period = :period AND mine.person_id = :person""",
        group=group_id,
        period=period,
        person=person_id,
    )
    return None if row is None else Standing(int(row[1]) + 1, int(row[0]))


async def forget_person(tx: Tx, person_id: int) -> None:
    """What they earned still adds up, under a number that nobody can trace back to them; they are ranked no more."""
    key = await installation.value(tx, "key") or ""
    for (group_id,) in await tx.all("SELECT group_id FROM members WHERE person_id = :p", p=person_id):
        await _forget_totals(tx, group_id, person_id)
        await _forget_name(tx, group_id, person_id, _commitment(key, group_id, person_id))


async def _forget_totals(tx: Tx, group_id: int, person_id: int) -> None:
    days = await tx.all(
        "SELECT DISTINCT day, rule FROM ledger WHERE group_id = :group AND person_id = :person",
        group=group_id,
        person=person_id,
    )
    ranked = {period for day, rule in days for period in counted_in(rule, date.fromisoformat(day))}
    await tx.many(
        "DELETE FROM totals WHERE group_id = :group AND period = :period AND person_id = :person",
        [{"group": group_id, "period": period, "person": person_id} for period in sorted(ranked)],
    )


async def _forget_name(tx: Tx, group_id: int, person_id: int, nobody: int) -> None:
    # A reason is free words about the person, so it goes; who gave it is of use only beside it.
    await tx.run(
        f"""UPDATE ledger SET person_id = :nobody, reason = '', by_person = 0
            WHERE group_id = :group AND id IN ({_IDS} AND person_id = :person)""",
        nobody=nobody,
        group=group_id,
        person=person_id,
    )
    # What they corrected or credited as secretary is found through those who have points: no index leads from the one who did it.
    await tx.run(
        f"""UPDATE ledger SET by_person = :nobody
            WHERE by_person = :person AND group_id = :group AND id IN (
              {_IDS} AND rule IN ({_BY_SOMEBODY}) AND person_id IN (
                SELECT person_id FROM totals WHERE group_id = :group AND period = :all))""",
        nobody=nobody,
        group=group_id,
        person=person_id,
        all=ALL,
    )


def _commitment(key: str, group_id: int, person_id: int) -> int:
    """Below 0, where no person's id is; salted with the installation's key, and another one in every group."""
    digest = hmac.digest(key.encode(), f"ledger:{group_id}:{person_id}".encode(), hashlib.sha256)
    return -1 - (int.from_bytes(digest[:8]) >> 1)


async def recount(tx: Tx, group_id: int) -> dict[tuple[str, int], int]:
    """(period, person id) → what its total must be, summed afresh from the ledger."""
    rows = await tx.all(
        "SELECT person_id, rule, day, points FROM ledger WHERE group_id = :group AND person_id > 0",
        group=group_id,
    )
    found = Counter[tuple[str, int]]()
    for person, rule, day, points in rows:
        for period in counted_in(rule, date.fromisoformat(day)):
            found[period, int(person)] += int(points)
    return dict(found)
