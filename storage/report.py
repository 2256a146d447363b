"""A group's figures over some days, read for a secretary who takes them away."""

from __future__ import annotations

from datetime import date

from domain.day import instant
from domain.group import Group
from domain.report import AnswerRow, Asked, CheckinRow, DayRow, PointsRow, Report
from storage import banks, members
from storage.tx import Tx

_BETWEEN = "group_id = :group AND {day} >= :first AND {day} <= :last"


async def first_day(tx: Tx, group_id: int) -> date | None:
    """The first day anything is known of."""
    row = await tx.one("SELECT min(day) FROM days WHERE group_id = :group", group=group_id)
    return date.fromisoformat(row[0]) if row and row[0] else None


async def size(tx: Tx, group: Group, first: date, last: date) -> int:
    """How many rows a report over those days has."""
    begin, end = _instants(group, first, last)
    row = await tx.one(
        f"""SELECT (SELECT count(*) FROM checkins WHERE {_BETWEEN.format(day="day")})
                 + (SELECT count(*) FROM quizzes q JOIN answers a ON a.group_id = q.group_id AND a.quiz_id = q.id
                    WHERE q.group_id = :group AND q.asked_at >= :begin AND q.asked_at < :end)
                 + (SELECT count(*) FROM ledger WHERE {_BETWEEN.format(day="day")})""",
        group=group.id,
        first=first.isoformat(),
        last=last.isoformat(),
        begin=begin,
        end=end,
    )
    return int(row[0]) if row else 0


async def read(tx: Tx, group: Group, first: date, last: date, now: int) -> Report:
    return Report(
        group=group.name,
        timezone=group.settings.timezone,
        first=first,
        last=last,
        made_at=now,
        members=await members.count(tx, group.id),
        asked=await _asked(tx, group, first, last),
        days=await _days(tx, group.id, first, last),
        checkins=await _checkins(tx, group.id, first, last),
        answers=await _answers(tx, group, first, last),
        points=await _points(tx, group.id, first, last),
    )


def _instants(group: Group, first: date, last: date) -> tuple[int, int]:
    """When the first day begins and the last one is over."""
    rules = group.settings
    return (
        instant(first, rules.day_end - 24 * 60, rules.timezone),
        instant(last, rules.day_end, rules.timezone),
    )


async def _days(tx: Tx, group_id: int, first: date, last: date) -> list[DayRow]:
    rows = await tx.all(
        f"""SELECT d.day, coalesce(i.title, ''), d.minutes, d.checked, d.studied
            FROM days d LEFT JOIN items i ON i.pack = d.pack AND i.key = d.item
            WHERE d.{_BETWEEN.format(day="d.day")} ORDER BY d.day""",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return [DayRow(*row) for row in rows]


async def _checkins(tx: Tx, group_id: int, first: date, last: date) -> list[CheckinRow]:
    rows = await tx.all(
        f"""SELECT c.day, m.name, c.kind, c.note, c.at,
                   CASE WHEN c.by_person = c.person_id THEN '' ELSE coalesce(b.name, '') END
            FROM checkins c JOIN members m ON m.group_id = c.group_id AND m.person_id = c.person_id
            LEFT JOIN members b ON b.group_id = c.group_id AND b.person_id = c.by_person
            WHERE c.{_BETWEEN.format(day="c.day")} ORDER BY c.day, c.at, c.person_id""",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    once = _Once()
    return [
        CheckinRow(once[day], once[name], once[kind], note, at, once[by])
        for day, name, kind, note, at, by in rows
    ]


async def _asked(tx: Tx, group: Group, first: date, last: date) -> dict[int, Asked]:
    begin, end = _instants(group, first, last)
    rows = await tx.all(
        """SELECT id, bank, question, asked_at FROM quizzes
           WHERE group_id = :group AND asked_at >= :begin AND asked_at < :end ORDER BY id""",
        group=group.id,
        begin=begin,
        end=end,
    )
    return {
        int(id): Asked(group.settings.day(at).isoformat(), await banks.question(tx, bank, question))
        for id, bank, question, at in rows
    }


async def _answers(tx: Tx, group: Group, first: date, last: date) -> list[AnswerRow]:
    begin, end = _instants(group, first, last)
    rows = await tx.all(
        """SELECT a.quiz_id, m.name, a.given, a.verdict, a.at
           FROM quizzes q JOIN answers a ON a.group_id = q.group_id AND a.quiz_id = q.id
           JOIN members m ON m.group_id = a.group_id AND m.person_id = a.person_id
           WHERE q.group_id = :group AND q.asked_at >= :begin AND q.asked_at < :end
           ORDER BY q.asked_at, a.quiz_id, a.at, a.person_id""",
        group=group.id,
        begin=begin,
        end=end,
    )
    once = _Once()
    return [
        AnswerRow(quiz, once[name], once[given], once[verdict], at) for quiz, name, given, verdict, at in rows
    ]


async def _points(tx: Tx, group_id: int, first: date, last: date) -> list[PointsRow]:
    rows = await tx.all(
        f"""SELECT l.day, coalesce(m.name, ''), l.rule, l.points, l.reason, coalesce(b.name, '')
            FROM ledger l LEFT JOIN members m ON m.group_id = l.group_id AND m.person_id = l.person_id
            LEFT JOIN members b ON b.group_id = l.group_id AND b.person_id = l.by_person
            WHERE l.{_BETWEEN.format(day="l.day")} ORDER BY l.day, l.id""",
        group=group_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    once = _Once()
    return [
        PointsRow(once[day], once[name], once[rule], points, once[reason], once[by])
        for day, name, rule, points, reason, by in rows
    ]


class _Once(dict[str, str]):
    """Equal texts of many rows as one: a month of a thousand members names each of them a hundred times."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text
