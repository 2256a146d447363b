"""What was said in the browser chat, which is a chat platform of its own and keeps its own messages.

``changed_at`` holds a sortable id (domain/ids.py) instead of plain milliseconds: two changes within one millisecond still have
an order, so a page that knows the last version it saw can ask for everything after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from domain.message import File
from domain.outgoing import Order
from storage.tx import Row, Tx

BOT = ""
"""The sender of what 学伴 says."""
_PRIVATE = re.compile(r"p(\d{1,19})\Z", re.ASCII)
"""The private chat of the person with this id."""
_LARGEST = (1 << 63) - 1
_RECENT = 200
"""Messages of a chat that are looked through for the one a repeated posting belongs to; a retry follows within seconds."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message: a person's, of which only this is kept, or one the bot makes anew for whoever opens it."""

    name: str
    size: int
    picture: bool = False
    alt: str = ""
    width: int = 0
    height: int = 0
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture or film that a person sent with a message. ``hash`` finds it once it is there (storage/pictures.py)."""

    kind: str
    state: str = "pending"
    hash: str = ""
    width: int = 0
    height: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands in a message, as stored in JSON."""

    text: str = ""
    title: str = ""
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Rows of (label, sealed payload)."""
    media: tuple[str, str] | None = None
    """(kind, reference)."""
    file: Attached | None = None
    photos: tuple[Photo, ...] = ()
    mentions: tuple[tuple[str, str], ...] = ()
    """(name as it stands after @, user id)."""
    silent: bool = False
    reactions: tuple[str, ...] = ()
    key: str = ""
    """The id of the event that brought the message, to know a repeat by."""

    def dump(self) -> str:
        """JSON of what differs from the defaults."""
        filled = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        return orjson.dumps(filled).decode()

    @staticmethod
    def parse(text: str) -> Body:
        """The inverse of `dump`."""
        raw: dict[str, Any] = orjson.loads(text)
        return Body(
            text=raw.get("text", ""),
            title=raw.get("title", ""),
            buttons=tuple(
                tuple((label, payload) for label, payload in row) for row in raw.get("buttons", ())
            ),
            media=tuple(raw["media"]) if "media" in raw else None,
            file=_attached(raw["file"]) if "file" in raw else None,
            photos=tuple(Photo(**one) for one in raw.get("photos", ())),
            mentions=tuple((name, user) for name, user in raw.get("mentions", ())),
            silent=raw.get("silent", False),
            reactions=tuple(raw.get("reactions", ())),
            key=raw.get("key", ""),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat."""

    chat_id: str
    id: int
    sender_id: str
    sender_name: str
    at: int
    version: int
    """Grows with every change of the message."""
    body: Body = field(default_factory=Body)
    reply_to: int | None = None
    pinned: bool = False


_COLUMNS = "chat_id, id, sender_id, sender_name, at, changed_at, body, reply_to, pinned"


async def append(tx: Tx, said: Said) -> None:
    await tx.run(
        f"INSERT INTO talk ({_COLUMNS}) "
        "VALUES (:chat, :id, :sender, :name, :at, :version, :body, :reply_to, :pinned)",
        chat=said.chat_id,
        id=said.id,
        sender=said.sender_id,
        name=said.sender_name,
        at=said.at,
        version=said.version,
        body=said.body.dump(),
        reply_to=None if said.reply_to is None else str(said.reply_to),
        pinned=int(said.pinned),
    )


async def append_once(tx: Tx, said: Said) -> int | None:
    """Append a person's message and return its id; for a repeat of ``body.key``, the id it got the first time.

    None for a repeat so late that its message is no longer among the chat's recent ones.
    """
    fresh = await tx.run(
        "INSERT INTO events (platform, account, event_id, at) VALUES ('browser', 'talk', :event, :at) "
        "ON CONFLICT DO NOTHING",
        event=f"{said.chat_id} {said.sender_id} {said.body.key}",
        at=said.at,
    )
    if fresh:
        await append(tx, said)
        return said.id
    recent = await page(tx, said.chat_id, None, _RECENT)
    mine = (old.id for old in recent if old.sender_id == said.sender_id and old.body.key == said.body.key)
    return next(mine, None)


async def rewrite(tx: Tx, chat_id: str, message_id: int, body: Body, version: int) -> bool:
    """Put ``body`` in the place of the old one; reactions stay. False where there is no such message."""
    old = await one(tx, chat_id, message_id)
    if old is None:
        return False
    await _store(tx, old, replace(body, reactions=old.body.reactions, key=old.body.key), version)
    return True


