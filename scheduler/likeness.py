"""Compares what was handed in with the rest of the group's and shows the secretaries what is alike. Nobody else is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.group import Group, Member
from domain.ids import Ids, brief, from_brief
from domain.likeness import bands, given, likeness, own_grams
from domain.message import Button, Line, Message, Priority, line
from domain.prints import chunks, same_percent
from domain.template import Template
from storage import cycles, likenesses, members, prints, reflections, sketches
from storage.due import Due
from storage.likenesses import Pair, look_at, pair
from storage.reflections import Reflection
from storage.telling import tell_person
from storage.tx import Tx

LIKENESS = likenesses.LIKENESS
COMPARED = 50
"""So many that share most with a text are compared with it word for word."""
NEAR_PICTURES = 5
TOLD = 5
"""Pairs in one message; the others stand in the list."""
_GIVEN_BEFORE = timedelta(days=31)
_GIVEN_ITEMS = 40


async def on_picture(tx: Tx, group_id: int, reflection_id: int, now: int) -> None:
    """To be called where a picture's print is written down, in the same transaction."""
    await look_at(tx, group_id, reflection_id, now)


async def check(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Find what is like the reflection of the due row; tell the secretaries of pairs that are new."""
    one = await reflections.find(tx, group.id, from_brief(row.key))
    if one is None or one.state != "handed":
        await sketches.forget(tx, group.id, from_brief(row.key))
        return
    shots = [shot for _, shot in await prints.of_reflection(tx, group.id, one.id)]
    found = [*await _like_text(tx, one, shots), *await _like_pictures(tx, one, shots)]
    news = await likenesses.replace(tx, group.id, one.id, found, now)
    if news:
        await _tell(tx, ids, group, news, now)


async def quoted(tx: Tx, one: Reflection) -> frozenset[str]:
    """The passages of what everybody was given: the texts of the activity, and the items of the days before it and during it."""
    cycle = await cycles.find(tx, one.group_id, one.cycle_id)
    if cycle is None:
        return frozenset()
    since = (cycle.starts_on - _GIVEN_BEFORE).isoformat()
    items = await likenesses.given(tx, one.group_id, since, _GIVEN_ITEMS)
    return given((*_texts(cycle.plan), *items))


def _texts(plan: Template) -> tuple[str, ...]:
    return tuple(
        text for spec in plan.stages for text in (spec.text, *spec.materials, *spec.questions) if text
    )


async def _like_text(tx: Tx, one: Reflection, shots: list[str]) -> list[Pair]:
    """Keeps its sketch too, so that later ones are compared with it."""
    passages = await quoted(tx, one)
    mine = own_grams(one.body, passages)
    sketch = bands(mine)
    await sketches.keep(tx, one.group_id, one.id, sketch, map(chunks, shots))
    others = await sketches.like_text(tx, one.group_id, one.id, sketch, COMPARED)
    alike = [(id, likeness(mine, own_grams(body, passages)).percent) for id, body in others]
    return [pair(one.group_id, one.id, id, "text", percent) for id, percent in alike if percent]


async def _like_pictures(tx: Tx, one: Reflection, shots: list[str]) -> list[Pair]:
    found: dict[int, int] = {}
    for shot in shots:
        for near in await prints.near(tx, one.group_id, shot, NEAR_PICTURES, but=one.id):
            found[near.reflection_id] = max(same_percent(near.bits), found.get(near.reflection_id, 0))
    return [pair(one.group_id, one.id, id, "photo", percent) for id, percent in found.items()]


async def _tell(tx: Tx, ids: Ids, group: Group, news: list[Pair], now: int) -> None:
    """Each secretary in private, after the quiet hours; nobody hears of what they wrote themselves."""
    authors = {one: await _authors(tx, one) for one in news}
    for secretary in await members.secretaries(tx, group.id):
        theirs = [one for one in news if secretary.id not in authors[one]]
        if theirs:
            await _tell_one(tx, ids, group, secretary, theirs, now)


async def _tell_one(tx: Tx, ids: Ids, group: Group, secretary: Member, news: list[Pair], now: int) -> None:
    said = [await describe(tx, one, "found") for one in news[:TOLD]]
    more = (line("alike.more", count=len(news) - TOLD),) if len(news) > TOLD else ()
    buttons = await beside(tx, news[:TOLD])
    await tell_person(
        tx,
        ids,
        now,
        group,
        secretary,
        Message((*said, *more, line("alike.yours")), buttons=tuple((button,) for button in buttons)),
        priority=Priority.REMINDER,
        not_before=group.settings.after_quiet(now),
    )


async def _authors(tx: Tx, one: Pair) -> set[int]:
    both = [await reflections.find(tx, one.group_id, id) for id in (one.one, one.other)]
    return {found.person_id for found in both if found}


async def beside(tx: Tx, pairs: Sequence[Pair]) -> list[Button]:
    """Each shows two reflections, in whatever they are alike."""
    first = {(one.one, one.other): one for one in reversed(pairs)}
    shown = [one for one in pairs if first[one.one, one.other] == one]
    return [
        Button(line("alike.beside", codes=await codes(tx, one)), "alike", f"s_{one.name}") for one in shown
    ]


async def describe(tx: Tx, one: Pair, how: str) -> Line:
    """``found`` as it is told at first, ``listed`` as it stands in the list."""
    return line(f"alike.{how}_{one.kind}", codes=await codes(tx, one), percent=one.percent)


async def codes(tx: Tx, one: Pair) -> Line:
    newer, older = [await _code(tx, one.group_id, id) for id in (one.one, one.other)]
    return line("alike.codes", one=newer, other=older)


async def _code(tx: Tx, group_id: int, id: int) -> str:
    found = await reflections.find(tx, group_id, id)
    return await reflections.code_of(tx, found) if found else brief(id)
