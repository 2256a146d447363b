"""A seminar: people sign up, are divided into sub-groups, attend, and each sub-group writes down what it came to."""

from __future__ import annotations

from domain.group import Member
from domain.message import Button, Line, Live, Message, line
from scheduler import teams
from scheduler.stages.kind import BOARD, Firing, Opening
from storage import handins, members, signups


class Seminar:
    async def open(self, at: Firing) -> Opening:
        await teams.plan(at.tx, at.stage)
        await self._tell_secretaries(at)
        spec = at.stage.spec
        lines: list[Line] = [line("seminar.seats", seats=spec.seats)] if spec.seats else []
        lines.append(line("seminar.how"))
        buttons = (
            Button(line("seminar.sign_up"), "signup", at.arg),
            Button(line("seminar.withdraw"), "withdraw", at.arg),
        )
        return Opening(tuple(lines), (buttons,), Live(BOARD, at.arg))

    async def _tell_secretaries(self, at: Firing) -> None:
        said = Message(
            (line("attend.for_secretary", stage=at.stage.spec.title),),
            buttons=((Button(line("attend.screen_button"), "screen", at.arg),),),
        )
        for person in await members.secretaries(at.tx, at.group.id):
            await at.tell_person(person, said)

    async def owing(self, at: Firing) -> list[Member]:
        """Nobody: coming is everybody's own choice, and whoever signed up and did not come is not nagged."""
        return []

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return ()

    async def close(self, at: Firing) -> tuple[Line, ...]:
        await at.refresh_board()
        people = await signups.of_stage(at.tx, at.stage, "in")
        lines = [line("seminar.came", count=sum(bool(one.attended) for one in people))]
        if spoke := sum(one.spoke for one in people):
            lines.append(line("seminar.spoke", count=spoke))
        sides = {one.side for one in people if one.side}
        if sides and at.stage.spec.questions:
            done = await sides_done(at)
            lines.append(line("seminar.forms", done=len(done), of=len(sides)))
        return tuple(lines)


async def sides_done(at: Firing) -> set[int]:
    """The sub-groups whose form is complete."""
    fields: dict[int, int] = {}
    for one in await handins.of_stage(at.tx, at.stage, "form"):
        side = int(one.about.partition(".")[0])
        fields[side] = fields.get(side, 0) + 1
    return {side for side, count in fields.items() if count >= len(at.stage.spec.questions)}
