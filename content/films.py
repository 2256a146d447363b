"""Films as people send them: known by what is in them, kept as they are, without the place where they were made."""

from __future__ import annotations

from collections.abc import Iterator

from content.matroska import without_tags

_PICTURE_BRANDS = (b"hei", b"hev", b"mif1", b"msf1", b"avi")
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide")
_WEBM_DOCTYPE = b"\x42\x82\x84webm"
"""EBML's DocType, in the first element of the file: https://www.webmproject.org/docs/container/"""
_SOUNDS = (
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
)
_ENDINGS = {"image/jpeg": "jpg", "video/quicktime": "mov", "audio/mpeg": "mp3", "audio/mp4": "m4a"}
_HOLDERS = (b"moov", b"trak")
_TALKATIVE = (b"udta", b"meta")
"""User data of QuickTime and MP4: where a film was made (©xyz, loci, com.apple.quicktime.location), and with what."""
_DEPTH = 3


def film_type(content: bytes) -> str | None:
    """Its media type; None for what is no film that browsers play."""
    if content[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if _WEBM_DOCTYPE in content[:64] else None
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand.startswith(_PICTURE_BRANDS):
            return None
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    return "video/quicktime" if content[4:8] in _OLD_QUICKTIME else None


def sound_type(content: bytes) -> str | None:
    """Its media type; None for what is no sound that browsers play."""
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] == b"M4A" else None
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    return next((kind for sign, kind in _SOUNDS if content.startswith(sign)), None)


def ending(content: bytes) -> str:
    """Of the name under which a kept photo, film or sound is handed out."""
    kind = sound_type(content) or film_type(content) or "image/jpeg"
    return _ENDINGS.get(kind) or kind.partition("/")[2]


def without_place(content: bytes) -> bytes:
    """The film, or sound, with its user data blotted out; nothing in it moves, so every offset still holds."""
    if film_type(content) == "video/webm":
        return without_tags(content)
    film = bytearray(content)
    for start, end in _told(film, 0, len(film), _DEPTH):
        film[start + 4 : start + 8] = b"free"
        film[start + 8 : end] = bytes(end - start - 8)
    return bytes(film)


def _told(film: bytearray, start: int, end: int, depth: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the boxes of user data between those places: ISO/IEC 14496-12, 4.2."""
    while start + 8 <= end:
        size, kind, head = (
            int.from_bytes(film[start : start + 4], "big"),
            bytes(film[start + 4 : start + 8]),
            8,
        )
        if size == 1:
            size, head = int.from_bytes(film[start + 8 : start + 16], "big"), 16
        stop = end if size == 0 else min(start + size, end)
        if stop < start + head:
            return
        if kind in _TALKATIVE:
            yield start, stop
        elif kind in _HOLDERS and depth:
            yield from _told(film, start + head, stop, depth - 1)
        start = stop
