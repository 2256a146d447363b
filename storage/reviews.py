"""Reviews of reflections: asked for, begun, done. What they come to stands in `storage/review_marks.py`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from domain.cycle import Cycle
from domain.marks import Scores
from domain.peer import ReviewKind, ReviewState, source_of
from storage import cycles, due, installation
from storage.tx import Row, Tx

REPAIR = "repair"
"""Kind of the due row that makes up for reviews which are missing; its key is the stage's ``arg``."""
_REVIEW = """r.reflection_id, r.person_id, coalesce(m.name, ''), r.cycle_id, r.kind, r.state, r.scores, r.comment,
             r.asked_at, r.lease_until, r.done_at"""
_NAMED = "LEFT JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id AND m.left_at IS NULL"


@dataclass(frozen=True, slots=True)
class Entry:
    """A reflection that was handed in, as far as reviewing it goes."""

    id: int
    number: int
    author: int
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Review:
    reflection_id: int
    person_id: int
    """Below 0 for somebody who was erased: the scores stay, under no name."""
    name: str
    """"" for somebody who has left or was erased."""
    cycle_id: int
    kind: ReviewKind
    state: ReviewState
    scores: Scores
    """0 for a criterion that no score was given for yet."""
    comment: str
    asked_at: int
    lease_until: int | None
    done_at: int | None
    """When it was written in last; None where nothing was written yet."""


async def entries(tx: Tx, cycle: Cycle, review_place: int) -> list[Entry]:
    """What is to be reviewed: handed in to the latest reflection stage before, by those who are members still; by their numbers."""
    place = source_of(cycle.plan.stages, review_place)
    rows = await tx.all(
        """SELECT r.id, r.number, r.person_id, m.name, r.body FROM reflections r
           JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id AND m.left_at IS NULL
           WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.place = :place AND r.state = 'handed'
             AND r.number > 0 ORDER BY r.number""",
        group=cycle.group_id,
        cycle=cycle.id,
        place=-1 if place is None else place,
    )
    return [Entry(*row) for row in rows]


