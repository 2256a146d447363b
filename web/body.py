"""What a page posts, read within bounds: JSON from our scripts, a form where there are none, and with files a form in parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from content.films import film_type
from content.pictures import is_picture
from domain.file import file_name, shown_size
from web.trouble import Trouble

MAX_BYTES = 64 * 1024
_MAX_FIELDS = 20
MOST_PICTURES = 9
"""Sent together: a square of them is what an album shows anywhere."""
TOTAL_BYTES = 60 * 1024 * 1024
"""Of all that is posted at once: nine photos of a good telephone. It lies on the disk until it is kept."""
_HEAD = 64
_PATIENCE = 2
"""So many times what is allowed is read and thrown away: a browser that is cut off while it sends shows no answer."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form, by the name its sender's computer gives it. ``head`` is how it begins."""

    name: str
    size: int
    head: bytes
    file: UploadFile

    @property
    def picture(self) -> bool:
        """By what is in it: what its sender says of it proves nothing."""
        return is_picture(self.head)

    @property
    def film(self) -> bool:
        return film_type(self.head) is not None

    async def content(self) -> bytes:
        await self.file.seek(0)
        return await self.file.read()


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes a file may have: one to be read, and one to be shown."""

    file: int
    picture: int

    def check(self, upload: Upload) -> None:
        """Raises `Trouble`."""
        most = self.picture if upload.picture or upload.film else self.file
        if upload.size > most:
            raise Trouble(413, "page.file_too_big", most=shown_size(most))


async def fields(request: Request) -> dict[str, Any]:
    """The posted fields. Raises `Trouble` for a body that is too large or makes no sense."""
    raw = await _bounded(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        return _json(raw)
    return _form(raw)


@asynccontextmanager
async def fields_and_files(
    request: Request, room: Room
) -> AsyncIterator[tuple[dict[str, Any], tuple[Upload, ...]]]:
    """The posted fields, and the files there are room for; they can be read until the end of it. Raises `Trouble` as `fields` does."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        yield await fields(request), ()
        return
    if "charset" in kind.lower():  # no browser sends one, and some take long to decode
        raise Trouble(400, "page.garbled")
    parser = MultiPartParser(
        request.headers,
        _parts(request, TOTAL_BYTES + MAX_BYTES),
        max_files=MOST_PICTURES + 2,  # fields for them that were left empty count too
        max_fields=_MAX_FIELDS,
        max_part_size=MAX_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as broken:
        raise Trouble(400, "page.garbled") from broken
    try:
        told = {name: value for name, value in form.items() if isinstance(value, str)}
        posted = [
            value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.filename
        ]
        files = tuple([await _file(one) for one in posted])
        _check_files(files, room)
        yield told, files
    finally:
        await form.close()


def text_of(posted: dict[str, Any], name: str) -> str:
    """That field as text; "" where it is missing or something else."""
    value = posted.get(name, "")
    return value if isinstance(value, str) else ""


async def _file(posted: UploadFile) -> Upload:
    head = await posted.read(_HEAD)
    return Upload(file_name(posted.filename or ""), posted.size or 0, head, posted)


def _check_files(files: tuple[Upload, ...], room: Room) -> None:
    for one in files:
        room.check(one)
    shown = sum(one.picture or one.film for one in files)
    if shown > MOST_PICTURES:
        raise Trouble(400, "page.too_many_pictures", most=MOST_PICTURES)
    if len(files) - shown > 1:
        raise Trouble(400, "page.one_file")


async def _parts(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total <= most:
            yield chunk
        elif total > most * _PATIENCE:
            break
    if total > most:
        raise Trouble(413, "page.files_too_big", most=shown_size(TOTAL_BYTES))


async def _bounded(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BYTES:
            raise Trouble(413, "page.too_large")
    return bytes(raw)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        posted = orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        raise Trouble(400, "page.garbled") from broken
    if not isinstance(posted, dict):
        raise Trouble(400, "page.garbled")
    return posted


def _form(raw: bytes) -> dict[str, Any]:
    try:
        posted = parse_qs(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=50)
    except ValueError as broken:
        raise Trouble(400, "page.garbled") from broken
    return {name: values[-1] for name, values in posted.items()}
