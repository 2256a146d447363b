"""What a page posts, read within bounds: JSON from our scripts, a form where there are none, and with a file a form in parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from domain.file import file_name, shown_size
from web.trouble import Trouble

MAX_BYTES = 64 * 1024
_MAX_FIELDS = 20
_PATIENCE = 8
"""So many times what is allowed is read and thrown away: a browser that is cut off while it sends shows no answer."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form, by the name its sender's computer gives it."""

    name: str
    content: bytes

    @property
    def picture(self) -> bool:
        """By what is in it: what its sender says of it proves nothing."""
        return self.content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")) or (
            self.content[:4] == b"RIFF" and self.content[8:12] == b"WEBP"
        )


async def fields(request: Request) -> dict[str, Any]:
    """The posted fields. Raises `Trouble` for a body that is too large or makes no sense."""
    raw = await _bounded(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        return _json(raw)
    return _form(raw)


async def fields_and_file(request: Request, most: int) -> tuple[dict[str, Any], Upload | None]:
    """The posted fields, and a file of at most so many bytes where there is one. Raises `Trouble` as `fields` does."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return await fields(request), None
    if "charset" in kind.lower():  # no browser sends one, and some take long to decode
        raise Trouble(400, "page.garbled")
    too_big = Trouble(413, "page.file_too_big", most=shown_size(most))
    parser = MultiPartParser(
        request.headers,
        _parts(request, most + MAX_BYTES, too_big),
        max_files=1,
        max_fields=_MAX_FIELDS,
        max_part_size=MAX_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as broken:
        raise Trouble(400, "page.garbled") from broken
    try:
        upload = await _file(form.get("file"))
    finally:
        await form.close()
    if upload and len(upload.content) > most:
        raise too_big
    return {name: value for name, value in form.items() if isinstance(value, str)}, upload


def text_of(posted: dict[str, Any], name: str) -> str:
    """That field as text; "" where it is missing or something else."""
    value = posted.get(name, "")
    return value if isinstance(value, str) else ""


async def _file(posted: object) -> Upload | None:
    """None where the field for it was left empty."""
    if not isinstance(posted, UploadFile) or not posted.filename:
        return None
    return Upload(file_name(posted.filename), await posted.read())


async def _parts(request: Request, most: int, too_big: Trouble) -> AsyncGenerator[bytes, None]:
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total <= most:
            yield chunk
        elif total > most * _PATIENCE:
            break
    if total > most:
        raise too_big


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
