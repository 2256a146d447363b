"""Who is in which chat of the fake Telegram, and what stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from aiogram.types import Chat as TelegramChat
from aiogram.types import MessageEntity, PhotoSize, User

from tests.platforms.fake_bot_api_contract import BadCall

_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{5,32}\b")


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    username: str | None = None
    language: str | None = "zh-hans"

    @property
    def user(self) -> User:
        return User(
            id=self.id,
            is_bot=False,
            first_name=self.name,
            username=self.username,
            language_code=self.language,
        )


@dataclass
class Shown:
    """One message as it stands in the chat now."""

    chat_id: int
    message_id: int
    by: str
    """The person's name, "" for the bot."""
    text: str
    title: str = ""
    """The bold first words, where the text begins with such."""
    buttons: list[list[tuple[str, str]]] = field(default_factory=list)
    """Rows of (label, callback data)."""
    links: list[tuple[str, str]] = field(default_factory=list)
    media: tuple[str, str] | None = None
    """(kind, address or file name)."""
    content: bytes = b""
    """What was uploaded with it."""
    reply_to: int | None = None
    thread_id: int | None = None
    silent: bool = False
    pinned: bool = False
    reactions: list[str] = field(default_factory=list)
    poll: str | None = None
    """The id of the poll that it is."""
    edits: int = 0

    def data(self, label: str) -> str:
        """The callback data of the button so labelled."""
        return next(data for row in self.buttons for text, data in row if text == label)


@dataclass
class Room:
    """A chat: the statuses of those in it, by user id, and its messages."""

    id: int
    kind: str
    title: str | None = None
    statuses: dict[int, str] = field(default_factory=dict)
    shown: dict[int, Shown] = field(default_factory=dict)
    moved_to: int | None = None
    forum: bool = False

    @property
    def chat(self) -> TelegramChat:
        first_name = None if self.title else "私聊"
        return TelegramChat(
            id=self.id, type=self.kind, title=self.title, first_name=first_name, is_forum=self.forum or None
        )


class Chats:
    """All rooms and people; ``bot`` is the bot's own user."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.people: dict[int, Person] = {}
        self.rooms: dict[int, Room] = {}
        self._last_message = 100

    def room(self, chat_id: Any) -> Room:
        """The room the bot may write in. Raises `BadCall` as Telegram would."""
        room = self.rooms.get(chat_id)
        if room is None:
            raise BadCall("Bad Request: chat not found")
        if room.moved_to is not None:
            raise BadCall(
                "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to
            )
        if room.statuses.get(self.bot.id) in ("kicked", "left"):
            blocked = (
                "bot was blocked by the user"
                if room.kind == "private"
                else "bot was kicked from the group chat"
            )
            raise BadCall(f"Forbidden: {blocked}", 403)
        return room

    def find(self, chat_id: Any, message_id: Any, doing: str) -> Shown:
        shown = self.room(chat_id).shown.get(message_id)
        if shown is None:
            raise BadCall(f"Bad Request: message to {doing} not found")
        if doing == "edit" and shown.by:
            raise BadCall("Bad Request: message can't be edited")
        return shown

    def post(self, room: Room, by: str, text: str, **more: Any) -> Shown:
        self._last_message += 1
        shown = Shown(room.id, self._last_message, by, text, **more)
        room.shown[shown.message_id] = shown
        return shown

    def migrate(self, room: Room, new_id: int) -> Room:
        new = replace(room, id=new_id, kind="supergroup", shown={})
        self.rooms[new_id] = new
        room.moved_to = new_id
        return new

    def entities(self, text: str) -> tuple[str, list[MessageEntity]]:
        """The text and its marks as Telegram's clients make them: a person without a username is called by a link."""
        found: list[tuple[int, int, str, User | None]] = []
        for person in sorted(self.people.values(), key=lambda p: -len(p.name)):
            while (at := text.find(f"@{person.name}")) >= 0 and not _MENTION.match(text, at):
                text = text[:at] + text[at + 1 :]
                found = [(s - 1 if s > at else s, n, kind, user) for s, n, kind, user in found]
                found.append((at, len(person.name), "text_mention", person.user))
        found += [(m.start(), len(m[0]), "bot_command", None) for m in _COMMAND.finditer(text)]
        found += [(m.start(), len(m[0]), "mention", None) for m in _MENTION.finditer(text)]
        found.sort(key=lambda f: f[0])
        return text, [_entity(text, *one) for one in found]


def _entity(text: str, start: int, length: int, kind: str, user: User | None) -> MessageEntity:
    def units(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    return MessageEntity(
        type=kind, offset=units(text[:start]), length=units(text[start : start + length]), user=user
    )


def photo_sizes(name: str) -> list[PhotoSize]:
    """Telegram makes several sizes of each picture; the last is the largest."""
    return [
        PhotoSize(
            file_id=f"{name}-{size}", file_unique_id=f"{name}{size}", width=size, height=size, file_size=size
        )
        for size in (90, 1280)
    ]
