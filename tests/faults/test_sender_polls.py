"""Native polls on their way out: what is remembered of them, and when, so that no answer is lost."""

from __future__ import annotations

import pytest

from domain.incoming import Capabilities, QuizLimits
from domain.message import Message, Poll, line
from domain.outgoing import MessageGone, Outgoing, Shown, Uncertain
from storage import polls
from storage.polls import TooEarly
from storage.tx import Database
from tests.faults.fake_transport import FakeTransport
from tests.faults.stage import Stage

ABLE = Capabilities(quiz=QuizLimits(question_chars=300, options=12, option_chars=100, explanation_chars=200))
QUESTION = Message(
    (line("say", text="读书贵在什么？"),),
    poll=Poll(7, "读书贵在什么？", (line("say", text="一天读完"), line("say", text="每天一点")), (1,)),
)
CLOSED = Message(poll=Poll(7, closed=True))


class Booth(FakeTransport):
    """A platform with polls, or one where they are forbidden."""

    def __init__(self, forbidden: bool = False) -> None:
        super().__init__(able=ABLE)
        self._forbidden = forbidden
        self.asked: list[Outgoing] = []

    async def send(self, out: Outgoing) -> str | Shown:
        message_id = await super().send(out)
        if out.poll is None or self._forbidden:
            return message_id
        self.asked.append(out)
        return Shown(str(message_id), f"poll {len(self.asked)}")


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


async def put(stage: Stage, message: Message = QUESTION, chat_id: str = "一组") -> None:
    await stage.say("", chat_id, slot="quiz:day:2026-03-02", message=message)


async def known(stage: Stage) -> dict[str, tuple[int, str]]:
    found = await stage.database.read(polls.of_quiz, 7, 7)
    return {one.poll_id: (one.quiz_id, one.chat_id) for one in found}


async def test_a_poll_is_known_as_soon_as_it_is_marked_sent(stage: Stage) -> None:
    booth = Booth()
    await put(stage)
    await put(stage, chat_id="二组")
    await stage.sender(booth).drain()
    assert sorted(await known(stage)) == ["poll 1", "poll 2"]
    assert {chat for _, chat in (await known(stage)).values()} == {"一组", "二组"}
    [first, _] = booth.asked
    assert first.poll is not None and first.poll.options == ("一天读完", "每天一点")


async def test_until_then_an_answer_must_come_again(stage: Stage) -> None:
    class Eager(Booth):
        async def send(self, out: Outgoing) -> str | Shown:
            with pytest.raises(TooEarly):
                await stage.database.read(polls.find, "telegram", "study_bot", "poll 1")
            return await super().send(out)

    await put(stage)
    await stage.sender(Eager()).drain()
    assert await stage.database.read(polls.find, "telegram", "study_bot", "poll 1") is not None
    assert await stage.database.read(polls.find, "telegram", "study_bot", "poll 2") is None


async def test_where_polls_are_forbidden_nothing_is_remembered(stage: Stage) -> None:
    booth = Booth(forbidden=True)
    await put(stage)
    await stage.sender(booth).drain()
    assert (booth.texts(), await known(stage)) == (["读书贵在什么？"], {})


async def test_a_poll_that_may_have_been_shown_is_put_again_and_the_second_is_known(stage: Stage) -> None:
    booth = Booth()
    booth.fail("一组", [Uncertain("cut off")])
    await put(stage)
    await stage.play_until_quiet(stage.sender(booth))
    assert list(await known(stage)) == ["poll 1"]


async def test_a_poll_is_closed_in_its_place(stage: Stage) -> None:
    booth = Booth()
    sender = stage.sender(booth)
    await put(stage)
    await sender.drain()
    await put(stage, CLOSED)
    await sender.drain()
    assert [what for what, _, _ in booth.said] == ["send", "edit 1"]
    assert stage.counted == ["sent", "edited"]


async def test_a_poll_that_is_not_there_to_be_closed_is_not_put_for_it(stage: Stage) -> None:
    booth = Booth()
    sender = stage.sender(booth)
    await put(stage, CLOSED)
    await sender.drain()
    await put(stage)
    await sender.drain()
    booth.fail("一组", [MessageGone("deleted")])
    await put(stage, CLOSED)
    await sender.drain()
    assert [what for what, _, _ in booth.said] == ["send"]
    assert stage.counted == ["dropped", "sent", "dropped"]


async def test_where_there_are_no_polls_there_is_none_to_close(stage: Stage) -> None:
    platform = FakeTransport()
    sender = stage.sender(platform)
    await put(stage)
    await sender.drain()
    await put(stage, CLOSED)
    await sender.drain()
    assert [what for what, _, _ in platform.said] == ["send"]