async def react(tx: Tx, chat_id: str, message_id: int, emoji: str, version: int) -> bool:
    """Add ``emoji`` to the message, once. False where there is no such message."""
    await tx.lock(message_id)
    old = await one(tx, chat_id, message_id)
    if old is None:
        return False
    if emoji not in old.body.reactions:
        await _store(tx, old, replace(old.body, reactions=(*old.body.reactions, emoji)), version)
    return True


async def show_picture(tx: Tx, chat_id: str, message_id: int, place: int, photo: Photo, version: int) -> bool:
    """The picture at that place of the message is there, or is broken. False where there is no such message."""
    old = await one(tx, chat_id, message_id)
    if old is None or place >= len(old.body.photos):
        return False
    photos = (*old.body.photos[:place], photo, *old.body.photos[place + 1 :])
    await _store(tx, old, replace(old.body, photos=photos), version)
    return True


async def pin(tx: Tx, chat_id: str, message_id: int, version: int) -> None:
    """Pin this message and no other of the chat."""
    await tx.run(
        "UPDATE talk SET pinned = CASE WHEN id = :id THEN 1 ELSE 0 END, changed_at = :version "
        "WHERE chat_id = :chat AND (id = :id OR pinned = 1)",
        chat=chat_id,
        id=message_id,
        version=version,
    )


async def one(tx: Tx, chat_id: str, message_id: int) -> Said | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM talk WHERE chat_id = :chat AND id = :id", chat=chat_id, id=message_id
    )
    return _said(row) if row else None


async def page(tx: Tx, chat_id: str, before: int | None, limit: int) -> list[Said]:
    """The ``limit`` messages just before the id ``before`` (the newest for None), oldest first."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM talk WHERE chat_id = :chat AND id < :before ORDER BY id DESC LIMIT :limit",
        chat=chat_id,
        before=before if before is not None else _LARGEST,
        limit=limit,
    )
    return [_said(row) for row in reversed(rows)]


async def several(tx: Tx, chat_id: str, ids: Sequence[int]) -> dict[int, Said]:
    """The messages of these ids that are still there."""
    found = [await one(tx, chat_id, message_id) for message_id in dict.fromkeys(ids)]
    return {said.id: said for said in found if said is not None}


async def since(tx: Tx, chat_id: str, version: int, limit: int) -> list[Said]:
    """What was said or changed after ``version``, in the order of the changes."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM talk WHERE chat_id = :chat AND changed_at > :version "
        "ORDER BY changed_at, id LIMIT :limit",
        chat=chat_id,
        version=version,
        limit=limit,
    )
    return [_said(row) for row in rows]


async def newest_version(tx: Tx, chat_id: str) -> int:
    """The latest change of the chat, 0 for an empty one."""
    row = await tx.one("SELECT max(changed_at) FROM talk WHERE chat_id = :chat", chat=chat_id)
    return int(row[0]) if row and row[0] is not None else 0


async def pinned(tx: Tx, chat_id: str) -> Said | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM talk WHERE chat_id = :chat AND pinned = 1 ORDER BY id DESC LIMIT 1",
        chat=chat_id,
    )
    return _said(row) if row else None


async def reachable(tx: Tx, account: str, chat_id: str) -> bool:
    """Whether anybody can read what is said there: a bound group chat, or the private chat of somebody we know."""
    if private := _PRIVATE.match(chat_id):
        person = min(int(private[1]), _LARGEST)
        return await tx.one("SELECT 1 FROM people WHERE id = :id", id=person) is not None
    row = await tx.one(
        "SELECT 1 FROM chats WHERE platform = 'browser' AND account = :account AND chat_id = :chat",
        account=account,
        chat=chat_id,
    )
    return row is not None


async def _store(tx: Tx, old: Said, body: Body, version: int) -> None:
    await tx.run(
        "UPDATE talk SET body = :body, changed_at = :version WHERE chat_id = :chat AND id = :id",
        body=body.dump(),
        version=version,
        chat=old.chat_id,
        id=old.id,
    )


def _attached(raw: dict[str, Any]) -> Attached:
    order = raw.pop("order")
    return Attached(**raw, order=Order(**(order | {"file": File(**order["file"])})) if order else None)


def _said(row: Row) -> Said:
    chat_id, message_id, sender_id, sender_name, at, version, body, reply_to, is_pinned = row
    return Said(
        chat_id=chat_id,
        id=message_id,
        sender_id=sender_id,
        sender_name=sender_name,
        at=at,
        version=version,
        body=Body.parse(body),
        reply_to=None if reply_to is None else int(reply_to),
        pinned=bool(is_pinned),
    )
