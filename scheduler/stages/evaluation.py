"""Evaluation: three questions to everybody, the secretary's marks, and what became of the activity, told as it closes.

The group hears figures and names nobody; each member hears their own result in private; who did what is the secretary's alone.
"""

from __future__ import annotations

from domain.composite import Parts
from domain.cycle import Cycle
from domain.cycle_report import Counts, CycleReport, Deed
from domain.group import Group, Member
from domain.ids import brief
from domain.marks import shown
from domain.message import Button, File, Line, Message, line
from domain.survey import LEAST_TOLD, Told
from scheduler.stages.kind import Firing, Opening
from storage import audit, cycle_report, members, surveys

REPORT = "cycle_report"
"""The file with who did what (handlers/cycle_file.py)."""
_FIGURES = ("took_part", "signed_up", "attended", "spoke", "answered", "handed_in", "feedback")
"""Counted in people, so that they have a rate."""
_SUMS = ("asked", "works", "reviews")


class Evaluation:
    async def open(self, at: Firing) -> Opening:
        asks = at.stage.spec.questions
        lines: list[Line] = []
        buttons: list[Button] = []
        if asks:
            lines.append(line("survey.opened", count=len(asks)))
            buttons.append(_survey_button(at))
        if not reviewed(at.cycle):
            lines.append(line("evaluation.own_opened", criteria=criteria(at), example=example(at)))
        await self._tell_secretaries(at)
        return Opening(tuple(lines), (tuple(buttons),) if buttons else ())

    async def _tell_secretaries(self, at: Firing) -> None:
        said = Message(
            (
                line(
                    "evaluation.secretary_opened",
                    stage=at.stage.spec.title,
                    criteria=criteria(at),
                    example=example(at),
                ),
            )
        )
        for secretary in await members.secretaries(at.tx, at.group.id):
            await at.tell_person(secretary, said)

    async def owing(self, at: Firing) -> list[Member]:
        return await surveys.owing(at.tx, at.stage) if at.stage.spec.questions else []

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (_survey_button(at),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        report = await cycle_report.read(at.tx, at.group, at.cycle, at.group.settings.day(at.now))
        for deed in report.deeds:
            await self._tell_member(at, deed)
        said = full_report(at.group, at.cycle, report)
        for secretary in await members.secretaries(at.tx, at.group.id):
            if await at.tell_person(secretary, said):
                await audit.note(
                    at.tx, at.ids, at.now, group_id=at.group.id, by=secretary.id, what="evaluation"
                )
        return group_report(report)

    async def _tell_member(self, at: Firing, deed: Deed) -> None:
        if deed.composite is None:
            return
        person = await members.find(at.tx, at.group.id, deed.person_id)
        if person is not None:
            told = line("evaluation.yours", cycle=at.cycle.title, mark=round(deed.composite))
            await at.tell_person(person, Message((told, parts_line(deed.parts))))


def _survey_button(at: Firing) -> Button:
    return Button(line("survey.do"), "feedback", at.arg)


def reviewed(cycle: Cycle) -> bool:
    """Whether members assess themselves in a review of their reflections, and not here."""
    return any(spec.kind == "review" for spec in cycle.plan.stages)


def criteria(at: Firing) -> tuple[Line, ...]:
    return tuple(line("raw", text=one) for one in at.stage.spec.rubric.criteria)


def example(at: Firing) -> str:
    """Marks as they are written: 5 4 5."""
    rubric = at.stage.spec.rubric
    return " ".join(str(rubric.most - place % 2) for place in range(len(rubric.criteria)))


def parts_line(parts: Parts) -> Line:
    """Each side's mark; a side that said nothing is said to have said nothing."""

    def mark(value: float | None) -> Line:
        return line("evaluation.none") if value is None else line("raw", text=str(round(value)))

    return line(
        "evaluation.parts", own=mark(parts.own), peers=mark(parts.peers), secretary=mark(parts.secretary)
    )


def group_report(report: CycleReport) -> tuple[Line, ...]:
    """Figures that name nobody, with what they were the last time."""
    now, before = report.counts, report.before
    lines = [_figure(name, now, before) for name in _FIGURES if getattr(now, name)]
    lines += [_sum(name, now, before) for name in _SUMS if getattr(now, name)]
    lines += [_mean(one) for one in report.survey if one.mean is not None and one.listed]
    if report.overall:
        lines.append(line("cycle_report.overall", text=report.overall))
    return tuple(lines)


def _figure(name: str, now: Counts, before: Counts | None) -> Line:
    count = getattr(now, name)
    said = line(f"cycle_report.{name}", count=count, of=now.members, rate=now.rate(count))
    earlier = getattr(before, name) if before else None
    if before is None or earlier is None:
        return said
    return line("cycle_report.rate_before", said=said, rate=before.rate(earlier))


def _sum(name: str, now: Counts, before: Counts | None) -> Line:
    said = line(f"cycle_report.{name}", count=getattr(now, name))
    earlier = getattr(before, name) if before else None
    return said if earlier is None else line("cycle_report.count_before", said=said, count=earlier)


def _mean(told: Told) -> Line:
    return line(
        "cycle_report.mean", question=told.question, mean=shown(round(told.mean or 0, 1)), count=told.count
    )


def full_report(group: Group, cycle: Cycle, report: CycleReport) -> Message:
    """For a secretary in private: the figures, what was said in the survey without names, and the file with who did what."""
    return Message(
        (*group_report(report), *survey_lines(report.survey), line("cycle_report.attached")),
        title=line("cycle_report.title", cycle=cycle.title),
        file=File(REPORT, brief(cycle.id)),
    )


def survey_lines(survey: tuple[Told, ...]) -> list[Line]:
    lines: list[Line] = []
    for told in survey:
        if told.marks and told.listed:
            spread = tuple(
                line("cycle_report.gave", mark=mark, count=count)
                for mark, count in enumerate(told.marks, 1)
                if count
            )
            lines.append(line("cycle_report.marks", question=told.question, marks=spread))
        elif told.texts:
            lines.append(line("cycle_report.said", question=told.question, count=told.count))
            lines += [line("cycle_report.text", text=text) for text in told.texts]
        elif told.count:
            lines.append(
                line("cycle_report.too_few", question=told.question, count=told.count, least=LEAST_TOLD)
            )
    return lines
