"""Two reflections that are alike, side by side, for a secretary of their group alone: what both say is marked, and the photos stand
beside each other. She decides there as well; each look is noted, as it is in the chat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.group import Role
from domain.ids import Ids, from_brief
from domain.likeness import Passage, marked
from domain.message import Line
from handlers.likeness_pair import Compared, by_name, compare
from scheduler.likeness import describe, quoted
from storage import audit, likenesses
from storage.likenesses import Pair, State
from storage.tx import Tx
from web.body import fields, text_of
from web.chat import language_of
from web.pages import Pages
from web.pictures import chat_of
from web.session import Door, Visit
from web.site import Site
from web.trouble import Trouble

_NAMED = re.compile(r"(?P<group>[0-9a-z]{1,13})-(?P<pair>[0-9a-z]{1,13}_[0-9a-z]{1,13})")
_PAIR = re.compile(r"[0-9a-z]{1,13}_[0-9a-z]{1,13}")
_DECISIONS: dict[str, State] = {"fine": "fine", "spoken": "spoken"}


@dataclass(frozen=True, slots=True)
class Shown:
    found: Compared
    told: tuple[Line, ...]
    """What the two are alike in."""
    texts: tuple[tuple[Passage, ...], tuple[Passage, ...]]


class LikenessPage:
    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/alike/{named}", self.find, methods=["GET"]),
            Route("/chat/{chat}/alike/{pair}", self.page, methods=["GET"]),
            Route("/chat/{chat}/alike/{pair}", self.decide, methods=["POST"]),
        ]

    async def find(self, request: Request) -> Response:
        """From the address that stands in messages to the page in the reader's own chat of that group."""
        named = _NAMED.fullmatch(request.path_params["named"])
        visit = await self._door.visit(request, None)
        chat_id = chat_of(visit, from_brief(named["group"]), Role.SECRETARY) if named else None
        if named is None or chat_id is None:
            raise Trouble(404, "alike.page_gone")
        return RedirectResponse(f"/chat/{chat_id}/alike/{named['pair']}", 303)

    async def page(self, request: Request) -> Response:
        visit = await self._door.visit(request, request.path_params["chat"])
        shown = await self._site.database.transaction(
            _look, _groups(visit), visit.visitor.id, _pair(request), self._site.ids, self._site.clock()
        )
        if shown is None:
            raise Trouble(404, "alike.page_gone")
        return self._pages.page(
            request,
            "likeness.html",
            language_of(request, visit),
            shown=shown,
            sides=list(zip((shown.found.one, shown.found.other), shown.texts, strict=True)),
            chat=visit.chat_id,
            here=request.url.path,
        )

    async def decide(self, request: Request) -> Response:
        self._door.check_origin(request)
        visit = await self._door.visit(request, request.path_params["chat"])
        state = _DECISIONS.get(text_of(await fields(request), "as"))
        if state is None:
            raise Trouble(400, "page.garbled")
        decided = await self._site.database.transaction(
            _settle, _groups(visit), visit.visitor.id, _pair(request), state
        )
        if not decided:
            raise Trouble(404, "alike.page_gone")
        return RedirectResponse(request.url.path, 303)


def _groups(visit: Visit) -> list[int]:
    """Those in which the visitor is a secretary: the room's, or in private all of them."""
    rooms = [visit.room] if visit.room else visit.rooms
    return [room.group_id for room in rooms if room.group_id and room.role >= Role.SECRETARY]


def _pair(request: Request) -> str:
    name: str = request.path_params["pair"]
    if not _PAIR.fullmatch(name):
        raise Trouble(404, "alike.page_gone")
    return name


async def _find(tx: Tx, groups: Sequence[int], secretary: int, name: str) -> tuple[Pair, ...]:
    for group_id in groups:
        if pairs := await by_name(tx, group_id, secretary, name):
            return pairs
    return ()


async def _look(tx: Tx, groups: Sequence[int], secretary: int, name: str, ids: Ids, now: int) -> Shown | None:
    found = await compare(tx, await _find(tx, groups, secretary, name))
    if found is None:
        return None
    one, other = found.one.work, found.other.work
    await audit.note(tx, ids, now, group_id=one.group_id, by=secretary, what="alike")
    told = [await describe(tx, pair, "listed") for pair in found.pairs]
    return Shown(found, tuple(told), marked(one.body, other.body, await quoted(tx, one)))


async def _settle(tx: Tx, groups: Sequence[int], secretary: int, name: str, state: State) -> bool:
    """False where there is nothing to settle, or no longer."""
    pairs = await _find(tx, groups, secretary, name)
    for one in pairs:
        await likenesses.settle(tx, one, state)
    return bool(pairs)
