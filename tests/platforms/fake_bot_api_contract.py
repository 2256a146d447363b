"""Somebody else's word for what a Bot API call is: aiogram's generated types, and the rules its docstrings state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import HTTP
from html.parser import HTMLParser
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qsl

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup
from pydantic import ValidationError

_TAGS = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


class BadCall(Exception):
    """What a real server answers with an error. ``parameters`` as in ResponseParameters."""

    def __init__(self, description: str, status: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.description = description
        self.status = status
        self.parameters = parameters


def read_call(method: str, content_type: str, body: bytes) -> TelegramMethod[Any]:
    """The call as aiogram's type. Raises `BadCall` for an unknown method, field or value."""
    kind = getattr(aiogram.methods, method[:1].upper() + method[1:], None)
    if kind is None:
        raise BadCall("Not Found", 404)
    fields = dict(_fields(content_type, body))
    if unknown := set(fields) - set(kind.model_fields):
        raise BadCall(f"Bad Request: fields that do not exist: {sorted(unknown)}")
    try:
        values = {name: _value(kind.model_fields[name].annotation, value) for name, value in fields.items()}
        call: TelegramMethod[Any] = kind.model_validate(values)
    except ValidationError as error:
        raise BadCall(f"Bad Request: {error}") from error
    return call


def _fields(content_type: str, body: bytes) -> Iterator[tuple[str, Any]]:
    if content_type.startswith("application/json"):
        yield from json.loads(body or b"{}").items()
    elif content_type.startswith("multipart/form-data"):
        whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        yield from (_part(part) for part in whole.iter_parts())
    else:
        yield from parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))


def _part(part: Part) -> tuple[str, Any]:
    name = str(part.get_param("name", header="content-disposition"))
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    filename = part.get_filename()
    return name, content.decode() if filename is None else BufferedInputFile(content, filename)


def _value(annotation: Any, value: Any) -> Any:
    """Forms carry text: numbers, flags and nested objects are written in it as JSON."""
    if not isinstance(value, str):
        return value
    kinds = set(_flat(annotation))
    if str in kinds and not (int in kinds and re.fullmatch(r"-?\d+", value)):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _flat(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _flat(part)
    else:
        yield annotation


class Rendered(HTMLParser):
    """What a reader sees of a text in HTML, and where its links lead. Raises `BadCall` for HTML Telegram refuses."""

    def __init__(self, text: str, parse_mode: object, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[tuple[str, str]] = []
        self.bold: list[str] = []
        self._open: list[tuple[str, str, int]] = []
        if parse_mode == "HTML":
            self.feed(text)
            self.close()
        else:
            self.text = text
        if self._open:
            raise BadCall("Bad Request: can't parse entities: Can't find end tag")
        if len(self.text.encode("utf-16-le")) // 2 > limit:
            raise BadCall("Bad Request: message is too long")

    @property
    def title(self) -> str:
        return self.bold[0] if self.bold and self.text.startswith(self.bold[0]) else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise BadCall(f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append((tag, dict(attrs).get("href") or "", len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadCall("Bad Request: can't parse entities: Unexpected end tag")
        _, href, start = self._open.pop()
        if tag == "a":
            self.links.append((self.text[start:], href))
        if tag == "b":
            self.bold.append(self.text[start:])

    def handle_data(self, data: str) -> None:
        self.text += data


def buttons_of(markup: object) -> list[list[tuple[str, str]]]:
    """Rows of (label, callback data)."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return []
    rows = [[(key.text, key.callback_data or "") for key in row] for row in markup.inline_keyboard]
    if any(not label or not 1 <= len(data.encode()) <= 64 for row in rows for label, data in row):
        raise BadCall("Bad Request: BUTTON_DATA_INVALID")
    return rows
