"""A round puts questions to one person, one after the other: the order they come in, and when a round is left lying."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from domain.day import MINUTE, instant

LYING = 30 * MINUTE
"""A round in which nothing was answered for so long is over; nobody is reminded of it."""


def lies(last: int, now: int) -> bool:
    """Whether a round last answered (or begun) at ``last`` has been left lying."""
    return now - last >= LYING


def shuffled(seed: int, count: int) -> Iterator[int]:
    """The numbers below ``count``, each once, in an order that the seed decides: as far as one reads on, so far it is made."""
    moved: dict[int, int] = {}
    for place in range(count):
        other = place + _die(seed, place) % (count - place)
        yield moved.get(other, other)
        moved[other] = moved.get(place, place)


def _die(seed: int, throw: int) -> int:
    """Dice that fall the same for whoever throws them again: a round goes on after the program was stopped."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{throw}".encode(), digest_size=8).digest())


def week_begins(today: date, zone_name: str, day_end: int) -> int:
    """The instant at which the group's week began: its Monday, which begins when its Sunday ends."""
    monday = today - timedelta(days=today.weekday())
    return instant(monday - timedelta(days=1), day_end, zone_name)
