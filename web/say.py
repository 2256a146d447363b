"""Saying something in the chat, and pressing a button: kept first, then heard by the bot, then answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from content.pictures import MOST_BYTES
from domain.incoming import Attachment, AttachmentKind, Incoming, Mention
from storage import overview, pictures, talk
from storage.pictures import PictureKind, Shot, Source
from storage.talk import BOT, Attached, Body, Photo, Said
from storage.tx import StorageError, Tx
from web.body import Room, Upload, fields, fields_and_files
from web.pace import SECONDS, Pace
from web.posted import Posted, mentions_in, read_posted, read_pressed
from web.prefs import Prefs, browser_language
from web.session import Door, Visit
from web.site import PLATFORM, Site
from web.trouble import Trouble, wants_json

FLASH = "flash"
"""The cookie that carries a short answer over the redirect after a form."""
_FLASH_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a message: its id (None for a repeat of long ago), what it answers, whom it calls."""

    id: int | None
    answers: Said | None
    mentions: tuple[Mention, ...]


class Saying:
    """The two calls by which people act."""

    def __init__(self, site: Site, door: Door, pace: Pace) -> None:
        self._site = site
        self._door = door
        self._pace = pace

    def routes(self) -> list[Route]:
        return [
            Route("/chat/{chat}/messages", self.post, methods=["POST"]),
            Route("/chat/{chat}/press", self.press, methods=["POST"]),
        ]

    async def post(self, request: Request) -> Response:
        """Say something. The same key again is the same message again: kept once, heard once."""
        visit = await self._enter(request)
        async with fields_and_files(request, Room(self._site.upload_bytes, MOST_BYTES)) as (raw, files):
            self._check_pace(visit)
            attachments = await self._store(files)
        posted = read_posted(raw, [one.file_id for one in attachments], scripted=wants_json(request))
        kept = await self._keep(visit, posted, attachments)
        self._site.hub.changed(visit.chat_id)
        heard = self._said(request, visit, posted, kept).model_copy(update={"attachments": attachments})
        toast = "" if kept.id is None else await self._hear(heard)
        return _answer(request, visit, toast, kept.id)

    async def press(self, request: Request) -> Response:
        visit = await self._enter(request)
        pressed = read_pressed(await fields(request), self._site.token()[:32])
        self._check_pace(visit)
        message = str(pressed.message) if pressed.message is not None else None
        toast = await self._hear(
            self._incoming(
                request, visit, pressed.key, action=pressed.action, message_id=message, addressed=True
            )
        )
        return _answer(request, visit, toast, None)

    async def _enter(self, request: Request) -> Visit:
        self._door.check_origin(request)
        return await self._door.visit(request, request.path_params["chat"])

    def _check_pace(self, visit: Visit) -> None:
        if not self._pace.allows(visit.visitor.id):
            raise Trouble(429, "page.too_fast", seconds=int(SECONDS))

    async def _store(self, files: tuple[Upload, ...]) -> tuple[Attachment, ...]:
        """The files, where they lie until the bot has read them; one after the other, so that one at a time is in memory."""
        if files and self._site.uploads is None:
            raise Trouble(400, "page.no_uploads")
        return tuple([await self._stored(one) for one in files])

    async def _stored(self, file: Upload) -> Attachment:
        assert self._site.uploads is not None
        try:
            key = await self._site.uploads.put(await file.content())
        except OSError as fault:
            raise Trouble(503, "page.not_kept") from fault
        kind: AttachmentKind = "photo" if file.picture else "video" if file.film else "document"
        return Attachment(kind=kind, file_id=key, size=file.size, name=file.name)

    async def _keep(self, visit: Visit, posted: Posted, files: tuple[Attachment, ...]) -> Kept:
        shots = self._shots(visit, files)
        document = next((one for one in files if not shots or _shot_kind(one) is None), None)
        now = self._site.clock()
        said = Said(
            chat_id=visit.chat_id,
            id=self._site.ids.next(now),
            sender_id=visit.user_id,
            sender_name=visit.visitor.name,
            at=now,
            version=self._site.ids.next(now),
            body=Body(
                text=posted.text,
                file=Attached(document.name, document.size or 0) if document else None,
                photos=tuple(Photo(shot.kind, name=shot.source.name) for shot in shots),
                key=posted.key,
            ),
        )
        try:
            return await self._site.database.transaction(_keep, visit, posted, said, shots)
        except StorageError as fault:
            raise Trouble(503, "page.not_kept") from fault

    def _shots(self, visit: Visit, files: tuple[Attachment, ...]) -> list[Shot]:
        """What can be shown once it is made fit to be; none where such is not kept."""
        if self._site.photos is None or visit.about is None:
            return []
        where = (PLATFORM, self._site.account, visit.chat_id)
        return [
            Shot(kind, Source(*where, one.file_id, one.kind, one.size, one.name))
            for one in files
            if (kind := _shot_kind(one)) is not None
        ]

    async def _hear(self, incoming: Incoming) -> str:
        """The short answer. Raises `Trouble` where nothing could be stored: the same call again is safe."""
        try:
            return (await self._site.hear(incoming)).toast
        except StorageError as fault:
            raise Trouble(503, "page.not_kept") from fault

    def _said(self, request: Request, visit: Visit, posted: Posted, kept: Kept) -> Incoming:
        answers = kept.answers
        answers_bot = answers is not None and answers.sender_id == BOT
        return self._incoming(
            request,
            visit,
            posted.key,
            text=posted.for_bot,
            addressed=visit.room is None or posted.calls_bot or answers_bot,
            message_id=str(kept.id),
            mentions=kept.mentions,
            reply_to=str(answers.id) if answers else None,
            reply_to_sender=None
            if answers is None or answers_bot
            else Mention(name=answers.sender_name, user_id=answers.sender_id),
        )

    def _incoming(self, request: Request, visit: Visit, key: str, **more: Any) -> Incoming:
        return Incoming(
            platform=PLATFORM,
            account=self._site.account,
            # With the sender in it, nobody can make another's event look like a repeat.
            event_id=f"{visit.user_id}:{key}",
            chat_id=visit.chat_id,
            sender_id=visit.user_id,
            sender_name=visit.visitor.name,
            is_group=visit.room is not None,
            chat_title=visit.room.title if visit.room else None,
            language=Prefs.of(request).language or browser_language(request),
            # There are no administrators here: a group is bound by whoever holds its set-up code.
            sender_is_admin=False,
            sent_at=self._site.clock(),
            **more,
        )


