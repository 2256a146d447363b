"""Which reflection a review is of, and whether this person may review it now."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import UserError
from domain.ids import from_brief
from domain.message import Line, Live, Message, line
from domain.peer import review_of
from domain.reflection import read_code
from domain.template import StageSpec
from handlers.call import Call
from scheduler.cycle import moment
from scheduler.stages.kind import Firing
from scheduler.stages.review import REVIEWS
from storage import cycles, exclusions, reflections
from storage.reflections import Reflection


@dataclass(frozen=True, slots=True)
class Target:
    """A reflection that was handed in, the number people say, and the stage in which it is reviewed."""

    work: Reflection
    name: str
    at: Firing

    @property
    def spec(self) -> StageSpec:
        return self.at.stage.spec


async def by_code(call: Call, written: str) -> Target:
    """Raises UserError where nobody handed in under that number, or nobody reviews what they did."""
    read = read_code(written)
    found = await reflections.by_number(call.tx, call.group.id, *read) if read else None
    if found is None:
        raise UserError("peer.unknown", code=written)
    return await _target(call, found)


async def of(call: Call, work: Reflection) -> Target | None:
    """None where nobody reviews what was handed in there."""
    cycle = await cycles.find(call.tx, call.group.id, work.cycle_id)
    place = review_of(cycle.plan.stages, work.place) if cycle else None
    if place is None:
        return None
    found = await cycles.stage(call.tx, call.group.id, work.cycle_id, place)
    return Target(work, await reflections.code_of(call.tx, work), call.firing(*found)) if found else None


async def by_id(call: Call, id: str) -> Target:
    found = await reflections.find(call.tx, call.group.id, from_brief(id))
    if found is None or found.state != "handed":
        raise UserError("button.old")
    return await _target(call, found)


async def _target(call: Call, work: Reflection) -> Target:
    target = await of(call, work)
    if target is None:
        raise UserError("peer.no_stage", code=await reflections.code_of(call.tx, work))
    return target


def check_begun(call: Call, target: Target) -> None:
    """Raises UserError before reviewing begins; what it says is when that will be."""
    if target.at.stage.state == "planned":
        when = moment(call.group, target.at.stage.opens_at)
        raise UserError("peer.not_yet", code=target.name, when=when)


def check_open(call: Call, target: Target) -> None:
    check_begun(call, target)
    if target.at.stage.state != "open":
        raise UserError("peer.over", code=target.name)


async def check_may_review(call: Call, target: Target) -> None:
    """Raises UserError for one's own, for what is not reviewed now, and for a pair that is kept apart."""
    if target.work.person_id == call.me.id:
        raise UserError("peer.own_work", code=target.name)
    check_open(call, target)
    if await exclusions.apart(call.tx, call.group.id, call.me.id, target.work.person_id):
        raise UserError("peer.kept_apart", code=target.name)


async def refresh(call: Call, at: Firing) -> None:
    """Show the group how many reviews there are by now."""
    await call.tell_group(Message(live=Live(REVIEWS, at.arg), silent=True), slot=f"board:{at.arg}")


def criteria(spec: StageSpec) -> tuple[Line, ...]:
    return tuple(line("raw", text=one) for one in spec.rubric.criteria)
