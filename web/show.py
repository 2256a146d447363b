"""A stored message, made ready to be shown to one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from zlib import crc32

from domain.file import shown_size
from storage.talk import BOT, Attached, Said
from web.prose import Piece, initial, pieces
from web.times import Times

_TINTS = 8
_SNIPPET = 60
"""Characters shown of a message that is answered, or that is the newest of a chat."""
_BREATH = timedelta(minutes=5).total_seconds() * 1000
"""Messages of one person closer together than this share one name and one picture."""
_TICKS = frozenset("✓✔✅👌👍")
_KINDS = {"picture": "picture", "photo": "picture", "audio": "audio", "voice": "audio", "video": "video"}


@dataclass(frozen=True, slots=True)
class Quote:
    id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Media:
    kind: str
    """picture, audio, video; anything else is shown as a link."""
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One message, as the template wants it."""

    said: Said
    mine: bool
    initial: str
    tint: int
    title: list[Piece]
    text: list[Piece]
    media: Media | None
    file: Attached | None
    size: str
    """Of the file, as people say it."""
    quote: Quote | None
    clock: str
    iso: str
    exact: str
    moment: str
    day: str
    day_near: str
    day_told: str
    leads: bool = True
    """The first of several by the same person: it carries the name and the picture."""
    opens_day: bool = True

    @property
    def by_bot(self) -> bool:
        return self.said.sender_id == BOT

    @property
    def marks(self) -> list[str]:
        """The reactions; all that only say 收到 look the same, as a tick."""
        return list(dict.fromkeys("✓" if one in _TICKS else one for one in self.said.body.reactions))

    @property
    def below_bar(self) -> list[Piece]:
        """The text of a board without the progress bar it begins with, which is shown apart."""
        if not self.text or self.text[0].kind != "bar":
            return self.text
        below = self.text[1:]
        if below and below[0].kind == "text":
            below = [Piece("text", below[0].text.lstrip()), *below[1:]]
        return below


def shown(
    said: Said,
    reader: str,
    times: Times,
    quoted: Mapping[int, Said],
    before: Said | None = None,
) -> Shown:
    """``before`` is the message above it on the page, ``reader`` the user id of who looks."""
    names = [name for name, _ in said.body.mentions]
    day = times.day(said.at)
    same_day = before is not None and times.day(before.at) == day
    return Shown(
        said=said,
        mine=said.sender_id == reader,
        initial=initial(said.sender_name),
        tint=tint(said.sender_id),
        title=pieces(said.body.title, names),
        text=pieces(said.body.text, names),
        media=_media(said),
        file=said.body.file,
        size=shown_size(said.body.file.size) if said.body.file else "",
        quote=_quote(said, quoted),
        clock=times.clock(said.at),
        iso=times.iso(said.at),
        exact=times.exact(said.at),
        moment=times.moment(said.at),
        day=day.isoformat(),
        day_near=times.near(day),
        day_told=times.dated(day),
        leads=not (same_day and before is not None and _goes_on(before, said)),
        opens_day=not same_day,
    )


def shown_list(page: Sequence[Said], reader: str, times: Times, quoted: Mapping[int, Said]) -> list[Shown]:
    """The messages of a page, oldest first."""
    return [shown(said, reader, times, quoted, before) for before, said in pairwise([None, *page]) if said]


def tint(user_id: str) -> int:
    """One of a few colours, always the same for one person; never their only mark."""
    return crc32(user_id.encode()) % _TINTS


def _goes_on(before: Said, said: Said) -> bool:
    return before.sender_id == said.sender_id and said.at - before.at < _BREATH


def _media(said: Said) -> Media | None:
    if said.body.media is None:
        return None
    kind, ref = said.body.media
    url = ref if ref.startswith(("https://", "http://")) else f"/media/{ref.lstrip('/')}"
    return Media(_KINDS.get(kind, "link"), url)


def _quote(said: Said, quoted: Mapping[int, Said]) -> Quote | None:
    original = quoted.get(said.reply_to) if said.reply_to is not None else None
    if original is None:
        return None
    return Quote(original.id, original.sender_name, snippet(original))


def snippet(said: Said) -> str:
    """The beginning of a message, on one line."""
    file = said.body.file
    attached = f"📎 {file.name}" if file and not file.alt else file.alt if file else ""
    photos = "🖼" * len(said.body.photos)
    text = " ".join(f"{said.body.title} {said.body.text} {attached} {photos}".split())
    return text if len(text) <= _SNIPPET else text[: _SNIPPET - 1] + "…"
