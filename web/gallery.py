"""The gallery of an activity: photos of what was handed in, and works with all their files; for the members of the group alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.cycle import Cycle
from domain.file import document_name, shown_size
from domain.ids import from_brief
from domain.message import Line, line
from domain.reflection import code, preview
from domain.works import is_for_works
from storage import cycles, members, pictures, reflections, works
from storage.pictures import Picture, PictureKind
from storage.tx import Tx
from web.chat import language_of
from web.pages import Pages
from web.pictures import chat_of, groups_of
from web.session import Door
from web.site import Site
from web.trouble import Trouble

PAGE = 24
"""Entries of a page; each has few pictures."""
_NAMED = re.compile(r"(?P<group>[0-9a-z]{1,13})-(?P<cycle>[0-9a-z]{1,13})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A reflection or a work: its number as people say it, who made it, a line of its words."""

    group_id: int
    id: int
    number: str
    author: str
    title: str
    words: str
    photos: tuple[Picture, ...] = ()

    @property
    def coming(self) -> int:
        return sum(one.state == "pending" for one in self.photos)

    @property
    def seen(self) -> list[Picture]:
        """What is looked at: photos and films."""
        return self._there("photo", "video")

    @property
    def heard(self) -> list[Picture]:
        return self._there("audio")

    @property
    def documents(self) -> list[tuple[str, str, str]]:
        """(hash, name, size) of what is taken away."""
        return [
            (one.hash, document_name(one.source.name), shown_size(one.source.size or 0))
            for one in self._there("document")
        ]

    def _there(self, *kinds: PictureKind) -> list[Picture]:
        return [one for one in self.photos if one.state == "there" and one.kind in kinds]


@dataclass(frozen=True, slots=True)
class Shelf:
    cycle: Cycle
    entries: tuple[Entry, ...]
    page: int
    pages: int
    count: int


class Gallery:
    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/gallery/{named}", self.find, methods=["GET"]),
            Route("/chat/{chat}/gallery/{cycle}", self.show, methods=["GET"]),
        ]

    async def find(self, request: Request) -> Response:
        """From the address that stands in messages to the page in the reader's own chat of that group."""
        named = _NAMED.fullmatch(request.path_params["named"])
        visit = await self._door.visit(request, None)
        chat_id = chat_of(visit, from_brief(named["group"])) if named else None
        if named is None or chat_id is None:
            raise Trouble(404, "gallery.none")
        return RedirectResponse(f"/chat/{chat_id}/gallery/{named['cycle']}", 303)

    async def show(self, request: Request) -> Response:
        visit = await self._door.visit(request, request.path_params["chat"])
        page = request.query_params.get("page", "1")
        shelf = await self._site.database.read(
            _read,
            groups_of(visit),
            from_brief(request.path_params["cycle"]),
            int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )
        if shelf is None:
            raise Trouble(404, "gallery.none")
        return self._pages.page(
            request,
            "gallery.html",
            language_of(request, visit),
            shelf=shelf,
            chat=visit.chat_id,
            here=request.url.path + (f"?page={shelf.page}" if shelf.page > 1 else ""),
            alt=_alt,
        )


def _alt(entry: Entry, place: int) -> Line:
    return line("gallery.photo_of", code=entry.number, name=entry.author, place=place)


async def _read(tx: Tx, groups: list[int], cycle_id: int, page: int) -> Shelf | None:
    for group_id in groups:
        cycle = await cycles.find(tx, group_id, cycle_id)
        if cycle is not None:
            return await _shelf(tx, cycle, page)
    return None


async def _shelf(tx: Tx, cycle: Cycle, page: int) -> Shelf:
    entries = [*await _works(tx, cycle), *await _reflections(tx, cycle)]
    pages = max(-(-len(entries) // PAGE), 1)
    page = min(max(page, 1), pages)
    shown = [await _with_photos(tx, one) for one in entries[(page - 1) * PAGE : page * PAGE]]
    return Shelf(cycle, tuple(shown), page, pages, len(entries))


async def _reflections(tx: Tx, cycle: Cycle) -> list[Entry]:
    """Of whoever has left the name is no longer shown."""
    rank = await reflections.rank_of(tx, cycle.group_id, cycle.id)
    names = {one.id: one.name for one in await members.in_group(tx, cycle.group_id)}
    return [
        Entry(
            cycle.group_id,
            one.id,
            code(rank, one.number),
            names.get(one.person_id, ""),
            "",
            preview(one.body),
        )
        for one in await reflections.of_cycle(tx, cycle.group_id, cycle.id)
    ]


async def _works(tx: Tx, cycle: Cycle) -> list[Entry]:
    shown = [
        one
        for stage in await cycles.stages(tx, cycle)
        if is_for_works(stage.spec)
        for one in await works.of_stage(tx, stage)
    ]
    return [
        Entry(cycle.group_id, one.id, f"W{one.number}", one.name, one.title, preview(one.text))
        for one in shown
    ]


async def _with_photos(tx: Tx, entry: Entry) -> Entry:
    return replace(entry, photos=tuple(await pictures.of_reflection(tx, entry.group_id, entry.id)))
