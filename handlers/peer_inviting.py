"""Whom one would like to hear from: 评 A12 @李四, or an @ in what answers the reflection itself.

An invited review is an extra: the author sees it, and it never counts for the grade.
"""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.group import Member
from domain.message import Message, line
from domain.peer import MOST_INVITED
from handlers import peer_work, reflection_shown
from handlers.call import Call, Heard, Reply, done_mark
from handlers.peer_work import Target, check_open
from handlers.people import everybody_named, person_meant
from scheduler.stages.review import invite
from storage import exclusions, members, reviews
from storage.reviews import Entry


async def invite_named(call: Call, target: Target, text: str) -> Reply:
    """By the @names after the number."""
    check_open(call, target)
    people = await everybody_named(call)
    if len(people) < 2:
        people = [await _one(replace(call, args=text))]
    for person in people:
        if person.id == target.work.person_id:
            raise UserError("peer.is_the_author", name=person.name, code=target.name)
    return await _invite(call, target, people)


async def _one(call: Call) -> Member:
    person = await person_meant(call, "peer")
    if isinstance(person, Message):
        raise UserError("person.name_needed")
    return person


async def invited_under(call: Call) -> Heard | None:
    """Whoever is called by @ under a reflection is invited to it; before reviewing begins, they hear of it once it does."""
    event = call.incoming
    if call.known_me is None or event.attachments or not _calls_somebody(call):
        return None
    work = await reflection_shown.answered(call)
    target = await peer_work.of(call, work) if work else None
    if target is None:
        return None
    named = [one for one in await everybody_named(call) if one.id not in (call.me.id, target.work.person_id)]
    if not named:
        return Heard() if event.addressed else None  # said to the author, or to nobody we know
    if target.at.stage.state == "closed" and not event.addressed:
        return None
    if target.at.stage.state != "planned":
        check_open(call, target)
    return Heard(await _invite(call, target, named))


def _calls_somebody(call: Call) -> bool:
    event = call.incoming
    return bool(event.reply_to) and bool(event.mentions or "@" in event.text or "＠" in event.text)


async def _invite(call: Call, target: Target, people: list[Member]) -> Reply:
    """Who was asked already is not asked again. Raises UserError where one of them may not, or they are too many."""
    there = await reviews.of_work(call.tx, call.group.id, target.work.id)
    known = {one.person_id for one in there if one.kind in ("allotted", "invited")}
    new = [one for one in people if one.id not in known]
    waiting = sum(one.kind == "invited" and one.state == "asked" for one in there)
    if waiting + len(new) > MOST_INVITED:
        raise UserError("peer.invited_enough", code=target.name, most=MOST_INVITED)
    for one in new:
        if await exclusions.apart(call.tx, call.group.id, one.id, target.work.person_id):
            raise UserError("peer.not_by_them", name=one.name, code=target.name)
    author = await members.find(call.tx, call.group.id, target.work.person_id)
    name = author.name if author else target.name
    entry = Entry(target.work.id, target.work.number, target.work.person_id, name, "")
    for one in new:
        await invite(target.at, entry, one, by=call.me.name)
    names = tuple(line("raw", text=one.name) for one in people)
    return done_mark(call, line("peer.invited_them", names=names, code=target.name))
