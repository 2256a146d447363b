"""The bot's files: made anew for whoever opens one, and shown only to those who may read the chat it stands in."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.outgoing import Made, NotMade
from storage import talk
from web.posted import number
from web.session import Door
from web.site import Site
from web.trouble import Trouble

_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_ANY = "application/octet-stream"


class Files:
    def __init__(self, site: Site, door: Door) -> None:
        self._site = site
        self._door = door

    def routes(self) -> list[Route]:
        return [Route("/chat/{chat}/messages/{message}/file", self.open, methods=["GET"])]

    async def open(self, request: Request) -> Response:
        visit = await self._door.visit(request, request.path_params["chat"])
        message = number(request.path_params["message"])
        said = await self._site.database.read(talk.one, visit.chat_id, message or 0)
        order = said.body.file.order if said and said.body.file else None
        if order is None or self._site.makes is None:
            raise Trouble(404, "page.no_file")
        try:
            made = await self._site.makes(order)
        except NotMade as fault:
            raise Trouble(500, "page.file_not_made") from fault
        if made is None:
            raise Trouble(404, "page.no_file")
        return as_download(made)


def as_download(made: Made) -> Response:
    kind = next((kind for sign, kind in _PICTURES.items() if made.content.startswith(sign)), _ANY)
    shown = made.kind == "photo" and kind != _ANY
    headers = {
        # RFC 6266 with the encoding of RFC 8187: what is not ASCII in a name travels in filename* alone.
        "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(made.name, safe='')}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(made.content, media_type=kind if shown else _ANY, headers=headers)
