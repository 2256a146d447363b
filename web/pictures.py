"""People's pictures, and the files of works, for those who may see them: whoever may read the chat, and only what was shown in it
or handed in. What a browser could run is only ever handed over as a download."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from content.films import film_type, sound_type
from domain.file import document_name
from domain.group import Role
from storage import pictures
from storage.pictures import Picture
from web.session import Door, Visit
from web.site import Site
from web.trouble import Trouble

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})\Z")
_KEPT: Final = "private, max-age=31536000, immutable"
"""What is named by its hash never changes; nobody between us and the reader keeps a copy."""


class Pictures:
    def __init__(self, site: Site, door: Door) -> None:
        self._site = site
        self._door = door

    def routes(self) -> list[Route]:
        return [Route("/chat/{chat}/pictures/{hash}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The picture, with ``?small`` as a thumbnail; a part of it where one is asked for, as films are watched."""
        visit = await self._door.visit(request, request.path_params["chat"])
        found = await self._find(visit, request.path_params["hash"])
        small = found.small if "small" in request.query_params else ""
        content = await self._site.photos.get(small or found.hash) if self._site.photos else None
        if content is None:
            raise Trouble(404, "page.no_picture")
        if found.kind == "document":
            return _download(content, found.source.name)
        return _answer(content, request.headers.get("range", ""))

    async def _find(self, visit: Visit, hash: str) -> Picture:
        found = None
        if _HASH.match(hash):
            found = await self._site.database.read(
                pictures.shown_in_chat, groups_of(visit), visit.chat_id, visit.visitor.id, hash
            )
        if found is None:
            raise Trouble(404, "page.no_picture")
        return found


def groups_of(visit: Visit) -> list[int]:
    """Those whose pictures may be seen here: the room's, or in private all that one is in."""
    rooms = [visit.room] if visit.room else visit.rooms
    return [room.group_id for room in rooms if room.group_id and room.role >= Role.MEMBER]


def chat_of(visit: Visit, group_id: int, least: Role = Role.MEMBER) -> str | None:
    """Where the visitor, of at least that role, is shown that group's pages; None for whoever may not see them."""
    theirs = [room for room in visit.rooms if group_id and room.group_id == group_id and room.role >= least]
    return theirs[0].chat_id if theirs else None


def _download(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "cache-control": _KEPT,
            "content-security-policy": "default-src 'none'; sandbox",
            "x-content-type-options": "nosniff",
            # RFC 6266 with the encoding of RFC 8187: what is not ASCII in a name travels in filename* alone.
            "content-disposition": f"attachment; filename*=UTF-8''{quote(document_name(name), safe='')}",
        },
    )


def _answer(content: bytes, wanted: str) -> Response:
    headers = {
        "cache-control": _KEPT,
        "x-content-type-options": "nosniff",
        "content-disposition": "inline",
        "accept-ranges": "bytes",
    }
    kind = sound_type(content) or film_type(content) or "image/jpeg"
    asked = _RANGE.match(wanted)
    if asked is None:
        return Response(content, media_type=kind, headers=headers)
    begin, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    if begin > end:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(content)}"})
    headers["content-range"] = f"bytes {begin}-{end}/{len(content)}"
    return Response(content[begin : end + 1], 206, media_type=kind, headers=headers)
