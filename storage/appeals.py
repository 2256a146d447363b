"""What authors object to in the reviews of their work, and what the secretary answered. Both are kept."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Appeal:
    reflection_id: int
    person_id: int
    body: str
    answer: str
    at: int
    answered_at: int | None


async def make(tx: Tx, group_id: int, reflection_id: int, person_id: int, body: str, now: int) -> None:
    """A second one takes the place of the first, and waits for an answer again."""
    await tx.run(
        """INSERT INTO appeals (group_id, reflection_id, person_id, body, at)
           VALUES (:group, :reflection, :person, :body, :now)
           ON CONFLICT (group_id, reflection_id) DO UPDATE SET body = excluded.body, at = excluded.at,
             answer = '', answered_at = NULL, by_person = 0""",
        group=group_id,
        reflection=reflection_id,
        person=person_id,
        body=body,
        now=now,
    )


async def find(tx: Tx, group_id: int, reflection_id: int) -> Appeal | None:
    row = await tx.one(
        """SELECT reflection_id, person_id, body, answer, at, answered_at FROM appeals
           WHERE group_id = :group AND reflection_id = :reflection""",
        group=group_id,
        reflection=reflection_id,
    )
    return None if row is None else Appeal(*row)


async def answer(tx: Tx, group_id: int, reflection_id: int, text: str, by: int, now: int) -> None:
    """A later answer takes the place of an earlier one."""
    await tx.run(
        """UPDATE appeals SET answer = :text, answered_at = :now, by_person = :by
           WHERE group_id = :group AND reflection_id = :reflection""",
        text=text,
        now=now,
        by=by,
        group=group_id,
        reflection=reflection_id,
    )


async def forget_person(tx: Tx, person_id: int) -> None:
    """Their appeals go; an answer that they gave to somebody else stays that person's to read, under nobody's name."""
    groups = "group_id IN (SELECT group_id FROM members WHERE person_id = :p)"
    await tx.run(f"DELETE FROM appeals WHERE {groups} AND person_id = :p", p=person_id)
    await tx.run(f"UPDATE appeals SET by_person = 0 WHERE {groups} AND by_person = :p", p=person_id)
