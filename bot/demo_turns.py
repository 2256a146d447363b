"""What everybody but the visitor would do in the sample activity as things stand: who, at which instant, in which words."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from content.sample_activity import SampleActivity, SamplePerson
from domain.cycle import Cycle, Stage
from domain.day import HOUR, MINUTE
from domain.group import Member, Role
from domain.ids import brief
from domain.newsletter import ranked
from domain.reflection import code
from domain.template import Kind
from storage import (
    cycles,
    evaluations,
    members,
    newsletters,
    reflections,
    reviews,
    signups,
    surveys,
)
from storage.tx import Tx

TEMPLATE: Final = "practice-summary"
PICKED: Final = 4
"""Reflections the newsletter is made of: it reads in two minutes."""
POSTED_AFTER: Final = 22 * HOUR
"""The evening after the secretary picked: whoever was asked has had a day."""
_KNOWN_BY: Final = 24
"""So many characters tell whose text it is; whoever plays a sample person writes other ones."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says, at which instant. ``key`` tells it from everything else anybody has to do."""

    at: int
    key: str
    who: Member
    words: str
    private: bool = False
    picture: str = ""
    awaited: bool = False
    """Nobody gets on without it: the secretary's work."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stage that is open, and who is there. Everybody has a place among the people, and does things after those before them."""

    tx: Tx
    sample: SampleActivity
    cycle: Cycle
    stage: Stage
    everybody: list[Member]

    @property
    def people(self) -> list[tuple[int, Member, SamplePerson]]:
        return [
            (place, one, self.sample.people[one.name])
            for place, one in enumerate(self.everybody)
            if one.name in self.sample.people
        ]

    @property
    def secretary(self) -> Member | None:
        return next((one for one in self.everybody if one.role >= Role.SECRETARY), None)

    def after(self, span: int) -> int:
        return (self.stage.opened_at or self.stage.opens_at) + span

    def turn(self, at: int, what: str, who: Member, words: str, **more: Any) -> Turn:
        return Turn(at, f"{self.stage.arg} {what} {brief(who.id)}", who, words, **more)

    def duty(self, at: int, what: str, who: Member, words: str, **more: Any) -> Turn:
        return self.turn(at, what, who, words, awaited=True, **more)


async def running(tx: Tx, group_id: int) -> list[Cycle]:
    return [one for one in await cycles.running(tx, group_id) if one.plan.key == TEMPLATE]


async def turns_of(tx: Tx, group_id: int, sample: SampleActivity) -> list[Turn]:
    """Everything that somebody has to do as things stand."""
    found: list[Turn] = []
    for cycle in await running(tx, group_id):
        everybody = await members.in_group(tx, group_id)
        for stage in await cycles.stages(tx, cycle):
            if stage.state == "open" and stage.spec.kind in _KINDS:
                found += await _KINDS[stage.spec.kind](Place(tx, sample, cycle, stage, everybody))
    return found


async def _practice(at: Place) -> list[Turn]:
    """Everybody comes; before it ends the secretary calls the roll of those who said they would."""
    signed = {one.person_id: one for one in await signups.of_stage(at.tx, at.stage)}
    turns = [
        at.turn(at.after((place + 1) * 47 * MINUTE), "signup", one, "报名")
        for place, one, _ in at.people
        if one.id not in signed
    ]
    coming = [one for one in signed.values() if one.state == "in" and not one.attended]
    if coming and at.secretary:
        names = " ".join(f"@{one.name}" for one in coming)
        turns.append(at.duty(at.stage.closes_at - HOUR, "roll", at.secretary, f"点名 {names}"))
    return turns


async def _reflection(at: Place) -> list[Turn]:
    """From the first evening to the third day."""
    begun = set[int]()
    for _, one, _ in at.people:
        if await reflections.of_person(at.tx, one.group_id, one.id, at.cycle.id):
            begun.add(one.id)
    spans = (73, 14 * 60, 20 * 60 + 25, 25 * 60 + 10, 37 * 60 + 40, 49 * 60 + 5)
    return [
        at.turn(
            at.after(spans[place % len(spans)] * MINUTE),
            "reflection",
            one,
            f"心得 {sample.reflection}",
            picture=sample.picture,
        )
        for place, one, sample in at.people
        if one.id not in begun
    ]


