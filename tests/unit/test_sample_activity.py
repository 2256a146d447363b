"""The demonstration's sample activity: texts that hold to the activity's own rules, pictures, and people who act by themselves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from time import monotonic_ns

import pytest
from PIL import Image

from bot.clock import VirtualClock
from bot.core import Core, Given
from bot.demo import PEOPLE, Demonstration
from bot.demo_cycle import SamplePeople
from bot.demo_pictures import picture
from bot.demo_turns import PICKED
from bot.platforms.browser import BrowserFacts, BrowserTransport
from content.cycles import shipped_templates
from content.sample_activity import sample_activity
from content.texts import Texts
from content.words import Words
from domain.reflection import count_chars
from storage import cycles, members, newsletters, reflections, reviews
from storage.media import FolderStore
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from web.hub import Hub

SAMPLE = sample_activity()
STAGES = 8
"""Steps from the beginning to the end: six stages open, the newsletter is posted, the last stage closes."""


def test_everybody_of_the_sample_group_has_something_of_their_own_to_say() -> None:
    assert set(SAMPLE.people) == set(PEOPLE)
    assert len({one.reflection for one in SAMPLE.people.values()}) == len(PEOPLE)
    assert len({one.picture for one in SAMPLE.people.values()}) == len(PEOPLE)


def test_what_they_write_is_long_enough_for_the_template() -> None:
    plan = next(one for one in shipped_templates() if one.key == "practice-summary")
    asked = {stage.kind: stage for stage in plan.stages}
    for person in SAMPLE.people.values():
        assert count_chars(person.reflection) >= asked["reflection"].chars
        assert len(person.said_of_it) > asked["review"].reviews
    said = [one for person in SAMPLE.people.values() for one in person.said_of_it]
    for review in (*said, *SAMPLE.said_of_others):
        *marks, words = review.split(" ", 3)
        assert all(mark in "12345" for mark in marks)
        assert count_chars(words) >= asked["review"].comment_chars
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("name", sorted({one.picture for one in SAMPLE.people.values()}))
def test_a_picture_is_a_photo_and_the_same_each_time(name: str) -> None:
    drawn = picture(name)
    assert Image.open(BytesIO(drawn)).format == "JPEG"
    assert drawn == picture(name)


@asynccontextmanager
async def demonstration(database: SqliteDatabase, folder: Path) -> AsyncIterator[Demonstration]:
    clock = VirtualClock(0, lambda: monotonic_ns() // 1_000_000)
    given = Given(
        database=database,
        clock=clock,
        rng=random.Random(1),
        key=b"key",
        new_token=lambda: "token",
        owner="here",
        worker=0,
        public_url="https://xueban.example",
        photos=FolderStore(folder / "photos", clock),
    )
    core = Core(given, Texts.load(), Words.load())
    uploads, hub = FolderStore(folder / "uploads", clock), Hub()
    given.facts["browser"] = BrowserFacts(uploads)
    core.speak_through(BrowserTransport(database, hub, clock, core.ids, makers=core.makers))
    people = SamplePeople(database, core, uploads, SAMPLE)
    demo = Demonstration(database, core, clock, hub, "", random.Random(12), people)
    await demo.open()
    speaking = [asyncio.create_task(sender.run()) for sender in core.senders]
    try:
        yield demo
    finally:
        for sender in core.senders:
            sender.stop()
        await asyncio.gather(*speaking)


async def outcome(tx: Tx) -> tuple[dict[str, str], int, str, int]:
    """(who wrote → what, reviews given, the newsletter's state, what is in it)."""
    row = await tx.one("SELECT group_id FROM cycles")
    assert row is not None
    (cycle,) = await cycles.latest(tx, int(row[0]), 9)
    names = {one.id: one.name for one in await members.in_group(tx, cycle.group_id)}
    written = await reflections.of_cycle(tx, cycle.group_id, cycle.id)
    place = next(n for n, spec in enumerate(cycle.plan.stages) if spec.kind == "review")
    given = [one for one in await reviews.of_stage(tx, cycle, place) if one.kind == "allotted"]
    letter = await newsletters.find(tx, cycle.group_id, cycle.id)
    articles = await newsletters.articles(tx, cycle.group_id, cycle.id)
    return (
        {names[one.person_id]: one.body for one in written},
        sum(one.state == "done" for one in given),
        letter.state if letter else "",
        len(articles),
    )


@pytest.mark.parametrize("visitor", ["李四", "周八"])
async def test_the_others_reach_the_newsletter_and_the_visitor_does_nothing(
    sqlite_database: SqliteDatabase, tmp_path: Path, visitor: str
) -> None:
    async with demonstration(sqlite_database, tmp_path) as demo:
        me = next(person for person, name, _ in await demo.personas() if name == visitor)
        assert await demo.offers_activity()
        await demo.begin_activity()
        assert not await demo.offers_activity()
        for _ in range(STAGES):
            await demo.advance("stage", me)
        written, given, state, articles = await sqlite_database.read(outcome)
        assert set(written) == set(PEOPLE) - {visitor}
        assert given == 2 * len(written)
        assert (state, articles) == ("posted", PICKED)
        assert await demo.offers_activity()


async def test_a_secretary_who_leaps_from_stage_to_stage_reaches_the_newsletter_without_writing_a_word(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    async with demonstration(sqlite_database, tmp_path) as demo:
        me = next(person for person, name, _ in await demo.personas() if name == "张三")
        await demo.begin_activity()
        for _ in range(STAGES):
            await demo.advance("stage", me)
        written, given, state, articles = await sqlite_database.read(outcome)
        assert set(written) == set(PEOPLE) - {"张三"}
        assert (given, state, articles) == (2 * len(written), "posted", PICKED)


async def test_a_secretary_who_lets_the_days_go_by_is_left_the_newsletter(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    async with demonstration(sqlite_database, tmp_path) as demo:
        me = next(person for person, name, _ in await demo.personas() if name == "张三")
        await demo.begin_activity()
        for _ in range(STAGES - 2):
            await demo.advance("stage", me)
        for _ in range(4):
            await demo.advance("day", me)
        *_, state, articles = await sqlite_database.read(outcome)
        assert (state, articles) == ("", 0)


async def test_beginning_twice_begins_one_and_starting_over_leaves_none(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    async with demonstration(sqlite_database, tmp_path) as demo:
        await demo.begin_activity()
        await demo.begin_activity()
        assert await sqlite_database.read(_count) == 1
        await demo.start_over()
        assert await sqlite_database.read(_count) == 0
        assert await demo.advance("stage", 0) is not None


async def _count(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM cycles")
    return int(row[0]) if row else 0
