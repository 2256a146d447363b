"""The newsletter as a page: for the members of its group, and by its own link for whoever has that, while the secretary lets them.

It is put together anew each time, so a reflection whose author takes back their word is gone from it at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hmac import compare_digest
from itertools import count

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.group import Language, Role
from domain.ids import brief, from_brief
from domain.newsletter import Article, Newsletter, Photo, photo_rows, written_in
from domain.reflection import code
from handlers.newsletter_file import Issue, read_issue
from storage import members, newsletters
from storage.tx import Tx
from web.pages import HTML_LANG, Pages
from web.prefs import Prefs
from web.session import Door
from web.site import Site
from web.trouble import Trouble

_NAMED = re.compile(r"(?P<group>[0-9a-z]{1,13})-(?P<cycle>[0-9a-z]{1,13})")
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
_STEPS = 10
"""Of a photo's ratio, in which the style sheet knows it: one without inline styles has no finer way to say it."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A photo in its row. ``share`` is how much of the row's width it has, ``place`` counts the author's photos from 1."""

    key: str
    width: int
    height: int
    share: int
    place: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One reflection, as the template wants it."""

    article: Article
    number: str
    lang: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[Framed, ...], ...]


class Newsletters:
    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/newsletter/{issue}", self.page),
            Route("/newsletter/{issue}/photo/{key}", self.photo),
            Route("/newsletter/{issue}/open/{token}", self.page),
            Route("/newsletter/{issue}/open/{token}/photo/{key}", self.photo),
        ]

    async def page(self, request: Request) -> Response:
        issue = await self._issue(request)
        language: Language = Prefs.of(request).language or issue.group.settings.language
        return self._pages.page(
            request,
            "newsletter.html",
            language,
            issue=issue,
            articles=[_shown(issue, one) for one in issue.articles],
            draft=issue.letter.state != "posted",
            base=request.url.path.rstrip("/"),
            course=_course(request, issue.letter),
        )

    async def photo(self, request: Request) -> Response:
        issue = await self._issue(request)
        key = request.path_params["key"]
        there = {photo.hash for one in issue.articles for photo in one.photos}
        content = await self._site.photos.get(key) if self._site.photos and key in there else None
        kind = next((kind for magic, kind in _KINDS if content and content.startswith(magic)), None)
        if content is None or kind is None:
            raise Trouble(404, "newsletter.page_gone")
        # Kept no longer than the page itself: it may be taken back.
        return Response(content, media_type=kind, headers={"cache-control": "private, no-cache"})

    async def _issue(self, request: Request) -> Issue:
        """Raises `Trouble` where there is none, or it is not for the visitor; a stranger is not told which."""
        named = _NAMED.fullmatch(request.path_params["issue"])
        if named is None:
            raise Trouble(404, "newsletter.page_gone")
        letter = await self._site.database.read(
            newsletters.find, from_brief(named["group"]), from_brief(named["cycle"])
        )
        token = request.path_params.get("token")
        if token is not None:
            if letter is None or letter.state != "posted" or not _is_key(letter, token):
                raise Trouble(404, "newsletter.page_gone")
            return await self._read(letter)
        return await self._read_as_member(request, letter)

    async def _read_as_member(self, request: Request, letter: Newsletter | None) -> Issue:
        try:
            person_id = await self._door.person_id(request)
        except Trouble:
            raise Trouble(403, "newsletter.page_members") from None
        role = await self._site.database.read(_role, letter, person_id) if letter else Role.GUEST
        if letter is None or role < (Role.MEMBER if letter.state == "posted" else Role.SECRETARY):
            raise Trouble(404, "newsletter.page_gone")
        return await self._read(letter)

    async def _read(self, letter: Newsletter) -> Issue:
        found = await self._site.database.read(
            _issue_of, letter, self._site.clock(), only_agreed=letter.state == "posted"
        )
        if found is None:
            raise Trouble(404, "newsletter.page_gone")
        return found


async def _issue_of(tx: Tx, letter: Newsletter, now: int, *, only_agreed: bool) -> Issue | None:
    return await read_issue(tx, letter, now, only_agreed=only_agreed)


async def _role(tx: Tx, letter: Newsletter, person_id: int) -> Role:
    member = await members.find(tx, letter.group_id, person_id)
    return member.role if member else Role.GUEST


def _course(request: Request, letter: Newsletter) -> str:
    """The activity's own page; "" for whoever came by the newsletter's link and may be no member."""
    if "token" in request.path_params:
        return ""
    return f"/cycle/{brief(letter.group_id)}-{brief(letter.cycle_id)}"


def _is_key(letter: Newsletter, token: str) -> bool:
    return bool(letter.token) and compare_digest(letter.token.encode(), token.encode("utf-8", "replace"))


def _shown(issue: Issue, one: Article) -> Shown:
    places = count(1)
    return Shown(
        one,
        code(issue.rank, one.number),
        HTML_LANG[written_in(one.body)],
        tuple(line.strip() for line in one.body.split("\n") if line.strip()),
        tuple(tuple(_framed(photo, next(places)) for photo in row) for row in photo_rows(one.photos)),
    )


def _framed(photo: Photo, place: int) -> Framed:
    return Framed(photo.hash, photo.width, photo.height, round(photo.ratio * _STEPS), place)