async def sides(tx: Tx, cycle: Cycle) -> dict[int, int]:
    """Person → sub-group, of the last stage of the activity that had any."""
    rows = await tx.all(
        """SELECT person_id, side FROM signups WHERE group_id = :group AND cycle_id = :cycle AND side > 0
           ORDER BY place""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    return {int(person): int(side) for person, side in rows}


async def of_stage(tx: Tx, cycle: Cycle, review_place: int) -> list[Review]:
    """Every review that belongs to this stage, of whatever kind and state, the oldest first."""
    place = source_of(cycle.plan.stages, review_place)
    rows = await tx.all(
        f"""SELECT {_REVIEW} FROM reviews r {_NAMED}
            JOIN reflections f ON f.group_id = r.group_id AND f.id = r.reflection_id
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND f.place = :place
            ORDER BY r.asked_at, r.reflection_id, r.person_id""",
        group=cycle.group_id,
        cycle=cycle.id,
        place=-1 if place is None else place,
    )
    return [_review(row) for row in rows]


async def of_work(tx: Tx, group_id: int, reflection_id: int) -> list[Review]:
    rows = await tx.all(
        f"""SELECT {_REVIEW} FROM reviews r {_NAMED}
            WHERE r.group_id = :group AND r.reflection_id = :reflection ORDER BY r.asked_at, r.person_id""",
        group=group_id,
        reflection=reflection_id,
    )
    return [_review(row) for row in rows]


async def by(tx: Tx, group_id: int, reflection_id: int, person_id: int) -> Review | None:
    """This person's review of the work, allotted or invited."""
    found = [one for one in await of_work(tx, group_id, reflection_id) if one.person_id == person_id]
    return next((one for one in found if one.kind in ("allotted", "invited")), None)


async def ask(
    tx: Tx,
    cycle: Cycle,
    pairs: Sequence[tuple[int, int]],
    kind: ReviewKind,
    now: int,
    lease_until: int | None,
) -> None:
    """``pairs``: (reviewer, work). Whoever was asked before is asked again; an invitation becomes an allotted review."""
    rows = [
        {
            "group": cycle.group_id,
            "work": work,
            "person": who,
            "cycle": cycle.id,
            "kind": kind,
            "now": now,
            "lease": lease_until,
        }
        for who, work in pairs
    ]
    if kind == "allotted":
        await tx.many(
            """DELETE FROM reviews WHERE group_id = :group AND reflection_id = :work AND person_id = :person
               AND kind = 'invited' AND state <> 'done'""",
            [{name: row[name] for name in ("group", "work", "person")} for row in rows],
        )
    await tx.many(
        """INSERT INTO reviews (group_id, reflection_id, person_id, cycle_id, kind, state, asked_at, lease_until)
           VALUES (:group, :work, :person, :cycle, :kind, 'asked', :now, :lease)
           ON CONFLICT (group_id, reflection_id, person_id, kind) DO UPDATE
           SET state = CASE WHEN reviews.state = 'done' THEN 'done' ELSE 'asked' END,
               asked_at = excluded.asked_at, lease_until = excluded.lease_until""",
        rows,
    )


async def hand_on(tx: Tx, group_id: int, pairs: Sequence[tuple[int, int]]) -> None:
    """Somebody else gives these; who has given them all the same gives them as if invited."""
    await tx.many(
        """DELETE FROM reviews WHERE group_id = :group AND reflection_id = :work AND person_id = :person
           AND kind = 'allotted' AND state <> 'done'""",
        [{"group": group_id, "work": work, "person": who} for who, work in pairs],
    )


async def drop(tx: Tx, group_id: int, dropped: Sequence[Review]) -> None:
    """They will not be given: the reviewer or the author has left, or the two are kept apart."""
    await tx.many(
        """UPDATE reviews SET state = 'dropped' WHERE group_id = :group AND reflection_id = :work
           AND person_id = :person AND kind = :kind AND state = 'asked'""",
        [
            {"group": group_id, "work": one.reflection_id, "person": one.person_id, "kind": one.kind}
            for one in dropped
        ],
    )


async def write(
    tx: Tx,
    cycle: Cycle,
    reflection_id: int,
    person_id: int,
    kind: ReviewKind,
    *,
    scores: Scores,
    comment: str,
    done: bool,
    now: int,
) -> None:
    """Begin, finish or revise a review. One that is done stays done."""
    await tx.run(
        """INSERT INTO reviews (group_id, reflection_id, person_id, cycle_id, kind, state, scores, comment,
                                asked_at, done_at)
           VALUES (:group, :work, :person, :cycle, :kind, :state, :scores, :comment, :now, :done_at)
           ON CONFLICT (group_id, reflection_id, person_id, kind) DO UPDATE
           SET scores = excluded.scores, comment = excluded.comment,
               state = CASE WHEN reviews.state = 'done' THEN 'done' ELSE excluded.state END,
               done_at = excluded.done_at""",
        group=cycle.group_id,
        work=reflection_id,
        person=person_id,
        cycle=cycle.id,
        kind=kind,
        state="done" if done else "asked",
        scores=orjson.dumps(list(scores)).decode(),
        comment=comment,
        now=now,
        done_at=now,
    )


async def set_by_secretary(
    tx: Tx, cycle: Cycle, reflection_id: int, person_id: int, scores: Scores, reason: str, now: int
) -> None:
    """A work has one such mark: whichever secretary gave it last."""
    await tx.run(
        """DELETE FROM reviews WHERE group_id = :group AND reflection_id = :work AND kind = 'secretary'
           AND person_id <> :person""",
        group=cycle.group_id,
        work=reflection_id,
        person=person_id,
    )
    await write(
        tx, cycle, reflection_id, person_id, "secretary", scores=scores, comment=reason, done=True, now=now
    )


async def owing(tx: Tx, cycle: Cycle, review_place: int) -> set[int]:
    """Who was asked for a review and has not given it."""
    works = {one.id for one in await entries(tx, cycle, review_place)}
    return {
        one.person_id
        for one in await of_stage(tx, cycle, review_place)
        if one.kind == "allotted" and one.state == "asked" and one.reflection_id in works
    }


async def repair_soon(tx: Tx, group_id: int, now: int) -> None:
    """Somebody left, went on leave or handed in late: every open review of the group is looked through at the next tick."""
    for cycle in await cycles.running(tx, group_id):
        for stage in await cycles.stages(tx, cycle):
            if stage.spec.kind == "review" and stage.state == "open":
                await due.plan(tx, group_id, REPAIR, stage.arg, now)


async def forget_person(tx: Tx, person_id: int) -> None:
    """Scores they gave stay, so that nobody's marks change, under a number nobody can trace back; their words go.

    What was said of their own work goes with it, and whom they still had to review is made up for.
    """
    key = await installation.value(tx, "key") or ""
    for (group_id,) in await tx.all("SELECT group_id FROM members WHERE person_id = :p", p=person_id):
        await tx.run(
            """DELETE FROM reviews WHERE group_id = :group AND (
                 (person_id = :p AND state <> 'done') OR (person_id = :p AND kind = 'self') OR
                 reflection_id IN (SELECT id FROM reflections WHERE group_id = :group AND person_id = :p))""",
            group=group_id,
            p=person_id,
        )
        await tx.run(
            """UPDATE reviews SET person_id = :nobody, comment = '' WHERE group_id = :group AND person_id = :p""",
            nobody=_commitment(key, int(group_id), person_id),
            group=group_id,
            p=person_id,
        )
        await repair_soon(tx, int(group_id), 0)


def _commitment(key: str, group_id: int, person_id: int) -> int:
    """Below 0, where no person's id is; salted with the installation's key, and another one in every group."""
    digest = hmac.digest(key.encode(), f"review:{group_id}:{person_id}".encode(), hashlib.sha256)
    return -1 - (int.from_bytes(digest[:8]) >> 1)


def _review(row: Row) -> Review:
    work, person, name, cycle_id, kind, state, scores, comment, asked_at, lease_until, done_at = row
    return Review(
        work, person, name, cycle_id, kind, state, scores_of(scores), comment, asked_at, lease_until, done_at
    )


def scores_of(text: str) -> Scores:
    """From their row."""
    return tuple(orjson.loads(text)) if text else ()
