"""A photo is taken out of a reflection while its file may still be on its way, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import due, pictures, reflections
from storage.pictures import Picture
from storage.tx import Database, Tx
from tests.storage.founding import NOW
from tests.storage.test_dispatcher import LI
from tests.storage.writing import BODY, Writing, photo


@pytest.fixture
async def writing(database: Database) -> Writing:
    found = Writing(database)
    await found.open()
    return found


async def _files(writing: Writing) -> list[str]:
    return [one.source.file_id for one in await writing.photos(await writing.only())]


async def _fetched(tx: Tx) -> set[str]:
    return await due.keys_of(tx, 7, pictures.FETCH, "")


async def test_what_is_taken_out_is_fetched_no_more(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None, attachments=(*photo("p1"), *photo("p2"), *photo("p3")))
    await writing.tell(LI, "去掉第二张", group=None)
    assert await _files(writing) == ["p1", "p3"]
    one = await writing.only()
    kept = {pictures.fetch_key(one.id, place) for place in (0, 2)}
    assert await writing.database.transaction(_fetched) == kept


async def test_a_file_that_comes_too_late_takes_no_other_pictures_place(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None, attachments=photo("p1"))
    [out] = await writing.photos(await writing.only())
    await writing.tell(LI, "去掉照片", group=None)
    await writing.tell(LI, "", group=None, attachments=photo("p2"))

    came: Picture = replace(out, state="there", hash="of p1")
    assert not await writing.database.transaction(pictures.become, came)
    [new] = await writing.photos(await writing.only())
    assert (new.place, new.state, new.source.file_id, new.hash) == (0, "pending", "p2", "")


async def test_it_does_not_come_back_with_a_late_piece_of_its_album(writing: Writing) -> None:
    for piece in ("p1", "p2"):
        await writing.tell(LI, attachments=photo(piece, "album"))
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p3", "album"))
    assert await writing.tell(LI, "心得 去图 1") == ["✅"]
    await writing.tell(LI, attachments=photo("p4", "album"))
    assert await _files(writing) == ["p2", "p3", "p4"]


async def test_the_words_and_their_versions_stay_as_they_are(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=(*photo("p1"), *photo("p2")))
    await writing.tell(LI, f"心得 改 {BODY}又去了一次。")
    await writing.tell(LI, "心得 去图 1")
    one = await writing.only()
    kept = await writing.database.read(reflections.versions, one)
    assert [version.body for version in kept] == [BODY, f"{BODY}又去了一次。"]
    assert await _files(writing) == ["p2"]


async def test_the_buttons_of_a_card_say_what_can_be_done_by_then(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None, attachments=(*photo("p1"), *photo("p2")))
    card = writing.last[-1]
    assert await writing.tap(LI, card, "reflection.take_photo_out") == ["去掉哪一张？按发来的先后数。"]
    which = writing.last[-1]
    assert len(which.buttons[0]) == 2
    await writing.tell(LI, BODY, group=None)
    await writing.tell(LI, "交", group=None)
    await writing.lock()
    locked = "A1 已经在互评，大家在读了，不能再改。有要紧的事请找书记。"
    assert await writing.tap(LI, card, "reflection.take_photo_out") == [locked]
    assert await _files(writing) == ["p1", "p2"]


async def test_what_was_withdrawn_is_left_as_it_is(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None, attachments=(*photo("p1"), *photo("p2")))
    card = writing.last[-1]
    await writing.tell(LI, BODY, group=None)
    await writing.tell(LI, "交", group=None)
    await writing.tell(LI, "心得 撤回", group=None)
    changed = "后来又有改动，这个按钮不能用了。发「心得」看看现在的样子。"
    assert await writing.tap(LI, card, "reflection.take_photo_out") == [changed]
    assert await _files(writing) == ["p1", "p2"]


async def test_a_picture_is_taken_out_once(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None, attachments=photo("p1"))
    [one] = await writing.photos(await writing.only())
    assert await writing.database.transaction(pictures.take_out, one)
    assert not await writing.database.transaction(pictures.take_out, one)
    assert writing.now > NOW
