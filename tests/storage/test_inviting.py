"""Which messages show a reflection, so that whoever is called under one is invited to it; on both engines."""

from __future__ import annotations

import pytest

from domain.ids import brief
from domain.incoming import Mention
from storage import people, posts, reviews
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, PLATFORM
from tests.storage.test_dispatcher import LI, ZHANG, count
from tests.storage.writing import BODY, REVIEWED, Writing, photo

WANG = ZHANG + 2
LANE, CHAT = f"{PLATFORM}:{ACCOUNT}", "-1007"
CALLED = (Mention(name="王五", user_id=f"u{WANG}"),)


@pytest.fixture
async def writing(database: Database) -> Writing:
    found = Writing(database)
    await found.open(REVIEWED)
    return found


async def _hand_in(writing: Writing) -> str:
    """The id of the message that was the reflection."""
    event = writing.event(LI, f"心得 {BODY}", attachments=photo("p1"))
    await writing.hear(event)
    await writing.words()
    return str(event.message_id)


async def _invited(writing: Writing) -> list[int]:
    one = await writing.only()
    return [review.person_id for review in await writing.database.read(reviews.of_work, 7, one.id)]


async def test_an_answer_to_the_authors_message_invites_whom_it_calls(writing: Writing) -> None:
    message = await _hand_in(writing)
    assert await writing.tell(ZHANG, "@王五 来看看", reply_to=message, mentions=CALLED) == ["✅"]
    assert await writing.tell(ZHANG, "@王五 来看看", reply_to=message, mentions=CALLED) == ["✅"]
    assert await _invited(writing) == [WANG]


async def test_a_name_is_enough_where_nothing_marks_it(writing: Writing) -> None:
    message = await _hand_in(writing)
    assert await writing.tell(ZHANG, "请＠王五来看看", reply_to=message) == ["✅"]
    assert await _invited(writing) == [WANG]


async def test_the_photo_that_the_words_answered_shows_it_too(writing: Writing) -> None:
    shown = writing.event(LI, attachments=photo("p1"))
    await writing.hear(shown)
    await writing.tell(LI, f"心得 {BODY}", reply_to=shown.message_id)
    assert await writing.tell(ZHANG, "@王五", reply_to=shown.message_id, mentions=CALLED) == ["✅"]
    assert await _invited(writing) == [WANG]


async def test_what_was_withdrawn_or_is_a_picture_invites_nobody(writing: Writing) -> None:
    message = await _hand_in(writing)
    more = photo("p9")
    await writing.tell(ZHANG, "@王五", reply_to=message, mentions=CALLED, attachments=more)
    await writing.tell(LI, "心得 撤回")
    assert await writing.tell(ZHANG, "@王五", reply_to=message, mentions=CALLED) == []
    assert await _invited(writing) == []


async def test_a_stranger_invites_nobody_and_joins_nothing(writing: Writing) -> None:
    message = await _hand_in(writing)
    before = await writing.database.read(count, "members")
    assert await writing.tell(999, "@王五", reply_to=message, mentions=CALLED) == []
    assert await _invited(writing) == []
    assert await writing.database.read(count, "members") == before


async def test_talk_that_calls_somebody_leaves_nothing_behind(writing: Writing) -> None:
    await _hand_in(writing)
    before = await writing.database.read(count, "events")
    assert await writing.tell(ZHANG, "@王五 早", reply_to="another", mentions=CALLED) == []
    assert await writing.database.read(count, "events") == before


async def test_of_whom_is_erased_no_message_is_known_any_more(writing: Writing) -> None:
    await _hand_in(writing)
    slot = f"reflection:{brief((await writing.only()).id)}:words"
    assert await writing.database.read(posts.find, LANE, CHAT, slot)
    await writing.database.transaction(people.erase, LI)
    assert await writing.database.read(posts.find, LANE, CHAT, slot) is None


async def test_a_message_shows_only_slots_that_begin_as_asked(database: Database) -> None:
    async def show(tx: Tx) -> list[str | None]:
        await posts.remember(tx, LANE, CHAT, "reflection:1:words", "m1", 5)
        await posts.remember(tx, LANE, CHAT, "reflection:2:words", "m2", 5)
        await posts.remember(tx, LANE, CHAT, "reflection:2:words", "m3", 6)
        asked = [("m1", "reflection:"), ("m1", "stage:"), ("m2", "reflection:"), ("m3", "reflection:")]
        return [await posts.slot_of(tx, LANE, CHAT, message, prefix) for message, prefix in asked]

    assert await database.transaction(show) == ["reflection:1:words", None, None, "reflection:2:words"]


async def test_talk_under_ones_own_photo_is_no_part_of_ones_draft(writing: Writing) -> None:
    await writing.tell(LI, "心得 写了一半的话。", group=None)
    shown = writing.event(LI, attachments=photo("p1"))
    await writing.hear(shown)
    own = Mention(name="李四", user_id=f"u{LI}")
    answer = {"reply_to": shown.message_id, "reply_to_sender": own, "mentions": CALLED}
    assert await writing.tell(LI, "@王五 这是您那天的样子", **answer) == []
    one = await writing.only()
    assert (one.body, await writing.photos(one)) == ("写了一半的话。", [])
