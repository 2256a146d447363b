"""How a group is doing, added up: what its figures and their pictures are made of. Reads only, and names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.grading import Verdict
from storage.tx import Tx

_OF_A_DAY = "day:"
"""How the key of a day's question begins (`scheduler.quiz.day_key`); games have keys of their own."""


async def verdicts(tx: Tx, group_id: int, first: date, last: date) -> dict[str, dict[Verdict, int]]:
    """Day → how often its question was answered right, wrong and doubtfully; days without an answer are left out."""
    rows = await tx.all(
        """SELECT q.key, a.verdict, count(*) FROM quizzes q
           JOIN answers a ON a.group_id = q.group_id AND a.quiz_id = q.id
           WHERE q.group_id = :group AND q.key >= :first AND q.key <= :last
           GROUP BY q.key, a.verdict ORDER BY q.key""",
        group=group_id,
        first=f"{_OF_A_DAY}{first}",
        last=f"{_OF_A_DAY}{last}",
    )
    found: dict[str, dict[Verdict, int]] = {}
    for key, verdict, count in rows:
        found.setdefault(str(key).removeprefix(_OF_A_DAY), {})[verdict] = int(count)
    return found


async def study_minutes(tx: Tx, group_id: int, first: date, last: date) -> Mapping[int, int]:
    """Minutes of items marked as studied on those days → how many of the members have just so many, 0 included."""
    # Added up from the days on, not from the members: a day's marks lie together, a member's do not.
    rows = await tx.all(
        """WITH studied AS (
             SELECT s.person_id, sum(d.minutes) AS minutes FROM days d
             JOIN studies s ON s.group_id = d.group_id AND s.day = d.day
             WHERE d.group_id = :group AND d.day >= :first AND d.day <= :last
             GROUP BY s.person_id
           )
           SELECT coalesce(studied.minutes, 0) AS minutes, count(*) FROM members m
           LEFT JOIN studied ON studied.person_id = m.person_id
           WHERE m.group_id = :group AND m.left_at IS NULL
           GROUP BY coalesce(studied.minutes, 0) ORDER BY 1""",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return {int(minutes): int(count) for minutes, count in rows}
