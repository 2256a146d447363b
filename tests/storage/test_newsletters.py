"""A newsletter: ranked, picked, agreed to, posted once; and what is taken back is gone from it. On both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

import pytest

from domain.day import DAY, HOUR
from domain.group import Role
from domain.ids import brief
from domain.message import File
from domain.newsletter import ranked
from domain.outgoing import Made, Order
from handlers.newsletter_file import makers, read_issue
from storage import members, newsletters, people, pictures, reflections
from storage.tx import Database, Tx
from tests.storage.founding import NOW
from tests.storage.rounding_up import LI, TEXTS, WANG, ZHANG, RoundingUp
from tests.unit.test_newsletter_print import picture

OPEN = NOW + 5 * DAY + 2 * HOUR
CLOSED = NOW + 9 * DAY
HASH = "a" * 64


class Kept:
    """Photos in memory."""

    def __init__(self, photos: Mapping[str, bytes]) -> None:
        self._photos = dict(photos)

    async def put(self, content: bytes) -> str:
        raise AssertionError("a newsletter keeps nothing")

    async def get(self, key: str) -> bytes | None:
        return self._photos.get(key)

    async def delete(self, key: str) -> None:
        raise AssertionError("a newsletter deletes nothing")

    async def forget(self, before: int) -> int:
        return 0

    async def old(self, before: int) -> list[str]:
        return []


@pytest.fixture
async def at(database: Database) -> RoundingUp:
    found = RoundingUp(database)
    await found.begin()
    return found


async def _make(at: RoundingUp, kind: str, person: int = 0) -> Made | None:
    order = Order(7, person, File("newsletter", f"{kind}_{brief(at.cycle.id)}"), "zh")
    make = await at.database.read(makers(Kept({HASH: picture(80, 60)}))["newsletter"], order, at.now)
    return await asyncio.to_thread(make, partial(TEXTS.say, "zh")) if make else None


async def _post(at: RoundingUp) -> bool:
    return await at.database.transaction(newsletters.turn, await at.letter(), "posted", at.now)


async def _articles(at: RoundingUp) -> list[str]:
    return [one.author for one in await at.database.read(newsletters.articles, 7, at.cycle.id)]


async def test_the_reasons_are_counted_from_what_is_there(at: RoundingUp) -> None:
    first = await at.write(1, LI, "去看望 老人。", HASH, "b" * 64)
    second = await at.write(2, WANG)
    await at.review(first, WANG, 4, 4, 4)
    await at.review(first, ZHANG, 5, 5, 5)
    await at.review(second, LI, 5, 5, 5, kind="invited")
    best, other = ranked(await at.database.read(newsletters.candidates, at.cycle))
    assert (best.name, best.chars, best.photos, best.reviews, best.mark) == ("李四", 6, 2, 2, 4.5)
    assert (other.name, other.reviews, other.mark) == ("王五", 0, None)


async def test_nobodys_word_is_used_who_did_not_say_yes(at: RoundingUp) -> None:
    ids = [await at.write(1, LI), await at.write(2, WANG), await at.write(3, ZHANG)]
    await at.agree(ids[0])
    await at.agree(ids[1], consent="asked")
    await at.agree(ids[2], consent="no")
    assert await _articles(at) == ["李四"]


async def test_it_is_posted_once(at: RoundingUp) -> None:
    await at.agree(await at.write(1, LI))
    assert await _post(at)
    assert not await _post(at)


async def test_an_author_asked_before_is_not_asked_again_when_picked_again(at: RoundingUp) -> None:
    one = await at.write(1, LI)
    await at.agree(one, consent="no")
    await at.database.transaction(newsletters.pick, await at.letter(), one, at.now)
    [pick] = await at.database.read(newsletters.picks, at.cycle)
    assert pick.consent == "no"


async def test_secretaries_hear_that_there_is_something_to_pick_from_and_members_owe_nothing(
    at: RoundingUp,
) -> None:
    await at.write(1, LI)
    await at.at(OPEN - 3 * HOUR)
    said = await at.at(OPEN)
    assert [words for person, words in said if person == ZHANG and "共 1 篇" in words]
    assert not [words for person, words in said if person in (LI, WANG)]
    closing = await at.at(CLOSED)
    assert [words for person, words in closing if person == ZHANG and "还没有发布" in words]
    assert not [words for person, words in closing if person == 0 and "简报" in words]


async def test_with_nothing_handed_in_there_is_nothing_to_make(at: RoundingUp) -> None:
    await at.at(OPEN - 3 * HOUR)
    said = await at.at(OPEN)
    assert [words for person, words in said if person == ZHANG and "没有简报可编" in words]
    assert not [words for _, words in await at.at(CLOSED) if "还没有发布" in words]


async def test_once_posted_nobody_is_reminded(at: RoundingUp) -> None:
    await at.agree(await at.write(1, LI))
    await at.at(OPEN)
    assert await _post(at)
    assert not [words for _, words in await at.at(CLOSED) if "还没有发布" in words]


async def test_after_a_long_stop_the_opening_is_no_news(at: RoundingUp) -> None:
    await at.write(1, LI)
    said = await at.at(NOW + 60 * DAY)
    assert not [words for _, words in said if "收齐了" in words]
    assert await at.at(NOW + 61 * DAY) == []


async def test_pictures_and_papers_are_made_for_those_who_may_see_them(at: RoundingUp) -> None:
    await at.agree(await at.write(1, LI, "去看望老人。", HASH, "b" * 64))
    assert await _make(at, "png") is None, "not posted yet"
    assert await _make(at, "preview", LI) is None and await _make(at, "preview") is None
    preview = await _make(at, "preview", ZHANG)
    assert preview and preview.content.startswith(b"\x89PNG")
    await _post(at)
    made = await _make(at, "png")
    assert made and made.kind == "photo" and "李四" in made.alt
    paper = await _make(at, "pdf", WANG)
    assert paper and paper.content.startswith(b"%PDF-") and paper.name == "简报-三月实践.pdf"
    assert await _make(at, "pdf", 999) is None


async def test_without_a_place_for_photos_it_has_its_words(at: RoundingUp) -> None:
    await at.agree(await at.write(1, LI, "去看望老人。", HASH))
    await _post(at)
    order = Order(7, 0, File("newsletter", f"png_{brief(at.cycle.id)}"), "en")
    make = await at.database.read(makers(None)["newsletter"], order, at.now)
    assert make and make(partial(TEXTS.say, "en")).content.startswith(b"\x89PNG")


async def test_a_word_taken_back_after_posting_is_gone_from_everything_made_from_then_on(
    at: RoundingUp,
) -> None:
    ids = [await at.write(1, LI), await at.write(2, WANG)]
    await at.agree(*ids)
    await _post(at)
    await at.database.transaction(newsletters.set_consent, 7, ids[0], "no")
    assert await _articles(at) == ["王五"]
    made = await _make(at, "png")
    assert made and "李四" not in made.alt
    await at.database.transaction(newsletters.set_consent, 7, ids[1], "no")
    assert await _make(at, "png") is None


async def test_a_reflection_that_was_withdrawn_is_in_no_newsletter(at: RoundingUp) -> None:
    one = await at.write(1, LI)
    await at.agree(one)
    found = await at.database.read(reflections.find, 7, one)
    assert found is not None
    await at.database.transaction(reflections.withdraw, found, at.now)
    assert await _articles(at) == []
    assert await at.database.read(newsletters.picks, at.cycle) == []


@pytest.mark.parametrize("posted", [False, True])
async def test_an_erased_author_is_gone_from_it_before_and_after_posting(
    at: RoundingUp, posted: bool
) -> None:
    await at.agree(await at.write(1, LI, "去看望老人。", HASH), await at.write(2, WANG))
    if posted:
        await _post(at)
    await at.database.transaction(people.erase, LI)
    assert await _articles(at) == ["王五"]
    assert await at.database.read(_picks) == 1
    made = await _make(at, "png" if posted else "preview", 0 if posted else ZHANG)
    assert made and "李四" not in made.alt
    assert await at.database.read(pictures.unused, [HASH]) == [HASH]


async def _picks(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM newsletter_picks")
    return int(row[0]) if row else 0


async def test_an_erased_secretary_is_not_named_by_it(at: RoundingUp) -> None:
    await at.agree(await at.write(1, LI))
    await at.database.transaction(members.set_role, 7, WANG, Role.SECRETARY)
    await at.database.transaction(people.erase, ZHANG)
    letter = await at.database.read(newsletters.find, 7, at.cycle.id)
    assert letter is not None
    assert await at.database.read(read_issue, letter, at.now) is not None
    assert await at.database.read(_by) == [0]


async def _by(tx: Tx) -> list[int]:
    return [int(row[0]) for row in await tx.all("SELECT by_person FROM newsletters")]
