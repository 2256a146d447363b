"""WebM films without what is told beside picture and sound: titles, tags, dates, attached files, and with what they were made."""

from __future__ import annotations

from collections.abc import Iterator

# Ids of EBML elements, RFC 8794 (EBML) and RFC 9559 (Matroska, which WebM is a part of).
_HOLDERS = {b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\xae"}
"""Segment, Info, Tracks and TrackEntry: what stands in them is looked at one by one."""
_CLUSTER = b"\x1f\x43\xb6\x75"
_TALKATIVE = {
    b"\x12\x54\xc3\x67",  # Tags: among them LOCATION, ARTIST, COMMENT
    b"\x19\x41\xa4\x69",  # Attachments
    b"\x10\x43\xa7\x70",  # Chapters
    b"\x7b\xa9",  # Title
    b"\x44\x61",  # DateUTC
    b"\x73\x84",  # SegmentFilename
    b"\x3c\x83\xab",  # PrevFilename
    b"\x3e\x83\xbb",  # NextFilename
    b"\x53\x6e",  # Name of a track
    b"\xbf",  # CRC-32, which would no longer be right
}
_MAKERS = {b"\x4d\x80", b"\x57\x41"}
"""MuxingApp and WritingApp have to be there: they are said with spaces."""
_VOID = 0xEC
_MOST_ID, _MOST_SIZE = 4, 8
_SHORT = 1 + 1 + 0x7E
"""The longest element whose length is told in one byte."""
MOST_ELEMENTS = 1_000_000
"""Frames of some hours; each takes a microsecond or two. What has more was not made by a camera."""


def without_tags(content: bytes, most: int = MOST_ELEMENTS) -> bytes:
    """Nothing moves, so every offset in the film still holds. From where it cannot be read, nothing of it is kept."""
    film = bytearray(content)
    end = 0
    for kind, start, body, stop in _elements(content, most):
        if kind in _TALKATIVE:
            film[start:stop] = _void(stop - start)
        elif kind in _MAKERS:
            film[body:stop] = b" " * (stop - body)
        end = stop
    del film[end:]
    return bytes(film)


def _elements(film: bytes, most: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(id, start, start of what is in it, end), one after the other; of a holder only its head, for what is in it follows."""
    at = 0
    for _ in range(most):
        id_end = at + _width(film, at, _MOST_ID)
        body = id_end + _width(film, id_end, _MOST_SIZE)
        if not at < id_end < body <= len(film):
            return
        kind = film[at:id_end]
        size, unknown = _size(film[id_end:body])
        if unknown and kind != _CLUSTER and kind not in _HOLDERS:
            return
        # A cluster that was recorded live does not know its length: what is in it follows, up to the next one.
        stop = body if unknown or kind in _HOLDERS else min(body + size, len(film))
        yield kind, at, body, stop
        at = stop


def _width(film: bytes, at: int, most: int) -> int:
    """Bytes of the number that begins there, by the zeros it begins with; 0 where none does."""
    first = film[at] if at < len(film) else 0
    width = 9 - first.bit_length()
    return width if first and width <= most else 0


def _size(told: bytes) -> tuple[int, bool]:
    """(length, whether it is not known, which all ones mean)."""
    ones = (1 << 7 * len(told)) - 1
    size = int.from_bytes(told, "big") & ones
    return size, size == ones


def _void(length: int) -> bytes:
    """An element of that length that says nothing."""
    if length <= _SHORT:
        return bytes((_VOID, 0x80 | length - 2)) + bytes(length - 2)
    rest = length - 1 - _MOST_SIZE
    return bytes((_VOID,)) + (1 << 56 | rest).to_bytes(_MOST_SIZE, "big") + bytes(rest)
