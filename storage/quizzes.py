"""Questions put to a group, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from domain.grading import Verdict
from storage.tx import Row, Tx

_COLUMNS = "q.group_id, q.id, q.key, q.bank, q.question, q.asked_at, q.closed_at"


@dataclass(frozen=True, slots=True)
class Quiz:
    group_id: int
    id: int
    key: str
    """What it is: ``day:2026-03-02`` for the question of a day."""
    bank: str
    question: str
    asked_at: int
    closed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. ``given`` is the places of options as digits parted by commas, or the text filled in."""

    person_id: int
    name: str
    given: str
    verdict: Verdict


async def ask(tx: Tx, *, group_id: int, id: int, key: str, bank: str, question: str, now: int) -> bool:
    """Put the question to the group; False where one of that key is there already."""
    asked = await tx.run(
        """INSERT INTO quizzes (group_id, id, key, bank, question, asked_at)
           VALUES (:group, :id, :key, :bank, :question, :now) ON CONFLICT DO NOTHING""",
        group=group_id,
        id=id,
        key=key,
        bank=bank,
        question=question,
        now=now,
    )
    return asked == 1


async def find(tx: Tx, group_id: int, quiz_id: int) -> Quiz | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM quizzes q WHERE q.group_id = :group AND q.id = :id",
        group=group_id,
        id=quiz_id,
    )
    return None if row is None else Quiz(*row)


async def by_key(tx: Tx, group_id: int, key: str) -> Quiz | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM quizzes q WHERE q.group_id = :group AND q.key = :key",
        group=group_id,
        key=key,
    )
    return None if row is None else Quiz(*row)


async def close(tx: Tx, group_id: int, quiz_id: int, now: int) -> None:
    await tx.run(
        "UPDATE quizzes SET closed_at = :now WHERE group_id = :group AND id = :id AND closed_at IS NULL",
        now=now,
        group=group_id,
        id=quiz_id,
    )


async def answer(
    tx: Tx, *, group_id: int, quiz_id: int, person_id: int, given: str, verdict: Verdict, now: int
) -> bool:
    """Record an answer; False where the person has answered before, which is what counts."""
    recorded = await tx.run(
        """INSERT INTO answers (group_id, quiz_id, person_id, given, verdict, at)
           VALUES (:group, :quiz, :person, :given, :verdict, :now) ON CONFLICT DO NOTHING""",
        group=group_id,
        quiz=quiz_id,
        person=person_id,
        given=given,
        verdict=verdict,
        now=now,
    )
    return recorded == 1


async def answers(tx: Tx, group_id: int, quiz_id: int) -> list[Given]:
    """Everybody's, in the order they came."""
    rows = await tx.all(
        """SELECT a.person_id, m.name, a.given, a.verdict FROM answers a
           JOIN members m ON m.group_id = a.group_id AND m.person_id = a.person_id
           WHERE a.group_id = :group AND a.quiz_id = :quiz ORDER BY a.at, a.person_id""",
        group=group_id,
        quiz=quiz_id,
    )
    return [_given(row) for row in rows]


async def count(tx: Tx, group_id: int, quiz_id: int) -> int:
    """How many have answered."""
    row = await tx.one(
        "SELECT count(*) FROM answers WHERE group_id = :group AND quiz_id = :quiz",
        group=group_id,
        quiz=quiz_id,
    )
    return int(row[0]) if row else 0


async def answer_of(tx: Tx, group_id: int, quiz_id: int, person_id: int) -> Given | None:
    row = await tx.one(
        """SELECT a.person_id, m.name, a.given, a.verdict FROM answers a
           JOIN members m ON m.group_id = a.group_id AND m.person_id = a.person_id
           WHERE a.group_id = :group AND a.quiz_id = :quiz AND a.person_id = :person""",
        group=group_id,
        quiz=quiz_id,
        person=person_id,
    )
    return None if row is None else _given(row)


async def judge(tx: Tx, group_id: int, quiz_id: int, person_id: int, verdict: Verdict) -> None:
    """What became of an answer that was doubtful."""
    await tx.run(
        """UPDATE answers SET verdict = :verdict
           WHERE group_id = :group AND quiz_id = :quiz AND person_id = :person AND verdict = 'doubtful'""",
        verdict=verdict,
        group=group_id,
        quiz=quiz_id,
        person=person_id,
    )


async def accept(
    tx: Tx, *, group_id: int, bank: str, question: str, folded: str, right: bool, by: int, now: int
) -> None:
    """From now on this answer to this question is right (or wrong) in this group."""
    await tx.run(
        """INSERT INTO accepted (group_id, bank, question, folded, "right", by_person, at)
           VALUES (:group, :bank, :question, :folded, :right, :by, :now)
           ON CONFLICT (group_id, bank, question, folded) DO UPDATE
           SET "right" = excluded."right", by_person = excluded.by_person, at = excluded.at""",
        group=group_id,
        bank=bank,
        question=question,
        folded=folded,
        right=int(right),
        by=by,
        now=now,
    )


async def accepted(tx: Tx, group_id: int, bank: str, question: str) -> dict[str, bool]:
    """Folded answer → whether the secretary took it for right."""
    rows = await tx.all(
        """SELECT folded, "right" FROM accepted
           WHERE group_id = :group AND bank = :bank AND question = :question""",
        group=group_id,
        bank=bank,
        question=question,
    )
    return {str(folded): bool(right) for folded, right in rows}


def _given(row: Row) -> Given:
    person, name, given, verdict = row
    return Given(int(person), str(name), str(given), verdict)
