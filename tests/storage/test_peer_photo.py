"""The photos of a reflection, for whoever reads it to review it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from domain.message import File
from domain.outgoing import Made, Make, Order
from handlers.peer_photo import KIND, SHOWN, makers, photo_files, rest
from storage import pictures
from storage.media import FolderStore
from storage.pictures import Picture, Source
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON
from tests.storage.reviewing import Reviewing


def _picture(
    place: int, state: pictures.PictureState = "there", kind: pictures.PictureKind = "photo"
) -> Picture:
    source = Source("telegram", "bot", "c", f"f{place}")
    return Picture(
        group_id=7,
        reflection_id=36,
        place=place,
        state=state,
        kind=kind,
        source=source,
        hash="h",
        small="s",
        width=4,
        height=3,
        at=0,
    )


def test_a_few_photos_are_shown_and_of_the_others_it_is_said_where_they_are() -> None:
    there = [_picture(place) for place in range(SHOWN + 1)]
    film, coming = _picture(8, kind="video"), _picture(9, "pending")
    broken = _picture(10, "broken")
    assert photo_files([*there, film, coming, broken]) == [File(KIND, f"10_{n}") for n in range(SHOWN)]
    said = rest([*there, film, coming, broken])
    assert [(one.key, one.params) for one in said] == [
        ("peer.photos_coming", {"count": 1}),
        ("peer.photos_more", {"count": 2}),
    ]
    assert rest([_picture(0)]) == [] and photo_files([coming]) == []


async def _add(tx: Tx, work: int, hash: str) -> None:
    await tx.run(
        """INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, hash, at)
           VALUES (7, :work, 0, 'there', 'photo', :source, :hash, 0)""",
        work=work,
        source=Source("telegram", "bot", "c", "f").dump(),
        hash=hash,
    )


async def test_a_member_sees_the_photo_and_nobody_else_does(database: Database, tmp_path: Path) -> None:
    store = FolderStore(tmp_path, lambda: 0)
    life = Reviewing(database)
    await life.begin_and_open(2, 1)
    await database.transaction(_add, life.work(1), await store.put(b"jpeg"))
    [file] = photo_files(await database.read(pictures.of_reflection, 7, life.work(1)))
    order = Order(7, FIRST_PERSON + 1, file, "zh")

    async def make_of(order: Order, store: FolderStore | None = store) -> Make | None:
        return await database.read(makers(store)[KIND], order, life.now)

    make = await make_of(order)
    assert make is not None
    photo = await asyncio.to_thread(make, lambda said: said.key)
    assert photo == Made("A1-1.jpg", b"jpeg", "photo", "peer.photo_of")
    assert await make_of(replace(order, person_id=999)) is None
    assert await make_of(order, None) is None
    assert await make_of(replace(order, file=File(KIND, f"{file.arg[:-1]}5"))) is None
    assert await make_of(replace(order, file=File(KIND, "0_0"))) is None
