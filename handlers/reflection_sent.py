"""What one message brings for a reflection: words, pictures, films, and the rest of the album they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from domain.incoming import Attachment, Incoming
from handlers.call import Call
from storage import albums
from storage.pictures import PictureKind, Shot, Source

_PICTURE_NAMES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".heic",
    ".heif",
    ".bmp",
    ".tif",
    ".tiff",
    ".avif",
)
_FILM_NAMES = (".mp4", ".mov", ".m4v", ".webm", ".3gp", ".avi", ".mkv")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one message brings for a reflection."""

    text: str
    shots: tuple[Shot, ...] = ()
    album: str = ""
    """What its pictures were sent together as."""
    no_picture: bool = False
    """It also brought a file that is none."""


async def sent_with(call: Call, text: str) -> Sent:
    """The words, the pictures of the message, those of the message it answers, and those of its album that came before it."""
    event = call.incoming
    shots, album = shots_of(event), album_of(event)
    no_picture = len(shots) < len(event.attachments)
    if album:
        shots = [*await albums.seen_of_album(call.tx, event, album), *shots]
    if event.reply_to and not shots:
        shots, album = await albums.seen(call.tx, event, event.reply_to)
    return Sent(text, tuple(shots), album, no_picture)


def album_of(event: Incoming) -> str:
    return next((one.album_id for one in event.attachments if one.album_id), "")


def shots_of(event: Incoming) -> list[Shot]:
    """What of a message's files can be shown as a picture or a film."""
    return [
        Shot(kind, Source(event.platform, event.account, event.chat_id, x.file_id, x.kind, x.size, x.name))
        for x in event.attachments
        if (kind := picture_kind(x)) is not None
    ]


def picture_kind(one: Attachment) -> PictureKind | None:
    """A picture may be sent as a document, to keep it sharp."""
    name = one.name.casefold()
    if one.kind == "photo" or (one.kind == "document" and name.endswith(_PICTURE_NAMES)):
        return "photo"
    if one.kind == "video" or (one.kind == "document" and name.endswith(_FILM_NAMES)):
        return "video"
    return None
