"""Who comes, who waits, and how those who come are divided into sub-groups that are even and mixed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SignupState = Literal["in", "waiting", "out"]
SIDES_MOST = 50
_LOOKED_AT = 200
"""People with whom somebody may be swapped, so that a draw of thousands stays quick."""


@dataclass(frozen=True, slots=True)
class Signup:
    """``side`` is the sub-group, from 1, 0 before they are drawn. ``attended`` is "", or how it is known: ``code`` or ``roll``."""

    person_id: int
    name: str
    state: SignupState
    side: int
    liaison: bool
    spoke: bool
    attended: str
    at: int


def draw(people: Sequence[int], sides: int, met: Iterable[tuple[int, int]], *, seed: int) -> dict[int, int]:
    """Person → sub-group, from 1. Sizes differ by one at the most; pairs that have ``met`` are parted where that can be.

    The same arguments give the same draw.
    """
    known = _partners(met)
    order = sorted(people)
    random.Random(seed).shuffle(order)
    drawn = {person: place % sides + 1 for place, person in enumerate(order)}
    for person in order:
        _part(drawn, order, known, person)
    return drawn


def _part(drawn: dict[int, int], order: Sequence[int], known: Mapping[int, set[int]], person: int) -> None:
    """Swap with the first whose swap leaves fewer pairs that have met; sizes stay as they are."""
    if not _met_in(drawn, known, person, drawn[person]):
        return
    for other in order[:_LOOKED_AT]:
        if drawn[other] == drawn[person]:
            continue
        before = _met_in(drawn, known, person, drawn[person]) + _met_in(drawn, known, other, drawn[other])
        drawn[person], drawn[other] = drawn[other], drawn[person]
        if _met_in(drawn, known, person, drawn[person]) + _met_in(drawn, known, other, drawn[other]) < before:
            return
        drawn[person], drawn[other] = drawn[other], drawn[person]


def _met_in(drawn: Mapping[int, int], known: Mapping[int, set[int]], person: int, side: int) -> int:
    """With how many of a sub-group they have met."""
    return sum(drawn.get(one) == side for one in known.get(person, ()))


def _partners(met: Iterable[tuple[int, int]]) -> Mapping[int, set[int]]:
    known: dict[int, set[int]] = {}
    for one, other in met:
        known.setdefault(one, set()).add(other)
        known.setdefault(other, set()).add(one)
    return known


def smallest(sizes: Mapping[int, int], sides: int) -> int:
    """The sub-group that one more joins."""
    return min(range(1, sides + 1), key=lambda side: (sizes.get(side, 0), side))


def first_in(coming: Sequence[Signup], side: int) -> Signup | None:
    """Of a sub-group, the one who signed up first: its liaison until another is named."""
    return min(
        (one for one in coming if one.side == side), key=lambda one: (one.at, one.person_id), default=None
    )
