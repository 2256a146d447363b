"""Names and texts as Telegram writes them, made plain: its code units, our own @name and tricks taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.platforms.telegram.updates import Entity, User
from domain.incoming import Mention

NAME_CHARS = 64
_JOINER = "\u200d"
_BLANK = " \u3164\u115f\u1160\uffa0\u2800\ufe0e\ufe0f" + _JOINER
"""Letters and marks that show nothing: people use them to have no name."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CALL = re.compile(r"([/／][^\s@/／]+)(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as `getMe` tells."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says once Telegram's way of writing it is taken off."""

    text: str
    mentions: tuple[Mention, ...] = ()
    to_me: bool = False
    """By a slash command or an @mention."""
    to_another: bool = False
    """A slash command that names another bot."""


def shown_name(user: User) -> str:
    """The full name, safe to show within a line of text; a number for a person whose name shows nothing."""
    name = tidy(f"{user.first_name} {user.last_name}" if user.last_name else user.first_name)
    return name[:NAME_CHARS].rstrip(_BLANK) or f"#{user.id % 10_000:04d}"


def tidy(name: str) -> str:
    """One line without control characters and without those that turn the direction of writing."""
    if not name.isprintable():
        name = "".join(c if _visible(c) else " " if c.isspace() else "" for c in name)
    return " ".join(name.split()) if name.strip(_BLANK) else ""


def _visible(character: str) -> bool:
    if character == _JOINER or "\U000e0020" <= character <= "\U000e007f":
        return True  # they hold an emoji's parts together
    return unicodedata.category(character)[0] != "C" and not character.isspace()


def plain(text: str) -> str:
    """Without control characters, which no database likes; line breaks and tabs stay."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def read(text: str, entities: Sequence[Entity], me: Me) -> Reading:
    """Take our own @name out of the text and gather whom else it calls."""
    if not entities:
        return _call(plain(text), me) if text[:1] in ("/", "／") else Reading(plain(text))
    return _Reader(text, me).read(entities)


def _call(text: str, me: Me) -> Reading:
    """A command that Telegram did not mark as one (``/打卡@xueban_bot``): its own commands are ASCII."""
    found = _CALL.match(text)
    if not found:
        return Reading(text)
    if (found[2] or "").lower() == me.username.lower():
        return Reading(found[1] + text[found.end() :], to_me=True)
    return Reading(text, to_me=True)


class _Reader:
    """Walks through one text entity by entity, on its UTF-16 code units."""

    def __init__(self, text: str, me: Me) -> None:
        self._units = text.encode("utf-16-le")
        self._me = me
        self._mentions: list[Mention] = []
        self._to_me = False
        self._to_another = False

    def read(self, entities: Sequence[Entity]) -> Reading:
        pieces, at = [], 0
        for entity in sorted(entities, key=lambda e: e.offset):
            if entity.offset < at or entity.type not in ("mention", "text_mention", "bot_command"):
                continue
            end = entity.offset + entity.length
            pieces.append(self._cut(at, entity.offset))
            pieces.append(word := self._word(entity, self._cut(entity.offset, end)))
            at = end if word or self._cut(end, end + 1) != " " else end + 1
        pieces.append(self._cut(at, None))
        found = _call(plain("".join(pieces)).strip(), self._me) if self._starts_with_slash() else None
        text = found.text if found else plain("".join(pieces)).strip()
        to_me = self._to_me or (found is not None and found.to_me)
        return Reading(text, tuple(self._mentions), to_me, self._to_another)

    def _starts_with_slash(self) -> bool:
        return self._cut(0, 1) in ("/", "／")

    def _cut(self, start: int, end: int | None) -> str:
        units = self._units[2 * start : None if end is None else 2 * end]
        return units.decode("utf-16-le", "ignore")

    def _word(self, entity: Entity, word: str) -> str:
        """What stands in the text in the entity's place."""
        if entity.type == "bot_command":
            return self._command(word) if entity.offset == 0 else word
        name = tidy(word.removeprefix("@"))
        user = entity.user
        if user.id == self._me.id if user else name.lower() == self._me.username.lower():
            self._to_me = True
            return ""
        if not name:
            return word
        self._mentions.append(Mention(name=name, user_id=str(user.id) if user else None))
        return f"@{name}"

    def _command(self, word: str) -> str:
        command, _, target = word.partition("@")
        self._to_another = target.lower() not in ("", self._me.username.lower())
        self._to_me = not self._to_another
        return command
