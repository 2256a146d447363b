"""Peer review: who reads whose reflection, what happens when somebody cannot, and what it comes to.

Nothing is decided once and for all: `repair` looks at who is there now, and asks for what is missing. It runs as the stage opens, when
a lease runs out, when somebody leaves, goes on leave or hands in late, and once a day; a second time it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from domain.cycle import Cycle
from domain.day import DAY
from domain.group import Group, Member
from domain.ids import Ids, brief, from_brief
from domain.marks import odd_ones
from domain.message import Button, Line, Live, Message, line
from domain.peer import MOST_INVITED, Asked, Piece, lease, named_in, repaired
from domain.reflection import code
from scheduler.stages.kind import Firing, Opening
from scheduler.stages.review_lines import odd_line, result
from storage import cycles, due, exclusions, leaves, members, reflections, review_marks, reviews
from storage.due import Due
from storage.reviews import REPAIR, Entry, Review
from storage.tx import Tx

REVIEWS = "reviews"
"""The live board of a review stage; its argument is `Firing.arg`."""
LOOKED_BACK = 180 * DAY
"""Reviews that old still say how somebody marks."""
_BUTTONS_IN_ROW = 3


class Reviewing:
    async def open(self, at: Firing) -> Opening:
        if at.late:
            return Opening()
        found = await repair(at, opening=True)
        if len(found) < 2:
            return Opening((line("peer.too_few"),))
        each = min(at.stage.spec.reviews, len(found) - 1)
        return Opening((line("peer.opened", count=len(found), each=each),), live=Live(REVIEWS, at.arg))

    async def owing(self, at: Firing) -> list[Member]:
        owing = await reviews.owing(at.tx, at.cycle, at.stage.place)
        return [one for one in await members.in_group(at.tx, at.group.id) if one.id in owing]

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (mine_button(),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        marked = await review_marks.marks_of(at.tx, at.cycle, at.stage.place)
        rank = await reflections.rank_of(at.tx, at.group.id, at.cycle.id)
        people = {one.id: one for one in await members.in_group(at.tx, at.group.id)}
        for one in marked:
            await at.tell_person(people[one.entry.author], result(at.stage.spec, rank, one))
        await _show_odd_ones(at, people)
        given = sum(len(one.reviews) + len(one.invited) for one in marked)
        if not given:
            return (line("peer.closed_without"),) if marked else ()
        return (line("peer.closed", count=given, works=sum(bool(one.reviews) for one in marked)),)


async def fire_repair(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Do what a due row of kind `REPAIR` stands for."""
    name, _, place = row.key.partition("_")
    found = await cycles.stage(tx, group.id, from_brief(name), int(place))
    if found is None or found[0].state != "running" or found[1].state != "open":
        return
    if group.paused:
        await due.plan(tx, group.id, REPAIR, row.key, now + DAY)
        return
    await repair(Firing(tx, ids, group, *found, now))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What repair looks at. ``gone``: reviews nobody will give; ``apart``: pairs of people who do not review one another."""

    entries: dict[int, Entry]
    names: dict[str, int]
    people: dict[int, Member]
    there: dict[int, int]
    held: list[Review]
    gone: list[Review]
    apart: set[tuple[int, int]]


async def repair(at: Firing, *, opening: bool = False) -> dict[int, Entry]:
    """Ask for the reviews that are missing, tell whom it is about, and plan to look again. What there is to be reviewed."""
    scene = await _look(at)
    await reviews.drop(at.tx, at.group.id, scene.gone)
    change = repaired(
        _pieces(scene, await reviews.sides(at.tx, at.cycle)),
        scene.there,
        [_asked(at, scene, one) for one in scene.held if one.kind == "allotted"],
        at.stage.spec.reviews,
        scene.apart,
        seed=at.cycle.id + len(scene.held),
    )
    until = lease(at.now, at.stage.closes_at)
    await reviews.hand_on(at.tx, at.group.id, change.hand_on)
    await reviews.ask(at.tx, at.cycle, change.ask, "allotted", at.now, until)
    if opening:
        await _tell_those_invited_before(at, scene, change.ask)
    await _invite_those_named(at, scene)
    rank = await reflections.rank_of(at.tx, at.group.id, at.cycle.id)
    await _tell(at, scene, rank, change.ask, change.hand_on)
    await _tell_of_bare_ones(at, scene, rank, {work for _, work in change.ask}, opening=opening)
    leases = [one.lease_until for one in scene.held if one.state == "asked" and one.lease_until]
    coming = [one for one in (*leases, until) if one > at.now]
    await due.plan(at.tx, at.group.id, REPAIR, at.arg, min(*coming, at.now + DAY))
    if not opening and (change.ask or change.hand_on or scene.gone):
        await at.tell(Message(live=Live(REVIEWS, at.arg), silent=True), slot=f"board:{at.arg}")
    return scene.entries


async def _look(at: Firing) -> _Scene:
    entries = {one.id: one for one in await reviews.entries(at.tx, at.cycle, at.stage.place)}
    people = {one.id: one for one in await members.in_group(at.tx, at.group.id)}
    away = await leaves.away(at.tx, at.group.id, at.group.settings.day(at.now))
    apart = await exclusions.pairs(at.tx, at.group.id)
    sides = await reviews.sides(at.tx, at.cycle)
    held, gone = [], []
    for one in await reviews.of_stage(at.tx, at.cycle, at.stage.place):
        if one.state == "done" or (one.state == "asked" and _can_still(one, entries, people, apart)):
            held.append(one)
        elif one.state == "asked":
            gone.append(one)
    there = {one.author: sides.get(one.author, 0) for one in entries.values() if one.author not in away}
    names = {one.name.casefold(): one.id for one in people.values()}
    return _Scene(entries, names, people, there, held, gone, apart)


def _can_still(
    one: Review, entries: dict[int, Entry], people: dict[int, Member], apart: Collection[tuple[int, int]]
) -> bool:
    if one.reflection_id not in entries or one.person_id not in people:
        return False
    author = entries[one.reflection_id].author
    return (min(author, one.person_id), max(author, one.person_id)) not in apart


def _pieces(scene: _Scene, sides: dict[int, int]) -> list[Piece]:
    taken: dict[int, set[int]] = {}
    for one in scene.held:
        if one.kind == "invited" and one.state == "done":
            taken.setdefault(one.reflection_id, set()).add(one.person_id)
    return [
        Piece(one.id, one.author, sides.get(one.author, 0), frozenset(taken.get(one.id, ())))
        for one in scene.entries.values()
    ]


def _asked(at: Firing, scene: _Scene, one: Review) -> Asked:
    """Whoever is away holds nothing up: they may still give it, and somebody else is asked as well."""
    runs = one.lease_until is not None and one.lease_until > at.now
    away = one.person_id not in scene.there and any(
        one.person_id == entry.author for entry in scene.entries.values()
    )
    live = one.state == "asked" and runs and not away
    return Asked(one.person_id, one.reflection_id, one.state == "done", live, bool(one.scores or one.comment))


async def _invite_those_named(at: Firing, scene: _Scene) -> None:
    """Whom an author calls by @name in the reflection may review it too: a bonus, which never counts for the grade."""
    known = {
        (one.person_id, one.reflection_id) for one in await reviews.of_stage(at.tx, at.cycle, at.stage.place)
    }
    for entry in scene.entries.values():
        named = named_in(entry.body, scene.names) if "@" in entry.body or "＠" in entry.body else []
        for person in named[:MOST_INVITED]:
            may = person != entry.author and _pair(person, entry.author) not in scene.apart
            if may and (person, entry.id) not in known:
                await invite(at, entry, scene.people[person])


async def _tell_those_invited_before(at: Firing, scene: _Scene, asked: Collection[tuple[int, int]]) -> None:
    """By an @ under the reflection while it was not reviewed yet."""
    for one in scene.held:
        early = one.kind == "invited" and one.state == "asked"
        if early and (one.person_id, one.reflection_id) not in asked:
            who = line("peer.invited_by_somebody")
            await _tell_invited(at, scene.entries[one.reflection_id], scene.people[one.person_id], who)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


async def invite(at: Firing, entry: Entry, person: Member, *, by: str = "") -> None:
    """``by``: who would like it, if not the author. Before reviewing begins it is noted, and said as it does."""
    await reviews.ask(at.tx, at.cycle, [(person.id, entry.id)], "invited", at.now, None)
    if at.stage.state != "planned":
        await _tell_invited(at, entry, person, line("peer.invited_by", name=by or entry.name))


async def _tell_invited(at: Firing, entry: Entry, person: Member, who: Line) -> None:
    name = code(await reflections.rank_of(at.tx, at.group.id, at.cycle.id), entry.number)
    await at.tell_person(
        person,
        Message(
            (line("peer.invited", who=who, code=name),),
            buttons=((Button(line("peer.read", code=name), "peer", f"r_{brief(entry.id)}"),),),
        ),
    )


async def _tell(
    at: Firing,
    scene: _Scene,
    rank: int,
    ask: Iterable[tuple[int, int]],
    hand_on: Iterable[tuple[int, int]],
) -> None:
    """One message to everybody whom the change is about: what to read, and what somebody else reads instead."""
    asked: dict[int, list[Entry]] = {}
    handed: dict[int, list[Entry]] = {}
    for pairs, found in ((ask, asked), (hand_on, handed)):
        for who, work in pairs:
            found.setdefault(who, []).append(scene.entries[work])
    for who in sorted({*asked, *handed}):
        if who in scene.people:
            said = _asking(at, rank, asked.get(who, []), handed.get(who, []))
            await at.tell_person(scene.people[who], said)


def _asking(at: Firing, rank: int, asked: list[Entry], handed: list[Entry]) -> Message:
    lines = []
    if asked:
        lines.append(line("peer.asked", stage=at.stage.spec.title, codes=_codes(rank, asked)))
        lines.append(how(at, code(rank, asked[0].number)))
    if handed:
        lines.append(line("peer.handed_on", codes=_codes(rank, handed)))
    return Message(tuple(lines), buttons=reading_buttons(rank, asked))


def how(at: Firing, example: str) -> Line:
    """How a review is written, by the rubric's own criteria."""
    rubric = at.stage.spec.rubric
    return line(
        "peer.how" if at.stage.spec.comment_chars else "peer.how_free",
        code=example,
        criteria=tuple(line("raw", text=one) for one in rubric.criteria),
        most=rubric.most,
        scores=" ".join(str(max(rubric.most - n % 2, 1)) for n in range(len(rubric.criteria))),
        chars=at.stage.spec.comment_chars,
    )


