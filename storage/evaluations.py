"""What is thought of members at an activity's end: by themselves, by their peers, by the secretary; and of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from domain.composite import Parts, mean, share
from domain.cycle import Cycle
from storage.tx import Tx

EvaluationKind = Literal["self", "secretary", "overall"]
WHOLE_BRANCH = 0
"""Whom an overall evaluation is about."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    person_id: int
    kind: EvaluationKind
    scores: tuple[int, ...]
    comment: str


async def put(
    tx: Tx,
    cycle: Cycle,
    person_id: int,
    kind: EvaluationKind,
    *,
    scores: Sequence[int],
    comment: str,
    by: int,
    now: int,
) -> bool:
    """Keep it in place of an earlier one. False where it was the first."""
    params = {
        "group": cycle.group_id,
        "cycle": cycle.id,
        "person": person_id,
        "kind": kind,
        "scores": orjson.dumps(list(scores)).decode(),
        "comment": comment,
        "by": by,
        "now": now,
    }
    changed = await tx.run(
        """UPDATE evaluations SET scores = :scores, comment = :comment, by_person = :by, at = :now
           WHERE group_id = :group AND cycle_id = :cycle AND person_id = :person AND kind = :kind""",
        **params,
    )
    if changed:
        return True
    await tx.run(
        """INSERT INTO evaluations (group_id, cycle_id, person_id, kind, scores, comment, by_person, at)
           VALUES (:group, :cycle, :person, :kind, :scores, :comment, :by, :now)""",
        **params,
    )
    return False


async def of_cycle(tx: Tx, cycle: Cycle) -> list[Evaluation]:
    rows = await tx.all(
        """SELECT person_id, kind, scores, comment FROM evaluations
           WHERE group_id = :group AND cycle_id = :cycle ORDER BY person_id, kind""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    return [Evaluation(person, kind, _scores(scores), comment) for person, kind, scores, comment in rows]


async def overall(tx: Tx, cycle: Cycle) -> str:
    """The secretary's words about all of it, "" where there are none."""
    return next((one.comment for one in await of_cycle(tx, cycle) if one.kind == "overall"), "")


async def parts(tx: Tx, cycle: Cycle) -> dict[int, Parts]:
    """Person → what the three sides said, of those of whom anything was said.

    Marks of reflections come from reviews that were asked for: an invited one never counts. What a secretary said of the
    member in this activity goes before what she said of their reflection, and the same with oneself.
    """
    said: dict[int, dict[str, list[float]]] = {}

    def note(person: int, kind: str, scores: Sequence[int], most: int) -> None:
        if (found := share(scores, most)) is not None:
            said.setdefault(person, {}).setdefault(kind, []).append(found)

    reviewed, evaluated = _most(cycle, "review"), _most(cycle, "evaluation")
    rows = await tx.all(
        """SELECT r.person_id, v.kind, v.scores FROM reviews v
           JOIN reflections r ON r.group_id = v.group_id AND r.id = v.reflection_id
           WHERE v.group_id = :group AND v.cycle_id = :cycle AND v.state = 'done' AND v.kind <> 'invited'
             AND r.state = 'handed'""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    for person, kind, scores in rows:
        note(int(person), f"reflection_{kind}", _scores(scores), reviewed)
    for one in await of_cycle(tx, cycle):
        if one.person_id != WHOLE_BRANCH:
            note(one.person_id, one.kind, one.scores, evaluated)
    return {
        person: Parts(
            own=mean(found.get("self", found.get("reflection_self", ()))),
            peers=mean(found.get("reflection_allotted", ())),
            secretary=mean(found.get("secretary", found.get("reflection_secretary", ()))),
        )
        for person, found in said.items()
    }


async def forget_person(tx: Tx, person_id: int) -> None:
    """What was thought of them goes; what they thought of others as secretary stays, and no longer says by whom."""
    groups = "group_id IN (SELECT group_id FROM members WHERE person_id = :p)"
    await tx.run(f"DELETE FROM evaluations WHERE person_id = :p AND {groups}", p=person_id)
    await tx.run(f"UPDATE evaluations SET by_person = 0 WHERE by_person = :p AND {groups}", p=person_id)


def _most(cycle: Cycle, kind: str) -> int:
    """The highest mark of a criterion."""
    return next((spec.rubric.most for spec in cycle.plan.stages if spec.kind == kind), 5)


def _scores(text: str) -> tuple[int, ...]:
    return tuple(orjson.loads(text)) if text else ()
