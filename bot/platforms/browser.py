"""The browser chat as a platform the bot speaks on: what it says becomes rows of talk, and open pages are told to look."""

from __future__ import annotations

from collections.abc import Callable

from bot.sending.making import Makers
from domain.errors import UserError
from domain.file import shown_size
from domain.ids import Ids
from domain.incoming import Attachment, Capabilities, Incoming
from domain.outgoing import Limits, Made, MessageGone, Outgoing, Refused, Unreachable
from storage import talk
from storage.media import MediaStore
from storage.tx import Database, Tx
from web.hub import Hub

# Nobody but our own database stands behind this platform. The figures are far above what it is ever asked for,
# and still finite, so that the sender's arithmetic stays ordinary.
_PER_SECOND = 5_000.0
_CHAT_PER_SECOND = 1_000.0
_GROUP_PER_MINUTE = 60_000.0
_TEXT_CHARS = 20_000
_FILE_BYTES = 200_000_000


class BrowserTransport:
    """One site of the browser chat, as the sender sees it."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        clock: Callable[[], int],
        ids: Ids,
        *,
        makers: Makers | None = None,
        account: str = "site",
        bot_name: str = "学伴",
    ) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._ids = ids
        self._makers = makers
        self._account = account
        self._bot_name = bot_name

    @property
    def lane(self) -> str:
        return f"browser:{self._account}"

    @property
    def limits(self) -> Limits:
        return Limits(_PER_SECOND, _CHAT_PER_SECOND, _GROUP_PER_MINUTE)

    def capabilities(self, chat_id: str) -> Capabilities:
        return Capabilities(text_chars=_TEXT_CHARS, caption_chars=_TEXT_CHARS)

    async def send(self, out: Outgoing) -> str:
        body = await self._body(out)
        now = self._clock()
        said = talk.Said(
            chat_id=out.chat_id,
            id=self._ids.next(now),
            sender_id=talk.BOT,
            sender_name=self._bot_name,
            at=now,
            version=self._ids.next(now),
            body=body,
            reply_to=_known_id(out.reply_to),
        )
        if not await self._database.transaction(_say, self._account, said, out.pin):
            raise Unreachable("no such chat")
        self._hub.changed(out.chat_id)
        return str(said.id)

    async def edit(self, out: Outgoing, message_id: str) -> None:
        body = await self._body(out)
        version = self._ids.next(self._clock())
        found = await self._database.transaction(talk.rewrite, out.chat_id, _id(message_id), body, version)
        self._told(out.chat_id, found)

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        version = self._ids.next(self._clock())
        found = await self._database.transaction(talk.react, chat_id, _id(message_id), emoji, version)
        self._told(chat_id, found)

    async def close(self) -> None:
        """Nothing of its own is open."""

    async def _body(self, out: Outgoing) -> talk.Body:
        """With what the page says of the file; what is in it is made again for whoever opens it."""
        made = None
        if self._makers is not None:
            out, made = await self._makers.for_showing(out, _FILE_BYTES)
        return talk.Body(
            text=out.text,
            title=out.title,
            buttons=out.buttons,
            media=(out.media.kind, out.media.ref) if out.media else None,
            file=_attached(out, made) if made else None,
            mentions=out.mentions,
            silent=out.silent,
        )

    def _told(self, chat_id: str, found: bool) -> None:
        if not found:
            raise MessageGone("no such message")
        self._hub.changed(chat_id)


async def _say(tx: Tx, account: str, said: talk.Said, pin: bool) -> bool:
    if not await talk.reachable(tx, account, said.chat_id):
        return False
    await talk.append(tx, said)
    if pin:
        await talk.pin(tx, said.chat_id, said.id, said.version)
    return True


class BrowserFacts:
    """`bot.ingress.Facts` for the browser chat: it has no administrators, hears everything and keeps what is uploaded."""

    def __init__(self, uploads: MediaStore) -> None:
        self._uploads = uploads

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return False

    async def hears_everything(self, chat_id: str) -> bool | None:
        return True

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        content = await self._uploads.get(attachment.file_id)
        if content is None:
            raise UserError("file.gone")
        if len(content) > most:
            raise UserError("file.too_big", most=shown_size(most))
        return content


def _attached(out: Outgoing, made: Made) -> talk.Attached:
    picture = made.kind == "photo"
    width, height = _png_size(made.content) if picture else (0, 0)
    return talk.Attached(made.name, len(made.content), picture, made.alt, width, height, out.file)


def _png_size(content: bytes) -> tuple[int, int]:
    """(0, 0) for what is no PNG. IHDR comes first: https://www.w3.org/TR/png-3/#11IHDR"""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return 0, 0
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _id(text: str) -> int:
    found = _known_id(text)
    if found is None:
        raise Refused("not an id of this platform")
    return found


def _known_id(text: str | None) -> int | None:
    """Ids are numbers of at most 64 bits; anything else never was a message here."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) < 20):
        return None
    number = int(text)
    return number if number < 1 << 63 else None
