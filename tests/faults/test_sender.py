"""The sender against a platform that plays every fault there is, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from math import inf

import pytest

from bot.closing import OnUnreachable
from bot.landing import MAX_ATTEMPTS
from bot.renderer import Renderer
from bot.sender import GRACE, Sender
from bot.turn import HEARTBEAT, LEASE, WINDOW
from content.texts import Texts
from domain.group import Chat
from domain.ids import Ids
from domain.incoming import Capabilities
from domain.message import Live, Message, Priority, line
from domain.outgoing import Limits, MessageGone, Moved, Refused, RetryLater, Uncertain, Unreachable
from domain.seal import Sealer
from storage import outbox
from storage.tx import Database, StorageError, Tx
from tests.faults.fake_transport import FakeTransport

START = 1_772_409_600_000  # 2026-03-02T08:00+08:00
LANE = "telegram:study_bot"
TELEGRAM = Limits(30, 1, 20)  # as platforms.md has it: a bot a second, a chat a second, a group a minute
TEXTS = Texts({"zh": {"say": "{text}", "board": "已打卡 {count} 人", "list.comma": "、"}})


class Stage:
    """A database, a platform and a clock, and senders between them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.closed: list[tuple[int, Chat]] = []
        self.counted: list[str] = []
        self.checked_in = 0
        self._ids = Ids(1)
        self._owners = 0

    def sender(
        self,
        transport: FakeTransport,
        *,
        database: Database | None = None,
        on_unreachable: OnUnreachable | None = None,
        grace: float = GRACE,
    ) -> Sender:
        self._owners += 1
        return Sender(
            database or self.database,
            transport,
            Renderer(TEXTS, Sealer(b"k" * 32), {"board": self._compose, "nothing": _nothing}, self.database),
            clock=lambda: self.now,
            rng=random.Random(7),
            owner=f"owner {self._owners}",
            on_unreachable=on_unreachable or self._on_unreachable,
            count=lambda platform, outcome: self.counted.append(outcome),
            grace=grace,
        )

    async def say(
        self,
        text: str,
        chat_id: str = "一组",
        *,
        priority: int = Priority.REPLY,
        slot: str | None = None,
        message: Message | None = None,
        person_id: int = 0,
    ) -> None:
        async def work(tx: Tx) -> None:
            await outbox.queue(
                tx,
                self._ids,
                self.now,
                group_id=7,
                chat=Chat("telegram", "study_bot", chat_id, is_group=not person_id),
                language="zh",
                body=(message or Message((line("say", text=text),))).dump(),
                priority=priority,
                slot=slot,
                person_id=person_id,
            )

        await self.database.transaction(work)

    async def update_board(self, chat_id: str = "一组") -> None:
        await self.say("", chat_id, slot="board", message=Message(live=Live("board")))

    async def play_until_quiet(self, sender: Sender, limit: int = 400) -> None:
        """Move the clock from one instant at which something may leave to the next."""
        for _ in range(limit):
            at = await sender.drain()
            if at is None:
                return
            assert at > self.now
            self.now = at
        raise AssertionError("it never became quiet")

    async def failures(self) -> list[tuple[str, str]]:
        rows = await self.database.transaction(outbox.failures, 100)
        return [(row.chat_id, row.error) for row in rows]

    async def counts(self) -> dict[tuple[str, str], int]:
        return await self.database.transaction(outbox.counts)

    async def _compose(self, tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
        return Message((line("board", count=self.checked_in),))

    async def _on_unreachable(self, tx: Tx, now: int, group_id: int, chat: Chat) -> None:
        self.closed.append((group_id, chat))


async def _nothing(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    return None


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


async def test_what_is_queued_is_said_and_over(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("你好")

    assert await stage.sender(platform).drain() is None

    assert platform.said == [("send", "一组", "你好")]
    assert await stage.counts() == {}
    assert stage.counted == ["sent"]


async def test_a_chat_hears_its_messages_in_order_and_one_at_a_time(stage: Stage) -> None:
    platform = FakeTransport()
    for number in range(120):
        await stage.say(f"{number}", chat_id="一组" if number % 2 else "二组")

    await stage.sender(platform).drain()

    assert platform.texts("一组") == [f"{number}" for number in range(1, 120, 2)]
    assert platform.texts("二组") == [f"{number}" for number in range(0, 120, 2)]
    assert platform.busiest == 1


async def test_at_the_bots_limit_the_urgent_leave_first(stage: Stage) -> None:
    platform = FakeTransport(Limits(2, inf, inf))
    await stage.say("广播", "一", priority=Priority.BROADCAST)
    await stage.say("提醒", "二", priority=Priority.REMINDER)
    await stage.say("回复", "三", priority=Priority.REPLY)
    await stage.say("按钮", "四", priority=Priority.BUTTON)
    sender = stage.sender(platform)

    assert await sender.drain() == START + 1000
    assert sorted(platform.texts()) == ["回复", "按钮"]
    stage.now += 1000
    assert await sender.drain() is None
    assert sorted(platform.texts()[2:]) == ["广播", "提醒"]


async def test_a_chat_is_not_spoken_to_faster_than_its_platform_allows(stage: Stage) -> None:
    platform = FakeTransport(TELEGRAM)
    for number in range(25):
        await stage.say(f"{number}")
    sender = stage.sender(platform)

    heard = []
    while (at := await sender.drain()) is not None:
        heard.append((stage.now, len(platform.said)))
        stage.now = at

    instants = [at for at, _ in heard]
    assert [count for _, count in heard] == list(range(1, 25))
    assert all(later - earlier >= 1000 for earlier, later in pairwise(instants))
    assert stage.now - START >= 60_000, "the 21st waits until the first is a minute ago"
    assert platform.texts() == [f"{number}" for number in range(25)]


async def test_one_busy_group_does_not_delay_the_others(stage: Stage) -> None:
    platform = FakeTransport(TELEGRAM)
    for number in range(WINDOW + 50):
        await stage.say(f"{number}", "热闹", priority=Priority.BUTTON)
    await stage.say("你好", "安静")
    sender = stage.sender(platform)

    await sender.drain()

    assert platform.texts("安静") == ["你好"]
    assert platform.texts("热闹") == ["0"]
    stage.now += 1000
    await sender.drain()
    assert platform.texts("热闹") == ["0", "1"]


async def test_a_call_without_an_answer_holds_up_nobody_else(stage: Stage) -> None:
    platform = FakeTransport(Limits(inf, 1, inf))
    platform.gates["慢"] = asyncio.Event()
    for number in range(WINDOW + 50):
        await stage.say(f"{number}", "慢", priority=Priority.BUTTON)
    await stage.say("一", "快")
    sender = stage.sender(platform)

    draining = asyncio.create_task(sender.drain())
    await until(lambda: platform.texts("快") == ["一"])
    await stage.say("二", "也快")
    sender.wake()
    await until(lambda: platform.texts("也快") == ["二"])
    assert not draining.done()
    platform.gates["慢"].set()
    await draining

    assert platform.texts("慢") == ["0"]


async def test_a_hundred_updates_of_the_board_are_one_edit(stage: Stage) -> None:
    platform = FakeTransport()
    sender = stage.sender(platform)
    await stage.update_board()
    await sender.drain()

    for _ in range(100):
        stage.checked_in += 1
        await stage.update_board()
    await sender.drain()

    assert platform.said == [("send", "一组", "已打卡 0 人"), ("edit 1", "一组", "已打卡 100 人")]
    assert stage.counted == ["sent", "edited"]


async def test_the_board_leaves_room_for_answers(stage: Stage) -> None:
    platform = FakeTransport(TELEGRAM)
    sender = stage.sender(platform)
    boards = 0
    for second in range(60):
        stage.now = START + second * 1000
        await stage.update_board()
        await sender.drain()
        boards = len(platform.said)

    asked_at = stage.now
    await stage.say("回复")
    while "回复" not in platform.texts():
        stage.now = await sender.drain() or stage.now

    assert boards <= 10
    assert stage.now - asked_at <= 2000


async def test_a_board_whose_message_is_gone_is_shown_anew_and_remembered(stage: Stage) -> None:
    platform = FakeTransport()
    sender = stage.sender(platform)
    await stage.update_board()
    await sender.drain()
    platform.fail("一组", [MessageGone()])
    await stage.update_board()
    await sender.drain()
    await stage.update_board()
    await sender.drain()
    assert [done for done, _, _ in platform.said] == ["send", "send", "edit 2"]


async def test_a_chat_that_cannot_edit_is_told_anew(stage: Stage) -> None:
    platform = FakeTransport(able=Capabilities(edit=False))
    sender = stage.sender(platform)
    for _ in range(2):
        await stage.update_board()
        await sender.drain()
    assert [done for done, _, _ in platform.said] == ["send", "send"]


async def test_a_live_message_with_nothing_to_show_is_over(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("", slot="board", message=Message(live=Live("nothing")))
    assert await stage.sender(platform).drain() is None
    assert platform.tried == []
    assert await stage.counts() == {}


async def test_an_unknown_live_message_fails_alone(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.update_board("一组")
    await stage.say("", "二组", message=Message(live=Live("unheard of")))
    await stage.say("", "三组", message=Message((line("no.such.text"),)))
    await stage.say("你好", "二组")

    await stage.sender(platform).drain()

    assert platform.texts() == ["已打卡 0 人", "你好"]
    assert sorted(chat for chat, _ in await stage.failures()) == ["三组", "二组"]


async def test_too_fast_means_waiting_as_long_as_asked_and_in_order(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [RetryLater(5)])
    await stage.say("一")
    await stage.say("二")
    await stage.say("别处", "二组")
    sender = stage.sender(platform)

    at = await sender.drain()

    assert at is not None and START + 5000 <= at <= START + 7000
    assert platform.texts() == ["别处"]
    await stage.say("三")
    stage.now = START + 4999
    assert await sender.drain() == at
    assert platform.texts() == ["别处"], "what is queued later does not pass what waits"
    stage.now = at
    await sender.drain()
    assert platform.texts() == ["别处", "一", "二", "三"]
    assert await stage.failures() == []


async def test_too_fast_in_a_second_chat_silences_the_whole_bot(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [RetryLater(5)])
    platform.fail("二组", [RetryLater(3)])
    await stage.say("一", "一组")
    await stage.say("二", "二组")
    sender = stage.sender(platform)
    await sender.drain()

    await stage.say("三", "三组")
    at = await sender.drain()

    assert platform.said == []
    assert at is not None and START + 3000 <= at <= START + 7000
    await stage.play_until_quiet(sender)
    assert sorted(platform.texts()) == ["一", "三", "二"]


async def test_a_fault_of_the_platform_is_tried_again_with_growing_waits(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Uncertain("502"), TimeoutError(), Uncertain("500")])
    await stage.say("一")
    await stage.say("二")
    sender = stage.sender(platform)

    waits = []
    while (at := await sender.drain()) is not None:
        waits.append(at - stage.now)
        stage.now = at

    assert platform.texts() == ["一", "二"]
    assert [2000 <= waits[0] <= 2500, 4000 <= waits[1] <= 5000, 8000 <= waits[2] <= 10_000] == [True] * 3
    assert await stage.counts() == {}


async def test_a_platform_that_stays_down_leaves_a_failure_to_be_seen_and_tried_again(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Uncertain("502")] * MAX_ATTEMPTS)
    await stage.say("一")
    sender = stage.sender(platform)

    await stage.play_until_quiet(sender)

    assert platform.tried == ["一组"] * MAX_ATTEMPTS
    assert await stage.failures() == [("一组", "502")]
    assert await stage.counts() == {(LANE, "failed"): 1}
    [failure] = await stage.database.transaction(outbox.failures, 1)
    await stage.database.transaction(outbox.retry, failure.id)
    await sender.drain()
    assert platform.texts() == ["一"]


async def test_a_message_the_platform_refuses_fails_at_once_and_holds_up_nothing(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Refused("message is too long")])
    await stage.say("一")
    await stage.say("二")

    assert await stage.sender(platform).drain() is None

    assert platform.texts() == ["二"]
    assert await stage.failures() == [("一组", "message is too long")]


async def test_a_closed_chat_is_reported_once_and_what_waits_for_it_fails(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Unreachable("bot was kicked"), Unreachable("bot was kicked")])
    await stage.database.transaction(_bind, "一组")
    for number in range(3):
        await stage.say(f"{number}")
    await stage.say("你好", "二组")
    sender = stage.sender(platform)

    await stage.play_until_quiet(sender)
    await stage.say("再来")
    await stage.play_until_quiet(sender)

    assert [(group, chat.chat_id) for group, chat in stage.closed] == [(7, "一组")]
    assert set(await stage.failures()) <= {("一组", "unreachable")}
    assert len(await stage.failures()) == 4
    assert platform.texts() == ["你好"]


async def test_a_fault_while_reporting_a_closed_chat_fails_only_its_message(stage: Stage) -> None:
    async def broken(tx: Tx, now: int, group_id: int, chat: Chat) -> None:
        raise ValueError("nobody to tell")

    platform = FakeTransport()
    platform.fail("一组", [Unreachable("bot was kicked")])
    await stage.database.transaction(_bind, "一组")
    await stage.say("一")
    await stage.say("你好", "二组")
    sender = stage.sender(platform, on_unreachable=broken)

    await stage.play_until_quiet(sender)

    assert platform.texts() == ["你好"]
    assert await stage.failures() == [("一组", "bot was kicked")]


async def test_a_group_that_moved_hears_everything_under_its_new_id(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Moved("大一组")])
    await stage.database.transaction(_bind, "一组")
    await stage.say("一")
    await stage.say("二")
    sender = stage.sender(platform)

    await stage.play_until_quiet(sender)
    platform.fail("一组", [Moved("大一组")])
    await stage.say("三")
    await stage.play_until_quiet(sender)

    assert platform.texts("大一组") == ["一", "二", "三"]
    assert await stage.failures() == []


