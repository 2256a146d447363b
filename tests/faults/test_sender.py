"""How the sender speaks: in order, at the platform's pace, in place where it can."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from math import inf

import pytest

from bot.sending.turn import WINDOW
from domain.incoming import Capabilities
from domain.message import Live, Message, Priority
from domain.outgoing import Limits
from storage.tx import Database
from tests.faults.fake_transport import FakeTransport
from tests.faults.stage import START, TELEGRAM, Stage, until


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


async def test_a_reaction_is_put_on_the_message(stage: Stage) -> None:
    platform = FakeTransport()
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.said == [("react 41", "一组", "👍")]


async def test_a_chat_without_reactions_is_not_asked_for_one(stage: Stage) -> None:
    platform = FakeTransport(able=Capabilities(reactions=False))
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.tried == []


async def test_hostile_names_are_said_as_they_are_written(stage: Stage) -> None:
    platform = FakeTransport()
    for text in ("{name} {0} {", "}{", "%s $name", "مرحبا", "<b>&amp;"):
        await stage.say(text)
    await stage.say("左\u202e右\x00中")
    await stage.sender(platform).drain()
    assert platform.texts() == ["{name} {0} {", "}{", "%s $name", "مرحبا", "<b>&amp;", "左右中"]
