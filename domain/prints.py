"""Perceptual prints of pictures: 256 bits in 64 hexadecimal digits, few of which change when a picture is scaled or saved again."""

from __future__ import annotations

from collections.abc import Iterator

BITS = 256
DIGITS = BITS // 4
SAME_BITS = 31
"""Up to so many different bits are the same picture: the start its makers recommend,
https://github.com/facebook/ThreatExchange/blob/main/pdq/README.md, "Matching"."""
QUALITY_LEAST = 50
"""A picture with less in it (a white wall) is like any other such: prints of quality 49 and below are to be discarded (same source)."""
CHUNKS = 16
_CHUNK_DIGITS = DIGITS // CHUNKS
_CHUNK_BITS = BITS // CHUNKS


def distance(one: str, other: str) -> int:
    """How many bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def same_percent(bits: int) -> int:
    """How much of two prints is equal."""
    return 100 * (BITS - bits) // BITS


def chunks(print: str) -> list[str]:
    return [print[n : n + _CHUNK_DIGITS] for n in range(0, DIGITS, _CHUNK_DIGITS)]


def near_chunks(chunk: str) -> Iterator[str]:
    """The chunk, and all with one bit changed.

    Of two prints that differ in at most 31 bits, one of the 16 chunks differs in at most one bit: so these find it, always.
    """
    value = int(chunk, 16)
    yield chunk
    for bit in range(_CHUNK_BITS):
        yield f"{value ^ 1 << bit:0{_CHUNK_DIGITS}x}"
