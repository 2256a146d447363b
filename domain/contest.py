"""A contest between sides over a set time: how one is announced in a line, and who is ahead. Pure rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from domain.dates import parse_day
from domain.day import parse_clock
from domain.errors import UserError
from domain.points import shared_ranks
from domain.wording import tidy_name

State = Literal["open", "running", "over", "cancelled"]
SIDES_MOST = 8
QUESTIONS_MOST = 50
USUAL_QUESTIONS = 10
TITLE_CHARS = 40
SIDE_CHARS = 16
DAYS_AHEAD = 31

_TIME = r"\d{1,2}(?::\d{2}|[点时](?:半|\d{1,2}分?)?)"
_SPAN = re.compile(rf"(?P<first>{_TIME})\s*(?:-|–|—|~|到|至|to)\s*(?P<last>{_TIME})")
_COUNT = re.compile(r"(\d{1,3})题?")
_COUNTED = frozenset(("题数", "题", "questions"))
_TEAMS = frozenset(("队", "分队", "队伍", "teams", "team"))
_VERSUS = frozenset(("对抗", "约战", "versus", "vs"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a secretary asked for. Times are minutes from the day's midnight; an empty name stands for the usual one."""

    title: str
    day: date
    starts: int
    ends: int
    questions: int = USUAL_QUESTIONS
    teams: tuple[str, ...] = ("", "")
    versus: bool = False
    """Against other groups, each of which is a side."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side as it stands. ``players`` are those who answered at least one question, ``joined`` those who said they would."""

    number: int
    name: str
    of_group: int = 0
    joined: int = 0
    players: int = 0
    right: int = 0

    @property
    def mean(self) -> Fraction:
        """Right answers a player, so that a large side has no advantage; below 0 where nobody has played."""
        return Fraction(self.right, self.players) if self.players else Fraction(-1)


def read_plan(text: str, today: date) -> Plan:
    """``党史赛 明天 20:00-20:30 题数 10 队 红队 蓝队``, or ``… 对抗``; only title and times must be there.

    Raises UserError with what to write instead.
    """
    plain = unicodedata.normalize("NFKC", text)
    span = _SPAN.search(plain)
    if span is None:
        raise UserError("contest.unclear")
    title, day = _title_and_day(plain[: span.start()].split(), today)
    starts, ends = _clock(span["first"]), _clock(span["last"])
    if ends <= starts:
        raise UserError("contest.wrong_span")
    return _with_options(Plan(title, day, starts, ends), plain[span.end() :].split())


def standings(sides: Sequence[Side]) -> list[tuple[int, Side]]:
    """(rank, side) from the first down; equal means share a rank."""
    ordered = sorted(sides, key=lambda side: (-side.mean, side.number))
    levels = {mean: level for level, mean in enumerate(sorted({side.mean for side in sides}))}
    return list(zip(shared_ranks([levels[side.mean] for side in ordered]), ordered, strict=True))


def smallest(sides: Sequence[Side]) -> Side:
    """Where the next one goes who does not choose: so teams differ by at most one."""
    return min(sides, key=lambda side: (side.joined, side.number))


def _title_and_day(words: list[str], today: date) -> tuple[str, date]:
    day = _day(words[-1], today) if words else None
    title = " ".join(words[:-1] if day else words)
    if not title:
        raise UserError("contest.unclear")
    if len(title) > TITLE_CHARS:
        raise UserError("contest.title_too_long", most=TITLE_CHARS)
    return tidy_name(title), day or today


def _day(word: str, today: date) -> date | None:
    try:
        return parse_day(word, today)
    except ValueError:
        return None


def _clock(text: str) -> int:
    try:
        return parse_clock(text)
    except ValueError:
        raise UserError("contest.wrong_span") from None


def _with_options(plan: Plan, words: list[str]) -> Plan:
    questions, teams, versus = plan.questions, list[str](), plan.versus
    here = ""
    for word in words:
        key = word.casefold()
        if key in _VERSUS:
            versus = True
        elif key in _COUNTED or key in _TEAMS:
            here = "count" if key in _COUNTED else "teams"
        elif here == "teams":
            teams.append(tidy_name(word))
        elif found := _COUNT.fullmatch(word):
            questions = int(found[1])
        else:
            raise UserError("contest.unclear")
    _check(questions, teams, versus)
    return Plan(plan.title, plan.day, plan.starts, plan.ends, questions, tuple(teams) or plan.teams, versus)


def _check(questions: int, teams: list[str], versus: bool) -> None:
    if not 1 <= questions <= QUESTIONS_MOST:
        raise UserError("contest.wrong_count", most=QUESTIONS_MOST)
    if teams and versus:
        raise UserError("contest.teams_or_groups")
    if teams and (not 2 <= len(teams) <= SIDES_MOST or len(set(teams)) < len(teams)):
        raise UserError("contest.wrong_teams", most=SIDES_MOST)
    if any(len(team) > SIDE_CHARS for team in teams):
        raise UserError("contest.team_too_long", most=SIDE_CHARS)
