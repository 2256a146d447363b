"""An activity as a page: its stages on a time line, where it is now, what the reader still owes, and for the secretary who owes what.

Without scripts: what is to be done is said in the reader's own chat by a form. Names of those who owe something are shown to a
secretary who asks for them, and each such look is noted.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import File
from domain.outgoing import NotMade, Order
from storage.overview import Room
from web.chat import language_of
from web.cycle_shown import Asking, Shown, read
from web.files import as_download
from web.frame import times_of
from web.pages import Pages
from web.session import Door, Visit
from web.site import Site
from web.trouble import Trouble

_NAMED = re.compile(r"(?P<group>[0-9a-z]{1,13})-(?P<cycle>[0-9a-z]{1,13})")


class CyclePage:
    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/cycle/{named}", self.find, methods=["GET"]),
            Route("/chat/{chat}/cycle", self.page, methods=["GET"]),
            Route("/chat/{chat}/cycle/{cycle}", self.page, methods=["GET"]),
            Route("/chat/{chat}/cycle/{cycle}/newsletter.pdf", self.paper, methods=["GET"]),
        ]

    async def find(self, request: Request) -> Response:
        """From the address that stands in messages to the page in the reader's own chat of that group."""
        named = _NAMED.fullmatch(request.path_params["named"])
        visit = await self._door.visit(request, None)
        group_id = from_brief(named["group"]) if named else 0
        room = next((one for one in visit.rooms if one.group_id == group_id and group_id), None)
        if named is None or room is None:
            raise Trouble(404, "cycle_page.gone")
        return RedirectResponse(f"/chat/{room.chat_id}/cycle/{named['cycle']}", 303)

    async def page(self, request: Request) -> Response:
        visit = await self._door.visit(request, request.path_params["chat"])
        language = language_of(request, visit)
        shown = await self._read(request, visit)
        return self._pages.page(
            request,
            "cycle.html",
            language,
            shown=shown,
            visit=visit,
            times=times_of(self._site, visit, language),
            says_in=_says_in(visit),
            secretary=_role(visit) >= Role.SECRETARY,
            keys=self._site.token,
            brief=brief,
            here=request.url.path,
        )

    async def paper(self, request: Request) -> Response:
        """The newsletter as PDF; whether the reader may have it is for its maker to say."""
        visit = await self._door.visit(request, request.path_params["chat"])
        about = _about(visit)
        if about is None or self._site.makes is None:
            raise Trouble(404, "newsletter.page_gone")
        file = File("newsletter", f"pdf_{brief(from_brief(request.path_params['cycle']))}")
        order = Order(about.group_id, visit.visitor.id, file, language_of(request, visit))
        try:
            made = await self._site.makes(order)
        except NotMade as fault:
            raise Trouble(500, "page.file_not_made") from fault
        if made is None:
            raise Trouble(404, "newsletter.page_gone")
        return as_download(made)

    async def _read(self, request: Request, visit: Visit) -> Shown | None:
        """None where the group has had no activity yet, or there is no group."""
        about = _about(visit)
        if about is None:
            return None
        wanted = request.path_params.get("cycle")
        cycle_id = from_brief(wanted) if wanted else 0
        asking = Asking(
            about.group_id,
            visit.visitor.id,
            about.role,
            self._site.clock(),
            self._site.ids,
            names="who" in request.query_params and about.role >= Role.SECRETARY,
        )
        if asking.names:
            shown = await self._site.database.transaction(read, asking, cycle_id)
        else:
            shown = await self._site.database.read(read, asking, cycle_id)
        if shown is None and wanted:
            raise Trouble(404, "cycle_page.gone")
        return shown


def _about(visit: Visit) -> Room | None:
    """The group meant, for its members alone."""
    about = visit.about
    return about if about is not None and about.group_id and about.role >= Role.MEMBER else None


def _role(visit: Visit) -> Role:
    about = _about(visit)
    return about.role if about else Role.GUEST


def _says_in(visit: Visit) -> str:
    """The chat in which the page's buttons speak: in private, unless the group meant would not be clear there."""
    mine = [room for room in visit.rooms if room.role >= Role.MEMBER]
    return f"p{visit.visitor.id}" if len(mine) == 1 else visit.chat_id
