"""A work's first file, shown in the chat to whoever asks for the work; and what there is to say of files that cannot be shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from content.films import ending
from domain.file import document_name
from domain.ids import brief, from_brief
from domain.message import File, Line, line
from domain.outgoing import Made, Make, Order, Say
from storage import members, pictures, works
from storage.media import MediaStore
from storage.pictures import Picture
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
KIND = "work_file"


def makers(kept: MediaStore | None) -> Mapping[str, Maker]:
    """``kept``: where people's files are."""
    return {KIND: partial(_make, kept)}


def first_file(found: list[Picture]) -> File | None:
    """Of those that are there; the others are on the page."""
    there = [one for one in found if one.state == "there"]
    return File(KIND, f"{brief(there[0].reflection_id)}_{there[0].place}") if there else None


def waiting(found: list[Picture]) -> list[Line]:
    """What of them cannot be seen, and why."""
    states = {one.state for one in found}
    said = {"pending": line("works.coming"), "broken": line("works.lost")}
    return [told for state, told in said.items() if state in states]


async def _make(kept: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """``arg``: work and place. None for whoever is no member, and for what was taken back."""
    name, _, place = order.file.arg.partition("_")
    id = from_brief(name)
    work = await works.sender(tx, order.group_id, id)
    if kept is None or work is None:
        return None
    if order.person_id and await members.find(tx, order.group_id, order.person_id) is None:
        return None
    for one in await pictures.of_reflection(tx, order.group_id, id):
        if one.place == int(place) and one.hash:
            return partial(_made, kept, one, work[1])
    return None


def _made(kept: MediaStore, one: Picture, number: int, say: Say) -> Made:
    """In the thread in which files are made, where no event loop runs."""
    content = asyncio.run(_fetch(kept, one.hash))
    if one.kind == "document":
        return Made(document_name(one.source.name), content)
    name = f"W{number}-{one.place + 1}.{ending(content)}"
    if one.kind != "photo":
        return Made(name, content)
    return Made(name, content, "photo", say(line("works.photo_of", number=number)))


async def _fetch(kept: MediaStore, key: str) -> bytes:
    return await kept.get(key) or b""
