"""A template in words: when its stages open and close, counted from the first day, and what each asks of members."""

from __future__ import annotations

from collections.abc import Iterator

from domain.day import show_clock
from domain.message import Line, line
from domain.template import StageSpec, Template, When
from domain.works import is_for_works


def stage_lines(template: Template) -> Iterator[Line]:
    titles = {one.key: one.title for one in template.stages}
    for number, spec in enumerate(template.stages, 1):
        kind = line(f"cycle_template.kind_{spec.kind}")
        yield line("cycle_template.stage", number=number, title=spec.title, kind=kind)
        opens, closes = _when(spec.opens, spec, titles), _when(spec.closes, spec, titles)
        yield line("cycle_template.open", opens=opens, closes=closes)
        yield line("cycle_template.owed", what=owed(spec))


def _when(when: When, spec: StageSpec, titles: dict[str, str]) -> Line:
    day = _day(when, spec, titles)
    if when.weekday is not None:
        day = line("cycle_template.weekday", day=day, weekday=line(f"weekday.w{when.weekday}"))
    return line("cycle_template.at", day=day, clock=show_clock(when.at))


def _day(when: When, spec: StageSpec, titles: dict[str, str]) -> Line:
    if not when.after:
        return line("cycle_template.nth_day", day=when.days + 1)
    if when.after == spec.key:
        key = "cycle_template.days_in" if when.days else "cycle_template.same_day"
        return line(key, days=when.days)
    key = "cycle_template.days_after" if when.days else "cycle_template.day_of"
    return line(key, days=when.days, stage=titles[when.after])


def owed(spec: StageSpec) -> tuple[Line, ...]:
    """What a member does in it; one line that says so where there is nothing."""
    return tuple(_owed(spec)) or (line("cycle_template.owed_nothing"),)


def _owed(spec: StageSpec) -> Iterator[Line]:
    count = len(spec.questions)
    match spec.kind:
        case "preview":
            if count:
                yield line("cycle_template.owed_answers", count=count)
            yield from _own_questions(spec)
        case "live" if is_for_works(spec):
            yield line("cycle_template.owed_work")
        case "seminar" | "practice" | "live" | "study":
            yield line("cycle_template.owed_coming")
            if spec.kind == "live":
                yield from _own_questions(spec)
            if spec.groups and spec.kind != "study":
                yield line("cycle_template.owed_sides", sides=spec.groups)
            if count and spec.kind == "study":
                yield line("cycle_template.owed_modules", count=count)
        case "reflection":
            key = "cycle_template.owed_reflection" if spec.photos else "cycle_template.owed_words"
            yield line(key, chars=spec.chars, photos=spec.photos)
        case "review":
            yield line("cycle_template.owed_reviews", count=spec.reviews)
        case "evaluation" if count:
            yield line("cycle_template.owed_feedback", count=count)
        case "game":
            yield line("cycle_template.owed_game", goal=spec.goal)


def _own_questions(spec: StageSpec) -> Iterator[Line]:
    if spec.own_questions:
        yield line("cycle_template.owed_own", most=spec.own_questions)
