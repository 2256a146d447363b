"""Two reflections that are alike, read for the secretary to compare: in the chat, in one picture of their photos, and on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from content.beside import beside
from domain.group import Role
from domain.ids import from_brief
from domain.message import File, Line, line
from domain.outgoing import Made, Make, Order, Say
from storage import likenesses, members, pictures, prints, reflections
from storage.likenesses import Pair
from storage.media import MediaStore
from storage.pictures import Picture
from storage.reflections import Reflection
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
KIND = "alike"
ROWS = 3
"""Pairs of photos that are shown; a reflection has nine at most."""


@dataclass(frozen=True, slots=True)
class Side:
    work: Reflection
    code: str
    name: str
    """"" for somebody who has left."""

    @property
    def who(self) -> Line:
        return line("alike.who", code=self.code, name=self.name) if self.name else line("raw", text=self.code)


@dataclass(frozen=True, slots=True)
class Compared:
    """``photos``: the same photo as each of them has it, as many as are shown, the most alike first."""

    pairs: tuple[Pair, ...]
    """Two reflections may be alike in their words and in their photos: one of each."""
    one: Side
    other: Side
    photos: tuple[tuple[Picture, Picture], ...]

    @property
    def open(self) -> bool:
        return any(one.state == "open" for one in self.pairs)

    @property
    def file(self) -> File | None:
        return File(KIND, self.pairs[0].name) if self.photos else None


async def by_name(tx: Tx, group_id: int, secretary: int, name: str) -> tuple[Pair, ...]:
    """The pair, and what else those two are alike in; () where there is nothing any longer, or she wrote one of them herself."""
    found = await likenesses.of_reflection(tx, group_id, secretary, from_brief(name.partition("_")[0]))
    asked = next((one for one in found if one.name == name), None)
    return tuple(one for one in found if asked and one.other == asked.other)


async def compare(tx: Tx, pairs: Sequence[Pair]) -> Compared | None:
    """None where there are none, or one of them is gone."""
    named = [(pairs[0].group_id, id) for id in (pairs[0].one, pairs[0].other)] if pairs else []
    found = [await reflections.find(tx, *one) for one in named]
    works = [one for one in found if one]
    if len(works) < 2:
        return None
    one, other = works
    mine, theirs = [
        {picture.place: picture for picture in await pictures.of_reflection(tx, work.group_id, work.id)}
        for work in works
    ]
    places = await prints.same(tx, one.group_id, one.id, other.id)
    photos = tuple((mine[place], theirs[other_place]) for place, other_place in places[:ROWS])
    return Compared(tuple(pairs), await _side(tx, one), await _side(tx, other), photos)


async def _side(tx: Tx, one: Reflection) -> Side:
    author = await members.find(tx, one.group_id, one.person_id)
    return Side(one, await reflections.code_of(tx, one), author.name if author else "")


def makers(kept: MediaStore | None) -> Mapping[str, Maker]:
    """``kept``: where people's pictures are."""
    return {KIND: partial(_make, kept)}


async def _make(kept: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """``arg``: the pair's name. None for whoever is no secretary of the group, and for what is alike no more."""
    reader = await members.find(tx, order.group_id, order.person_id)
    if kept is None or reader is None or reader.role < Role.SECRETARY:
        return None
    found = await compare(tx, await by_name(tx, order.group_id, reader.id, order.file.arg))
    return partial(_made, kept, found) if found and found.photos else None


def _made(kept: MediaStore, found: Compared, say: Say) -> Made:
    """In the thread in which files are made, where no event loop runs."""
    rows = asyncio.run(_fetch(kept, found))
    one, other = found.one.code, found.other.code
    codes = line("alike.codes", one=one, other=other)
    return Made(f"{one}-{other}.jpg", beside(rows), "photo", say(line("alike.photos_alt", codes=codes)))


async def _fetch(kept: MediaStore, found: Compared) -> list[tuple[bytes, bytes]]:
    """Those of which both are still kept."""
    rows = [(await kept.get(one.hash), await kept.get(other.hash)) for one, other in found.photos]
    return [(one, other) for one, other in rows if one and other]
