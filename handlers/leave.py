"""请假: be away for some days without a reminder and without breaking a streak; 销假 ends it early."""

from __future__ import annotations

from datetime import timedelta

from domain.dates import parse_span
from domain.errors import UserError
from domain.message import line, on
from handlers.call import Call, Command, Reply
from storage import leaves, reviews

LONGEST_DAYS = 183
"""Half a year from today; whoever is away longer, or later, talks to the secretary anyway."""


async def leave(call: Call) -> Reply:
    try:
        first, last = parse_span(call.args, call.today)
    except (ValueError, OverflowError):
        raise UserError("leave.unclear") from None
    if last < call.today or (last - min(first, call.today)).days >= LONGEST_DAYS:
        raise UserError("leave.out_of_range", days=LONGEST_DAYS)
    first = max(first, call.today - timedelta(days=call.group.settings.makeup_days_back))
    await leaves.take(call.tx, call.group.id, call.me.id, first, last)
    await reviews.repair_soon(call.tx, call.group.id, call.now)
    if first == last:
        return line("leave.one_day", name=call.me.name, day=on(first))
    return line(
        "leave.taken",
        name=call.me.name,
        day=on(first),
        to=on(last),
    )


async def back(call: Call) -> Reply:
    if not await leaves.end(call.tx, call.group.id, call.me.id, call.today):
        raise UserError("leave.none")
    return line("leave.back", name=call.me.name)


COMMANDS = (Command("leave", leave, takes_text=True), Command("back", back, topic="study"))
