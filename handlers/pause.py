"""暂停 and 恢复: the whole group rests. Nothing is pushed, nobody is reminded, no streak breaks."""

from __future__ import annotations

from datetime import timedelta

from domain.dates import parse_span
from domain.day import instant
from domain.errors import UserError
from domain.group import Role
from domain.message import Message, line, on
from handlers.call import Call, Command, Reply
from scheduler.rhythm import RESUME
from storage import due, groups, leaves

LONGEST_DAYS = 183


async def pause(call: Call) -> Reply:
    """Until it is resumed, or for as many days as were named."""
    if call.group.paused:
        raise UserError("pause.already", word=_word(call, "resume"))
    days = _days(call) if call.args and not call.press else None
    await groups.set_paused(call.tx, call.group.id, True)
    await leaves.pause(call.tx, call.group.id, call.today)
    if days is None:
        return Message((line("pause.done", word=_word(call, "resume")),))
    ends = call.today + timedelta(days=days)
    rules = call.group.settings
    at = instant(ends, rules.day_end - 24 * 60, rules.timezone)
    await due.plan(call.tx, call.group.id, RESUME, "", at)
    return Message((line("pause.until", day=on(ends), word=_word(call, "resume")),))


def _days(call: Call) -> int:
    try:
        first, last = parse_span(call.args, call.today)
    except (ValueError, OverflowError):
        raise UserError("pause.unclear") from None
    days = (last - first).days + 1
    if first != call.today or days > LONGEST_DAYS:
        raise UserError("pause.unclear")
    return days


async def resume(call: Call) -> Reply:
    if not call.group.paused:
        raise UserError("pause.none")
    await due.cancel(call.tx, call.group.id, [RESUME])
    await leaves.resume(call.tx, call.group.id, call.today - timedelta(days=1))
    await groups.set_paused(call.tx, call.group.id, False)
    return Message((line("pause.over"),))


def _word(call: Call, command: str) -> str:
    return call.house.vocabulary.word(call.group.settings.language, command)


COMMANDS = (
    Command("pause", pause, Role.SECRETARY, takes_text=True),
    Command("resume", resume, Role.SECRETARY),
)
