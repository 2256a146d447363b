"""Pictures and films of reflections, and whatever file a work is: where each is to be fetched, and what became of it.

Told by reference as they come in; a due row of kind `FETCH` has each fetched later, outside of any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from domain.ids import brief, from_brief
from domain.reflection import MOST_PICTURES
from storage import due
from storage.tx import Row, Tx

FETCH = due.FETCH
"""Key of the due row: `fetch_key`."""
PictureState = Literal["pending", "there", "broken"]
PictureKind = Literal["photo", "video", "audio", "document"]
"""The last two only of works."""
_COLUMNS = "p.group_id, p.reflection_id, p.place, p.state, p.kind, p.source, p.hash, p.small, p.width, p.height, p.at"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a platform keeps the file. ``attached`` is what it was sent as: photo, video or document."""

    platform: str
    account: str
    chat_id: str
    file_id: str
    attached: str = "photo"
    size: int | None = None
    name: str = ""

    def dump(self) -> str:
        return orjson.dumps(self).decode()

    @staticmethod
    def parse(text: str) -> Source:
        return Source(**orjson.loads(text))


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that somebody sent, before it belongs to a reflection."""

    kind: PictureKind
    source: Source


@dataclass(frozen=True, slots=True)
class Picture:
    """``reflection_id``: of the reflection, the work or the message in the browser chat that it belongs to."""

    group_id: int
    reflection_id: int
    place: int
    state: PictureState
    kind: PictureKind
    source: Source
    hash: str
    """Of the content that is kept; "" while it is pending."""
    small: str
    """Of a photo's thumbnail; "" for all else."""
    width: int
    height: int
    at: int

    @property
    def as_shot(self) -> Shot:
        return Shot(self.kind, self.source)


def fetch_key(reflection_id: int, place: int) -> str:
    return f"{brief(reflection_id)}_{place}"


async def add(tx: Tx, group_id: int, reflection_id: int, shots: Sequence[Shot], now: int) -> int:
    """Put them at the end, and have them fetched. How many were new: a picture sent twice is there once, and there is a most."""
    there = await of_reflection(tx, group_id, reflection_id)
    known = {one.source.dump() for one in there}
    place = max((one.place for one in there), default=-1)
    added = 0
    for shot in shots:
        source = shot.source.dump()
        if source in known or len(known) >= MOST_PICTURES:
            continue
        known.add(source)
        place, added = place + 1, added + 1
        await tx.run(
            """INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, at)
               VALUES (:group, :reflection, :place, 'pending', :kind, :source, :now)""",
            group=group_id,
            reflection=reflection_id,
            place=place,
            kind=shot.kind,
            source=source,
            now=now,
        )
        await due.plan(tx, group_id, FETCH, fetch_key(reflection_id, place), now)
    return added


async def of_reflection(tx: Tx, group_id: int, reflection_id: int) -> list[Picture]:
    """In the order in which they came, whatever became of them."""
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM pictures p
            WHERE p.group_id = :group AND p.reflection_id = :reflection ORDER BY p.place""",
        group=group_id,
        reflection=reflection_id,
    )
    return [_picture(row) for row in rows]


async def count(tx: Tx, group_id: int, reflection_id: int) -> int:
    """Those that are there or on their way."""
    row = await tx.one(
        """SELECT count(*) FROM pictures
           WHERE group_id = :group AND reflection_id = :reflection AND state <> 'broken'""",
        group=group_id,
        reflection=reflection_id,
    )
    return int(row[0]) if row else 0


async def count_of_stage(tx: Tx, group_id: int, cycle_id: int, place: int) -> int:
    """Those of all that was handed in."""
    row = await tx.one(
        """SELECT count(*) FROM reflections r
           JOIN pictures p ON p.group_id = r.group_id AND p.reflection_id = r.id
           WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.place = :place
             AND r.state = 'handed' AND p.state <> 'broken'""",
        group=group_id,
        cycle=cycle_id,
        place=place,
    )
    return int(row[0]) if row else 0


async def drop(tx: Tx, group_id: int, reflection_id: int) -> None:
    """All of a reflection's; what was to be fetched is not fetched any more."""
    await tx.run(
        "DELETE FROM pictures WHERE group_id = :group AND reflection_id = :reflection",
        group=group_id,
        reflection=reflection_id,
    )
    await due.cancel_of(tx, group_id, FETCH, f"{brief(reflection_id)}_")


