"""How the pages say that something cannot be done: a kind sentence with what to do next, as a page or as JSON."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.message import Line, Param, line
from web.pages import Pages
from web.prefs import Prefs, browser_language

_log = structlog.get_logger(__name__)
_REFERENCE = 8
"""Characters: enough to find the line in a log, few enough to read out over the telephone."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: data:; media-src 'self' https:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Pages and scripts of one version belong together: kept, but asked after each time.
    "cache-control": "private, no-cache",
}


class Trouble(Exception):
    """The request cannot be granted; ``key`` names the sentence in `content/texts`."""

    def __init__(self, status: int, key: str, **params: Param) -> None:
        super().__init__(key)
        self.status = status
        self.line: Line = Line(key, params)


def answer_trouble(pages: Pages, request: Request, trouble: Trouble) -> Response:
    """The sentence: JSON for a script, else a page in both languages."""
    if wants_json(request):
        text = pages.say(Prefs.of(request).language or browser_language(request), trouble.line)
        return JSONResponse({"error": text}, trouble.status)
    return pages.trouble(request, trouble.status, trouble.line)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


_OF_STATUS = {
    403: line("page.stranger"),
    404: line("page.not_found"),
    405: line("page.not_found"),
    413: line("page.too_large"),
}


def answer_http(pages: Pages, request: Request, error: HTTPException) -> Response:
    """Starlette's own refusals (an unknown address, a wrong method), in our words."""
    kind = _OF_STATUS.get(error.status_code, line("page.not_found"))
    return answer_trouble(pages, request, Trouble(error.status_code, kind.key))


class Guarded:
    """Puts the headers on every page that keep it safe and fresh, and turns what escapes into a page with a reference."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(message)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            reference = self._pages.token()[:_REFERENCE]
            # Not the path: that of a login link is a secret.
            _log.exception(
                "page_failed", reference=reference, page=getattr(scope.get("endpoint"), "__name__", "")
            )
            if begun:
                return
            request = Request(scope)
            response = answer_trouble(self._pages, request, Trouble(500, "page.fault", reference=reference))
            await response(scope, receive, guarded)


def _add_headers(message: Message) -> None:
    present = {name for name, _ in message["headers"]}
    fresh = [(k.encode(), v.encode()) for k, v in _HEADERS.items() if k.encode() not in present]
    message["headers"] = [*message["headers"], *fresh]
