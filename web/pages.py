"""Fills the templates. Everything is escaped; nothing that a person wrote ever becomes markup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from domain.group import LANGUAGES, Language
from domain.message import Line, Param
from web.prefs import Prefs, browser_language
from web.site import Says

_TEMPLATES = Path(__file__).parent / "templates"
HTML_LANG = {"zh": "zh-Hans", "en": "en"}


class Pages:
    """The templates, with the texts to fill them with."""

    def __init__(self, texts: Says, token: Callable[[], str]) -> None:
        self._texts = texts
        self.token = token
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def say(self, language: Language, line: Line) -> str:
        return self._texts.say(language, line)

    def part(self, template: str, language: Language, **context: Any) -> str:
        """A piece of a page as HTML."""
        return self._environment.get_template(template).render(
            t=partial(self._words, language),
            say=partial(self.say, language),
            language=language,
            html_lang=HTML_LANG[language],
            **context,
        )

    def page(
        self, request: Request, template: str, language: Language, status: int = 200, **context: Any
    ) -> HTMLResponse:
        html = self.part(template, language, prefs=Prefs.of(request), **context)
        return HTMLResponse(html, status, {"cache-control": "no-store"})

    def trouble(self, request: Request, status: int, line: Line) -> HTMLResponse:
        """What is wrong, in both languages: whoever lands here may not have chosen one yet."""
        first = Prefs.of(request).language or browser_language(request)
        title = Line("page.trouble_title")
        again = Line("page.to_chat" if status in (404, 405) else "page.try_again")
        told = [
            (HTML_LANG[one], self.say(one, title), self.say(one, line), self.say(one, again))
            for one in sorted(LANGUAGES, key=lambda known: known != first)
        ]
        return self.page(request, "trouble.html", first, status, told=told)

    def _words(self, language: Language, key: str, **params: Param) -> str:
        return self._texts.say(language, Line(key, params))
