"""Rounds: questions put to one person, one after the other, and what became of each. One is open a person and group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.grading import Verdict
from domain.question import Question
from storage.tx import Row, Tx

_COLUMNS = 'group_id, id, person_id, kind, about, bank, question, place, "right", started_at, ended_at'


@dataclass(frozen=True, slots=True)
class Round:
    group_id: int
    id: int
    person_id: int
    kind: str
    about: str
    """What of: the topic, or the contest's id in base 36."""
    bank: str
    question: str
    """Key of the one that waits for an answer, "" where none does."""
    place: int = 0
    """How many were answered, here or in the round it goes on with."""
    right: int = 0
    started_at: int = 0
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One answer of a round."""

    place: int
    question: str
    given: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Best:
    """Somebody's best round."""

    person_id: int
    name: str
    right: int


async def begin(
    tx: Tx, *, group_id: int, id: int, person_id: int, kind: str, about: str, bank: str, place: int, now: int
) -> Round:
    """A new round; one that is open must be ended first."""
    await tx.run(
        """INSERT INTO rounds (group_id, id, person_id, kind, about, bank, place, started_at)
           VALUES (:group, :id, :person, :kind, :about, :bank, :place, :now)""",
        group=group_id,
        id=id,
        person=person_id,
        kind=kind,
        about=about,
        bank=bank,
        place=place,
        now=now,
    )
    return Round(group_id, id, person_id, kind, about, bank, "", place, started_at=now)


async def find(tx: Tx, group_id: int, round_id: int) -> Round | None:
    return _round(
        await tx.one(
            f"SELECT {_COLUMNS} FROM rounds WHERE group_id = :group AND id = :id", group=group_id, id=round_id
        )
    )


async def open_of(tx: Tx, group_id: int, person_id: int) -> Round | None:
    """The round that waits for the person's answer, if any."""
    return _round(
        await tx.one(
            f"""SELECT {_COLUMNS} FROM rounds
                WHERE group_id = :group AND person_id = :person AND ended_at IS NULL""",
            group=group_id,
            person=person_id,
        )
    )


async def touched_at(tx: Tx, round: Round) -> int:
    """When something was last answered in it, or when it was begun."""
    row = await tx.one(
        "SELECT max(at) FROM tries WHERE group_id = :group AND round_id = :id",
        group=round.group_id,
        id=round.id,
    )
    return int(row[0]) if row and row[0] is not None else round.started_at


async def put(tx: Tx, round: Round, bank: str, question: str) -> None:
    """From now on this question waits for an answer."""
    await tx.run(
        "UPDATE rounds SET bank = :bank, question = :question WHERE group_id = :group AND id = :id",
        bank=bank,
        question=question,
        group=round.group_id,
        id=round.id,
    )


async def attempt(tx: Tx, round: Round, given: str, verdict: Verdict, now: int) -> bool:
    """Record the answer to the question that waits; False where that place was answered by another at the same time."""
    recorded = await tx.run(
        """INSERT INTO tries (group_id, round_id, place, question, given, verdict, at)
           VALUES (:group, :id, :place, :question, :given, :verdict, :now) ON CONFLICT DO NOTHING""",
        group=round.group_id,
        id=round.id,
        place=round.place,
        question=round.question,
        given=given,
        verdict=verdict,
        now=now,
    )
    if recorded:
        await tx.run(
            """UPDATE rounds SET place = place + 1, "right" = "right" + :right
               WHERE group_id = :group AND id = :id""",
            right=int(verdict == "right"),
            group=round.group_id,
            id=round.id,
        )
    return recorded == 1


async def end(tx: Tx, group_id: int, round_id: int, now: int) -> None:
    await tx.run(
        """UPDATE rounds SET ended_at = :now, question = ''
           WHERE group_id = :group AND id = :id AND ended_at IS NULL""",
        now=now,
        group=group_id,
        id=round_id,
    )


async def withdraw(tx: Tx, group_id: int, kind: str, about: str) -> None:
    """Nothing waits for an answer any more in the open rounds of that kind, about that: each ends when its person looks at it."""
    await tx.run(
        """UPDATE rounds SET question = ''
           WHERE group_id = :group AND kind = :kind AND about = :about AND ended_at IS NULL""",
        group=group_id,
        kind=kind,
        about=about,
    )


async def tries(tx: Tx, group_id: int, round_id: int) -> list[Try]:
    """What was answered, in order."""
    rows = await tx.all(
        """SELECT place, question, given, verdict FROM tries
           WHERE group_id = :group AND round_id = :id ORDER BY place""",
        group=group_id,
        id=round_id,
    )
    return [Try(*row) for row in rows]


async def bests(tx: Tx, group_id: int, kind: str, since: int) -> list[Best]:
    """The best ended round since then of each member who has any right, the best first."""
    rows = await tx.all(
        """SELECT r.person_id, m.name, max(r."right") FROM rounds r
           JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id AND m.left_at IS NULL
           WHERE r.group_id = :group AND r.kind = :kind AND r.about = '' AND r.ended_at >= :since AND r."right" > 0
           GROUP BY r.person_id, m.name""",
        group=group_id,
        kind=kind,
        since=since,
    )
    found = [Best(int(person), str(name), int(right)) for person, name, right in rows]
    return sorted(found, key=lambda best: (-best.right, best.person_id))


async def size_of(tx: Tx, bank: str, topic: str | None = None) -> int:
    """How many questions the bank has now, or has of that topic."""
    row = await tx.one(
        f"SELECT count(*) FROM questions WHERE bank = :bank AND position >= 0 {_of(topic)}",
        bank=bank,
        **_topic(topic),
    )
    return int(row[0]) if row else 0


async def nth(tx: Tx, bank: str, place: int, topic: str | None = None) -> Question | None:
    """The question at that place of the bank's order, counted from 0, or of the order of the topic's."""
    row = await tx.one(
        f"""SELECT body FROM questions WHERE bank = :bank AND position >= 0 {_of(topic)}
            ORDER BY position LIMIT 1 OFFSET :place""",
        bank=bank,
        place=place,
        **_topic(topic),
    )
    return None if row is None else Question.model_validate_json(row[0])


async def topics(tx: Tx, bank: str) -> list[tuple[str, int]]:
    """(topic, how many questions of it), in the order they first come in."""
    rows = await tx.all(
        """SELECT topic, count(*) FROM questions WHERE bank = :bank AND position >= 0 AND topic <> ''
           GROUP BY topic ORDER BY min(position)""",
        bank=bank,
    )
    return [(str(topic), int(count)) for topic, count in rows]


async def forget_person(tx: Tx, person_id: int) -> None:
    """Every round of theirs, with what they answered."""
    rounds = """SELECT r.group_id, r.id FROM members m
                JOIN rounds r ON r.group_id = m.group_id AND r.person_id = m.person_id
                WHERE m.person_id = :p"""
    found: Iterable[Row] = await tx.all(rounds, p=person_id)
    keys = [{"group": int(group), "id": int(id)} for group, id in found]
    await tx.many("DELETE FROM tries WHERE group_id = :group AND round_id = :id", keys)
    await tx.many("DELETE FROM rounds WHERE group_id = :group AND id = :id", keys)


def _of(topic: str | None) -> str:
    return "" if topic is None else "AND topic = :topic"


def _topic(topic: str | None) -> dict[str, str]:
    return {} if topic is None else {"topic": topic}


def _round(row: Row | None) -> Round | None:
    return None if row is None else Round(*row)
