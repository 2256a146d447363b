"""Telegram at its worst: too fast, out of order, silent, garbled; and a store that does not store."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random

import pytest
from aiogram.methods import GetUpdates

from bot.ingress import Answer
from bot.platforms.telegram import PollingRefused
from bot.platforms.telegram.poller import GIVE_UP_AFTER, LONGEST_PAUSE
from domain.incoming import Incoming
from domain.outgoing import Moved, Outgoing, Refused, RetryLater, SendError, Uncertain, Unreachable
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.telegram_rig import Mode, Pauses, Recorder, account, ingress_of, listening

both = pytest.mark.parametrize("mode", ["webhook", "polling"])
WORDS = Outgoing("-100", "今日学习")


class Flaky:
    """A store that fails on a text as often as told."""

    def __init__(self, text: str, times: int) -> None:
        self.text = text
        self.times = times

    def __call__(self, incoming: Incoming) -> None:
        if incoming.text == self.text and self.times > 0:
            self.times -= 1
            raise OSError("disk full")


class Ledger(Recorder):
    """Knows a repeat as the dispatcher does."""

    async def hear(self, incoming: Incoming) -> Answer:
        answer = await super().hear(incoming)
        if [one.event_id for one in self.heard].count(incoming.event_id) > 1:
            self.heard.pop()
        return answer


# Speaking.


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (403, "Forbidden: bot was kicked from the group chat", Unreachable),
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (400, "Bad Request: chat not found", Unreachable),
        (400, "Bad Request: not enough rights to send text messages to the chat", Unreachable),
        (400, "Bad Request: can't parse entities", Refused),
        (400, "Bad Request: TOPIC_CLOSED", Refused),
        (404, "Not Found", Uncertain),
        (401, "Unauthorized", Uncertain),
        (409, "Conflict", Uncertain),
        (500, "Internal Server Error", Uncertain),
        (502, "Bad Gateway", Uncertain),
        (504, "Gateway Timeout", Uncertain),
    ],
)
async def test_each_refusal_is_told_apart(status: int, description: str, error: type[SendError]) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.group(-100, "一组")
        fake.fail("sendMessage", status=status, description=description)
        with pytest.raises(error) as told:
            await bot.transport.send(WORDS)
        assert "fake-token" not in told.value.detail
        await bot.transport.send(WORDS)
        assert len(fake.said(-100)) == 1


@pytest.mark.parametrize(("retry_after", "seconds"), [(37, 37), (0, 0), (None, 5)])
async def test_too_fast_says_how_long_to_wait(retry_after: int | None, seconds: float) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        attempts = {
            "sendMessage": bot.transport.send(WORDS),
            "editMessageText": bot.transport.edit(WORDS, "1"),
            "setMessageReaction": bot.transport.react("-100", "1", "👍"),
        }
        for method, attempt in attempts.items():
            fake.fail(method, status=429, retry_after=retry_after, description="Too Many Requests")
            with pytest.raises(RetryLater) as told:
                await attempt
            assert told.value.seconds == seconds


async def test_a_silent_server_leaves_it_uncertain_whether_the_message_was_shown() -> None:
    async with FakeBotApi() as fake, account(fake, timeout=0.2) as bot:
        fake.group(-100, "一组")
        fake.fail("sendMessage", hang=True)
        fake.fail("sendMessage", hang=True, after=True)
        for shown in (0, 1):
            with pytest.raises(Uncertain):
                await bot.transport.send(WORDS)
            assert len(fake.said(-100)) == shown


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"\xff\xfe", b'{"ok":true}', b'{"ok":true,"result":7}']
)
@pytest.mark.parametrize("status", [200, 500])
async def test_a_garbled_answer_leaves_it_uncertain(body: bytes, status: int) -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        fake.group(-100, "一组")
        fake.fail("sendMessage", body=body, status=status)
        with pytest.raises(Uncertain):
            await bot.transport.send(WORDS)


async def test_a_server_that_is_not_there_leaves_it_uncertain() -> None:
    async with FakeBotApi() as fake:
        bot = account(fake, timeout=0.5)
        telegram = await bot.__aenter__()
    with pytest.raises(Uncertain):
        await telegram.transport.send(WORDS)
    await bot.__aexit__(None, None, None)


async def test_a_group_that_moved_tells_its_new_id() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组", kind="group")
        fake.migrate(room, zhang, -100500)
        with pytest.raises(Moved) as told:
            await bot.transport.send(WORDS)
        assert told.value.chat_id == "-100500"


# Listening.


@both
async def test_the_same_update_ten_times_is_heard_as_one_event(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Ledger()
        async with listening(fake, ingress, mode):
            with fake.reordered(lambda updates: updates * 10):
                fake.say(room, zhang, "打卡")
            await fake.settled()
        assert (ingress.texts, ingress.attempts) == (["打卡"], 10)


@both
async def test_updates_out_of_order_are_all_heard(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, rooms = fake.person(1, "张三"), [fake.group(-n, f"{n}组") for n in range(1, 6)]
        ingress = Recorder()
        async with listening(fake, ingress, mode):
            with fake.reordered(lambda updates: Random(3).sample(updates, len(updates))):
                for note in range(50):
                    fake.say(rooms[note % 5], zhang, f"打卡 {note}")
            await fake.settled()
        assert Counter(ingress.texts) == Counter(f"打卡 {note}" for note in range(50))


@both
async def test_what_could_not_be_stored_comes_again_before_what_followed_it(mode: Mode) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Ledger(fault=Flaky("二", 3))
        async with listening(fake, ingress, mode):
            with fake.reordered(list):
                for text in ("一", "二", "三"):
                    fake.say(room, zhang, text)
            await fake.settled()
        assert (ingress.texts, ingress.buried) == (["一", "二", "三"], [])
        if mode == "webhook":
            assert [status for _, status in fake.deliveries] == [200, 503, 503, 503, 200, 200]


async def test_the_offset_moves_only_past_what_was_stored() -> None:
    async with FakeBotApi() as fake:
        zhang, one, other = fake.person(1, "张三"), fake.group(-100, "一组"), fake.group(-101, "二组")
        ingress = Ledger(fault=Flaky("二", 2))
        async with listening(fake, ingress, "polling"):
            with fake.reordered(list):
                for room, text in ((one, "一"), (one, "二"), (one, "三"), (other, "四")):
                    fake.say(room, zhang, text)
            await fake.settled()
        assert ingress.texts == ["一", "四", "二", "三"]
        offsets = [offset for offset in _offsets(fake) if offset is not None]
        assert offsets == [10_002, 10_002, 10_005]


def _offsets(fake: FakeBotApi) -> list[int | None]:
    return [call.offset for call in fake.calls if isinstance(call, GetUpdates)]


async def test_an_update_that_fails_again_and_again_is_buried_and_blocks_nobody() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Ledger(fault=Flaky("毒", 10**9))
        pauses = Pauses()
        async with listening(fake, ingress, "polling", pauses):
            with fake.reordered(list):
                for text in ("毒", "打卡"):
                    fake.say(room, zhang, text)
            await fake.settled()
        [(event_id, raw, error)] = ingress.buried
        assert (ingress.texts, event_id) == (["打卡"], "10001")
        assert "毒".encode() in raw or b"\\u6bd2" in raw
        assert "OSError" in error and "disk full" not in error
        assert len(pauses.seconds) == GIVE_UP_AFTER - 1


class Full(Recorder):
    """Nothing at all can be stored until ``free``."""

    free = False

    async def hear(self, incoming: Incoming) -> Answer:
        if not self.free:
            raise OSError("disk full")
        return await super().hear(incoming)

    async def bury(self, *_: object) -> None:
        raise OSError("disk full")


async def test_while_nothing_can_be_stored_nothing_is_passed_over() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress, pauses = Full(), Pauses()
        async with listening(fake, ingress, "polling", pauses):
            fake.say(room, zhang, "打卡")
            await fake.until(lambda: len(_offsets(fake)) > 2 * GIVE_UP_AFTER)
            ingress.free = True
            await fake.settled()
        assert ingress.texts == ["打卡"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429, "retry_after": 9},
        {"body": b"<html>"},
        {"body": b'{"ok":true,"result":{}}'},
    ],
    ids=["500", "429", "garbage", "no list"],
)
async def test_polling_goes_on_after_trouble_and_waits_in_between(fault: dict[str, object]) -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress, pauses = Recorder(), Pauses()
        fake.fail("getUpdates", times=12, **fault)
        async with listening(fake, ingress, "polling", pauses):
            fake.say(room, zhang, "打卡")
            await fake.settled()
        assert ingress.texts == ["打卡"]
        waits = [seconds for seconds in pauses.seconds if seconds]
        assert 0.5 <= waits[-1] <= LONGEST_PAUSE and max(waits) > 15
        assert min(waits) > 9 or "retry_after" not in fault


async def test_elements_that_are_no_updates_hide_no_others() -> None:
    async with FakeBotApi() as fake:
        ingress = Recorder()
        chat = b'"chat":{"id":1,"type":"private"},"from":{"id":1,"first_name":"x"}'
        said = b'{"update_id":7,"message":{"message_id":1,"date":1,"text":"\\u6253\\u5361",' + chat + b"}}"
        fake.fail(
            "getUpdates", body=b'{"ok":true,"result":[null,[1],{"update_id":"x"},"\xff",' + said + b"]}"
        )
        async with listening(fake, ingress, "polling"):
            await fake.until(lambda: 8 in _offsets(fake))
        assert ingress.texts == ["打卡"]
        assert len(ingress.buried) == 4


async def test_after_a_quiet_week_numbers_may_start_anew_below_the_old_ones() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        async with listening(fake, ingress, "polling"):
            fake.say(room, zhang, "旧")
            await fake.settled()
            await fake.idle()
            fake.restart_numbers(500)
            fake.say(room, zhang, "新")
            await fake.settled()
        assert ingress.texts == ["旧", "新"]


async def test_a_second_program_that_polls_the_same_bot_is_told_of() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder())
        await telegram.open()
        fake.fail(
            "getUpdates", times=99, status=409, description="Conflict: terminated by other getUpdates request"
        )
        with pytest.raises(PollingRefused, match="another program"):
            await telegram.run()


async def test_a_conflict_that_passes_is_forgiven() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder()
        fake.fail("getUpdates", times=2, status=409)
        async with listening(fake, ingress, "polling"):
            fake.say(room, zhang, "打卡")
            await fake.settled()
        assert ingress.texts == ["打卡"]


async def test_a_token_taken_back_while_polling_is_told_of() -> None:
    async with FakeBotApi() as fake, account(fake) as bot:
        telegram = ingress_of(bot, Recorder())
        await telegram.open()
        fake.fail("getUpdates", status=401, description="Unauthorized")
        with pytest.raises(PollingRefused, match="BotFather"):
            await telegram.run()


async def test_a_toast_that_hangs_holds_up_neither_the_acknowledgement_nor_the_next_update() -> None:
    async with FakeBotApi() as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        ingress = Recorder(toast="好")
        async with listening(fake, ingress, "webhook", timeout=0.3) as bot:
            await bot.transport.send(Outgoing("-100", "今日", buttons=((("已学", "a.b"),),)))
            fake.fail("answerCallbackQuery", hang=True)
            fake.press(fake.said(-100)[0], "已学", zhang)
            fake.say(room, zhang, "打卡")
            await fake.settled()
            assert [one.action or one.text for one in ingress.heard] == ["a.b", "打卡"]
            assert fake.toasts == {}


async def test_polling_survives_a_server_that_goes_away() -> None:
    pauses = Pauses()
    async with FakeBotApi() as fake:
        bot = account(fake)
        telegram = ingress_of(await bot.__aenter__(), Recorder(), pauses=pauses)
        await telegram.open()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await telegram.run()
    assert len(pauses.seconds) > 2
    await bot.__aexit__(None, None, None)
