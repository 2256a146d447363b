"""What the page of an activity shows: read in one transaction, for one reader, by their role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.agenda import Inquiry
from domain.cycle import Cycle, Stage
from domain.group import Role
from domain.ids import Ids, brief
from domain.message import Line, line
from domain.newsletter import Newsletter
from domain.template import Kind, StageSpec
from domain.works import is_for_works
from handlers.stage_board import ASKED_IN, SIGNED_UP
from scheduler.cycle import owing
from scheduler.stages.kind import Firing
from scheduler.teams import agenda_of
from storage import audit, cycles, groups, members, newsletters, reflections, reviews, signups, surveys, works
from storage.tx import Tx
from web.prose import Piece, pieces

OTHERS = 10
"""Activities listed below the one that is shown."""


@dataclass(frozen=True, slots=True)
class Do:
    """Something to do about a stage, done by saying ``say`` in the reader's chat."""

    label: Line
    say: Line


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, as the template wants it. ``names`` are of those who owe something: None unless a secretary asked for them."""

    stage: Stage
    text: list[Piece]
    materials: list[list[Piece]]
    asks: Line | None
    """In general words, where the stage has none of its own."""
    figures: tuple[Line, ...]
    owner: str
    owes: bool
    do: Do | None
    owed: int
    names: tuple[str, ...] | None
    agenda: tuple[Inquiry, ...]

    @property
    def mark(self) -> str:
        return {"open": "●", "closed": "✓", "skipped": "–"}.get(self.stage.state, "○")


@dataclass(frozen=True, slots=True)
class Shown:
    cycle: Cycle
    steps: tuple[Step, ...]
    others: tuple[Cycle, ...]
    newsletter: str
    """Its address; "" where there is none for this reader."""
    posted: bool
    gallery: bool
    minutes: bool
    """A seminar has been, and the reader may have its minutes."""

    @property
    def id(self) -> str:
        return brief(self.cycle.id)

    @property
    def place(self) -> int:
        """Which step it is at, from 1; of several open ones the last. 0 where none has begun."""
        begun = [n for n, step in enumerate(self.steps, 1) if step.stage.state != "planned"]
        return max(begun, default=0)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks at which group's activity, when; and whether they asked for names."""

    group_id: int
    person_id: int
    role: Role
    now: int
    ids: Ids
    names: bool


async def read(tx: Tx, asking: Asking, cycle_id: int) -> Shown | None:
    group = await groups.find(tx, asking.group_id)
    latest = await cycles.latest(tx, asking.group_id, OTHERS + 1)
    if cycle_id:
        cycle = await cycles.find(tx, asking.group_id, cycle_id)
    else:
        running = [one for one in latest if one.state == "running"]
        cycle = next(iter(running or latest), None)
    if group is None or cycle is None:
        return None
    stages = await cycles.stages(tx, cycle)
    steps = [await _step(Firing(tx, asking.ids, group, cycle, one, asking.now), asking) for one in stages]
    if any(step.names for step in steps):
        await audit.note(tx, asking.ids, asking.now, group_id=group.id, by=asking.person_id, what="owing")
    letter = await newsletters.find(tx, group.id, cycle.id)
    return Shown(
        cycle=cycle,
        steps=tuple(steps),
        others=tuple(one for one in latest if one.id != cycle.id)[:OTHERS],
        newsletter=_newsletter(letter, asking.role),
        posted=letter is not None and letter.state == "posted",
        gallery=await _has_gallery(tx, cycle, stages),
        minutes=asking.role >= Role.SECRETARY
        and any(one.spec.kind == "seminar" and one.opened_at is not None for one in stages),
    )


def _newsletter(letter: Newsletter | None, role: Role) -> str:
    """Before it is posted it is the secretary's alone."""
    return address(letter) if letter and (letter.state == "posted" or role >= Role.SECRETARY) else ""


def address(letter: Newsletter) -> str:
    return f"/newsletter/{brief(letter.group_id)}-{brief(letter.cycle_id)}"


async def _has_gallery(tx: Tx, cycle: Cycle, stages: Sequence[Stage]) -> bool:
    if await reflections.of_cycle(tx, cycle.group_id, cycle.id):
        return True
    return any([await works.of_stage(tx, one) for one in stages if one.spec.kind == "live"])


