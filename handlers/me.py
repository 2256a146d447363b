"""我的: what one has done, told to oneself."""

from __future__ import annotations

from datetime import date, timedelta

from domain.message import Message, line, on
from domain.streak import standing
from handlers.call import Call, Command, Reply
from handlers.checkin import excused_days
from handlers.honours import own_lines
from storage import checkins, leaves


async def me(call: Call) -> Reply:
    mine, today = call.me, call.today
    first = today.replace(day=1)
    month = await checkins.count_between(call.tx, call.group.id, mine.id, first, today)
    studied = await checkins.studied_between(call.tx, call.group.id, mine.id, first, today)
    lines = [
        line("me.today_done") if mine.last_day == today.isoformat() else line("me.today_open"),
        line("me.streak", days=await _streak(call), best=mine.best_streak),
        line("me.month", checkins=month, studied=studied, total=mine.total),
    ]
    if until := await leaves.until(call.tx, call.group.id, mine.id, today):
        lines.append(line("me.on_leave", day=on(until)))
    lines += await own_lines(call)
    return Message(tuple(lines), title=line("me.title", name=mine.name, group=call.group.name))


async def _streak(call: Call) -> int:
    """As it stands today, which is 0 once a day was missed."""
    if not call.me.last_day:
        return 0
    last, one = date.fromisoformat(call.me.last_day), timedelta(days=1)
    if last + one >= call.today:
        return call.me.streak
    excused = await excused_days(call.tx, call.group, call.me, last + one, call.today - one)
    return standing(call.me.streak, last, call.today, excused)


COMMAND = Command("me", me)
