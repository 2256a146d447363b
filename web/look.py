"""Choosing language and letter size. Works without scripts; the choice is there before the next page is painted."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.group import LANGUAGES
from web.body import fields, text_of
from web.prefs import keep
from web.session import Door

_ID, _TOKEN = "[0-9a-z]{1,13}", "[0-9A-Za-z_-]{1,200}"
_BACK = re.compile(
    r"/(?:chat/[0-9A-Za-z_-]{1,41}"
    rf"(?:/cycle(?:/{_ID})?|/alike/[0-9a-z_]{{1,27}}|/gallery/{_ID}(?:\?page=[0-9]{{1,5}})?)?"
    rf"|enter/{_TOKEN}|newsletter/{_ID}-{_ID}(?:/open/{_TOKEN})?)?\Z"
)
"""Pages that have the switches. Anything else, above all another site, leads to the chat."""


class Look:
    def __init__(self, door: Door) -> None:
        self._door = door

    def routes(self) -> list[Route]:
        return [Route("/look", self.choose, methods=["POST"])]

    async def choose(self, request: Request) -> Response:
        self._door.check_origin(request)
        posted = await fields(request)
        back, language, big = (text_of(posted, name) for name in ("back", "language", "big"))
        response = RedirectResponse(back if _BACK.match(back) else "/", 303)
        if language in LANGUAGES:
            keep(response, "language", language, request)
        if big in ("0", "1"):
            keep(response, "big", big, request)
        return response
