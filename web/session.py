"""Who is visiting, and what they may see: a session from a login link, or in the demonstration whoever one chose to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from domain.group import Language, Role, Settings
from storage import logins, overview
from storage.overview import Room, Visitor
from storage.tx import Tx
from web.site import Site
from web.trouble import Trouble

SESSION = "session"
PERSONA = "persona"
_SAME_SITE = {"same-origin"}
_CHAT = re.compile(r"[gnp]?[0-9A-Za-z_-]{1,40}$")


@dataclass(frozen=True, slots=True)
class Visit:
    """One person looking at one chat: a group's, or (without a room) their own with the bot."""

    visitor: Visitor
    chat_id: str
    room: Room | None
    rooms: tuple[Room, ...]

    @property
    def user_id(self) -> str:
        return str(self.visitor.id)

    @property
    def about(self) -> Room | None:
        """The group that is meant: the room's, or in private the first of the person's own. None where none is set up yet."""
        if self.room:
            return self.room if self.room.group_id else None
        return next((room for room in self.rooms if room.role >= Role.MEMBER), None)

    @property
    def settings(self) -> Settings:
        return self.about.settings if self.about else Settings()

    @property
    def group_language(self) -> Language | None:
        return self.about.settings.language if self.about else None

    def day(self, now: int) -> date:
        return self.settings.day(now)


class Door:
    """Lets people in, and keeps others' pages from posting in their name."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def playing(self, request: Request) -> bool:
        """Whether this is the demonstration, looked at from this very machine.

        The Host is checked too: another site's name that was made to point at this machine (DNS rebinding) is not ours.
        """
        return self._site.demo is not None and _is_loopback_host(request) and _is_loopback_client(request)

    def check_origin(self, request: Request) -> None:
        """Raises `Trouble` unless the request was made by one of our own pages."""
        fetch_site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if fetch_site is not None:
            ours = fetch_site in _SAME_SITE
        else:
            ours = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
        if not ours:
            raise Trouble(403, "page.foreign")

    async def person_id(self, request: Request) -> int:
        """Who is visiting. Raises `Trouble` for a stranger."""
        found = await self._persona(request) if self.playing(request) else await self._member(request)
        if found is None:
            raise Trouble(403, "page.stranger")
        return found

    async def visit(self, request: Request, chat_id: str | None) -> Visit:
        """The person at that chat (None for the one to begin with). A chat that is not theirs does not exist for them."""
        person_id = await self.person_id(request)
        visit = await self._site.database.read(_visit, self._site.account, person_id, chat_id)
        if visit is None:
            raise Trouble(404, "page.no_such_chat")
        return visit

    async def _member(self, request: Request) -> int | None:
        session = request.cookies.get(SESSION)
        if not session:
            return None
        return await self._site.database.read(logins.visitor, session, self._site.clock())

    async def _persona(self, request: Request) -> int | None:
        assert self._site.demo is not None
        known = [person_id for person_id, _, _ in await self._site.demo.personas()]
        chosen = request.cookies.get(PERSONA)
        return next((p for p in known if str(p) == chosen), known[0] if known else None)


async def _visit(tx: Tx, account: str, person_id: int, chat_id: str | None) -> Visit | None:
    visitor = await overview.person(tx, person_id)
    if visitor is None or (chat_id is not None and not _CHAT.match(chat_id)):
        return None
    rooms = tuple(await overview.rooms(tx, account, person_id))
    private = f"p{person_id}"
    wanted = chat_id or (rooms[0].chat_id if rooms else private)
    if wanted == private:
        return Visit(visitor, private, None, rooms)
    room = next((r for r in rooms if r.chat_id == wanted), None)
    return Visit(visitor, wanted, room, rooms) if room else None


def _is_loopback_host(request: Request) -> bool:
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def _is_loopback_client(request: Request) -> bool:
    return request.client is not None and _is_loopback(request.client.host)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
