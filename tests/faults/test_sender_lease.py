"""Crashes, restarts, and several senders on one lane."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sending.sender import Sender
from bot.sending.turn import HEARTBEAT, LEASE
from domain.outgoing import RetryLater
from storage import outbox
from storage.tx import Database, StorageError
from tests.faults.fake_transport import FakeTransport
from tests.faults.stage import LANE, START, FailingAfter, Stage, until


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


async def test_what_was_in_the_air_at_a_crash_is_said_again(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("一")
    await stage.say("二")
    rows = await stage.database.transaction(outbox.waiting, LANE, stage.now, 1)
    await stage.database.transaction(outbox.fly, rows)

    await stage.sender(platform).drain()

    assert platform.texts() == ["一", "二"]


async def test_a_crash_before_the_results_are_stored_repeats_the_message_only(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("一")
    crashing = stage.sender(platform, database=FailingAfter(stage.database, 2))
    with pytest.raises(StorageError):
        await crashing.drain()
    assert platform.texts() == ["一"]

    stage.now += LEASE + 1
    await stage.sender(platform).drain()

    assert platform.texts() == ["一", "一"]
    assert await stage.counts() == {}


async def test_results_that_could_not_be_stored_are_stored_later_without_saying_it_again(
    stage: Stage,
) -> None:
    platform = FakeTransport()
    await stage.say("一")
    database = FailingAfter(stage.database, 2)
    sender = stage.sender(platform, database=database)
    with pytest.raises(StorageError):
        await sender.drain()

    database.good = 100
    await sender.drain()

    assert platform.texts() == ["一"]
    assert await stage.counts() == {}


async def test_a_sender_that_takes_over_keeps_to_what_the_platform_asked_of_the_one_before(
    stage: Stage,
) -> None:
    platform = FakeTransport()
    platform.fail("一组", [RetryLater(60)])
    await stage.say("一")
    await stage.sender(platform).drain()
    await stage.say("二")

    stage.now += LEASE + 1
    second = stage.sender(platform)
    at = await second.drain()

    assert platform.said == []
    assert at is not None and at >= START + 60_000
    stage.now = at
    await second.drain()
    assert platform.texts() == ["一", "二"]


async def test_of_two_senders_on_one_lane_only_one_speaks(stage: Stage) -> None:
    one, two = FakeTransport(), FakeTransport()
    first, second = stage.sender(one), stage.sender(two)
    await first.drain()
    await stage.say("一")

    assert await second.drain() == START + HEARTBEAT
    await first.drain()

    assert (one.texts(), two.texts()) == (["一"], [])


async def test_the_lane_of_a_silent_sender_is_taken_over_within_five_seconds(stage: Stage) -> None:
    one, two = FakeTransport(), FakeTransport()
    first, second = stage.sender(one), stage.sender(two)
    await first.drain()
    await stage.say("一")

    while not two.said:
        stage.now = await second.drain() or stage.now
        assert stage.now <= START + 5000

    assert two.texts() == ["一"]
    await stage.say("二")
    await first.drain()
    assert one.texts() == [], "the old one notices that it leads no longer"


async def test_a_sender_that_leaves_gives_its_lane_up_at_once(stage: Stage) -> None:
    one, two = FakeTransport(), FakeTransport()
    first = stage.sender(one)
    await first.drain()
    await first.leave()
    await stage.say("一")
    await stage.sender(two).drain()
    assert two.texts() == ["一"]


async def test_running_says_what_is_queued_when_woken_and_stops_cleanly(running: Running) -> None:
    stage, platform, sender, task = running
    await stage.say("一")
    sender.wake()
    await until(lambda: platform.texts() == ["一"])

    platform.gates["慢"] = asyncio.Event()
    await stage.say("二", "慢")
    sender.wake()
    await until(lambda: platform.tried == ["一组", "慢"])
    sender.stop()
    platform.gates["慢"].set()
    await task

    assert platform.texts() == ["一", "二"]
    assert await stage.counts() == {}


async def test_a_call_cut_off_when_the_program_stops_is_queued_again(stage: Stage) -> None:
    platform = FakeTransport()
    platform.gates["慢"] = asyncio.Event()
    await stage.say("一", "慢")
    sender = stage.sender(platform, grace=0.0)
    task = asyncio.create_task(sender.run())
    await until(lambda: platform.tried == ["慢"])

    sender.stop()
    await task

    assert await stage.counts() == {(LANE, "queued"): 1}


async def test_running_outlives_a_database_that_fails_for_a_while(stage: Stage) -> None:
    platform = FakeTransport()
    database = FailingAfter(stage.database, 0)
    await stage.say("一")
    sender = stage.sender(platform, database=database)
    task = asyncio.create_task(sender.run())
    await until(lambda: database.failed > 0)
    database.good = 100
    await until(lambda: platform.texts() == ["一"])
    sender.stop()
    await task


Running = tuple[Stage, FakeTransport, Sender, asyncio.Task[None]]


@pytest.fixture
async def running(stage: Stage) -> AsyncIterator[Running]:
    platform = FakeTransport()
    sender = stage.sender(platform)
    task = asyncio.create_task(sender.run())
    yield stage, platform, sender, task
    sender.stop()
    await task