async def take_out(tx: Tx, one: Picture) -> bool:
    """This one alone; if it was still to be fetched, it is not any more. False where it is gone already."""
    gone = await tx.run(
        "DELETE FROM pictures WHERE group_id = :group AND reflection_id = :reflection AND place = :place",
        group=one.group_id,
        reflection=one.reflection_id,
        place=one.place,
    )
    await due.drop(tx, one.group_id, FETCH, fetch_key(one.reflection_id, one.place))
    return gone == 1


async def of_fetch(tx: Tx, group_id: int, key: str) -> Picture | None:
    """The picture that is to be fetched by `fetch_key`; None where it is gone, or settled already."""
    id, _, place = key.partition("_")
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM pictures p WHERE p.group_id = :group AND p.reflection_id = :reflection
              AND p.place = :place AND p.state = 'pending'""",
        group=group_id,
        reflection=from_brief(id),
        place=int(place),
    )
    return None if row is None else _picture(row)


async def become(tx: Tx, one: Picture, print: str = "") -> bool:
    """It was fetched, or cannot be: its state, kind, hashes and sizes from here on. False where it is gone, or settled already."""
    changed = await tx.run(
        """UPDATE pictures SET state = :state, kind = :kind, hash = :hash, small = :small, width = :width,
             height = :height, print = :print, source = :source
           WHERE group_id = :group AND reflection_id = :reflection AND place = :place AND state = 'pending'
             AND at = :at""",
        state=one.state,
        kind=one.kind,
        hash=one.hash,
        small=one.small,
        width=one.width,
        height=one.height,
        print=print,
        source=one.source.dump(),
        group=one.group_id,
        reflection=one.reflection_id,
        place=one.place,
        at=one.at,  # another may have come in its place while it was fetched
    )
    return changed == 1


async def shown_in_chat(
    tx: Tx, groups: Sequence[int], chat_id: str, person_id: int, hash: str
) -> Picture | None:
    """The picture, if that member of those groups may see it: of what was handed in, of their own, of what was said in the chat."""
    named = {f"g{n}": group for n, group in enumerate(groups)}
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM pictures p
            WHERE p.hash = :hash AND p.hash <> '' AND p.group_id IN ({", ".join(f":{n}" for n in named) or "0"})
              AND (EXISTS (SELECT 1 FROM reflections r WHERE r.group_id = p.group_id AND r.id = p.reflection_id
                     AND (r.state = 'handed' OR r.person_id = :person OR r.by_person = :person))
                OR EXISTS (SELECT 1 FROM handins h WHERE h.group_id = p.group_id AND h.id = p.reflection_id)
                OR EXISTS (SELECT 1 FROM talk t WHERE t.chat_id = :chat AND t.id = p.reflection_id))
            LIMIT 1""",
        hash=hash,
        chat=chat_id,
        person=person_id,
        **named,
    )
    return None if row is None else _picture(row)


async def of_stage(tx: Tx, group_id: int, cycle_id: int, place: int) -> dict[int, list[Picture]]:
    """Reflection → its pictures that are there, of all that was handed in."""
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM reflections r
            JOIN pictures p ON p.group_id = r.group_id AND p.reflection_id = r.id
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.place = :place
              AND r.state = 'handed' AND p.state = 'there' ORDER BY p.reflection_id, p.place""",
        group=group_id,
        cycle=cycle_id,
        place=place,
    )
    found: dict[int, list[Picture]] = {}
    for one in map(_picture, rows):
        found.setdefault(one.reflection_id, []).append(one)
    return found


async def unused(tx: Tx, keys: Sequence[str]) -> list[str]:
    """Those of the hashes that belong to no picture any more."""
    return [
        key
        for key in keys
        if await tx.one(
            """SELECT 1 FROM pictures WHERE hash = :key AND hash <> ''
               UNION ALL SELECT 1 FROM pictures WHERE small = :key AND small <> '' LIMIT 1""",
            key=key,
        )
        is None
    ]


async def forget_said(tx: Tx, person_id: int) -> None:
    """Those of what the person said in the browser chat."""
    await tx.run(
        """DELETE FROM pictures WHERE group_id IN (SELECT group_id FROM members WHERE person_id = :p)
             AND reflection_id IN (SELECT id FROM talk WHERE sender_id = :sender)""",
        p=person_id,
        sender=str(person_id),
    )


def _picture(row: Row) -> Picture:
    group_id, reflection_id, place, state, kind, source, hash, small, width, height, at = row
    return Picture(
        group_id, reflection_id, place, state, kind, Source.parse(source), hash, small, width, height, at
    )
