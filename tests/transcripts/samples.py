"""Files that people send in transcripts, made when they are sent: (sample:name) in a transcript is a name here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.transcripts import sample_banks


def words() -> bytes:
    return "读书贵恒".encode()


def long() -> bytes:
    return words() * 100


def unreadable() -> bytes:
    """No text in any encoding."""
    return b"\xff\xfe\xfd\x80"


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    **sample_banks.SAMPLES,
    "words": words,
    "long": long,
    "unreadable": unreadable,
}
