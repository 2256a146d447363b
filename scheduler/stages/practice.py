"""A practice: people sign up, do something together and are there by code or roll. Their photos come with the reflection after it."""

from __future__ import annotations

from domain.group import Member
from domain.message import Button, Line, line
from domain.seminar import Signup
from scheduler import teams
from scheduler.stages.gathering import opening
from scheduler.stages.kind import Firing, Opening
from storage import ledger, signups


class Practice:
    async def open(self, at: Firing) -> Opening:
        await teams.plan(at.tx, at.stage)
        return await opening(at, line("practice.how"))

    async def owing(self, at: Firing) -> list[Member]:
        """Nobody: taking part is everybody's own choice."""
        return []

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return ()

    async def close(self, at: Firing) -> tuple[Line, ...]:
        await at.refresh_board()
        people = await signups.of_stage(at.tx, at.stage, "in")
        came = [one for one in people if one.attended]
        lines = [line("practice.came", signed=len(people), came=len(came))]
        if given := await _award(at, came):
            lines.append(line("practice.points", points=given))
        return tuple(lines)


async def _award(at: Firing, came: list[Signup]) -> int:
    """The most that anybody was given; each of them once for this stage, in groups that keep points."""
    worth = at.rules.get("volunteering")
    if worth is None or not at.group.settings.points:
        return 0
    given = [
        await ledger.award(
            at.tx,
            at.ids,
            group_id=at.group.id,
            person_id=one.person_id,
            rule="volunteering",
            cause=f"stage:{at.arg}",
            day=at.group.settings.day(min(at.now, at.stage.closes_at)),
            points=worth.points,
            cap=worth.cap,
            now=at.now,
        )
        for one in came
    ]
    return max(given, default=0)
