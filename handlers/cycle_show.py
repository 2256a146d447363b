"""Where the activities of a group stand: a time line for everybody, and who still owes something for the secretary in private."""

from __future__ import annotations

from domain.cycle import Cycle, Stage
from domain.day import MINUTE
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief
from domain.message import Button, Line, Message, line
from handlers.call import Call
from scheduler.cycle import moment, owing
from storage import cycles, members

LISTED = 10


async def show(call: Call, cycle_id: int = 0) -> Message:
    """The one named, else the one that runs; a choice where several run."""
    running = await cycles.running(call.tx, call.group.id)
    if cycle_id:
        found = await cycles.find(call.tx, call.group.id, cycle_id)
        if found is None:
            raise UserError("cycle.none")
        return await _one(call, found)
    if not running:
        raise UserError("cycle.none_secretary" if call.role >= Role.SECRETARY else "cycle.none")
    return await _one(call, running[0]) if len(running) == 1 else _choice(running)


async def list_all(call: Call) -> Message:
    found = await cycles.latest(call.tx, call.group.id, LISTED)
    if not found:
        raise UserError("cycle.none")
    return _choice(found)


def _choice(found: list[Cycle]) -> Message:
    lines = tuple(
        line(f"cycle.listed_{one.state}", cycle=one.title, day=one.starts_on.isoformat()) for one in found
    )
    buttons = tuple((Button(line("raw", text=one.title), "cycle", f"v_{brief(one.id)}"),) for one in found)
    return Message(lines, title=line("cycle.list"), buttons=buttons)


async def _one(call: Call, current: Cycle) -> Message:
    stages = await cycles.stages(call.tx, current)
    lines = [await _stage_line(call, stage) for stage in stages]
    if current.repeats:
        lines.append(line("cycle.every_month"))
    if current.state != "running":
        lines.append(line(f"cycle.is_{current.state}"))
    lines.append(line("cycle.page", link=link_to(call, current)))
    secretary = call.role >= Role.SECRETARY and current.state == "running"
    if secretary and not call.incoming.is_group:
        lines += await _owed(call, current, stages)
    return Message(
        tuple(lines),
        title=line("cycle.title", cycle=current.title),
        buttons=_buttons(stages) if secretary else (),
    )


def link_to(call: Call, current: Cycle) -> str:
    """To its page (web/cycle.py), which finds the reader's own chat."""
    return f"{call.house.public_url}/cycle/{brief(current.group_id)}-{brief(current.id)}"


async def _stage_line(call: Call, stage: Stage) -> Line:
    owner = await members.find(call.tx, call.group.id, stage.owner) if stage.owner else None
    at = stage.opens_at if stage.state == "planned" else stage.closes_at
    said = line(f"cycle.stage_{stage.state}", stage=stage.spec.title, when=moment(call.group, at))
    return line("cycle.looked_after", said=said, name=owner.name) if owner else said


async def _owed(call: Call, current: Cycle, stages: tuple[Stage, ...]) -> list[Line]:
    """Names of those who have not handed in yet, for the secretary to speak to; nobody else is shown them."""
    lines = []
    for stage in stages:
        if stage.state != "open":
            continue
        people = await owing(call.firing(current, stage))
        if people:
            names = tuple(line("person.name", name=one.name) for one in people)
            lines.append(line("cycle.owing", stage=stage.spec.title, count=len(people), names=names))
    return lines


def _buttons(stages: tuple[Stage, ...]) -> tuple[tuple[Button, ...], ...]:
    """For the stage where the activity stands; each names it, so that it acts on no other."""
    at = next((s for state in ("open", "planned") for s in stages if s.state == state), None)
    if at is None:
        return ()
    return (
        (
            Button(line("cycle.do_next"), "cycle", f"x_{at.arg}"),
            Button(line("cycle.do_extend_day"), "cycle", extending(at, 1)),
            Button(line("cycle.do_skip"), "cycle", f"s_{at.arg}"),
        ),
    )


def extending(stage: Stage, days: int) -> str:
    """What a button names that extends a stage from when it closes now."""
    return f"e_{stage.arg}_{days}_{brief(stage.closes_at // MINUTE)}"
