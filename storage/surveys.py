"""What people answered in an activity's survey. Who answered is known, to remind the others; what was said is read without names."""

from __future__ import annotations

from collections.abc import Sequence

from domain.cycle import Stage
from domain.group import Member
from domain.survey import Told, told
from storage import handins, members
from storage.tx import Tx


async def own(tx: Tx, stage: Stage, person_id: int) -> dict[int, str]:
    """Question's number → what the person said to it."""
    found = await handins.own(tx, stage, "survey", person_id)
    return {int(number): body for number, body in found.items() if number.isdecimal()}


async def answer(tx: Tx, stage: Stage, id: int, person_id: int, number: int, body: str, now: int) -> bool:
    """Keep it in place of what was said to that question before. False where it was new."""
    return await handins.hand_in(tx, stage, id, "survey", str(number), person_id, body, now)


async def note_asked(tx: Tx, stage: Stage, id: int, person_id: int, now: int) -> None:
    """The person was asked a question just now, and may answer it without saying that they do."""
    await handins.hand_in(tx, stage, id, "asked", "survey", person_id, "", now)


async def asked_at(tx: Tx, stage: Stage, person_id: int) -> int | None:
    """When the person was asked last; None for never."""
    row = await tx.one(
        """SELECT at FROM handins WHERE group_id = :group AND cycle_id = :cycle AND place = :place
             AND kind = 'asked' AND about = 'survey' AND person_id = :person""",
        group=stage.group_id,
        cycle=stage.cycle_id,
        place=stage.place,
        person=person_id,
    )
    return None if row is None else int(row[0])


async def results(tx: Tx, stage: Stage) -> tuple[Told, ...]:
    people: dict[int, dict[int, str]] = {}
    for one in await handins.of_stage(tx, stage, "survey"):
        people.setdefault(one.person_id, {})[int(one.about)] = one.body
    return told(stage.spec.questions, people.values())


async def owing(tx: Tx, stage: Stage) -> list[Member]:
    """Who has left a question open."""
    answered: dict[int, int] = {}
    for one in await handins.of_stage(tx, stage, "survey"):
        answered[one.person_id] = answered.get(one.person_id, 0) + 1
    return [
        one
        for one in await members.in_group(tx, stage.group_id)
        if answered.get(one.id, 0) < len(stage.spec.questions)
    ]


async def answered(tx: Tx, stages: Sequence[Stage]) -> int:
    """How many people said something."""
    found = {one.person_id for stage in stages for one in await handins.of_stage(tx, stage, "survey")}
    return len(found)
