"""What each member remembers of each question they were asked in a group: their wrong-question book, which nobody else sees.

A question that its bank no longer has stays remembered, for the day it comes back, but is neither asked nor listed.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.memory import SHAKY_DAYS
from storage.tx import Tx

# Never put together with anything a person typed.
_WEAK = f"(c.missed > 0 OR c.stability < {SHAKY_DAYS})"
_STILL_ASKED = "JOIN questions q ON q.bank = c.bank AND q.key = c.question AND q.position >= 0"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that is due, by where it lies."""

    bank: str
    question: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the wrong-question book."""

    bank: str
    question: str
    missed: int
    due_at: int


@dataclass(frozen=True, slots=True)
class Ripe:
    """How many questions are due: those that were missed once, and those that are not safe yet."""

    missed: int
    shaky: int

    @property
    def all(self) -> int:
        return self.missed + self.shaky


async def card(tx: Tx, group_id: int, person_id: int, bank: str, question: str) -> str | None:
    """What is remembered of it so far, as `domain.memory` wrote it; None for a question that is new to them."""
    row = await tx.one(
        """SELECT card FROM cards
           WHERE group_id = :group AND person_id = :person AND bank = :bank AND question = :question""",
        group=group_id,
        person=person_id,
        bank=bank,
        question=question,
    )
    return None if row is None else str(row[0])


_FIRST = """
INSERT INTO cards (group_id, person_id, bank, question, missed, stability, seen_at, due_at, card)
VALUES (:group, :person, :bank, :question, :missed, :stability, :now, :due, :card)
ON CONFLICT (group_id, person_id, bank, question) DO
"""
_AGAIN = """
UPDATE SET missed = cards.missed + excluded.missed, stability = excluded.stability, seen_at = excluded.seen_at,
           due_at = excluded.due_at, card = excluded.card
"""


async def remember(
    tx: Tx,
    *,
    group_id: int,
    person_id: int,
    bank: str,
    question: str,
    missed: bool,
    card: str,
    stability: float,
    due_at: int,
    now: int,
    only_first: bool = False,
) -> bool:
    """False, and nothing changed, where it must be their first answer to this question and is not."""
    kept = await tx.run(
        _FIRST + ("NOTHING" if only_first else _AGAIN),
        group=group_id,
        person=person_id,
        bank=bank,
        question=question,
        missed=int(missed),
        stability=stability,
        now=now,
        due=due_at,
        card=card,
    )
    return kept == 1


async def due(tx: Tx, group_id: int, person_id: int, now: int, limit: int) -> list[Waiting]:
    """What is to be asked again: what was missed before what is only shaky, then the longest due."""
    rows = await tx.all(
        f"""SELECT c.bank, c.question FROM cards c {_STILL_ASKED}
            WHERE c.group_id = :group AND c.person_id = :person AND c.due_at <= :now AND {_WEAK}
            ORDER BY CASE WHEN c.missed > 0 THEN 0 ELSE 1 END, c.due_at, c.seen_at, c.bank, c.question
            LIMIT :limit""",
        group=group_id,
        person=person_id,
        now=now,
        limit=limit,
    )
    return [Waiting(*row) for row in rows]


async def ripe(tx: Tx, group_id: int, person_id: int, now: int) -> Ripe:
    row = await tx.one(
        f"""SELECT coalesce(sum(CASE WHEN c.missed > 0 THEN 1 ELSE 0 END), 0),
                   coalesce(sum(CASE WHEN c.missed > 0 THEN 0 ELSE 1 END), 0) FROM cards c {_STILL_ASKED}
            WHERE c.group_id = :group AND c.person_id = :person AND c.due_at <= :now AND {_WEAK}""",
        group=group_id,
        person=person_id,
        now=now,
    )
    return Ripe(int(row[0]), int(row[1])) if row else Ripe(0, 0)


async def next_due(tx: Tx, group_id: int, person_id: int, now: int) -> int | None:
    """When the first of those comes back that is not due yet; None where nothing waits."""
    row = await tx.one(
        f"""SELECT c.due_at FROM cards c {_STILL_ASKED}
            WHERE c.group_id = :group AND c.person_id = :person AND c.due_at > :now AND {_WEAK}
            ORDER BY c.due_at LIMIT 1""",
        group=group_id,
        person=person_id,
        now=now,
    )
    return None if row is None else int(row[0])


async def book(tx: Tx, group_id: int, person_id: int, limit: int, offset: int = 0) -> list[Mistake]:
    """What they have missed, first what comes back first."""
    rows = await tx.all(
        f"""SELECT c.bank, c.question, c.missed, c.due_at FROM cards c {_STILL_ASKED}
            WHERE c.group_id = :group AND c.person_id = :person AND c.missed > 0
            ORDER BY c.due_at, c.seen_at, c.bank, c.question LIMIT :limit OFFSET :offset""",
        group=group_id,
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [Mistake(*row) for row in rows]


async def missed(tx: Tx, group_id: int, person_id: int) -> int:
    """How many questions stand in the book."""
    row = await tx.one(
        f"""SELECT count(*) FROM cards c {_STILL_ASKED}
            WHERE c.group_id = :group AND c.person_id = :person AND c.missed > 0""",
        group=group_id,
        person=person_id,
    )
    return int(row[0]) if row else 0