def mine_button() -> Button:
    return Button(line("peer.board_mine"), "peer", "m")


def reading_buttons(rank: int, entries: list[Entry]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(line("peer.read", code=code(rank, one.number)), "peer", f"r_{brief(one.id)}")
        for one in entries
    ]
    return tuple(tuple(buttons[n : n + _BUTTONS_IN_ROW]) for n in range(0, len(buttons), _BUTTONS_IN_ROW))


def _codes(rank: int, entries: list[Entry]) -> tuple[Line, ...]:
    return tuple(line("raw", text=code(rank, one.number)) for one in entries)


async def _tell_of_bare_ones(
    at: Firing, scene: _Scene, rank: int, asked: Collection[int], *, opening: bool
) -> None:
    """Works that nobody is left to review are the secretary's to mark, who hears of each once."""
    covered = {one.reflection_id for one in scene.held if one.kind == "allotted"} | set(asked)
    lost = {one.reflection_id for one in scene.gone}
    bare = [one for one in scene.entries.values() if one.id not in covered and (opening or one.id in lost)]
    if bare:
        said = line("peer.bare", codes=_codes(rank, bare), code=code(rank, bare[0].number))
        for secretary in await members.secretaries(at.tx, at.group.id):
            await at.tell_person(secretary, Message((said,)))


async def _show_odd_ones(at: Firing, people: dict[int, Member]) -> None:
    """Whose reviews lie far from the others', with the numbers, to the secretaries alone; nothing is weighted."""
    since = at.now - LOOKED_BACK
    found = odd_ones(await review_marks.given_since(at.tx, at.group.id, since))
    here = await _reviewers_of(at.tx, at.cycle, at.stage.place)
    lines = [odd_line(people[one.person].name, one) for one in found if one.person in people.keys() & here]
    if lines:
        said = Message((*lines, line("peer.odd_why")), title=line("peer.odd_title", cycle=at.cycle.title))
        for secretary in await members.secretaries(at.tx, at.group.id):
            await at.tell_person(secretary, said)


async def _reviewers_of(tx: Tx, cycle: Cycle, place: int) -> set[int]:
    return {one.person_id for one in await reviews.of_stage(tx, cycle, place) if one.state == "done"}
