"""The sender against a platform that plays every fault there is."""

from __future__ import annotations

import pytest

from bot.sending.landing import MAX_ATTEMPTS
from domain.group import Chat
from domain.message import Live, Message, line
from domain.outgoing import MessageGone, Moved, Refused, RetryLater, Uncertain, Unreachable
from storage import outbox_care
from storage.tx import Database, Tx
from tests.faults.fake_transport import FakeTransport
from tests.faults.stage import LANE, START, Stage, bind


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


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
    [failure] = await stage.database.transaction(outbox_care.failures, 1)
    await stage.database.transaction(outbox_care.retry, failure.id)
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
    await stage.database.transaction(bind, "一组")
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
    await stage.database.transaction(bind, "一组")
    await stage.say("一")
    await stage.say("你好", "二组")
    sender = stage.sender(platform, on_unreachable=broken)

    await stage.play_until_quiet(sender)

    assert platform.texts() == ["你好"]
    assert await stage.failures() == [("一组", "bot was kicked")]


async def test_a_group_that_moved_hears_everything_under_its_new_id(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [Moved("大一组")])
    await stage.database.transaction(bind, "一组")
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


@pytest.mark.parametrize("fault", [Refused("REACTION_INVALID"), MessageGone()])
async def test_a_reaction_that_cannot_be_put_is_no_failure(stage: Stage, fault: Exception) -> None:
    platform = FakeTransport()
    platform.fail("一组", [fault])
    await stage.say("", message=Message(react="👍", reply_to="41"))
    await stage.say("二")
    await stage.sender(platform).drain()
    assert platform.texts() == ["二"]
    assert await stage.failures() == []


async def test_an_answer_to_a_deleted_message_is_said_all_the_same(stage: Stage) -> None:
    platform = FakeTransport()
    platform.fail("一组", [MessageGone()])
    await stage.say("", message=Message((line("say", text="收到"),), reply_to="41"))
    await stage.sender(platform).drain()
    assert platform.texts() == ["收到"]