async def _step(at: Firing, asking: Asking) -> Step:
    spec, open_now = at.stage.spec, at.stage.state == "open" and at.cycle.state == "running"
    owe = await owing(at) if open_now else []
    mine = any(one.id == asking.person_id for one in owe)
    secretary = asking.role >= Role.SECRETARY
    owner = await members.find(at.tx, at.group.id, at.stage.owner) if at.stage.owner else None
    names = [one.name for one in owe if one.id != asking.person_id]
    return Step(
        stage=at.stage,
        text=pieces(spec.text),
        materials=[pieces(one) for one in (*spec.materials, *([at.stage.link] if at.stage.link else []))],
        asks=None if spec.text else _asks(spec),
        figures=await _figures(at),
        owner=owner.name if owner else "",
        owes=mine,
        do=await _do(at, asking.person_id, owes=mine) if open_now else None,
        owed=len(names) if secretary and spec.kind != "newsletter" else 0,
        names=tuple(names) if asking.names else None,
        agenda=tuple(await agenda_of(at.tx, at.stage))
        if spec.kind in ASKED_IN and at.stage.opened_at is not None
        else (),
    )


def _asks(spec: StageSpec) -> Line | None:
    """What a stage of that kind asks of members, in a sentence."""
    match spec.kind:
        case "notice":
            return None
        case "reflection" if spec.photos:
            return line("cycle_page.asks_reflection", chars=spec.chars, photos=spec.photos)
        case "reflection":
            return line("cycle_page.asks_words", chars=spec.chars)
        case "review":
            return line("cycle_page.asks_review", count=spec.reviews, chars=spec.comment_chars)
        case "evaluation":
            return line("cycle_page.asks_evaluation", count=len(spec.questions))
        case "preview":
            return line("cycle_page.asks_preview", count=len(spec.questions), own=spec.own_questions)
        case "game":
            return line("cycle_page.asks_game", goal=spec.goal)
        case "live" if is_for_works(spec):
            return line("cycle_page.asks_works")
    return _ASKS[spec.kind]


_ASKS: dict[Kind, Line] = {
    "seminar": line("cycle_page.asks_seminar"),
    "live": line("cycle_page.asks_live"),
    "practice": line("cycle_page.asks_practice"),
    "study": line("cycle_page.asks_study"),
    "newsletter": line("cycle_page.asks_newsletter"),
}
_DO: dict[Kind, Do] = {
    "preview": Do(line("cycle_page.do_preview"), line("cycle_page.say_preview")),
    "reflection": Do(line("cycle_page.do_reflection"), line("cycle_page.say_reflection")),
    "review": Do(line("cycle_page.do_review"), line("cycle_page.say_review")),
    "evaluation": Do(line("cycle_page.do_evaluation"), line("cycle_page.say_evaluation")),
    "newsletter": Do(line("cycle_page.do_newsletter"), line("cycle_page.say_newsletter")),
}
_SIGN_UP = Do(line("cycle_page.do_signup"), line("cycle_page.say_signup"))
_WORKS = Do(line("cycle_page.do_works"), line("cycle_page.say_works"))


async def to_do(at: Firing, person_id: int) -> Do | None:
    """What an open stage has for this person to do."""
    return await _do(at, person_id, owes=any(one.id == person_id for one in await owing(at)))


async def _do(at: Firing, person_id: int, *, owes: bool) -> Do | None:
    if is_for_works(at.stage.spec):
        return _WORKS
    if at.stage.spec.kind in SIGNED_UP:
        mine = await signups.find(at.tx, at.stage, person_id)
        return _SIGN_UP if mine is None or mine.state == "out" else None
    return _DO.get(at.stage.spec.kind) if owes else None


async def _figures(at: Firing) -> tuple[Line, ...]:
    """How it goes, in numbers that name nobody."""
    stage, kind = at.stage, at.stage.spec.kind
    if stage.opened_at is None:
        return ()
    if kind in SIGNED_UP:
        coming = await signups.of_stage(at.tx, stage, "in")
        came = sum(bool(one.attended) for one in coming)
        signed = line("cycle_page.signed", count=len(coming))
        return (signed, line("cycle_page.came", count=came)) if came else (signed,) if coming else ()
    if kind == "reflection":
        handed = await reflections.of_stage(at.tx, at.group.id, at.cycle.id, stage.place)
        return (line("cycle_page.handed", count=len(handed)),) if handed else ()
    if kind == "review":
        asked = [
            one
            for one in await reviews.of_stage(at.tx, at.cycle, stage.place)
            if one.kind == "allotted" and one.state != "dropped"
        ]
        done = sum(one.state == "done" for one in asked)
        return (line("cycle_page.reviewed", done=done, of=len(asked)),) if asked else ()
    if kind == "evaluation":
        answered = await surveys.answered(at.tx, [stage])
        return (line("cycle_page.answered", count=answered),) if answered else ()
    return ()
