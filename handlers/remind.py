"""提醒: remind those who have not checked in, now; 未打卡: who they are, for the secretary alone."""

from __future__ import annotations

from domain.day import HOUR, local, show_clock
from domain.errors import UserError
from domain.group import Role
from domain.message import Line, Message, line
from handlers.audit import looked
from handlers.call import Call, Command, Reply
from scheduler.daily import missing_members, send_reminder
from storage import days

PAUSE_BETWEEN = HOUR
"""A group is not reminded twice within an hour, whoever asks."""


async def remind(call: Call) -> Reply:
    _check_not_quiet(call)
    day = await days.find(call.tx, call.group.id, call.today.isoformat())
    if day and day.reminded_at and call.now - day.reminded_at < PAUSE_BETWEEN:
        raise UserError("remind.just_now")
    count = await send_reminder(call.tx, call.house.ids, call.group, call.today, call.now)
    return line("remind.sent", count=count) if count else line("remind.nobody")


def _check_not_quiet(call: Call) -> None:
    rules = call.group.settings
    ends = rules.after_quiet(call.now)
    if ends != call.now:
        wall = local(ends, rules.timezone)
        raise UserError("remind.quiet", time=show_clock(wall.hour * 60 + wall.minute))


async def missing(call: Call) -> Reply:
    """Names are told in private: who is missing is nobody else's business."""
    names = await missing_members(call.tx, call.group, call.today)
    if names:
        await looked(call, "missing")
    answer = Message((_missing([line("person.name", name=m.name) for m in names]),))
    if not call.incoming.is_group:
        return answer
    if not await call.tell_private(answer):
        raise UserError("private.first", link=private_link(call))
    return line("private.sent")


def _missing(names: list[Line]) -> Line:
    return line("missing.list", count=len(names), names=tuple(names)) if names else line("missing.nobody")


def private_link(call: Call) -> str | Line:
    """How to open a private chat with the bot: a link where the platform has one, else in words."""
    where = call.incoming
    link = call.house.invitation(where.platform, where.account, "hello")
    return link or line("private.by_name")


COMMANDS = (
    Command("remind", remind, Role.SECRETARY),
    Command("missing", missing, Role.SECRETARY),
)
