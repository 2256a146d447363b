"""A live talk: questions are collected while it runs, and handed to the sub-groups as tasks when it is over.

The part of a talk that is for works (`domain.works.is_for_works`) stands in scheduler/stages/exhibition.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.agenda import Inquiry, dealt, ordered
from domain.group import Member
from domain.ids import made_at
from domain.message import Button, Line, Message, line
from domain.seminar import Signup, draw
from domain.works import is_for_works
from scheduler.stages import exhibition
from scheduler.stages.gathering import opening
from scheduler.stages.kind import Firing, Opening
from storage import inquiries, members, signups

SHOWN = 20


class LiveTalk:
    async def open(self, at: Firing) -> Opening:
        spec = at.stage.spec
        if is_for_works(spec):
            return await exhibition.open_works(at)
        if not spec.own_questions:
            return await opening(at)
        said = await opening(at, line("live.how", most=spec.own_questions))
        ask = (Button(line("preview.ask_button"), "ask", at.arg),)
        return Opening(said.lines, (*said.buttons, ask), said.live)

    async def owing(self, at: Firing) -> list[Member]:
        """Nobody: listening, asking and making something are everybody's own choice."""
        return []

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return ()

    async def close(self, at: Firing) -> tuple[Line, ...]:
        if is_for_works(at.stage.spec):
            return await exhibition.close_works(at)
        agenda = ordered(await inquiries.of_stage(at.tx, at.stage))
        lines: tuple[Line, ...] = (line("live.nothing_asked"),)
        if agenda:
            sides = await _sides(at, agenda)
            handed = dealt(agenda, sides)
            await inquiries.hand_out(at.tx, at.group.id, handed)
            await _tell_tasks(at, agenda, handed, sides)
            lines = tuple(_board(agenda, handed))
        await at.refresh_board()
        return lines


async def _sides(at: Firing, agenda: Sequence[Inquiry]) -> int:
    """How many sub-groups there are: those drawn already, else as many as the template says, of all who took part."""
    coming = await signups.of_stage(at.tx, at.stage, "in")
    if drawn := max((one.side for one in coming), default=0):
        return drawn
    await _sign_up_who_took_part(at, agenda, coming)
    coming = await signups.of_stage(at.tx, at.stage, "in")
    sides = min(at.stage.spec.groups, len(coming))
    if sides:
        met = await signups.met_before(at.tx, at.stage)
        sided = draw([one.person_id for one in coming], sides, met, seed=made_at(at.cycle.id))
        firsts = {sided[one.person_id]: one for one in sorted(coming, key=_latest_first)}
        await signups.divide(at.tx, at.stage, sided, frozenset(first.person_id for first in firsts.values()))
        for side, first in sorted(firsts.items()):
            await _tell_liaison(at, first.person_id, side)
    return sides


async def _tell_liaison(at: Firing, person_id: int, side: int) -> None:
    person = await members.find(at.tx, at.group.id, person_id)
    if person is not None:
        said = line("live.you_are_liaison", stage=at.stage.spec.title, side=side)
        await at.tell_person(person, Message((said,)))


def _latest_first(one: Signup) -> tuple[int, int]:
    """So that of each sub-group the one who signed up first is kept as the last."""
    return -one.at, -one.person_id


async def _sign_up_who_took_part(at: Firing, agenda: Sequence[Inquiry], coming: Sequence[Signup]) -> None:
    """Whoever asked, or stands behind a question, was there."""
    if not at.stage.spec.groups:
        return
    known = {one.person_id for one in coming}
    took_part = {person for one in agenda for person in (one.person_id, *one.voices)} - known
    for person in await members.in_group(at.tx, at.group.id):
        if person.id in took_part:
            await signups.sign_up(at.tx, at.stage, person.id, "in", 0, at.now)


async def _tell_tasks(at: Firing, agenda: Sequence[Inquiry], handed: dict[int, int], sides: int) -> None:
    """One message a sub-group: who they are, and what they find an answer to."""
    coming = await signups.of_stage(at.tx, at.stage, "in")
    for side in range(1, sides + 1):
        tasks = [one for one in agenda if handed[one.id] == side]
        people = [one for one in coming if one.side == side]
        if not tasks or not people:
            continue
        names = tuple(
            line("seminar.liaison" if one.liaison else "person.name", name=one.name) for one in people
        )
        lines = [line("seminar.names_of", side=side, names=names)]
        lines += [line("live.task", place=place, text=one.body) for place, one in enumerate(tasks[:SHOWN], 1)]
        lines.append(line("live.tasks_how"))
        title = line("live.tasks", cycle=at.cycle.title, side=side)
        await at.tell(Message(tuple(lines), title=title))


def _board(agenda: Sequence[Inquiry], handed: dict[int, int]) -> list[Line]:
    """All that was asked, what most people ask first, and whose it is now."""
    lines = [line("live.asked", count=len(agenda))]
    for place, one in enumerate(agenda[:SHOWN], 1):
        said = line("live.entry", place=place, text=one.body, people=one.people)
        side = handed.get(one.id)
        lines.append(line("live.entry_for", entry=said, side=side) if side else said)
    if len(agenda) > SHOWN:
        lines.append(line("inquiry.more", count=len(agenda) - SHOWN))
    return lines
