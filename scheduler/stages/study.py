"""A training class: people sign up, do its modules in whatever order, and hear at its end how far they came."""

from __future__ import annotations

from collections.abc import Sequence

from domain.group import Member
from domain.message import Button, Line, Message, line
from domain.module import done_by, undone
from domain.seminar import Signup
from scheduler.stages.gathering import opening
from scheduler.stages.kind import Firing, Opening
from storage import members, modules, signups


class Study:
    async def open(self, at: Firing) -> Opening:
        questions = at.stage.spec.questions
        lines = [line("study.module", number=number, text=text) for number, text in enumerate(questions, 1)]
        if not questions:
            return await opening(at)
        said = await opening(at, *lines, line("study.how"))
        return Opening(said.lines, (*said.buttons, self.doing(at)), said.live)

    async def owing(self, at: Firing) -> list[Member]:
        """Who signed up and has modules to do yet."""
        coming = {one.person_id for one in await signups.of_stage(at.tx, at.stage, "in")}
        done = await modules.of_stage(at.tx, at.stage)
        count = len(at.stage.spec.questions)
        return [
            one
            for one in await members.in_group(at.tx, at.group.id)
            if one.id in coming and undone(done.get(one.id, frozenset()), count)
        ]

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (Button(line("study.mine"), "module", at.arg),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        await at.refresh_board()
        coming = await signups.of_stage(at.tx, at.stage, "in")
        lines = [line("study.signed", count=len(coming))]
        if there := sum(bool(one.attended) for one in coming):
            lines.append(line("seminar.came", count=there))
        if not coming or not at.stage.spec.questions:
            return tuple(lines)
        lines += await progress(at, coming)
        complete = await _complete(at, coming)
        lines.append(line("study.complete", count=len(complete)))
        await _tell(at, complete)
        return tuple(lines)


async def progress(at: Firing, coming: Sequence[Signup]) -> list[Line]:
    """How many have done each module; nobody is named."""
    everybody = await modules.of_stage(at.tx, at.stage)
    done = {one.person_id: everybody.get(one.person_id, frozenset()) for one in coming}
    return [
        line("study.progress", number=number, text=text, done=done_by(done, number), of=len(coming))
        for number, text in enumerate(at.stage.spec.questions, 1)
    ]


async def _complete(at: Firing, coming: Sequence[Signup]) -> list[Signup]:
    done = await modules.of_stage(at.tx, at.stage)
    count = len(at.stage.spec.questions)
    return [one for one in coming if not undone(done.get(one.person_id, frozenset()), count)]


async def _tell(at: Firing, complete: Sequence[Signup]) -> None:
    """Each of them in private, and the secretaries who they are."""
    if not complete:
        return
    stage = at.stage.spec.title
    by_id = {one.id: one for one in await members.in_group(at.tx, at.group.id)}
    for one in complete:
        await at.tell_person(by_id[one.person_id], Message((line("study.you_completed", stage=stage),)))
    names = tuple(line("person.name", name=one.name) for one in complete)
    for secretary in await members.secretaries(at.tx, at.group.id):
        said = line("study.completed_by", stage=stage, count=len(complete), names=names)
        await at.tell_person(secretary, Message((said,)))
