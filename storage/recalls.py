"""What a whole group remembers of the questions it was asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from domain.memory import recall
from storage.quizzes import Quiz
from storage.tx import Tx

ENOUGH = 3
"""The mean of so many members speaks for the group; in a small group, of a third of it."""


@dataclass(frozen=True, slots=True)
class Recalled:
    question: str
    mean: float
    """How likely a member who was asked it recalls it now, 0 … 1."""
    members: int


async def means(tx: Tx, group_id: int, bank: str, now: int) -> list[Recalled]:
    """The bank's questions that enough members were asked, the least remembered first.

    One pass over the members' cards, each found by its key: 60 000 of them (1 000 members × 60 questions) take a tenth of
    a second. Those who left do not count.
    """
    rows = await tx.all(
        """SELECT c.question, c.stability, c.seen_at FROM members m CROSS JOIN cards c
           WHERE m.group_id = :group AND m.left_at IS NULL AND c.group_id = m.group_id
             AND c.person_id = m.person_id AND c.bank = :bank""",
        group=group_id,
        bank=bank,
    )
    found: defaultdict[str, list[float]] = defaultdict(list)
    for question, stability, seen_at in rows:
        found[question].append(recall(stability, seen_at, now))
    enough = await _enough(tx, group_id)
    of_group = [
        Recalled(question, sum(all_) / len(all_), len(all_))
        for question, all_ in found.items()
        if len(all_) >= enough
    ]
    return sorted(of_group, key=lambda one: (one.mean, one.question))


async def _enough(tx: Tx, group_id: int) -> int:
    row = await tx.one(
        "SELECT count(*) FROM members WHERE group_id = :group AND left_at IS NULL", group=group_id
    )
    third = -(-int(row[0]) // 3) if row else 0
    return max(1, min(ENOUGH, third))


async def asked_before(tx: Tx, group_id: int, bank: str, before: int) -> set[str]:
    """Keys of the bank's questions that were put to the group, and not since ``before``; those it no longer has are left out."""
    rows = await tx.all(
        """SELECT z.question FROM quizzes z
           JOIN questions q ON q.bank = z.bank AND q.key = z.question AND q.position >= 0
           WHERE z.group_id = :group AND z.bank = :bank
           GROUP BY z.question HAVING max(z.asked_at) < :before""",
        group=group_id,
        bank=bank,
        before=before,
    )
    return {str(row[0]) for row in rows}


async def is_asked_again(tx: Tx, quiz: Quiz) -> bool:
    """Whether the group had this very question before."""
    row = await tx.one(
        """SELECT 1 FROM quizzes WHERE group_id = :group AND id < :id AND bank = :bank AND question = :question
           LIMIT 1""",
        group=quiz.group_id,
        id=quiz.id,
        bank=quiz.bank,
        question=quiz.question,
    )
    return row is not None
