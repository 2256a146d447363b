"""Coming in by a one-time link, and leaving. Only pressing the button uses the link up: a preview that fetches it does no harm."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.day import DAY
from storage import logins
from storage.logins import Standing
from web.pages import Pages
from web.prefs import Prefs, browser_language
from web.session import SESSION, Door
from web.site import Site
from web.trouble import Trouble

SESSION_DAYS = 90


class Entrance:
    """The two pages of coming and going."""

    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/enter/{token}", self.show, methods=["GET"]),
            Route("/enter/{token}", self.enter, methods=["POST"]),
            Route("/logout", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        token = request.path_params["token"]
        _check(await self._site.database.read(logins.standing, token, self._site.clock()))
        language = Prefs.of(request).language or browser_language(request)
        return self._pages.page(request, "enter.html", language, token=token)

    async def enter(self, request: Request) -> Response:
        self._door.check_origin(request)
        link, session, now = request.path_params["token"], self._site.token(), self._site.clock()
        until = now + SESSION_DAYS * DAY
        entered = await self._site.database.transaction(
            logins.enter, link, session, self._site.account, now, until
        )
        if entered is None:
            _check(await self._site.database.read(logins.standing, link, now))
            raise Trouble(410, "page.link_used")
        response = RedirectResponse("/", 303)
        response.set_cookie(
            SESSION,
            session,
            max_age=SESSION_DAYS * DAY // 1000,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    async def leave(self, request: Request) -> Response:
        self._door.check_origin(request)
        if session := request.cookies.get(SESSION):
            await self._site.database.transaction(logins.leave, session)
        language = Prefs.of(request).language or browser_language(request)
        response = self._pages.page(request, "left.html", language)
        response.delete_cookie(SESSION)
        return response


def _check(standing: Standing) -> None:
    """Raises `Trouble` for a link that lets nobody in (any more)."""
    if standing == "unknown":
        raise Trouble(404, "page.link_unknown")
    if standing == "used":
        raise Trouble(410, "page.link_used")
    if standing == "expired":
        raise Trouble(410, "page.link_expired")
