"""What a page posts, read within bounds: JSON from our scripts, a form where there are none."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request

from web.trouble import Trouble

MAX_BYTES = 64 * 1024


async def fields(request: Request) -> dict[str, Any]:
    """The posted fields. Raises `Trouble` for a body that is too large or makes no sense."""
    raw = await _bounded(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        return _json(raw)
    return _form(raw)


def text_of(posted: dict[str, Any], name: str) -> str:
    """That field as text; "" where it is missing or something else."""
    value = posted.get(name, "")
    return value if isinstance(value, str) else ""


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
