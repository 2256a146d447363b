"""How a visitor likes the pages: language and letter size. Kept in cookies, so that the first paint is already right."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from domain.group import LANGUAGES, Language

_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Prefs:
    language: Language | None = None
    big: bool = False

    @staticmethod
    def of(request: Request) -> Prefs:
        return Prefs(_language(request.cookies.get("language")), request.cookies.get("big") == "1")

    def choose(self, person: Language | None, group: Language | None, request: Request) -> Language:
        """What was chosen here, else the person's own language, the group's, or the browser's."""
        return self.language or person or group or browser_language(request)


def browser_language(request: Request) -> Language:
    first = request.headers.get("accept-language", "zh")[:2].lower()
    return _language(first) or "zh"


def keep(response: Response, name: str, value: str, request: Request) -> None:
    """A cookie that says nothing about the person and that no script needs."""
    response.set_cookie(
        name, value, max_age=_YEAR, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


def _language(text: str | None) -> Language | None:
    return next((known for known in LANGUAGES if known == text), None)
