"""The tables of a group's report, in the reader's language: what each is called, its heads, and its rows one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from domain.day import local
from domain.grading import LETTERS
from domain.message import line
from domain.outgoing import Say
from domain.points import CORRECTION, REDEEM, RULES
from domain.question import Question
from domain.report import Report

Cell: TypeAlias = str | int | date | datetime | None
"""None where there is nothing to say. A datetime is the wall clock of the group's zone."""
Head: TypeAlias = tuple[str, int]
"""A key below ``report.``, and how wide the column is in characters."""
VERDICTS = ("right", "wrong", "doubtful")

_OVERVIEW: tuple[Head, ...] = (
    ("day", 12), ("item", 28), ("checked", 10), ("studied", 10), ("right", 8), ("wrong", 8), ("doubtful", 10),
    ("minutes", 12),
)  # fmt: skip
_CHECKINS: tuple[Head, ...] = (("day", 12), ("name", 14), ("kind", 10), ("note", 48), ("at", 20), ("by", 14))
_ANSWERS: tuple[Head, ...] = (
    ("day", 12),
    ("question", 48),
    ("name", 14),
    ("given", 20),
    ("verdict", 10),
    ("at", 20),
)
_POINTS: tuple[Head, ...] = (
    ("day", 12),
    ("name", 14),
    ("rule", 14),
    ("points", 8),
    ("reason", 40),
    ("by", 14),
)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Iterator[Sequence[Cell]]


def overview(report: Report, say: Say) -> Table:
    return _table("overview", _OVERVIEW, say, _per_day(report))


def details(report: Report, say: Say) -> tuple[Table, ...]:
    return (
        _table("checkins", _CHECKINS, say, _checkins(report, say)),
        _table("answers", _ANSWERS, say, _answers(report, say)),
        _table("ledger", _POINTS, say, _points(report, say)),
    )


def summary(report: Report, say: Say) -> str:
    """The whole in one sentence."""
    verdicts = Counter(row.verdict for row in report.answers)
    possible = len(report.days) * report.members
    decided = verdicts["right"] + verdicts["wrong"]
    return say(
        line(
            "report.summary",
            members=report.members,
            share=round(100 * sum(day.checked for day in report.days) / possible) if possible else 0,
            answers=len(report.answers),
            right=round(100 * verdicts["right"] / decided) if decided else 0,
            minutes=sum(day.minutes * day.studied for day in report.days),
        )
    )


def title(report: Report, say: Say) -> str:
    span = {"first": report.first.isoformat(), "last": report.last.isoformat()}
    return say(line("report.title", group=report.group, **span))


def _table(name: str, heads: tuple[Head, ...], say: Say, rows: Iterator[Sequence[Cell]]) -> Table:
    return Table(
        say(line(f"report.sheet_{name}")),
        tuple(say(line(f"report.head_{key}")) for key, _ in heads),
        tuple(width for _, width in heads),
        rows,
    )


def _per_day(report: Report) -> Iterator[Sequence[Cell]]:
    verdicts = Counter((report.asked[row.quiz].day, row.verdict) for row in report.answers)
    for row in report.days:
        answered = [verdicts[row.day, verdict] for verdict in VERDICTS]
        day = date.fromisoformat(row.day)
        yield (day, row.item or None, row.checked, row.studied, *answered, row.minutes * row.studied)


def _checkins(report: Report, say: Say) -> Iterator[Sequence[Cell]]:
    kinds = _words("kind", ("self", "makeup", "proxy"), say)
    for row in report.checkins:
        yield (
            date.fromisoformat(row.day),
            row.name,
            kinds.get(row.kind, row.kind),
            row.note or None,
            wall_clock(row.at, report.timezone),
            row.by or None,
        )


def _answers(report: Report, say: Say) -> Iterator[Sequence[Cell]]:
    verdicts = _words("verdict", VERDICTS, say)
    days = {quiz: date.fromisoformat(asked.day) for quiz, asked in report.asked.items()}
    for row in report.answers:
        question = report.asked[row.quiz].question
        yield (
            days[row.quiz],
            question.stem if question else None,
            row.name,
            given(question, row.given, say),
            verdicts.get(row.verdict, row.verdict),
            wall_clock(row.at, report.timezone),
        )


def _points(report: Report, say: Say) -> Iterator[Sequence[Cell]]:
    rules, erased = rule_words(say), say(line("report.erased"))
    for row in report.points:
        yield (
            date.fromisoformat(row.day),
            row.name or erased,
            rules.get(row.rule, row.rule),
            row.points,
            row.reason or None,
            row.by or None,
        )


def rule_words(say: Say) -> Mapping[str, str]:
    return _words("rule", (*RULES, CORRECTION, REDEEM), say)


def _words(of: str, names: Sequence[str], say: Say) -> Mapping[str, str]:
    return {name: say(line(f"report.{of}_{name}")) for name in names}


def wall_clock(at: int, timezone: str) -> datetime | None:
    """To the second, without a zone, as spreadsheets know it; None for an instant that is no longer kept."""
    return local(at, timezone).replace(microsecond=0, tzinfo=None) if at else None


def given(question: Question | None, places: str, say: Say) -> str:
    """An answer as people read it: 「B 每天一点」, 「AC」, 「对」, or the words that were filled in."""
    if question is None or question.kind == "fill":
        return places
    chosen = [int(place) for place in places.split(",") if place.isdigit()]
    if question.kind == "truefalse":
        return say(line("report.false")) if 1 in chosen else say(line("report.true"))
    letters = "".join(LETTERS[place] for place in chosen if place < len(LETTERS))
    if question.kind == "single" and chosen and chosen[0] < len(question.options):
        return f"{letters} {question.options[chosen[0]]}"
    return letters
