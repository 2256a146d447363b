"""Questions as native polls: whose answer it is, which one counts, and what happens to polls that are closed, on both engines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest

from bot.sending.delivery import Kind, Outcome
from bot.sending.landing import land
from domain.group import Group, Settings
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Message
from domain.question import Bank, Question
from handlers.call import Call, Command, Reply
from scheduler import quiz as quiz_time
from storage import banks, events, groups, ledger, members, outbox, polls, quizzes
from storage.outbox import OutboxRow
from storage.polls import TooEarly
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, FIRST_PERSON, NOW, PLATFORM, chat_of
from tests.storage.test_dispatcher import Talk
from tests.transcripts.works import BANK, PACK

ZHANG, LI, STRANGER = FIRST_PERSON, FIRST_PERSON + 1, 999
MONDAY = date(2026, 3, 2)
QUIZ = 4711
LANE = chat_of(7).lane


class Class:
    """A group with a question of the day, shown as polls."""

    def __init__(self, database: Database, *own: Command) -> None:
        self.talk = Talk(database, *own)
        self.database = database

    async def begin(self, question: str = "often") -> None:
        await self.talk.begin(settings=Settings(points=True))
        await self.database.transaction(banks.save, BANK, NOW)
        await self.database.transaction(
            quizzes.ask,
            group_id=7,
            id=QUIZ,
            key=quiz_time.day_key(MONDAY),
            bank=PACK.id,
            question=question,
            now=NOW,
        )
        await self.shown("first")

    async def shown(self, poll_id: str, chat_id: str = "-1007", group_id: int = 7) -> None:
        """The sender settles what it has sent."""
        row = OutboxRow(group_id, 1, chat_id, "", 1, 0, 1, "quiz:day", "zh", "{}", 0, None)
        sent = Outcome(row, Kind.SENT, message_id="55", poll_id=poll_id, quiz_id=QUIZ)
        await self.database.transaction(land([sent], NOW, random.Random(1)).settle, LANE, NOW)

    def vote(self, person: int, *choices: int, poll: str = "first", account: str = ACCOUNT) -> Incoming:
        return self.talk.event(
            person,
            chat_id="",
            message_id=None,
            addressed=True,
            poll_id=poll,
            choices=choices,
            account=account,
        )

    async def votes(self, person: int, *choices: int, poll: str = "first") -> list[str]:
        """What is said about it."""
        await self.talk.hear(self.vote(person, *choices, poll=poll))
        return await self.talk.said()

    async def given(self) -> list[tuple[int, str, str]]:
        found = await self.database.read(quizzes.answers, 7, QUIZ)
        return [(one.person_id, one.given, one.verdict) for one in found]

    async def buried(self) -> list[str]:
        return [row["error"] for row in await self.database.read(events.buried)]


@pytest.fixture
async def room(database: Database) -> Class:
    room = Class(database)
    await room.begin()
    return room


async def test_a_vote_counts_and_nothing_is_said_of_it(room: Class) -> None:
    assert await room.votes(LI, 1) == []
    assert await room.given() == [(LI, "1", "right")]
    own = await room.database.read(ledger.own, 7, "all", LI)
    assert own is not None and own.points > 0


async def test_the_same_vote_ten_times_counts_once(room: Class) -> None:
    vote = room.vote(LI, 1)
    for _ in range(10):
        await room.talk.hear(vote)
    assert await room.votes(LI, 1) == []
    assert await room.given() == [(LI, "1", "right")]


async def test_a_vote_taken_back_changes_nothing(room: Class) -> None:
    assert await room.votes(LI) == []
    assert await room.votes(STRANGER) == []
    assert await room.given() == []
    assert await room.database.read(members.count, 7) == 2
    await room.votes(LI, 0)
    await room.votes(LI)
    assert await room.given() == [(LI, "0", "wrong")]


async def test_who_votes_for_the_first_time_has_joined(room: Class) -> None:
    await room.votes(STRANGER, 1)
    assert await room.database.read(members.count, 7) == 3
    assert [given for _, given, _ in await room.given()] == ["1"]


async def test_the_first_answer_counts_whichever_way_it_came(room: Class) -> None:
    await room.talk.say(LI, "答 A", group=None)
    assert await room.votes(LI, 1) == ["quiz.first_counts"]
    assert await room.given() == [(LI, "0", "wrong")]
    await room.votes(ZHANG, 1)
    assert await room.talk.say(ZHANG, "答 A", group=None) == ["quiz.answered_already"]


async def test_a_vote_for_what_was_answered_before_says_nothing(room: Class) -> None:
    await room.talk.say(LI, "答 B", group=None)
    assert await room.votes(LI, 1) == []


async def test_of_several_chats_polls_the_first_vote_counts(room: Class) -> None:
    await room.database.transaction(groups.bind, chat_of(8), 7, "第二个群", NOW)
    await room.shown("second", "-1008")
    await room.votes(LI, 0, poll="second")
    assert await room.votes(LI, 1) == ["quiz.first_counts"]
    assert await room.given() == [(LI, "0", "wrong")]


async def test_only_chats_without_a_poll_are_shown_the_count_anew(room: Class) -> None:
    await room.database.transaction(groups.bind, chat_of(8), 7, "第二个群", NOW)
    assert await room.votes(LI, 1) == ["quiz"]


@pytest.mark.parametrize("choices", [(3,), (0, 77), (2**31 - 1,)])
async def test_options_that_do_not_exist_are_no_answer(room: Class, choices: Sequence[int]) -> None:
    assert await room.votes(LI, *choices) == []
    assert (await room.given(), await room.buried()) == ([], [])


async def test_a_question_that_became_a_fill_in_is_not_answered_by_its_old_poll(room: Class) -> None:
    changed = BANK.questions[0].model_copy(update={"key": "other"})
    fill = Question(key="often", kind="fill", stem="读书贵在什么？", answers=("恒",))
    await room.database.transaction(banks.save, Bank(BANK.id, "", "zh", (fill, changed)), NOW)
    assert await room.votes(LI, 1) == []
    assert await room.given() == []


@pytest.mark.parametrize("stranger", [{"poll": "nobody's"}, {"account": "other_bot"}])
async def test_a_vote_in_a_poll_nobody_knows_is_kept_for_the_operator(
    room: Class, stranger: dict[str, str]
) -> None:
    await room.talk.hear(room.vote(LI, 1, **stranger))
    assert await room.talk.said() == []
    assert (await room.given(), await room.buried()) == ([], ["unknown poll"])


async def test_a_vote_that_is_earlier_than_its_poll_comes_again_and_counts(room: Class) -> None:
    await room.database.transaction(_fly, "quiz:day:2026-03-02")
    vote = room.vote(LI, 1, poll="new")
    with pytest.raises(TooEarly):
        await room.talk.hear(vote)
    await room.shown("new")
    await room.talk.hear(vote)
    assert await room.given() == [(LI, "1", "right")]


async def test_only_a_question_in_the_air_makes_an_unknown_poll_wait(room: Class) -> None:
    await room.database.transaction(_fly, "board:2026-03-02")
    await room.votes(LI, 1, poll="nobody's")
    assert await room.buried() == ["unknown poll"]


async def _fly(tx: Tx, slot: str) -> None:
    body = Message().dump()
    await outbox.queue(
        tx, Ids(3), NOW, group_id=7, chat=chat_of(7), language="zh", body=body, priority=1, slot=slot
    )
    await outbox.fly(tx, await outbox.waiting(tx, LANE, NOW, 9))


async def test_a_vote_after_the_close_counts_for_nothing_and_only_the_voter_is_told(room: Class) -> None:
    await room.votes(ZHANG, 0)
    await room.database.transaction(quizzes.close, 7, QUIZ, NOW)
    assert await room.votes(LI, 1) == ["quiz.closed"]
    assert await room.votes(ZHANG, 0) == []
    assert await room.given() == [(ZHANG, "0", "wrong")]


async def test_a_vote_where_the_chat_belongs_to_another_group_by_now_is_nobodys(room: Class) -> None:
    await room.database.transaction(groups.add, Group(9, "别的组", Settings()), NOW)
    await room.database.transaction(groups.bind, chat_of(7), 9, "别的群", NOW)
    assert await room.votes(LI, 1) == []
    assert (await room.given(), await room.buried()) == ([], [])


async def test_a_chat_that_got_a_new_id_goes_on_voting(room: Class) -> None:
    await room.talk.dispatcher.moved(PLATFORM, ACCOUNT, "-1007", "-9999")
    await room.votes(LI, 1)
    assert await room.given() == [(LI, "1", "right")]


async def test_a_vote_that_fails_is_kept_and_the_group_hears_nothing(database: Database) -> None:
    async def broken(call: Call) -> Reply:
        raise RuntimeError("broken")

    room = Class(database, Command("answer", broken))
    await room.begin()
    assert await room.votes(LI, 1) == []
    [error] = await room.buried()
    assert error.endswith("RuntimeError")


# Closed


async def test_a_poll_somebody_closed_is_told_of_once_while_the_question_is_open(room: Class) -> None:
    for _ in range(3):
        await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "first")
    assert await room.talk.said() == ["quiz.stopped_single"]
    await room.talk.say(LI, "答 B", group=None)
    assert await room.given() == [(LI, "1", "right")]


async def test_a_poll_that_ends_with_the_question_or_is_unknown_is_not_spoken_of(room: Class) -> None:
    await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "nobody's")
    await room.database.transaction(quizzes.close, 7, QUIZ, NOW)
    await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "first")
    assert await room.talk.said() == []


async def test_a_poll_closed_in_a_chat_that_is_out_of_reach_is_not_spoken_of(room: Class) -> None:
    await room.database.transaction(groups.reached, chat_of(7), False)
    await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "first")
    assert await room.talk.said() == []


async def test_the_days_end_closes_the_open_polls_once(room: Class) -> None:
    await room.database.transaction(groups.bind, chat_of(8), 7, "第二个群", NOW)
    await room.shown("second", "-1008")
    await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "second")
    await room.talk.said()
    group = await room.database.read(groups.find, 7)
    assert group is not None
    for _ in range(2):
        await room.database.transaction(quiz_time.sum_up, Ids(5), group, MONDAY, NOW)
    rows = await room.database.read(outbox.waiting, LANE, NOW, 9)
    assert [(row.chat_id, row.slot) for row in rows] == [("-1007", "quiz:day:2026-03-02")]
    poll = Message.parse(rows[0].body).poll
    assert poll is not None and (poll.closed, poll.quiz_id) == (True, QUIZ)
    await room.talk.dispatcher.stopped(PLATFORM, ACCOUNT, "first")
    assert await room.talk.said() == [], "the bot's own closing comes back as an update, too"


async def test_what_was_settled_twice_is_one_poll(room: Class) -> None:
    await room.shown("first")
    [poll] = await room.database.read(polls.of_quiz, 7, QUIZ)
    assert (poll.poll_id, poll.chat_id, poll.message_id, poll.closed_at) == ("first", "-1007", "55", None)
