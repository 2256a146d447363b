"""补卡: check in for a day that was missed, some days back and some times a month, marked as made up."""

from __future__ import annotations

from datetime import timedelta

from domain.checkin import tidy_note
from domain.dates import parse_day
from domain.day import instant
from domain.errors import UserError
from domain.message import on
from handlers.call import Call, Command, Reply
from handlers.checkin import check_in
from storage import checkins


async def makeup(call: Call) -> Reply:
    rules, today = call.group.settings, call.today
    word, _, rest = call.args.partition(" ")
    try:
        day = parse_day(word, today) if word else today - timedelta(days=1)
        note = tidy_note(rest)
    except ValueError:  # no day was named: all of it is the note, for yesterday
        if any(c.isdigit() for c in word):
            raise UserError("makeup.unclear") from None
        day, note = today - timedelta(days=1), tidy_note(call.args)
    if not today - timedelta(days=rules.makeup_days_back) <= day < today:
        raise UserError("makeup.too_far", days=rules.makeup_days_back)
    if await checkins.count_between(call.tx, call.group.id, call.me.id, day, day):
        raise UserError("makeup.already", day=on(day))
    month_began = instant(today.replace(day=1), rules.day_end - 24 * 60, rules.timezone)
    made = await checkins.makeups_made(call.tx, call.group.id, call.me.id, month_began)
    if made >= rules.makeup_per_month:
        raise UserError("makeup.used_up", most=rules.makeup_per_month)
    return await check_in(call, call.me, day, note, "makeup")


COMMAND = Command("makeup", makeup, takes_text=True, topic="study")
