"""The live side of an open page: server-sent events for what was said or changed, with nothing lost over a reconnect."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from domain.group import Language
from storage import talk
from storage.talk import Said
from storage.tx import Tx
from web.chat import language_of, quoted_in
from web.frame import times_of
from web.pages import Pages
from web.posted import number
from web.session import Door, Visit
from web.show import shown
from web.site import Site
from web.trouble import Trouble

HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent: proxies cut a connection that says nothing for 30 to 60 s."""
POLL = 3.0
"""Seconds between looks at the database, for what other processes wrote."""
_RETRY = 2000  # milliseconds the browser waits before it connects again
_BATCH = 100
_OVERLAP = 5_000 << 22
"""Five seconds of ids (domain/ids.py): what another process commits late, under an older id, is looked for that far back."""


class Stream:
    """One stream for each open page. A stream reads on when its page has taken what it gave, so a slow one holds up nothing."""

    def __init__(self, site: Site, pages: Pages, door: Door, *, poll: float = POLL) -> None:
        self._site = site
        self._pages = pages
        self._door = door
        self._poll = poll

    def routes(self) -> list[Route]:
        return [Route("/chat/{chat}/stream", self.open)]

    async def open(self, request: Request) -> Response:
        """Changes after ``Last-Event-ID`` (or ``?since=``), then whatever comes."""
        visit = await self._door.visit(request, request.path_params["chat"])
        since = number(request.headers.get("last-event-id")) or number(request.query_params.get("since")) or 0
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            self._events(request, visit, since), media_type="text/event-stream", headers=headers
        )

    async def _events(self, request: Request, visit: Visit, since: int) -> AsyncIterator[bytes]:
        hub, era = self._site.hub, _era(request, self._site.hub.era)
        news = News(self._site, self._pages, visit, language_of(request, visit), since)
        with hub.listen(_chats(visit)) as ear:
            yield f"retry: {_RETRY}\n\n".encode()
            quiet_since = self._site.passing()
            while not hub.closed and hub.era == era:
                for event in await news.read():
                    yield event
                    quiet_since = self._site.passing()
                for chat_id in await ear.wait(self._poll) - {visit.chat_id}:
                    yield _event("elsewhere", {"chat": chat_id})
                if self._site.passing() - quiet_since >= HEARTBEAT:
                    if not await self._still_welcome(request, visit):
                        yield _event("renewed", {})
                        return
                    yield b": still here\n\n"
                    quiet_since = self._site.passing()
        if not hub.closed:
            yield _event("renewed", {})

    async def _still_welcome(self, request: Request, visit: Visit) -> bool:
        try:
            return (await self._door.visit(request, visit.chat_id)).visitor.id == visit.visitor.id
        except Trouble:
            return False


class News:
    """What one page has not seen yet of its chat."""

    def __init__(self, site: Site, pages: Pages, visit: Visit, language: Language, since: int) -> None:
        self._site = site
        self._pages = pages
        self._visit = visit
        self._language = language
        self._since = since
        self._seen: dict[int, int] = {}
        """Message id → version last given, for what lies within the overlap. A page may be given once more what it was painted with."""

    async def read(self) -> list[bytes]:
        """The changes since the last call, as events, in their order."""
        changed, quoted = await self._site.database.read(_read, self._visit.chat_id, self._since - _OVERLAP)
        fresh = [said for said in changed if self._seen.get(said.id, 0) < said.version]
        events = []
        for said in fresh:
            self._since = max(self._since, said.version)
            self._seen[said.id] = said.version
            events.append(self._told(said, quoted))
        self._seen = {i: version for i, version in self._seen.items() if version > self._since - _OVERLAP}
        return events

    def _told(self, said: Said, quoted: dict[int, Said]) -> bytes:
        times = times_of(self._site, self._visit, self._language)
        m = shown(said, self._visit.user_id, times, quoted)
        chat = self._visit.chat_id
        told = {
            "id": str(said.id),
            "version": str(said.version),
            "html": self._pages.part("message.html", self._language, m=m, chat=chat),
        }
        if said.pinned:
            told["board"] = self._pages.part("board.html", self._language, m=m, chat=chat)
        return _event("message", told, self._since)


async def _read(tx: Tx, chat_id: str, from_version: int) -> tuple[list[Said], dict[int, Said]]:
    """What changed after ``from_version``, in batches until it is all."""
    changed: list[Said] = []
    while True:
        batch = await talk.since(tx, chat_id, from_version, _BATCH)
        changed += batch
        if len(batch) < _BATCH:
            return changed, await quoted_in(tx, chat_id, changed)
        from_version = batch[-1].version


def _chats(visit: Visit) -> set[str]:
    return {visit.chat_id, f"p{visit.visitor.id}", *(room.chat_id for room in visit.rooms)}


def _era(request: Request, now: int) -> int:
    asked = number(request.query_params.get("era"))
    return now if asked is None else asked


def _event(kind: str, told: dict[str, str], cursor: int | None = None) -> bytes:
    head = f"id: {cursor}\n" if cursor is not None else ""
    return f"{head}event: {kind}\ndata: ".encode() + orjson.dumps(told) + b"\n\n"
