"""Sketches of what was handed in: bands that like texts share, chunks that like pictures share. No group is compared with another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.likeness import BANDS
from domain.prints import CHUNKS
from storage.tx import Tx

PICTURES = 100
"""Bands from here on are chunks of pictures' prints."""
_OF_A_BAND = 200
"""Of the many that share a band the newest are looked at: what everybody writes tells nobody apart."""


async def keep(
    tx: Tx, group_id: int, reflection_id: int, bands: Sequence[str], prints: Iterable[Sequence[str]]
) -> None:
    """The sketch of a reflection from here on: of its text, and of each of its pictures."""
    await forget(tx, group_id, reflection_id)
    rows = {(band, value) for band, value in enumerate(bands)}
    rows |= {(PICTURES + place, value) for chunks in prints for place, value in enumerate(chunks)}
    await tx.many(
        "INSERT INTO sketches (group_id, band, value, reflection_id) VALUES (:group, :band, :value, :reflection)",
        [
            {"group": group_id, "band": band, "value": value, "reflection": reflection_id}
            for band, value in sorted(rows)
        ],
    )


async def forget(tx: Tx, group_id: int, reflection_id: int) -> None:
    await tx.run(
        "DELETE FROM sketches WHERE group_id = :group AND reflection_id = :reflection",
        group=group_id,
        reflection=reflection_id,
    )


async def like_text(
    tx: Tx, group_id: int, but: int, bands: Sequence[str], most: int
) -> list[tuple[int, str]]:
    """(id, text) of what was handed in to the group and shares a band, what shares most first."""
    if not bands:
        return []
    rows = await tx.all(
        _LIKE_TEXT,
        group=group_id,
        but=but,
        newest=_OF_A_BAND,
        most=most,
        **{f"v{band}": value for band, value in enumerate(bands)},
    )
    return [(int(id), str(body)) for id, body in rows]


async def like_picture(tx: Tx, group_id: int, chunks: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """(reflection, print) of pictures handed in to the group that share one of the chunks given for each place."""
    rows = await tx.all(
        _LIKE_PICTURE,
        group=group_id,
        **{f"v{place}_{n}": value for place, near in enumerate(chunks) for n, value in enumerate(near)},
    )
    return [(int(id), str(print)) for id, print in rows]


_BAND = """SELECT * FROM (SELECT reflection_id FROM sketches
  WHERE group_id = :group AND band = {band} AND value = :v{band} AND reflection_id <> :but
  ORDER BY reflection_id DESC LIMIT :newest) AS b{band}"""
_LIKE_TEXT = f"""
SELECT r.id, r.body FROM (
  SELECT reflection_id, count(*) AS together FROM (
    {" UNION ALL ".join(_BAND.format(band=n) for n in range(BANDS))}) AS b
  GROUP BY reflection_id ORDER BY together DESC, reflection_id DESC LIMIT :most) AS s
CROSS JOIN reflections r WHERE r.group_id = :group AND r.id = s.reflection_id AND r.state = 'handed'
ORDER BY s.together DESC, r.id DESC
"""
_NEAR = 17
_CHUNK = (
    """SELECT reflection_id FROM sketches WHERE group_id = :group AND band = {band} AND value IN ({values})"""
)
_LIKE_PICTURE = f"""
SELECT p.reflection_id, p.print FROM (
  {
    " UNION ".join(
        _CHUNK.format(band=PICTURES + place, values=", ".join(f":v{place}_{n}" for n in range(_NEAR)))
        for place in range(CHUNKS)
    )
}) AS s
CROSS JOIN reflections r CROSS JOIN pictures p
WHERE r.group_id = :group AND r.id = s.reflection_id AND r.state = 'handed'
  AND p.group_id = :group AND p.reflection_id = r.id AND p.print <> ''
"""
# SQLite takes tables in the order of CROSS JOIN: left to itself it reads every picture of the group instead.
