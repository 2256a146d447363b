"""The controls of the demonstration: be somebody else, move the clock, start over. They exist only for who may use them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from web.body import fields, text_of
from web.demo import Demo, Step
from web.pages import Pages
from web.prefs import Prefs, browser_language
from web.session import PERSONA, Door
from web.site import Site
from web.trouble import Trouble, wants_json

_STEPS: dict[str, Step] = {"event": "event", "hour": "hour", "day": "day", "stage": "stage"}


class Playing:
    """What the demonstration strip calls."""

    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/demo/persona", self.persona, methods=["POST"]),
            Route("/demo/clock", self.clock, methods=["POST"]),
            Route("/demo/activity", self.activity, methods=["POST"]),
            Route("/demo/over", self.over, methods=["POST"]),
        ]

    async def persona(self, request: Request) -> Response:
        demo = self._demo(request)
        chosen = text_of(await fields(request), "person")
        if chosen not in {str(person_id) for person_id, _, _ in await demo.personas()}:
            raise Trouble(404, "page.no_such_person")
        response = RedirectResponse("/", 303)
        response.set_cookie(PERSONA, chosen, httponly=True, samesite="strict")
        return response

    async def clock(self, request: Request) -> Response:
        demo = self._demo(request)
        step = _STEPS.get(text_of(await fields(request), "step"))
        if step is None:
            raise Trouble(400, "page.garbled")
        happened = await demo.advance(step, await self._door.person_id(request))
        if wants_json(request):
            language = Prefs.of(request).language or browser_language(request)
            return JSONResponse({"toast": self._pages.say(language, happened) if happened else ""})
        return RedirectResponse("/", 303)

    async def activity(self, request: Request) -> Response:
        """Begin the sample activity; what the group is told of it stands in its chat."""
        await self._demo(request).begin_activity()
        return JSONResponse({"toast": ""}) if wants_json(request) else RedirectResponse("/", 303)

    async def over(self, request: Request) -> Response:
        await self._demo(request).start_over()
        self._site.hub.renewed()
        response = RedirectResponse("/", 303)
        response.delete_cookie(PERSONA)
        return response

    def _demo(self, request: Request) -> Demo:
        """Raises `Trouble` where there is no demonstration, or the visitor is not on this machine."""
        if self._site.demo is None or not self._door.playing(request):
            raise Trouble(404, "page.not_found")
        self._door.check_origin(request)
        return self._site.demo
