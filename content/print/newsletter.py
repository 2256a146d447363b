"""A newsletter as PDF, and as one long picture for the chat. What people wrote reaches typst as data and is never read as markup."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from content.print.glyphs import printable
from content.print.typeset import pdf, png
from domain.newsletter import Photo, photo_rows, written_in

_SOURCE = Path(__file__).parent / "newsletter.typ"
_CLUSTER = regex.compile(r"\X")
_ENDLESS, _MAY_BREAK = regex.compile(r"[^\s\p{Han}\p{P}]{24,}|[^\s\p{Han}]{32,}"), "\u200b"
_OF_A_WORD, _LAST_WORD = regex.compile(r"[\p{Latin}\p{N}]"), regex.compile(r"[\p{Latin}\p{N}\p{M}'’-]+\Z")
SIDES_MOST = 10_000
"""Width and height of a photo together may be so many pixels where rules are narrowest (https://core.telegram.org/bots/api#sendphoto)."""
RATIO_MOST = 20
"""And one at most so many times the other (the same page)."""
BYTES_MOST = 10_000_000
"""And so heavy at most (the same page)."""
_SIZES: tuple[tuple[float, int], ...] = (
    (207.0, 100_000), (160.0, 100_000), (160.0, 600), (144.0, 300), (144.0, 150), (110.0, 80),
)  # fmt: skip
"""(pixels an inch, characters of each text) that a long picture is tried with, until it is short enough to be sent."""
_ROUGHER = 12
"""So many times less fine a picture is made first: it takes a tenth of the time to learn that one would be too long."""
_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF", "webp"))


@dataclass(frozen=True, slots=True)
class Piece:
    number: str
    author: str
    body: str
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on it, in the reader's language. ``more`` is said below a text that was shortened."""

    title: str
    kicker: str
    date: str
    foot: str
    more: str
    alt: str
    seal: str
    language: str
    pieces: tuple[Piece, ...]


def newsletter_pdf(sheet: Sheet, photos: Mapping[str, bytes]) -> bytes:
    return pdf(_SOURCE.read_text(encoding="utf-8"), _data(sheet, photos, long=False), _files(photos))


def newsletter_png(sheet: Sheet, photos: Mapping[str, bytes]) -> bytes:
    """One picture; with many long texts it holds their beginnings, for the whole of them stands on the page."""
    source, files = _SOURCE.read_text(encoding="utf-8"), _files(photos)
    made = b""
    for ppi, chars in _SIZES:
        data = _data(sheet, photos, long=True, chars=chars)
        [rough] = png(source, data, files, ppi=ppi / _ROUGHER)
        if (ppi, chars) != _SIZES[-1] and not _may_fit(rough):
            continue
        [made] = png(source, data, files, ppi=ppi)
        if _can_be_sent(made):
            break
    return made


def _may_fit(rough: bytes) -> bool:
    """Whether the picture could be sent that has so many times the pixels, but for what is lost by rounding."""
    width, height = _sides(rough)
    return (width + height - 2) * _ROUGHER <= SIDES_MOST and height - 1 <= (width + 1) * RATIO_MOST


def _can_be_sent(picture: bytes) -> bool:
    width, height = _sides(picture)
    return width + height <= SIDES_MOST and height <= width * RATIO_MOST and len(picture) <= BYTES_MOST


def _sides(picture: bytes) -> tuple[int, int]:
    """(width, height) that a PNG says it has (https://www.w3.org/TR/png-3/#11IHDR)."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def _data(
    sheet: Sheet, photos: Mapping[str, bytes], *, long: bool, chars: int = 100_000
) -> dict[str, object]:
    words = {name: _set(getattr(sheet, name)) for name in ("title", "kicker", "date", "foot", "seal")}
    articles = [_article(piece, sheet, photos, chars) for piece in sheet.pieces]
    return {**words, "language": sheet.language, "long": long, "articles": articles}


def _article(piece: Piece, sheet: Sheet, photos: Mapping[str, bytes], chars: int) -> dict[str, object]:
    body, cut = _beginning(printable(piece.body), chars)
    there = [one for one in piece.photos if _kind(photos.get(one.hash, b""))]
    rows = [
        [
            {"name": _name(one.hash, photos[one.hash]), "ratio": one.ratio, "alt": printable(sheet.alt)}
            for one in row
        ]
        for row in photo_rows(there)
    ]
    return {
        "number": printable(piece.number),
        "author": _set(piece.author) or "？",
        "language": written_in(piece.body),
        "paragraphs": [_set(line) for line in body.split("\n") if line.strip()],
        "rows": rows,
        "more": printable(sheet.more) if cut else "",
    }


def _set(text: str) -> str:
    """As the fonts can set it; a word without end, such as an address, may be broken anywhere rather than run off the paper."""
    breakable: str = _ENDLESS.sub(lambda word: _MAY_BREAK.join(word[0]), printable(text))
    return breakable


def _beginning(text: str, chars: int) -> tuple[str, bool]:
    clusters: Sequence[str] = _CLUSTER.findall(text)
    if len(clusters) <= chars:
        return text, False
    kept = "".join(clusters[:chars])
    if _OF_A_WORD.match(clusters[chars]):
        kept = _LAST_WORD.sub("", kept) or kept
    return kept.rstrip() + "…", True


def _files(photos: Mapping[str, bytes]) -> dict[str, bytes]:
    return {_name(hash, content): content for hash, content in photos.items() if _kind(content)}


def _name(hash: str, content: bytes) -> str:
    return f"{hash}.{_kind(content)}"


def _kind(content: bytes) -> str:
    """ "" for what is no picture that can be set."""
    return next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
