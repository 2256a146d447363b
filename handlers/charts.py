"""The figures of a group's last thirty days, and the picture that shows them. They name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from content.charts.drawing import draw
from content.charts.panel import Look, Panel, Part
from domain.grading import Verdict
from domain.group import Group, Role
from domain.histogram import columns, mean
from domain.message import File, line, on
from domain.outgoing import Made, Make, Order, Say
from scheduler.rhythm import is_study_day
from storage import checkins, groups, members
from storage import figures as sums
from storage.tx import Tx

KIND = "stats"
SPAN = 30
"""Days, today included."""
_LEAST_SPAN = 7
"""A group's first days are shown in a week, so that a single column does not fill the picture."""
_TICKS = 5
LEAST_SORTED = 5
"""Members below which how long each studied is not drawn: among four, everybody would know who is who."""


@dataclass(frozen=True, slots=True)
class Figures:
    group: Group
    today: date
    of: int
    """Members now."""
    checked: Mapping[str, int]
    """Day → how many checked in; the group's days alone."""
    verdicts: Mapping[str, Mapping[Verdict, int]]
    minutes: Mapping[int, int]
    """Minutes studied → how many members did."""

    @property
    def empty(self) -> bool:
        return not (any(self.checked.values()) or self.verdicts or self.shows_study)

    @property
    def shows_study(self) -> bool:
        return self.of >= LEAST_SORTED and any(self.minutes)

    def study_days(self, length: int = SPAN) -> list[date]:
        """Of the last days, the study days since the group's first one."""
        began = min(map(date.fromisoformat, self.checked), default=None)
        if began is None:
            return []
        return [
            day
            for n in reversed(range(length))
            if (day := self.today - timedelta(days=n)) >= began and is_study_day(self.group.settings, day)
        ]

    def share(self, length: int = SPAN) -> int:
        """The mean share of members who checked in, in percent."""
        first = (self.today - timedelta(days=length - 1)).isoformat()
        possible = len(self.study_days(length)) * self.of
        checked = sum(count for day, count in self.checked.items() if day >= first)
        return round(100 * checked / possible) if possible else 0

    def answered(self, verdict: Verdict) -> int:
        return sum(day.get(verdict, 0) for day in self.verdicts.values())

    @property
    def share_right(self) -> int:
        """Of the answers that were judged, in percent."""
        judged = self.answered("right") + self.answered("wrong")
        return round(100 * self.answered("right") / judged) if judged else 0

    @property
    def mean_minutes(self) -> int:
        return round(mean(self.minutes))


async def figures(tx: Tx, group: Group, today: date) -> Figures:
    first = today - timedelta(days=SPAN - 1)
    return Figures(
        group,
        today,
        await members.count(tx, group.id),
        await checkins.totals(tx, group.id, first, today),
        await sums.verdicts(tx, group.id, first, today),
        await sums.study_minutes(tx, group.id, first, today),
    )


def picture_of(found: Figures) -> File | None:
    """None where there is nothing to draw yet."""
    return None if found.empty else File(KIND, found.today.isoformat())


async def make_stats(tx: Tx, order: Order, now: int) -> Make | None:
    """The picture of the days up to the one in the file's ``arg``. In private, for whoever is still secretary."""
    group = await groups.find(tx, order.group_id)
    if group is None or not await _may_see(tx, order):
        return None
    found = await figures(tx, group, date.fromisoformat(order.file.arg))
    return None if found.empty else partial(made_of, found)


async def _may_see(tx: Tx, order: Order) -> bool:
    if not order.person_id:
        return True
    me = await members.find(tx, order.group_id, order.person_id)
    return me is not None and me.role >= Role.SECRETARY


def made_of(found: Figures, say: Say) -> Made:
    shown = []
    if any(found.checked.values()):
        shown.append((_participation(found, say), _alt_participation(found, say)))
    if found.verdicts:
        shown.append((_quizzes(found, say), _alt_quizzes(found, say)))
    if found.shows_study:
        shown.append((_study(found, say), _alt_study(found, say)))
    png = draw([panel for panel, _ in shown])
    return Made(f"stats-{found.today}.png", png, "photo", " ".join(alt for _, alt in shown))


def _days(found: Figures) -> list[date]:
    """Those that are drawn: from the group's first one on, a week at least."""
    earliest = min([*found.checked, *found.verdicts], default=found.today.isoformat())
    length = max(_LEAST_SPAN, (found.today - date.fromisoformat(earliest)).days + 1)
    return [found.today - timedelta(days=n) for n in reversed(range(length))]


def _ticks(days: list[date], say: Say) -> tuple[str, ...]:
    """A few of the days, counted back from the last."""
    step = -(-len(days) // _TICKS)
    return tuple(say(on(day)) if place % step == 0 else "" for place, day in enumerate(reversed(days)))[::-1]


def _participation(found: Figures, say: Say) -> Panel:
    days = _days(found)
    return Panel(
        title=say(line("figure.checkins")),
        sum=say(line("figure.share", share=found.share())),
        ticks=_ticks(days, say),
        parts=(Part(tuple(found.checked.get(day.isoformat(), 0) for day in days)),),
        line=(found.of, say(line("figure.everybody", of=found.of))),
    )


def _alt_participation(found: Figures, say: Say) -> str:
    days = _days(found)
    said = line(
        "figure.alt_checkins", first=on(days[0]), last=on(days[-1]), share=found.share(), of=found.of,
        most=max(found.checked.values()),
    )  # fmt: skip
    return say(said)


def _quizzes(found: Figures, say: Say) -> Panel:
    days = _days(found)

    def part(verdict: Verdict, look: Look, name: str) -> Part:
        values = tuple(found.verdicts.get(day.isoformat(), {}).get(verdict, 0) for day in days)
        return Part(values, look, name)

    return Panel(
        title=say(line("figure.quiz")),
        sum=say(line("figure.share_right", share=found.share_right)),
        ticks=_ticks(days, say),
        parts=(
            part("right", Look.GOOD, say(line("figure.right", count=found.answered("right")))),
            part("wrong", Look.POOR, say(line("figure.wrong", count=found.answered("wrong")))),
            part("doubtful", Look.OPEN, say(line("figure.doubtful", count=found.answered("doubtful")))),
        ),
    )


def _alt_quizzes(found: Figures, say: Say) -> str:
    said = line(
        "figure.alt_quiz", questions=len(found.verdicts), right=found.answered("right"),
        wrong=found.answered("wrong"), doubtful=found.answered("doubtful"),
    )  # fmt: skip
    return say(said)


def _study(found: Figures, say: Say) -> Panel:
    sorted_in = columns(found.minutes)
    return Panel(
        title=say(line("figure.study")),
        sum=say(line("figure.mean", minutes=found.mean_minutes)),
        ticks=tuple(str(low) if low == high else f"{low}–{high}" for low, high, _ in sorted_in),
        parts=(Part(tuple(count for _, _, count in sorted_in)),),
        across=say(line("figure.minutes")),
    )


def _alt_study(found: Figures, say: Say) -> str:
    return say(line("figure.alt_study", minutes=found.mean_minutes, most=max(found.minutes)))
