"""The question of the day: put to the group at its time, and summed up when the day ends."""

from __future__ import annotations

from collections import Counter
from datetime import date

from domain.grading import LETTERS
from domain.group import Group
from domain.ids import Ids, brief
from domain.message import Line, Live, Message, Poll, line
from domain.question import Question
from scheduler import group_review, rhythm
from storage import banks, days, groups, polls, quizzes
from storage.days import Day
from storage.due import Due
from storage.quizzes import Given, Quiz
from storage.telling import tell_chat, tell_group
from storage.tx import Tx


def day_key(day: date) -> str:
    return f"day:{day}"


def slot_of(key: str) -> str:
    """The slot in which a question is shown, by its key."""
    return f"{polls.SLOT}{key}"


async def ask(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Put the day's question, if the day still lives and there is a bank. In the quiet hours it waits."""
    day = date.fromisoformat(row.key)
    await rhythm.plan_next(tx, group, rhythm.QUIZ, day, now)
    if group.settings.quiz and rhythm.lives(group, day, now):
        await put_question(tx, ids, group, day, now)


async def put_question(tx: Tx, ids: Ids, group: Group, day: date, now: int) -> bool:
    """False where there is no question to put, or it was put already."""
    today = await days.find(tx, group.id, day.isoformat())
    drawn = await _draw(tx, group, day, today, now)
    if drawn is None:
        return False
    quiz_id = ids.next(now)
    put = await quizzes.ask(
        tx,
        group_id=group.id,
        id=quiz_id,
        key=day_key(day),
        bank=group.settings.questions,
        question=drawn.key,
        now=now,
    )
    if put:
        await tell_group(
            tx,
            ids,
            now,
            group,
            Message(live=Live("quiz", brief(quiz_id))),
            slot=slot_of(day_key(day)),
            not_before=group.settings.after_quiet(now),
        )
    return put


async def _draw(tx: Tx, group: Group, day: date, today: Day | None, now: int) -> Question | None:
    if group_review.is_review_day(group.settings, day, today):
        weak = await group_review.least_remembered(tx, group, day, now)
        if weak is not None:
            return weak
    return await banks.unasked(tx, group.id, group.settings.questions, today.item if today else "")


async def sum_up(tx: Tx, ids: Ids, group: Group, day: date, now: int) -> list[Line]:
    """Close the day's question; what the closing message says of it, nothing where nobody answered."""
    quiz = await quizzes.by_key(tx, group.id, day_key(day))
    if quiz is None:
        return []
    await quizzes.close(tx, group.id, quiz.id, now)
    await _close_polls(tx, ids, group, quiz, now)
    given = await quizzes.answers(tx, group.id, quiz.id)
    question = await banks.question(tx, quiz.bank, quiz.question)
    if not given or question is None:
        return []
    right = sum(one.verdict == "right" for one in given)
    return [line("quiz.summed_up", right=right, of=len(given)), *_misled(question, given)]


async def _close_polls(tx: Tx, ids: Ids, group: Group, quiz: Quiz, now: int) -> None:
    """Those that are open still. Nothing is to be heard of it, so it need not wait out the quiet hours."""
    shut = Message(poll=Poll(quiz.id, closed=True))
    open_ones = [p for p in await polls.of_quiz(tx, group.id, quiz.id) if p.closed_at is None]
    chats = await groups.chats(tx, group.id) if open_ones else []
    for poll in open_ones:
        await polls.close(tx, poll, now)
        for chat in chats:
            if poll.is_in(chat):
                await tell_chat(tx, ids, now, chat, shut, group_id=group.id, slot=slot_of(quiz.key))


def _misled(question: Question, given: list[Given]) -> list[Line]:
    """Which wrong option drew the most."""
    if question.kind not in ("single", "multiple"):
        return []
    places = Counter(
        int(place)
        for one in given
        if one.verdict == "wrong"
        for place in one.given.split(",")
        if place and int(place) not in question.right
    )
    if not places:
        return []
    [(place, count)] = places.most_common(1)
    return [line("quiz.misled", letter=LETTERS[place], text=question.options[place], count=count)]
