"""The pages put together into one application."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from web.attendance import AttendanceScreen
from web.chat import Chat
from web.cycle import CyclePage
from web.enter import Entrance
from web.files import Files
from web.gallery import Gallery
from web.likeness import LikenessPage
from web.look import Look
from web.newsletter import Newsletters
from web.pace import Pace
from web.pages import Pages
from web.pictures import Pictures
from web.play import Playing
from web.say import Saying
from web.session import Door
from web.site import Site
from web.stream import POLL, Stream
from web.trouble import Guarded, Trouble, answer_http, answer_trouble

_STATIC = Path(__file__).parent / "static"


def create_app(site: Site, *, routes: Sequence[BaseRoute] = (), poll: float = POLL) -> Starlette:
    """The browser chat. ``routes`` are others' (webhooks, metrics), served beside it and before it."""
    pages = Pages(site.texts, site.token)
    door = Door(site)

    async def troubled(request: Request, error: Exception) -> Response:
        assert isinstance(error, Trouble)
        return answer_trouble(pages, request, error)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer_http(pages, request, error)

    return Starlette(
        routes=[
            *routes,
            *Chat(site, pages, door).routes(),
            *Saying(site, door, Pace(site.passing)).routes(),
            *Files(site, door).routes(),
            *Pictures(site, door).routes(),
            *Gallery(site, pages, door).routes(),
            *LikenessPage(site, pages, door).routes(),
            *Stream(site, pages, door, poll=poll).routes(),
            *Entrance(site, pages, door).routes(),
            *Playing(site, pages, door).routes(),
            *Look(door).routes(),
            *Newsletters(site, pages, door).routes(),
            *AttendanceScreen(site, pages, door).routes(),
            *CyclePage(site, pages, door).routes(),
            Mount("/static", StaticFiles(directory=_STATIC), name="static"),
            *_media(site),
        ],
        middleware=[Middleware(Guarded, pages=pages)],
        exception_handlers={Trouble: troubled, HTTPException: refused},
    )


def _media(site: Site) -> list[Mount]:
    if site.media is None:
        return []
    return [Mount("/media", StaticFiles(directory=site.media, check_dir=False), name="media")]
