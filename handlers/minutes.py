"""纪要: the minutes of a seminar for the secretary, as DOCX to go on writing in and as PDF to hand out; made anew whenever opened."""

from __future__ import annotations

from functools import partial

from content.print.paper import Block, Facts, Heading, Items, Paper, Paragraph
from content.print.paper_docx import paper_docx
from content.print.paper_pdf import paper_pdf
from domain.cycle import Cycle, Stage
from domain.day import local
from domain.errors import UserError
from domain.group import Group, Role
from domain.ids import from_brief
from domain.message import File, Line, Message, line
from domain.minutes import Minutes, Side
from domain.outgoing import Made, Make, Order, Say
from handlers.call import Call, Command, Reply
from handlers.private import in_private
from scheduler.teams import agenda_of
from storage import cycles, groups, handins, members, signups
from storage.tx import Tx

KIND = "minutes"
FORMATS = ("docx", "pdf")
_LOOKED_BACK = 20
"""Activities among which the latest seminar is looked for."""


async def minutes(call: Call) -> Reply:
    found = await _latest(call)
    if found is None:
        raise UserError("minutes.none")
    cycle, stage = found
    title = line("minutes.of", cycle=cycle.title, stage=stage.spec.title)
    word, paper = (Message((title,), file=File(KIND, f"{stage.arg}_{kind}")) for kind in FORMATS)
    if not call.incoming.is_group:
        await call.tell_private(word)
        return paper
    await in_private(call, word)
    return await in_private(call, paper)


async def _latest(call: Call) -> tuple[Cycle, Stage] | None:
    """The seminar that opened last, be it over or not."""
    found = [
        (cycle, stage)
        for cycle in await cycles.latest(call.tx, call.group.id, _LOOKED_BACK)
        for stage in await cycles.stages(call.tx, cycle)
        if stage.spec.kind == "seminar" and stage.opened_at is not None
    ]
    return max(found, key=lambda pair: pair[1].opened_at or 0, default=None)


async def make_minutes(tx: Tx, order: Order, now: int) -> Make | None:
    """For a secretary of the group alone."""
    name, place, kind = order.file.arg.split("_")
    reader = await members.find(tx, order.group_id, order.person_id)
    group = await groups.find(tx, order.group_id)
    found = await cycles.stage(tx, order.group_id, from_brief(name), int(place))
    if reader is None or reader.role < Role.SECRETARY or group is None or found is None:
        return None
    return partial(_write, await _read(tx, group, *found), kind, order.language)


async def _read(tx: Tx, group: Group, cycle: Cycle, stage: Stage) -> Minutes:
    coming = await signups.of_stage(tx, stage, "in")
    agenda = await agenda_of(tx, stage)
    written = {one.about: one.body for one in await handins.of_stage(tx, stage, "form")}
    sides = tuple(
        Side(
            number=number,
            people=tuple(one.name for one in coming if one.side == number),
            liaison=next((one.name for one in coming if one.side == number and one.liaison), ""),
            asked=tuple(one.body for one in agenda if one.side == number),
            form=tuple(
                (question, written.get(f"{number}.{field}", ""))
                for field, question in enumerate(stage.spec.questions, 1)
            ),
        )
        for number in sorted({one.side for one in coming if one.side})
    )
    return Minutes(
        group=group.name,
        cycle=cycle.title,
        stage=stage.spec.title,
        form=stage.spec.form,
        opened_at=stage.opened_at or stage.opens_at,
        closes_at=stage.closed_at or stage.closes_at,
        timezone=group.settings.timezone,
        came=tuple(one.name for one in coming if one.attended),
        spoke=tuple(one.name for one in coming if one.spoke),
        agenda=tuple((one.body, one.people) for one in agenda),
        sides=sides,
    )


def _write(held: Minutes, kind: str, language: str, say: Say) -> Made:
    paper = _paper(held, language, say)
    name = say(line("minutes.file", cycle=held.cycle, stage=held.stage))
    return Made(f"{name}.{kind}", paper_docx(paper) if kind == "docx" else paper_pdf(paper))


def _paper(held: Minutes, language: str, say: Say) -> Paper:
    blocks: list[Block] = [Facts(tuple((say(what), say(how)) for what, how in _facts(held)))]
    if held.agenda:
        blocks.append(Heading(say(line("minutes.agenda"))))
        asked = (say(line("minutes.asked", text=text, people=people)) for text, people in held.agenda)
        blocks.append(Items(tuple(asked), numbered=True))
    for side in held.sides:
        blocks += _side(side, say)
    blocks.append(Paragraph(say(line("minutes.by_hand")), soft=True))
    subtitle = say(line("minutes.subtitle", group=held.group, cycle=held.cycle))
    return Paper(say(line("minutes.title", stage=held.stage)), subtitle, tuple(blocks), language)


def _facts(held: Minutes) -> list[tuple[Line, Line]]:
    first, last = (local(at, held.timezone) for at in (held.opened_at, held.closes_at))
    facts = [
        (
            line("minutes.when"),
            line("minutes.span", first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}"),
        ),
        (line("minutes.how"), line(f"minutes.form_{held.form}")),
        (line("minutes.came"), _people(held.came)),
    ]
    return [*facts, (line("minutes.spoke"), _people(held.spoke))] if held.spoke else facts


def _people(names: tuple[str, ...]) -> Line:
    if not names:
        return line("minutes.nobody")
    return line("minutes.people", count=len(names), names=_listed(names))


def _listed(names: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(line("raw", text=name) for name in names)


def _side(side: Side, say: Say) -> list[Block]:
    blocks: list[Block] = [
        Heading(say(line("minutes.side", side=side.number))),
        Facts(
            (
                (say(line("minutes.liaison")), side.liaison),
                (say(line("minutes.members")), say(_people(side.people))),
            )
        ),
    ]
    if side.asked:
        blocks += [Paragraph(say(line("minutes.talked")), soft=True), Items(side.asked)]
    for question, answer in side.form:
        blocks += [Heading(question, 2), Paragraph(answer or say(line("minutes.blank")), soft=not answer)]
    return blocks


COMMAND = Command("minutes", minutes, Role.SECRETARY, topic="activity")
