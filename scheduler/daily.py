"""What time does in a group's day: the item in the morning, the reminder in the evening, the closing at the day's end."""

from __future__ import annotations

from datetime import date, timedelta

from domain.group import Group, Member
from domain.ids import Ids
from domain.message import Button, Line, Message, Priority, line, on
from domain.streak import MILESTONES
from scheduler import quiz, rhythm, study
from storage import checkins, days, groups, leaves, members
from storage.due import Due
from storage.telling import tell_group
from storage.tx import Tx

SILENT_DAYS = 3
"""After so many days on which nobody took part, reminding stops until somebody does."""


async def push(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """The day's item, if the day is not over yet."""
    day = date.fromisoformat(row.key)
    await rhythm.plan_next(tx, group, rhythm.PUSH, day, now)
    if rhythm.lives(group, day, now):
        await study.push_item(tx, ids, group, day, now, asked=False)


async def remind(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """A word to those who have not checked in. A reminder whose day or whose evening has passed is dropped."""
    day = date.fromisoformat(row.key)
    await rhythm.plan_next(tx, group, rhythm.REMIND, day, now)
    if (
        not group.settings.remind
        or not rhythm.lives(group, day, now)
        or group.settings.after_quiet(now) != now
    ):
        return
    if not await days.all_silent(tx, group.id, [day - timedelta(days=n) for n in range(1, SILENT_DAYS + 1)]):
        await send_reminder(tx, ids, group, day, now)


async def close(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """End the day. Its summary waits out the quiet hours, and is not said at all once another day has gone by."""
    day = date.fromisoformat(row.key)
    await rhythm.plan_next(tx, group, rhythm.CLOSE, day, now)
    await days.close(tx, group.id, row.key, now)
    of_the_quiz = await quiz.sum_up(tx, ids, group, day, now)
    if group.paused or group.settings.day(now) - day > timedelta(days=1):
        return
    if message := await _closing(tx, group, day, of_the_quiz):
        await tell_group(tx, ids, now, group, message, not_before=group.settings.after_quiet(now))


async def resume(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """A pause that was set for some days is over."""
    today = group.settings.day(now)
    await leaves.resume(tx, group.id, today - timedelta(days=1))
    await groups.set_paused(tx, group.id, False)
    await tell_group(
        tx,
        ids,
        now,
        group,
        Message((line("pause.over"),)),
        not_before=group.settings.after_quiet(now),
    )


async def send_reminder(tx: Tx, ids: Ids, group: Group, day: date, now: int) -> int:
    """Remind whoever has not checked in and is not on leave; how many that are. Nobody missing, nothing said."""
    missing = await missing_members(tx, group, day)
    if not missing:
        return 0
    done = len(await checkins.of_day(tx, group.id, day.isoformat()))
    called = missing if group.settings.mention else []
    await tell_group(
        tx,
        ids,
        now,
        group,
        Message(
            lines=_reminder(done, done + len(missing), called),
            buttons=((Button(line("button.checkin"), "checkin", day.isoformat()),),),
            mentions=tuple((m.name, m.id) for m in called),
        ),
        priority=Priority.REMINDER,
    )
    await days.note_reminded(tx, group.id, day.isoformat(), now)
    return len(missing)


async def missing_members(tx: Tx, group: Group, day: date) -> list[Member]:
    """Who has not checked in that day and is not on leave."""
    done = {person for person, *_ in await checkins.of_day(tx, group.id, day.isoformat())}
    away = await leaves.away(tx, group.id, day)
    return [m for m in await members.in_group(tx, group.id) if m.id not in done and m.id not in away]


def _reminder(done: int, of: int, called: list[Member]) -> tuple[Line, ...]:
    said = line("remind.text", done=done, of=of) if done else line("remind.first")
    if not called:
        return (said,)
    return (said, line("remind.called", names=tuple(line("person.at", name=m.name) for m in called)))


async def _closing(tx: Tx, group: Group, day: date, of_the_quiz: list[Line]) -> Message | None:
    """None for a day on which nobody took part: there is nothing to say about it that helps."""
    done = await checkins.of_day(tx, group.id, day.isoformat())
    if not done and not of_the_quiz:
        return None
    missing = await missing_members(tx, group, day)
    lines = [line("closing.joined", done=len(done), of=len(done) + len(missing))] if done else []
    lines += [line("closing.everybody")] if not missing else []
    lines += [
        line("closing.milestone", name=name, days=streak)
        for _, name, streak, kind in done
        if kind == "self" and streak in MILESTONES
    ]
    lines += of_the_quiz
    if missing and group.settings.list_missing:
        lines.append(line("closing.missing", names=tuple(line("person.name", name=m.name) for m in missing)))
    return Message(tuple(lines), title=line("closing.title", day=on(day)))