def _answer(request: Request, visit: Visit, toast: str, message: int | None) -> Response:
    if wants_json(request):
        return JSONResponse({"toast": toast, "id": str(message) if message else None})
    response = RedirectResponse(f"/chat/{visit.chat_id}", 303)
    if toast:
        # A cookie holds only ASCII, so the words travel as hexadecimal digits.
        response.set_cookie(FLASH, toast.encode().hex(), _FLASH_SECONDS, httponly=True, samesite="strict")
    return response


def flash_of(request: Request) -> str:
    """The short answer to the form that led here."""
    try:
        return bytes.fromhex(request.cookies.get(FLASH, "")).decode()
    except ValueError:
        return ""


def _shot_kind(file: Attachment) -> PictureKind | None:
    return file.kind if file.kind == "photo" or file.kind == "video" else None


async def _keep(tx: Tx, visit: Visit, posted: Posted, said: Said, shots: list[Shot]) -> Kept:
    answers = None
    if posted.reply_to is not None:
        answers = await talk.one(tx, visit.chat_id, posted.reply_to)
    mentions: tuple[Mention, ...] = ()
    if visit.room is not None and ("@" in posted.text or "＠" in posted.text):
        seats = await overview.seats(tx, visit.room.group_id, visit.day(said.at))
        mentions = mentions_in(posted.text, seats, posted.picked)
    body = replace(said.body, mentions=tuple((m.name, m.user_id or "") for m in mentions))
    kept = await talk.append_once(tx, replace(said, body=body, reply_to=answers.id if answers else None))
    if shots and kept == said.id and visit.about is not None:
        await pictures.add(tx, visit.about.group_id, said.id, shots, said.at)
    return Kept(kept, answers, mentions)
