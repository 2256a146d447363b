"""The sample activity of the demonstration: what everybody but the visitor does in it, each in their own time.

Nothing is kept of who is to do what: it is read from where the activity stands, so a clock that jumps, a restart, or a visitor who
becomes somebody else in the middle are all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bot.core import Core
from bot.demo_pictures import picture
from content.sample_activity import SampleActivity, SamplePerson
from domain.cycle import Cycle, Stage
from domain.day import HOUR, MINUTE
from domain.group import Member, Role
from domain.ids import brief
from domain.incoming import Attachment, Incoming
from domain.newsletter import ranked
from domain.reflection import code
from domain.template import Kind
from storage import (
    cycles,
    evaluations,
    members,
    newsletters,
    pictures,
    reflections,
    reviews,
    signups,
    surveys,
    talk,
)
from storage.media import MediaStore
from storage.pictures import Shot, Source
from storage.tx import Database, Tx

TEMPLATE: Final = "practice-summary"
BEGIN: Final = f"活动 新 {TEMPLATE} 今天"
PICKED: Final = 4
"""Reflections the newsletter is made of: it reads in two minutes."""
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


@dataclass(frozen=True, slots=True)
class _Place:
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
        return Turn(
            at, f"{brief(self.cycle.id)}_{self.stage.place} {what} {brief(who.id)}", who, words, **more
        )


class SamplePeople:
    """Speaks for everybody but the visitor, through the same door as everybody."""

    def __init__(self, database: Database, core: Core, uploads: MediaStore, sample: SampleActivity) -> None:
        self._database = database
        self._core = core
        self._uploads = uploads
        self._sample = sample
        self._tried: set[str] = set()

    def forget(self) -> None:
        """Everything begins anew."""
        self._tried.clear()

    async def offers(self, group_id: int) -> bool:
        """Whether one can be begun: there is a secretary to do it, and none runs."""
        return await self._database.read(_may_begin, group_id)

    async def begin(self, group_id: int, now: int) -> None:
        """The secretary says so, whoever the visitor is."""
        who = await self._database.read(_secretary, group_id)
        if who is not None:
            await self._say(group_id, Turn(now, "begin", who, BEGIN), now)

    async def next_stage(self, group_id: int, now: int) -> int | None:
        """When the next stage opens; where none is to come, when the last one closes."""
        return await self._database.read(_next_stage, group_id, now)

    async def act(self, group_id: int, now: int, visitor: int) -> int | None:
        """Do all that somebody would have done by now; the next instant at which somebody does something."""
        while True:
            turns = [
                one
                for one in await self._database.read(_turns, group_id, self._sample)
                if one.who.id != visitor and one.key not in self._tried
            ]
            first = min(turns, key=lambda one: (one.at, one.key), default=None)
            if first is None or first.at > now:
                return first.at if first else None
            self._tried.add(first.key)  # whatever comes of it: what was refused once would be again
            await self._say(group_id, first, now)

    async def _say(self, group_id: int, turn: Turn, now: int) -> None:
        """As a browser would post it: kept in the talk first, then heard."""
        chat = f"p{turn.who.id}" if turn.private else f"g{group_id}"
        attached = await self._attached(turn.picture)
        said = talk.Said(
            chat_id=chat,
            id=self._core.ids.next(now),
            sender_id=str(turn.who.id),
            sender_name=turn.who.name,
            at=now,
            version=self._core.ids.next(now),
            body=talk.Body(text=turn.words, photos=tuple(talk.Photo("photo", name=x.name) for x in attached)),
        )
        shots = [
            Shot("photo", Source("browser", "site", chat, x.file_id, x.kind, x.size, x.name))
            for x in attached
        ]
        await self._database.transaction(_keep, group_id, said, shots)
        await self._core.dispatcher.hear(
            Incoming(
                platform="browser",
                account="site",
                event_id=f"sample-{said.id}",
                chat_id=chat,
                message_id=str(said.id),
                sender_id=said.sender_id,
                sender_name=turn.who.name,
                text=turn.words,
                is_group=not turn.private,
                addressed=turn.private,
                attachments=attached,
                sent_at=now,
            )
        )

    async def _attached(self, name: str) -> tuple[Attachment, ...]:
        if not name:
            return ()
        content = await asyncio.to_thread(picture, name)
        key = await self._uploads.put(content)
        return (Attachment(kind="photo", file_id=key, size=len(content), name=f"{name}.jpg"),)


async def _keep(tx: Tx, group_id: int, said: talk.Said, shots: list[Shot]) -> None:
    await talk.append(tx, said)
    if shots:
        await pictures.add(tx, group_id, said.id, shots, said.at)


async def _secretary(tx: Tx, group_id: int) -> Member | None:
    return next(iter(await members.secretaries(tx, group_id)), None)


async def _running(tx: Tx, group_id: int) -> list[Cycle]:
    return [one for one in await cycles.running(tx, group_id) if one.plan.key == TEMPLATE]


async def _may_begin(tx: Tx, group_id: int) -> bool:
    return not await _running(tx, group_id) and await _secretary(tx, group_id) is not None


async def _next_stage(tx: Tx, group_id: int, now: int) -> int | None:
    stages = [stage for cycle in await _running(tx, group_id) for stage in await cycles.stages(tx, cycle)]
    opening = [stage.opens_at for stage in stages if stage.state == "planned" and stage.opens_at > now]
    closing = [stage.closes_at for stage in stages if stage.state == "open" and stage.closes_at > now]
    return min(opening, default=None) or max(closing, default=None)


async def _turns(tx: Tx, group_id: int, sample: SampleActivity) -> list[Turn]:
    """Everything that somebody has to do as things stand."""
    found: list[Turn] = []
    for cycle in await _running(tx, group_id):
        everybody = await members.in_group(tx, group_id)
        for stage in await cycles.stages(tx, cycle):
            if stage.state == "open" and stage.spec.kind in _KINDS:
                found += await _KINDS[stage.spec.kind](_Place(tx, sample, cycle, stage, everybody))
    return found


async def _practice(at: _Place) -> list[Turn]:
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
        turns.append(at.turn(at.stage.closes_at - HOUR, "roll", at.secretary, f"点名 {names}"))
    return turns


async def _reflection(at: _Place) -> list[Turn]:
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


async def _review(at: _Place) -> list[Turn]:
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


async def _evaluation(at: _Place) -> list[Turn]:
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


async def _marked(at: _Place, secretary: Member) -> list[Turn]:
    begins = at.stage.closes_at - 4 * HOUR
    marked = {one.person_id for one in await evaluations.of_cycle(at.tx, at.cycle) if one.kind == "secretary"}
    written = {one.person_id for one in await reflections.of_cycle(at.tx, at.cycle.group_id, at.cycle.id)}
    turns = []
    for place, one in enumerate(at.everybody):
        if one.id in written - marked - {secretary.id}:
            known = at.sample.people.get(one.name)
            marks = known.secretary if known else at.sample.secretary_of_others
            turns.append(
                at.turn(
                    begins + place * 4 * MINUTE,
                    f"mark {brief(one.id)}",
                    secretary,
                    f"测评 @{one.name} {marks}",
                    private=True,
                )
            )
    if not await evaluations.overall(at.tx, at.cycle):
        words = f"总评 {at.sample.overall}"
        turns.append(at.turn(begins + HOUR, "overall", secretary, words, private=True))
    return turns


async def _newsletter(at: _Place) -> list[Turn]:
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


async def _making(at: _Place, secretary: Member, *, asking: bool) -> Turn | None:
    picks = await newsletters.picks(at.tx, at.cycle)
    if not picks:
        best = ranked(await newsletters.candidates(at.tx, at.cycle))[:PICKED]
        rank = await reflections.rank_of(at.tx, at.cycle.group_id, at.cycle.id)
        codes = " ".join(code(rank, one.number) for one in best)
        return (
            at.turn(at.after(50 * MINUTE), "pick", secretary, f"简报 选 {codes}", private=True)
            if best
            else None
        )
    if not asking:
        return at.turn(at.after(55 * MINUTE), "ask", secretary, "简报 征求", private=True)
    if any(pick.consent == "yes" for pick in picks):
        return at.turn(at.after(22 * HOUR), "post", secretary, "简报 发布", private=True)
    return None


_Kind: TypeAlias = Callable[[_Place], Coroutine[Any, Any, list[Turn]]]
_KINDS: Mapping[Kind, _Kind] = {
    "practice": _practice,
    "reflection": _reflection,
    "review": _review,
    "evaluation": _evaluation,
    "newsletter": _newsletter,
}
