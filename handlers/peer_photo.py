"""A photo of a reflection, for whoever reads it to review it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from domain.ids import brief, from_brief
from domain.message import File, Line, line
from domain.outgoing import Made, Make, Order, Say
from storage import members, pictures, reflections
from storage.media import MediaStore
from storage.pictures import Picture
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
KIND = "work_photo"
SHOWN = 3
"""More pictures than these are looked at on the page: each is a message of its own."""


def makers(photos: MediaStore | None) -> Mapping[str, Maker]:
    """``photos``: where they are kept."""
    return {KIND: partial(_make, photos)}


def photo_files(found: list[Picture]) -> list[File]:
    """Of those that are there, as many as are shown in the chat."""
    there = [one for one in found if one.state == "there" and one.kind == "photo"]
    return [File(KIND, f"{brief(one.reflection_id)}_{one.place}") for one in there[:SHOWN]]


def rest(found: list[Picture]) -> list[Line]:
    """What of them is not shown: on its way yet, or too much for a chat."""
    coming = sum(one.state == "pending" for one in found)
    kept = sum(one.state == "there" for one in found) - len(photo_files(found))
    lines = [line("peer.photos_coming", count=coming)] if coming else []
    return lines + ([line("peer.photos_more", count=kept)] if kept else [])


async def _make(photos: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """``arg``: reflection and place. None for whoever is no member, and for what was taken back."""
    id, _, place = order.file.arg.partition("_")
    work = await reflections.find(tx, order.group_id, from_brief(id))
    if photos is None or work is None or work.state != "handed":
        return None
    if await members.find(tx, order.group_id, order.person_id) is None:
        return None
    for one in await pictures.of_reflection(tx, order.group_id, work.id):
        if one.place == int(place) and one.hash:
            return partial(_made, photos, one, await reflections.code_of(tx, work))
    return None


def _made(photos: MediaStore, one: Picture, code: str, say: Say) -> Made:
    """In the thread in which files are made, where no event loop runs."""
    content = asyncio.run(_fetch(photos, one.hash))
    return Made(f"{code}-{one.place + 1}.jpg", content, "photo", say(line("peer.photo_of", code=code)))


async def _fetch(photos: MediaStore, key: str) -> bytes:
    return await photos.get(key) or b""