async def _review(at: Place) -> list[Turn]:
    """What each was given to read, and what they think of their own."""
    entries = {one.id: one for one in await reviews.entries(at.tx, at.cycle, at.stage.place)}
    held = await reviews.of_stage(at.tx, at.cycle, at.stage.place)
    rank = await reflections.rank_of(at.tx, at.cycle.group_id, at.cycle.id)
    turns: list[Turn] = []
    for place, one, sample in at.people:
        begins = at.after(12 * HOUR + place * 95 * MINUTE)
        asked = [x for x in held if x.person_id == one.id and x.kind == "allotted" and x.state == "asked"]
        for nth, review in enumerate(x for x in asked if x.reflection_id in entries):
            entry = entries[review.reflection_id]
            others = sorted(x.person_id for x in held if x.reflection_id == entry.id and x.kind == "allotted")
            said = _said_of(at.sample, entry.name, entry.body, others.index(one.id))
            words = f"评 {code(rank, entry.number)} {said}"
            turns.append(
                at.turn(begins + nth * 9 * MINUTE, f"review {brief(entry.id)}", one, words, private=True)
            )
        own = any(x.person_id == one.id and x.kind == "self" for x in held)
        if not own and any(entry.author == one.id for entry in entries.values()):
            words = f"自评 {sample.own_marks}"
            turns.append(at.turn(begins + 30 * MINUTE, "self", one, words, private=True))
    return turns


def _said_of(sample: SampleActivity, name: str, body: str, nth: int) -> str:
    """Of a text that is not the sample's own, what can be said of any."""
    known = sample.people.get(name)
    own = known is not None and body.startswith(known.reflection[:_KNOWN_BY])
    said = known.said_of_it if known and own else sample.said_of_others
    return said[nth % len(said)]


async def _evaluation(at: Place) -> list[Turn]:
    """The three questions in two messages, and the secretary's marks."""
    turns: list[Turn] = []
    for place, one, sample in at.people:
        given = await surveys.own(at.tx, at.stage, one.id)
        mark, best, change = sample.survey
        words = f"反馈 {mark} {best}" if not given else f"反馈 第3题 {change}"
        if len(given) < len(sample.survey):
            when = at.after((place + 1) * 50 * MINUTE + len(given) * MINUTE)
            turns.append(at.turn(when, f"survey{len(given)}", one, words, private=True))
    return turns + (await _marked(at, at.secretary) if at.secretary else [])


async def _marked(at: Place, secretary: Member) -> list[Turn]:
    begins = at.stage.closes_at - 4 * HOUR
    marked = {one.person_id for one in await evaluations.of_cycle(at.tx, at.cycle) if one.kind == "secretary"}
    written = {one.person_id for one in await reflections.of_cycle(at.tx, at.cycle.group_id, at.cycle.id)}
    turns = []
    for place, one in enumerate(at.everybody):
        if one.id in written - marked - {secretary.id}:
            known = at.sample.people.get(one.name)
            marks = known.secretary if known else at.sample.secretary_of_others
            turns.append(
                at.duty(
                    begins + place * 4 * MINUTE,
                    f"mark {brief(one.id)}",
                    secretary,
                    f"测评 @{one.name} {marks}",
                    private=True,
                )
            )
    if not await evaluations.overall(at.tx, at.cycle):
        words = f"总评 {at.sample.overall}"
        turns.append(at.duty(begins + HOUR, "overall", secretary, words, private=True))
    return turns


async def _newsletter(at: Place) -> list[Turn]:
    """The secretary picks and asks in the evening, authors agree, and the next evening it is posted."""
    letter = await newsletters.find(at.tx, at.cycle.group_id, at.cycle.id)
    if letter is not None and letter.state == "posted":
        return []
    picks = await newsletters.picks(at.tx, at.cycle)
    turns = [
        at.turn(at.after(75 * MINUTE + place * 6 * MINUTE), "consent", one, "同意刊登", private=True)
        for place, one, _ in at.people
        if any(pick.candidate.person_id == one.id and pick.consent == "asked" for pick in picks)
    ]
    if at.secretary is None:
        return turns
    what = await _making(at, at.secretary, asking=letter is not None and letter.state == "asking")
    return turns + ([what] if what else [])


async def _making(at: Place, secretary: Member, *, asking: bool) -> Turn | None:
    picks = await newsletters.picks(at.tx, at.cycle)
    if not picks:
        best = ranked(await newsletters.candidates(at.tx, at.cycle))[:PICKED]
        rank = await reflections.rank_of(at.tx, at.cycle.group_id, at.cycle.id)
        codes = " ".join(code(rank, one.number) for one in best)
        return (
            at.duty(at.after(50 * MINUTE), "pick", secretary, f"简报 选 {codes}", private=True)
            if best
            else None
        )
    if not asking:
        return at.duty(at.after(55 * MINUTE), "ask", secretary, "简报 征求", private=True)
    if any(pick.consent == "yes" for pick in picks):
        return at.duty(at.after(POSTED_AFTER), "post", secretary, "简报 发布", private=True)
    return None


_Kind: TypeAlias = Callable[[Place], Coroutine[Any, Any, list[Turn]]]
_KINDS: Mapping[Kind, _Kind] = {
    "practice": _practice,
    "reflection": _reflection,
    "review": _review,
    "evaluation": _evaluation,
    "newsletter": _newsletter,
}
