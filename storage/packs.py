"""Study packs and their items. Loading a pack again changes nothing that members did with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.pack import Item, Pack
from storage.loading import GONE, Change, Loaded
from storage.tx import Row, Tx, key_of

_FIELDS = ("key", "title", "kind", "body", "media", "link", "source", "minutes")
_COLUMNS = ", ".join(_FIELDS)
_LAST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Shelved:
    """A pack as a secretary chooses it."""

    id: str
    title: str
    language: str
    description: str
    revision: int
    loaded_at: int
    size: int
    group_id: int = 0
    """Whose own it is, 0 for everybody's."""


async def save(tx: Tx, pack: Pack, now: int, group_id: int = 0) -> Loaded:
    """Make the stored pack this one. The revision grows when anything is different, and only then.

    An item that the pack no longer has leaves the order but stays, for the days that used it.
    ``group_id``: whose own a new pack is; what is there already stays whose it was (`storage.shelf.id_for` sees to it
    that nobody loads over somebody else's).
    """
    await tx.lock(key_of(pack.id))  # two loads at once
    change = await _change(tx, pack)
    await tx.many(_UPSERT, [{"pack": pack.id, **change.after[key]} for key in change.written])
    await tx.many(_REMOVE, [{"pack": pack.id, "key": key} for key in change.removed])
    await _save_cover(tx, pack, now, group_id, force=bool(change.written or change.removed))
    return change.counts


async def compare(tx: Tx, pack: Pack) -> Loaded:
    """What `save` would do."""
    return (await _change(tx, pack)).counts


async def _change(tx: Tx, pack: Pack) -> Change:
    after = {item.key: _row(position, item) for position, item in enumerate(pack.items)}
    return Change(await _stored(tx, pack.id), after)


async def item(tx: Tx, pack_id: str, key: str) -> Item | None:
    """The item of that key, also one that the pack no longer has."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM items WHERE pack = :pack AND key = :key", pack=pack_id, key=key
    )
    return None if row is None else _item(row)


async def item_at(tx: Tx, pack_id: str, position: int) -> Item | None:
    """The item in that place, from 0; None past the end."""
    if not 0 <= position <= _LAST:
        return None
    # Places have no gaps, so the first from there on is the one there; said like this, SQLite walks the index.
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM items WHERE pack = :pack AND position >= :position
            ORDER BY position LIMIT 1""",
        pack=pack_id,
        position=position,
    )
    return None if row is None else _item(row)


async def next_item(tx: Tx, pack_id: str, from_position: int) -> tuple[int, Item] | None:
    """(place, item) of the first item at or after that place, and after the last one the first again.

    None for a pack that is empty or unknown. Two looks into the index, however long the pack.
    """
    row = await tx.one(
        f"""SELECT position, {_COLUMNS} FROM items WHERE pack = :pack AND position >= coalesce(
                (SELECT min(i.position) FROM items i WHERE i.pack = :pack AND i.position >= :place), 0)
            ORDER BY position LIMIT 1""",
        pack=pack_id,
        place=min(max(from_position, 0), _LAST),
    )
    if row is None:
        return None
    position, *fields = row
    return position, _item(fields)


async def size(tx: Tx, pack_id: str) -> int:
    """How many items the pack has now."""
    row = await tx.one("SELECT count(*) FROM items WHERE pack = :pack AND position >= 0", pack=pack_id)
    return row[0] if row else 0


async def exists(tx: Tx, pack_id: str) -> bool:
    return await tx.one("SELECT 1 FROM packs WHERE id = :pack", pack=pack_id) is not None


async def all_packs(tx: Tx) -> list[Shelved]:
    """Every pack, everybody's and the groups' own, by id."""
    return [Shelved(*row) for row in await tx.all(f"{_SHELVED} ORDER BY p.id")]


async def offered(tx: Tx, group_id: int) -> list[Shelved]:
    """The packs a group may use: its own, then everybody's. For 0, everybody's alone."""
    rows = await tx.all(
        f"{_SHELVED} WHERE p.group_id IN (0, :group) ORDER BY CASE p.group_id WHEN 0 THEN 1 ELSE 0 END, p.id",
        group=group_id,
    )
    return [Shelved(*row) for row in rows]


_SHELVED = """
SELECT p.id, p.title, p.language, p.description, p.revision, p.loaded_at,
       (SELECT count(*) FROM items i WHERE i.pack = p.id AND i.position >= 0), p.group_id
FROM packs p
"""


_UPSERT = """
INSERT INTO items (pack, key, position, title, kind, body, media, link, source, minutes)
VALUES (:pack, :key, :position, :title, :kind, :body, :media, :link, :source, :minutes)
ON CONFLICT (pack, key) DO UPDATE
SET position = excluded.position, title = excluded.title, kind = excluded.kind, body = excluded.body,
    media = excluded.media, link = excluded.link, source = excluded.source, minutes = excluded.minutes
"""
_REMOVE = f"UPDATE items SET position = {GONE} WHERE pack = :pack AND key = :key"


async def _stored(tx: Tx, pack_id: str) -> dict[str, Mapping[str, Any]]:
    rows = await tx.all(f"SELECT position, {_COLUMNS} FROM items WHERE pack = :pack", pack=pack_id)
    return {row["key"]: dict(zip(("position", *_FIELDS), row, strict=True)) for row in rows}


async def _save_cover(tx: Tx, pack: Pack, now: int, group_id: int, *, force: bool) -> None:
    known = await tx.one("SELECT title, language, description FROM packs WHERE id = :pack", pack=pack.id)
    if known is not None and tuple(known) == (pack.title, pack.language, pack.description) and not force:
        return
    await tx.run(
        """INSERT INTO packs (id, title, language, description, revision, loaded_at, group_id)
           VALUES (:pack, :title, :language, :description, 1, :now, :group)
           ON CONFLICT (id) DO UPDATE
           SET title = excluded.title, language = excluded.language, description = excluded.description,
               revision = packs.revision + 1, loaded_at = excluded.loaded_at""",
        pack=pack.id,
        title=pack.title,
        language=pack.language,
        description=pack.description,
        now=now,
        group=group_id,
    )


def _row(position: int, item: Item) -> Mapping[str, Any]:
    return {"position": position, **item.model_dump()}


def _item(fields: Row | list[Any]) -> Item:
    return Item(**dict(zip(_FIELDS, fields, strict=True)))
