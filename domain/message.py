"""What the bot says, before it is put into words: keys of `content/texts` with parameters.

A message is stored in the outbox in this form and put into the reader's language only as it is sent,
so nothing below `bot/` holds a sentence, and a waiting message is never out of date with the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any, TypeAlias, Union

import orjson

Param: TypeAlias = Union[str, int, "Line", tuple["Line", ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or fragment: a key of `content/texts` and the values its ``{names}`` take."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


def line(key: str, **params: Param) -> Line:
    """``line("checkin.done", days=3)`` reads better than the constructor."""
    return Line(key, params)


def on(day: date) -> Line:
    """A day of the year as people say it, without the year: 3月5日, 5 March."""
    return Line(f"date.m{day.month}", {"day": day.day})


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. ``action`` is a command's name. It and ``arg`` have 30 ASCII characters together, 19 with ``only``.

    ``only`` is the one person who may press it, 0 for everybody in the chat. The payload is sealed as the message is sent.
    """

    label: Line
    action: str
    arg: str = ""
    only: int = 0


@dataclass(frozen=True, slots=True)
class Live:
    """The message's content is looked up as it is sent (``kind`` names the composer), so many changes make one message."""

    kind: str
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film to show: ``ref`` is a web address, or a path below the pack's media folder."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that is made as the message is sent: ``kind`` names who makes it (`bot/core.py` lists them), ``arg`` of what.

    It is made anew whenever somebody opens it, so ``arg`` says for which days it stands.
    """

    kind: str
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """A question as the platform's own quiz poll, where the chat has one; elsewhere the message's lines and buttons stand for it.

    Places of options count from 0; ``quiz_id`` is the question put to the group that its answers belong to.
    """

    quiz_id: int
    question: str | Line = ""
    options: tuple[Line, ...] = ()
    right: tuple[int, ...] = ()
    explanation: Line | None = None
    closed: bool = False
    """The poll that is shown in this message's slot takes no more answers; where none is, there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """What to say. Either ``lines`` (under a ``title``), or ``live``, or ``react`` with ``reply_to``."""

    lines: tuple[Line, ...] = ()
    title: Line | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    live: Live | None = None
    react: str | None = None
    """An emoji to put on the message ``reply_to`` instead of saying anything."""
    reply_to: str | None = None
    media: Media | None = None
    file: File | None = None
    poll: Poll | None = None
    silent: bool = False
    mentions: tuple[tuple[str, int], ...] = ()
    """(name as written after @, person id) for those the message really calls."""
    pin: bool = False

    def dump(self) -> str:
        """JSON for the outbox; what is at its default is left out."""
        return orjson.dumps(_shrink(self)).decode()

    @staticmethod
    def parse(text: str) -> Message:
        """The inverse of `dump`."""
        return _message(orjson.loads(text))


class Priority(IntEnum):
    """Order in which waiting messages leave; smaller goes first."""

    BUTTON = 0
    REPLY = 1
    REMINDER = 2
    BROADCAST = 3


def _shrink(m: Message) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    if m.lines:
        raw["lines"] = m.lines
    if m.buttons:
        raw["buttons"] = m.buttons
    if m.mentions:
        raw["mentions"] = m.mentions
    for name in ("title", "live", "react", "reply_to", "media", "file", "poll"):
        if (value := getattr(m, name)) is not None:
            raw[name] = value
    for name in ("silent", "pin"):
        if getattr(m, name):
            raw[name] = True
    return raw


def _message(raw: dict[str, Any]) -> Message:
    return Message(
        lines=tuple(_line(x) for x in raw.get("lines", ())),
        title=_line(raw["title"]) if "title" in raw else None,
        buttons=tuple(tuple(_button(b) for b in row) for row in raw.get("buttons", ())),
        live=Live(**raw["live"]) if "live" in raw else None,
        react=raw.get("react"),
        reply_to=raw.get("reply_to"),
        media=Media(**raw["media"]) if "media" in raw else None,
        file=File(**raw["file"]) if "file" in raw else None,
        poll=_poll(raw["poll"]) if "poll" in raw else None,
        silent=raw.get("silent", False),
        mentions=tuple((name, person) for name, person in raw.get("mentions", ())),
        pin=raw.get("pin", False),
    )


def _poll(raw: dict[str, Any]) -> Poll:
    return Poll(
        quiz_id=raw["quiz_id"],
        question=_line(raw["question"]) if isinstance(raw["question"], dict) else raw["question"],
        options=tuple(_line(one) for one in raw["options"]),
        right=tuple(raw["right"]),
        explanation=_line(raw["explanation"]) if raw["explanation"] else None,
        closed=raw["closed"],
    )


def _line(raw: dict[str, Any]) -> Line:
    return Line(raw["key"], {name: _param(value) for name, value in raw["params"].items()})


def _param(value: Any) -> Param:
    if isinstance(value, dict):
        return _line(value)
    if isinstance(value, list):
        return tuple(_line(x) for x in value)
    if isinstance(value, (str, int)):
        return value
    raise TypeError(f"a message parameter is a str, an int or a Line, not {type(value).__name__}")


def _button(raw: dict[str, Any]) -> Button:
    return Button(_line(raw["label"]), raw["action"], raw["arg"], raw["only"])