async def test_a_group_that_moves_in_circles_is_given_up(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("东", [Moved("西")] * MAX_ATTEMPTS)
    platform.fail("西", [Moved("东")] * MAX_ATTEMPTS)
    await stage.say("一", "东")

    await stage.play_until_quiet(stage.sender(platform))

    assert len(platform.tried) == MAX_ATTEMPTS
    assert len(await stage.failures()) == 1


async def test_a_reaction_is_put_on_the_message(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.said == [("react 41", "一组", "👍")]


@pytest.mark.parametrize("fault", [Refused("REACTION_INVALID"), MessageGone()])
async def test_a_reaction_that_cannot_be_put_is_no_failure(stage: Stage, fault: Exception) -> None:
    platform = FakeTransport()
    platform.fail("一组", [fault])
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.say("二")
    await stage.sender(platform).drain()
    assert platform.texts() == ["二"]
    assert await stage.failures() == []


async def test_a_chat_without_reactions_is_not_asked_for_one(stage: Stage) -> None:
    platform = FakeTransport(able=Capabilities(reactions=False))
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.tried == []


async def test_an_answer_to_a_deleted_message_is_said_all_the_same(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [MessageGone()])
    await stage.say("", message=Message((line("say", text="收到"),), reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.texts() == ["收到"]


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


async def test_hostile_names_are_said_as_they_are_written(stage: Stage) -> None:
    platform = FakeTransport()
    for text in ("{name} {0} {", "}{", "%s $name", "مرحبا", "<b>&amp;"):
        await stage.say(text)
    await stage.say("左\u202e右\x00中")
    await stage.sender(platform).drain()
    assert platform.texts() == ["{name} {0} {", "}{", "%s $name", "مرحبا", "<b>&amp;", "左右中"]


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


class FailingAfter:
    """A database whose transactions fail after the first few."""

    def __init__(self, database: Database, good: int) -> None:
        self._database = database
        self.good = good
        self.failed = 0

    async def transaction(
        self, fn: Callable[..., Awaitable[object]], /, *args: object, **kwargs: object
    ) -> object:
        if self.good == 0:
            self.failed += 1
            raise StorageError("the disk is full")
        self.good -= 1
        return await self._database.transaction(fn, *args, **kwargs)

    async def read(self, fn: Callable[..., Awaitable[object]], /, *args: object, **kwargs: object) -> object:
        return await self._database.read(fn, *args, **kwargs)

    async def close(self) -> None:
        """The real one is closed elsewhere."""


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop turn until it holds, ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)  # noqa: ASYNC110 - conditions of many kinds, none of which has an event


async def _bind(tx: Tx, chat_id: str) -> None:
    await tx.run(
        """INSERT INTO chats (platform, account, chat_id, group_id, bound_at)
           VALUES ('telegram', 'study_bot', :chat, 7, :now)""",
        chat=chat_id,
        now=START,
    )
