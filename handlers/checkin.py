"""打卡: say that today's study is done, with a note if one likes. A second time the same day changes the note and earns nothing."""

from __future__ import annotations

from datetime import date, timedelta

from domain.checkin import Kind, tidy_note
from domain.errors import UserError
from domain.group import Group, Member
from domain.message import Line, line
from domain.streak import extended, longest_run
from handlers.attendance import attend, is_attendance
from handlers.board import refresh_board
from handlers.call import Call, Command, Reply, done_mark
from handlers.points import earn, with_points
from scheduler import excuses
from storage import checkins, days, members
from storage.tx import Tx

_ONE = timedelta(days=1)


async def checkin(call: Call) -> Reply:
    if await is_attendance(call):
        return await attend(call)
    day = call.today
    if call.press and call.args and call.args != day.isoformat():
        raise UserError("checkin.day_over", word=call.house.vocabulary.word(_language(call), "makeup"))
    note = "" if call.press else tidy_note(call.args)
    return await check_in(call, call.me, day, note, "self")


async def check_in(call: Call, member: Member, day: date, note: str, kind: Kind) -> Reply:
    """Check ``member`` in for ``day`` (today or earlier), and answer whoever asked for it."""
    key = day.isoformat()
    added = await checkins.add(
        call.tx,
        group_id=call.group.id,
        day=key,
        person_id=member.id,
        kind=kind,
        note=note,
        by=call.me.id,
        now=call.now,
    )
    if not added:
        return await _again(call, member, key, note)
    await days.count_checkin(call.tx, call.group.id, key)
    streak = await _count_in(call.tx, call.group, member, day)
    # A proxy's check-in is worth as much: whoever cannot write has studied all the same.
    points = await earn(call, member.id, "makeup" if kind == "makeup" else "checkin", key)
    if day == call.today:
        await refresh_board(call, key)
    return await _answer(call, with_points(_done(member, streak, kind), points), kind)


async def _again(call: Call, member: Member, day: str, note: str) -> Reply:
    if not note:
        return line("checkin.already", name=member.name)
    await checkins.change_note(call.tx, call.group.id, day, member.id, note)
    return done_mark(call, line("checkin.note_changed", name=member.name))


async def _count_in(tx: Tx, group: Group, member: Member, day: date) -> int:
    """Carry the streak on, or count it afresh where the day lies before the latest one."""
    last = date.fromisoformat(member.last_day) if member.last_day else None
    if last and day < last:
        streak, best = await _recount(tx, group, member)
        day = last
    else:
        streak = extended(member.streak, last, day, await _excused_between(tx, group, member, last, day))
        best = max(member.best_streak, streak)
    await members.set_streak(
        tx,
        group.id,
        member.id,
        last_day=day.isoformat(),
        streak=streak,
        best=best,
        total=member.total + 1,
    )
    return streak


async def _recount(tx: Tx, group: Group, member: Member) -> tuple[int, int]:
    history = await checkins.days_of(tx, group.id, member.id)
    excused = await excused_days(tx, group, member, history[0], history[-1])
    streak, best = longest_run(history, excused)
    return streak, max(best, member.best_streak)


async def _excused_between(tx: Tx, group: Group, member: Member, last: date | None, day: date) -> set[date]:
    if last is None or last + _ONE >= day:
        return set()
    return await excused_days(tx, group, member, last + _ONE, day - _ONE)


async def excused_days(tx: Tx, group: Group, member: Member, first: date, last: date) -> set[date]:
    return await excuses.excused_days(tx, group, member.id, first, last)


async def _answer(call: Call, done: Line, kind: Kind) -> Reply:
    """In a group the board and a mark on the message say it; in private and to a button, a line does."""
    return done_mark(call, done) if kind == "self" else done


def _done(member: Member, streak: int, kind: Kind) -> Line:
    if kind == "proxy":
        return line("checkin.by_proxy", name=member.name, days=streak)
    return line("checkin.made_up", days=streak) if kind == "makeup" else line("checkin.done", days=streak)


def _language(call: Call) -> str:
    return call.me.language or call.group.settings.language


COMMAND = Command("checkin", checkin, takes_text=True)
