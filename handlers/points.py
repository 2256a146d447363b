"""What members do earns points, in groups that have turned them on."""

from __future__ import annotations

from domain.message import Line, line
from domain.points import RuleName
from handlers.call import Call
from storage import ledger


async def earn(call: Call, person_id: int, rule: RuleName, cause: str, times: int = 1, by: int = 0) -> int:
    """Points really given, on the group's day of today; 0 where the group keeps none, or the cause has counted before."""
    worth = call.house.rules.get(rule)
    if worth is None or not call.group.settings.points:
        return 0
    return await ledger.award(
        call.tx,
        call.house.ids,
        group_id=call.group.id,
        person_id=person_id,
        rule=rule,
        cause=cause,
        day=call.today,
        points=worth.points * times,
        cap=worth.cap,
        now=call.now,
        by=by,
    )


def with_points(said: Line, points: int) -> Line:
    """What was said, and what it earned where it earned anything."""
    return line("points.earned", said=said, points=points) if points else said
