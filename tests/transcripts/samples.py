"""Files that people send in transcripts, made when they are sent: (sample:name) in a transcript is a name here."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import partial

from tests.transcripts import sample_banks, sample_photos, sample_templates


def words() -> bytes:
    return "读书贵恒".encode()


def long() -> bytes:
    return words() * 100


def unreadable() -> bytes:
    """No text in any encoding."""
    return b"\xff\xfe\xfd\x80"


def photo(colour: bytes = b"\x9b\x1c\x1c") -> bytes:
    """A small PNG in one colour."""
    rows = b"".join(b"\0" + colour * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    **sample_banks.SAMPLES,
    **sample_photos.SAMPLES,
    **sample_templates.SAMPLES,
    "photo": photo,
    "other-photo": partial(photo, b"\x1c\x4f\x9b"),
    "words": words,
    "long": long,
    "unreadable": unreadable,
}
