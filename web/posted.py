"""What a page posted, checked and cleaned before anything is kept of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.incoming import Mention
from storage.overview import Seat
from web.body import text_of
from web.prose import clean
from web.trouble import Trouble

TEXT_LIMIT = 4000
"""Characters of one message; about what the other platforms take, too."""
_ACTION_BYTES = 64  # domain/seal.py
_KEY = re.compile(r"[0-9A-Za-z_-]{8,64}\Z")
_AT = re.compile(r"[@＠]")
_BOT = re.compile(r"[@＠](?:学伴|xueban\b)[\s:：,，]*", re.IGNORECASE)
_NAME = re.compile(r"[^\s@＠,，。:：;；!！?？、/]{1,64}")
_MENTIONS = 50
_LARGEST = (1 << 63) - 1
_DIGITS = len(str(_LARGEST))


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody said."""

    text: str
    key: str
    """Made by the page: the same key again is the same message again."""
    reply_to: int | None = None
    picked: tuple[tuple[str, str], ...] = ()
    """(name, user id) as chosen in the completion of @, which tells two members of one name apart."""

    @property
    def calls_bot(self) -> bool:
        return bool(_BOT.search(self.text)) or self.text.startswith(("/", "／"))

    @property
    def for_bot(self) -> str:
        """The text without calling the bot by its name."""
        return _BOT.sub("", self.text, count=1).strip()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button somebody pressed."""

    action: str
    key: str
    message: int | None


def read_posted(raw: dict[str, Any], files: Sequence[str] = (), *, scripted: bool) -> Posted:
    """``files`` are the keys of what came along. Raises `Trouble` for what cannot be said.

    ``say`` is said instead of the text, ``lead`` before it.
    """
    text = clean(text_of(raw, "say") or f"{text_of(raw, 'lead')} {text_of(raw, 'text')}")
    if not text and not files:
        raise Trouble(400, "page.empty")
    if len(text) > TEXT_LIMIT:
        raise Trouble(400, "page.too_long", limit=TEXT_LIMIT, length=len(text))
    key = _key(text_of(raw, "key"))
    if not scripted:
        # A form shown again by the Back button carries its old key; with other words in it, it is another message.
        told = hashlib.sha256("\n".join((text, *files)).encode())
        key = f"{key[:40]}-{told.hexdigest()[:16]}"
    return Posted(text, key, number(text_of(raw, "reply_to")), _picked(raw.get("mentions")))


def read_pressed(raw: dict[str, Any], spare_key: str) -> Pressed:
    """``spare_key`` serves forms, which have none of their own. Raises `Trouble` for what is no button of ours."""
    action = text_of(raw, "action")
    if not action or not action.isascii() or len(action) > _ACTION_BYTES:
        raise Trouble(400, "page.garbled")
    return Pressed(action, _key(text_of(raw, "key") or spare_key), number(text_of(raw, "message")))


def mentions_in(text: str, seats: Sequence[Seat], picked: Sequence[tuple[str, str]]) -> tuple[Mention, ...]:
    """Who is @-ed: members by id, others by the name as written. One of two namesakes only if she was picked."""
    found = dict.fromkeys(_called(text, seats))
    return tuple(Mention(name=name, user_id=_who(name, seats, picked)) for name in found)[:_MENTIONS]


def number(text: str | None) -> int | None:
    """None for what never was the id of a message."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS:
        return None
    return min(int(text), _LARGEST)


def _called(text: str, seats: Sequence[Seat]) -> Iterator[str]:
    names = sorted({seat.name for seat in seats if seat.name}, key=len, reverse=True)
    rest = _BOT.sub(" ", text)
    for at in _AT.finditer(rest):
        known = next((name for name in names if rest.startswith(name, at.end())), None)
        written = _NAME.match(rest, at.end())
        if known or written:
            yield known or (written[0] if written else "")


def _who(name: str, seats: Sequence[Seat], picked: Sequence[tuple[str, str]]) -> str | None:
    same = {str(seat.id) for seat in seats if seat.name == name}
    chosen = next((user for called, user in picked if called == name and user in same), None)
    return chosen or (same.pop() if len(same) == 1 else None)


def _key(text: str) -> str:
    if not _KEY.match(text):
        raise Trouble(400, "page.garbled")
    return text


def _picked(raw: object) -> tuple[tuple[str, str], ...]:
    if isinstance(raw, str):  # in a form in parts
        try:
            raw = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return ()
    if not isinstance(raw, list):
        return ()
    chosen = (one for one in raw[:_MENTIONS] if isinstance(one, dict))
    return tuple((text_of(one, "name"), text_of(one, "id")) for one in chosen)
