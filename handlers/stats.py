"""统计: how the group is doing, in figures that name nobody."""

from __future__ import annotations

from datetime import date, timedelta

from domain.group import Role
from domain.message import Line, Message, line, on
from handlers.call import Call, Command, Reply
from scheduler.rhythm import is_study_day
from storage import checkins, days, leaves, members, outbox

WEEK, MONTH = 7, 30


async def stats(call: Call) -> Reply:
    """Today, the last seven and the last thirty days, today included."""
    of = await members.count(call.tx, call.group.id)
    away = len(await leaves.away(call.tx, call.group.id, call.today))
    today = await days.find(call.tx, call.group.id, call.today.isoformat())
    return Message(
        (
            line("stats.today", done=today.checked if today else 0, of=of - away, away=away),
            line("stats.studied", count=today.studied if today else 0),
            await _average(call, WEEK, of),
            await _average(call, MONTH, of),
            *await _unsaid(call),
        ),
        title=line("stats.title", group=call.group.name, day=on(call.today)),
    )


async def _unsaid(call: Call) -> list[Line]:
    """What could not be said is the secretary's to know."""
    failed = await outbox.failed_in_group(call.tx, call.group.id)
    return [line("stats.failed", count=failed)] if failed else []


async def _average(call: Call, length: int, of: int) -> Line:
    """The mean share of members who checked in, over the study days since the group's first one."""
    first = call.today - timedelta(days=length - 1)
    per_day = await checkins.totals(call.tx, call.group.id, first, call.today)
    span = _study_days(call, per_day, first)
    share = round(100 * sum(per_day.values()) / (len(span) * of)) if span and of else 0
    return line("stats.average", days=length, share=share, counted=len(span))


def _study_days(call: Call, per_day: dict[str, int], first: date) -> list[date]:
    if not per_day:
        return []
    began = max(first, date.fromisoformat(min(per_day)))
    every = (began + timedelta(days=n) for n in range((call.today - began).days + 1))
    return [day for day in every if is_study_day(call.group.settings, day)]


COMMAND = Command("stats", stats, Role.SECRETARY)
