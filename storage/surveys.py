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
