"""Reading the chat: the whole page with the newest messages already in it, older ones, and afresh what stands around them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from content.pictures import MOST_BYTES
from domain.file import shown_size
from domain.group import Language
from domain.message import line
from storage import talk
from storage.talk import Said
from storage.tx import Tx
from web.body import MOST_PICTURES, TOTAL_BYTES
from web.frame import Frame, frame, times_of
from web.pages import Pages
from web.posted import TEXT_LIMIT, number
from web.prefs import Prefs
from web.say import FLASH, flash_of
from web.session import Door, Visit
from web.show import Shown, shown_list
from web.site import Site

PAGE = 40
"""Messages a page shows at first, and brings at a time when one reads back."""
PRIVATE = "/private"
_HERE = "{n}"
"""Where a script puts a number."""
_PARTS = ("status", "tabs", "today", "chips")


class Chat:
    """The pages of the chat."""

    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page),
            Route(PRIVATE, self.private),
            Route("/chat/{chat}", self.page),
            Route("/chat/{chat}/messages", self.older, methods=["GET"]),
            Route("/chat/{chat}/around", self.around),
        ]

    async def page(self, request: Request) -> Response:
        """The whole page; with ``?before=`` older messages, for reading back without scripts."""
        visit = await self._door.visit(request, request.path_params.get("chat"))
        language = language_of(request, visit)
        around = await frame(self._site, visit, language, playing=self._door.playing(request))
        before = number(request.query_params.get("before"))
        messages, more, version = await self._messages(visit, language, before)
        response = self._pages.page(
            request,
            "chat.html",
            language,
            f=around,
            messages=messages,
            more=more,
            before=before,
            key=self._site.token(),
            limit=TEXT_LIMIT,
            shows_photos=bool(self._site.uploads and self._site.photos),
            photo_limit=MOST_BYTES,
            total_limit=TOTAL_BYTES,
            most_photos=MOST_PICTURES,
            file_limit=self._site.upload_bytes if self._site.uploads else 0,
            flash=flash_of(request),
            data=self._data(around, version, language),
        )
        if FLASH in request.cookies:
            response.delete_cookie(FLASH)
        return response

    async def private(self, request: Request) -> Response:
        """To the reader's own chat with the bot, wherever the link was found."""
        visit = await self._door.visit(request, None)
        return RedirectResponse(f"/chat/p{visit.visitor.id}", 303)

    async def older(self, request: Request) -> Response:
        """The messages before ``?before=``, as pieces of the page."""
        visit = await self._door.visit(request, request.path_params["chat"])
        language = language_of(request, visit)
        before = number(request.query_params.get("before"))
        messages, more, _ = await self._messages(visit, language, before)
        html = self._pages.part("messages.html", language, messages=messages, chat=visit.chat_id)
        return JSONResponse({"html": html, "more": more})

    async def around(self, request: Request) -> Response:
        visit = await self._door.visit(request, request.path_params["chat"])
        language = language_of(request, visit)
        around = await frame(self._site, visit, language, playing=self._door.playing(request))
        names = (*_PARTS, "strip", "faces") if around.strip else _PARTS
        parts = {name: self._pages.part(f"{name}.html", language, f=around) for name in names}
        return JSONResponse({"parts": parts, "near": around.times.near_days(), "people": _people(around)})

    def _data(self, around: Frame, version: int, language: Language) -> dict[str, object]:
        """What the scripts have to know to begin with."""
        words = {
            "new_messages": line("page.new_messages"),
            "not_sent": line("page.not_sent"),
            "offline": line("page.offline"),
            "answering": line("page.answering"),
            "photo_too_big": line("page.file_too_big", most=shown_size(MOST_BYTES)),
            "photos_too_big": line("page.files_too_big", most=shown_size(TOTAL_BYTES)),
            "too_many_photos": line("page.too_many_pictures", most=MOST_PICTURES),
            "photo": line("page.photo_n", place=_HERE),
            "photo_not": line("page.photo_not", place=_HERE),
            "photo_on_its_way": line("page.photo_on_its_way", place=_HERE),
            "chars_left": line("page.chars_left", count=_HERE),
            "photos_left": line("page.photos_left", count=_HERE),
            "reflection_ready": line("page.reflection_ready"),
            "reflection_hint": line("page.reflection_hint"),
            "file_too_big": line("page.file_too_big", most=shown_size(self._site.upload_bytes)),
        }
        return {
            "chat": around.visit.chat_id,
            "version": str(version),
            "era": self._site.hub.era,
            "me": around.visit.user_id,
            "people": _people(around),
            "near": around.times.near_days(),
            "words": {name: self._pages.say(language, said) for name, said in words.items()},
        }

    async def _messages(
        self, visit: Visit, language: Language, before: int | None
    ) -> tuple[list[Shown], bool, int]:
        """(a page of messages, whether there are older ones, the latest change of the chat)"""
        page, quoted, version = await self._site.database.read(_read, visit.chat_id, before)
        # The pinned board has its own place above the talk.
        listed = [said for said in page[-PAGE:] if not said.pinned]
        shown = shown_list(listed, visit.user_id, times_of(self._site, visit, language), quoted)
        return shown, len(page) > PAGE, version


async def _read(tx: Tx, chat_id: str, before: int | None) -> tuple[list[Said], dict[int, Said], int]:
    version = await talk.newest_version(tx, chat_id)
    page = await talk.page(tx, chat_id, before, PAGE + 1)
    return page, await quoted_in(tx, chat_id, page), version


async def quoted_in(tx: Tx, chat_id: str, page: Sequence[Said]) -> dict[int, Said]:
    """The messages that those of the page answer."""
    return await talk.several(tx, chat_id, [said.reply_to for said in page if said.reply_to is not None])


def language_of(request: Request, visit: Visit) -> Language:
    return Prefs.of(request).choose(visit.visitor.language, visit.group_language, request)


def _people(around: Frame) -> list[dict[str, str]]:
    """Whom @ can complete to: everybody in the room but the reader."""
    if around.visit.room is None or around.today is None:
        return []
    return [
        {"id": str(seat.id), "name": seat.name}
        for seat in around.today.seats
        if seat.id != around.visit.visitor.id
    ]
