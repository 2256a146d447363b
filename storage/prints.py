"""Pictures that look the same as one, in the same group."""

from __future__ import annotations

from dataclasses import dataclass

from domain.prints import SAME_BITS, chunks, distance, near_chunks
from storage import sketches
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Near:
    reflection_id: int
    bits: int
    """How many differ."""


async def near(tx: Tx, group_id: int, print: str, most: int, *, but: int = 0) -> list[Near]:
    """Reflections with the same picture, the most alike first; not the reflection ``but``."""
    looked_for = [list(near_chunks(chunk)) for chunk in chunks(print)]
    found: dict[int, int] = {}
    for reflection_id, other in await sketches.like_picture(tx, group_id, looked_for):
        bits = distance(print, other)
        if bits <= SAME_BITS and reflection_id != but:
            found[reflection_id] = min(bits, found.get(reflection_id, bits))
    return [Near(id, bits) for id, bits in sorted(found.items(), key=lambda one: (one[1], -one[0]))][:most]


async def of_reflection(tx: Tx, group_id: int, reflection_id: int) -> list[tuple[int, str]]:
    """(place, print) of its photos that are there."""
    rows = await tx.all(
        """SELECT place, print FROM pictures
           WHERE group_id = :group AND reflection_id = :reflection AND print <> '' ORDER BY place""",
        group=group_id,
        reflection=reflection_id,
    )
    return [(int(place), str(print)) for place, print in rows]


async def same(tx: Tx, group_id: int, one: int, other: int) -> list[tuple[int, int]]:
    """Places of the pictures that both reflections have, the most alike first; each picture stands in one pair only."""
    mine, theirs = [await of_reflection(tx, group_id, id) for id in (one, other)]
    near = sorted((distance(a, b), place, other_place) for place, a in mine for other_place, b in theirs)
    found: dict[int, int] = {}
    for bits, place, other_place in near:
        if bits <= SAME_BITS and place not in found and other_place not in found.values():
            found[place] = other_place
    return list(found.items())
