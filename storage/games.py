"""A game of some weeks: how many right answers each member has within it, and who has passed.

The group's questions of the day count each; of the rounds that members play by themselves, every question counts once, so
that playing the same few again and again leads nowhere.
"""

from __future__ import annotations

from domain.cycle import Stage
from storage.tx import Tx

_COUNTED = """SELECT a.person_id AS person_id, count(*) AS "right" FROM answers a
    WHERE a.group_id = :group AND a.at >= :since AND a.at < :until AND a.verdict = 'right'
    GROUP BY a.person_id
    UNION ALL
    SELECT r.person_id, count(DISTINCT t.question) FROM rounds r
    JOIN tries t ON t.group_id = r.group_id AND t.round_id = r.id
    WHERE r.group_id = :group AND r.kind IN ('challenge', 'topic')
      AND t.at >= :since AND t.at < :until AND t.verdict = 'right'
    GROUP BY r.person_id"""


async def right(tx: Tx, stage: Stage) -> dict[int, int]:
    """Member → right answers within the stage's time, of those who have any."""
    rows = await tx.all(
        f"""SELECT c.person_id, sum(c."right") FROM ({_COUNTED}) c
            JOIN members m ON m.group_id = :group AND m.person_id = c.person_id AND m.left_at IS NULL
            GROUP BY c.person_id""",
        group=stage.group_id,
        since=stage.opens_at,
        until=min(stage.closes_at, stage.closed_at or stage.closes_at),
    )
    return {int(person): int(count) for person, count in rows}


async def right_of(tx: Tx, stage: Stage, person_id: int) -> int:
    row = await tx.one(
        """SELECT (SELECT count(*) FROM answers a
                   WHERE a.group_id = :group AND a.person_id = :person AND a.at >= :since AND a.at < :until
                     AND a.verdict = 'right')
                + (SELECT count(DISTINCT t.question) FROM rounds r
                   JOIN tries t ON t.group_id = r.group_id AND t.round_id = r.id
                   WHERE r.group_id = :group AND r.person_id = :person AND r.kind IN ('challenge', 'topic')
                     AND t.at >= :since AND t.at < :until AND t.verdict = 'right')""",
        group=stage.group_id,
        person=person_id,
        since=stage.opens_at,
        until=min(stage.closes_at, stage.closed_at or stage.closes_at),
    )
    return int(row[0]) if row else 0


async def note_passed(tx: Tx, stage: Stage, id: int, person_id: int, now: int) -> bool:
    """False where it was noted already."""
    noted = await tx.run(
        """INSERT INTO handins (group_id, id, cycle_id, place, person_id, kind, about, body, at)
           VALUES (:group, :id, :cycle, :place, :person, 'passed', 'goal', '', :now)
           ON CONFLICT DO NOTHING""",
        group=stage.group_id,
        cycle=stage.cycle_id,
        place=stage.place,
        id=id,
        person=person_id,
        now=now,
    )
    return noted == 1


async def passed(tx: Tx, stage: Stage) -> list[tuple[int, str]]:
    """(person, name) of the members who have, in the order in which they did."""
    rows = await tx.all(
        """SELECT h.person_id, m.name FROM handins h
           JOIN members m ON m.group_id = h.group_id AND m.person_id = h.person_id AND m.left_at IS NULL
           WHERE h.group_id = :group AND h.cycle_id = :cycle AND h.place = :place AND h.kind = 'passed'
           ORDER BY h.at, h.person_id""",
        group=stage.group_id,
        cycle=stage.cycle_id,
        place=stage.place,
    )
    return [(int(person), str(name)) for person, name in rows]
