"""Questions as Telegram's own quiz polls: how they are put and closed, and how votes are heard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.methods import SendPoll

from bot.platforms.telegram import TelegramAccount, rules
from bot.platforms.telegram.incoming import Decoder
from bot.platforms.telegram.updates import parse
from bot.platforms.telegram.words import Me
from domain.incoming import Incoming
from domain.outgoing import Ballot, Moved, Outgoing, RetryLater, Shown, Transport, Uncertain, Unreachable
from storage.polls import TooEarly
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_polls import Ballot as Put
from tests.platforms.telegram_rig import Mode, Recorder, account, listening

BALLOT = Ballot(7, "读书贵在什么？", ("一天读完", "每天一点"), (1,), "每天读一点，胜过一天读很多。")
QUIZ = Outgoing(
    "-100", "读书贵在什么？\nA. 一天读完", "今日一题", buttons=((("A", "answer.a.b"),),), poll=BALLOT
)
CLOSED = Outgoing("-100", poll=Ballot(7, closed=True))
ZHANG = {"id": 7, "is_bot": False, "first_name": "张三", "language_code": "zh-hans"}
NOW = 1_772_000_000_000


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        server.group(-100, "一组")
        yield server


@pytest.fixture
async def bot(fake: FakeBotApi) -> AsyncIterator[TelegramAccount]:
    async with account(fake) as telegram:
        yield telegram


@pytest.fixture
def transport(bot: TelegramAccount) -> Transport:
    return bot.transport


async def put(fake: FakeBotApi, transport: Transport, out: Outgoing = QUIZ) -> tuple[Shown, Put]:
    shown = await transport.send(out)
    assert isinstance(shown, Shown)
    return shown, fake.polls.ballots[shown.poll_id]


# Putting and closing


async def test_a_question_is_an_open_quiz_that_tells_who_chose_what(
    fake: FakeBotApi, transport: Transport
) -> None:
    shown, poll = await put(fake, transport)
    assert (poll.question, poll.options, poll.right) == (BALLOT.question, ["一天读完", "每天一点"], [1])
    assert (poll.explanation, poll.several, str(poll.shown.message_id)) == (
        BALLOT.explanation,
        False,
        shown.message_id,
    )
    call = fake.calls[-1]
    assert isinstance(call, SendPoll) and (call.type, call.is_anonymous) == ("quiz", False)


async def test_several_right_answers_may_be_chosen_together(fake: FakeBotApi, transport: Transport) -> None:
    several = Ballot(7, "？", ("甲", "乙", "丙"), (2, 0))
    _, poll = await put(fake, transport, Outgoing("-100", poll=several))
    assert (poll.several, poll.right, poll.explanation) == (True, [0, 2], None)


async def test_an_explanation_of_many_lines_becomes_one(fake: FakeBotApi, transport: Transport) -> None:
    wordy = Ballot(7, "？", ("甲", "乙"), (0,), "一\n二\n\n三\n四")
    _, poll = await put(fake, transport, Outgoing("-100", poll=wordy))
    assert poll.explanation == "一 二 三 四"


async def test_the_longest_that_the_rules_allow_is_taken(fake: FakeBotApi, transport: Transport) -> None:
    most = rules.QUIZ
    options = tuple(f"{n:02}".ljust(most.option_chars, "长") for n in range(most.options))
    longest = Ballot(7, "问" * most.question_chars, options, (11,), "因" * most.explanation_chars)
    _, poll = await put(fake, transport, Outgoing("-100", poll=longest))
    assert len(poll.options) == 12


async def test_where_polls_are_forbidden_words_and_buttons_do(fake: FakeBotApi, transport: Transport) -> None:
    fake.polls.allowed = False
    message_id = await transport.send(QUIZ)
    assert isinstance(message_id, str)
    [shown] = fake.said(-100)
    assert (shown.title, shown.buttons) == ("今日一题", [[("A", "answer.a.b")]])
    await transport.edit(Outgoing("-100", "改", "今日一题", poll=BALLOT), message_id)
    assert shown.text == "今日一题\n改"
    await transport.edit(CLOSED, message_id)
    assert shown.text == "今日一题\n改", "there is no poll to close"


async def test_a_poll_is_never_rewritten(fake: FakeBotApi, transport: Transport) -> None:
    shown, poll = await put(fake, transport)
    await transport.edit(QUIZ, shown.message_id)
    fake.fail("editMessageText", status=400, description="Bad Request: message can't be edited")
    await transport.edit(QUIZ, shown.message_id)
    assert (poll.shown.edits, poll.closed, len(fake.said(-100))) == (0, False, 1)


async def test_a_poll_is_closed_and_one_that_is_closed_or_gone_is_no_error(
    fake: FakeBotApi, transport: Transport
) -> None:
    shown, poll = await put(fake, transport)
    for _ in range(2):
        await transport.edit(CLOSED, shown.message_id)
    assert poll.closed
    del fake.chats.rooms[-100].shown[int(shown.message_id)]
    await transport.edit(CLOSED, shown.message_id)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 3}, RetryLater),
        ({"status": 500}, Uncertain),
        ({"status": 403, "description": "Forbidden: bot was kicked from the group chat"}, Unreachable),
    ],
)
async def test_trouble_with_a_poll_is_told_like_any_other(
    fake: FakeBotApi, transport: Transport, fault: dict[str, Any], error: type[Exception]
) -> None:
    fake.fail("sendPoll", **fault)
    with pytest.raises(error):
        await transport.send(QUIZ)
    shown, _ = await put(fake, transport)
    fake.fail("stopPoll", **fault)
    with pytest.raises(error):
        await transport.edit(CLOSED, shown.message_id)


async def test_a_poll_for_a_chat_that_is_unknown_or_has_moved_says_so(
    fake: FakeBotApi, transport: Transport
) -> None:
    with pytest.raises(Unreachable):
        await transport.send(Outgoing("-999", "？", poll=BALLOT))
    fake.migrate(fake.chats.rooms[-100], fake.person(1, "张三"), -200)
    with pytest.raises(Moved):
        await transport.send(QUIZ)


# Hearing


def decode(**happened: Any) -> Incoming | None:
    decoder = Decoder(Me(4242, "xueban_bot"), lambda: NOW)
    return decoder.decode(parse(json.dumps({"update_id": 5, **happened}).encode()))


def test_a_vote_names_its_poll_and_no_chat() -> None:
    vote = {"poll_id": "55", "option_ids": [0, 2], "option_persistent_ids": ["a", "b"], "user": ZHANG}
    assert decode(poll_answer=vote) == Incoming(
        platform="telegram",
        account="4242",
        event_id="5",
        chat_id="",
        sender_id="7",
        sender_name="张三",
        is_group=True,
        addressed=True,
        poll_id="55",
        choices=(0, 2),
        language="zh-hans",
        sent_at=NOW,
    )


@pytest.mark.parametrize(
    "vote",
    [
        {"poll_id": "55", "option_ids": [0]},
        {"poll_id": "55", "option_ids": [0], "user": ZHANG | {"is_bot": True}},
        {"poll_id": "55", "option_ids": [0], "user": ZHANG, "voter_chat": {"id": -1, "type": "channel"}},
    ],
)
def test_what_no_person_voted_is_nobodys(vote: dict[str, Any]) -> None:
    assert decode(poll_answer=vote) is None


@pytest.mark.parametrize(
    "vote",
    [
        {"poll_id": "5 5\x00", "option_ids": [0], "user": ZHANG},
        {"poll_id": "5" * 65, "option_ids": [0], "user": ZHANG},
        {"poll_id": "55", "option_ids": [-1], "user": ZHANG},
        {"poll_id": "55", "option_ids": [2**31], "user": ZHANG},
    ],
)
def test_a_vote_that_cannot_be_is_refused(vote: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="poll_answer"):
        decode(poll_answer=vote)


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_votes_are_heard_in_the_order_in_which_a_person_cast_them(mode: Mode) -> None:
    recorder = Recorder()
    async with FakeBotApi() as fake, listening(fake, recorder, mode) as bot:
        room, zhang, li = fake.group(-100, "一组"), fake.person(1, "张三"), fake.person(2, "李四")
        _, poll = await put(fake, bot.transport)
        fake.polls.vote(poll, zhang, 1)
        fake.polls.vote(poll, li, 0)
        fake.polls.vote(poll, zhang)
        fake.say(room, li, "打卡")
        await fake.settled()
    heard = [(one.sender_name, one.choices) for one in recorder.heard if one.poll_id == poll.id]
    assert [one for one in heard if one[0] == "张三"] == [("张三", (1,)), ("张三", ())]
    assert ("李四", (0,)) in heard and recorder.closed == []


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_poll_that_is_closed_is_told(mode: Mode) -> None:
    recorder = Recorder()
    async with FakeBotApi() as fake, listening(fake, recorder, mode) as bot:
        fake.group(-100, "一组")
        _, poll = await put(fake, bot.transport)
        fake.polls.close(poll)
        await fake.settled()
    assert recorder.closed == [poll.id]


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_vote_that_is_too_early_is_brought_again(mode: Mode) -> None:
    landed = asyncio.Event()

    def early(incoming: Incoming) -> None:
        if recorder.attempts < 3:
            raise TooEarly
        landed.set()

    recorder = Recorder(fault=early)
    async with FakeBotApi() as fake, listening(fake, recorder, mode) as bot:
        fake.group(-100, "一组")
        _, poll = await put(fake, bot.transport)
        fake.polls.vote(poll, fake.person(1, "张三"), 1)
        await fake.settled()
        await asyncio.wait_for(landed.wait(), 5)
    assert [one.choices for one in recorder.heard] == [(1,)] and recorder.buried == []
