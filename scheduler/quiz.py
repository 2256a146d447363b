"""The question of the day: put to the group at its time, and summed up when the day ends."""

from __future__ import annotations

from collections import Counter
from datetime import date

from domain.grading import LETTERS
from domain.group import Group
from domain.ids import Ids, brief
from domain.message import Line, Live, Message, line
from domain.question import Question
from scheduler import rhythm
from storage import banks, days, quizzes
from storage.due import Due
from storage.quizzes import Given
from storage.telling import tell_group
from storage.tx import Tx


def day_key(day: date) -> str:
    return f"day:{day}"


async def ask(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Put the day's question, if the day still lives and there is a bank. In the quiet hours it waits."""
    day = date.fromisoformat(row.key)
    await rhythm.plan_next(tx, group, rhythm.QUIZ, day, now)
    if group.settings.quiz and rhythm.lives(group, day, now):
        await put_question(tx, ids, group, day, now)


async def put_question(tx: Tx, ids: Ids, group: Group, day: date, now: int) -> bool:
    """False where there is no question to put, or it was put already."""
    today = await days.find(tx, group.id, day.isoformat())
    drawn = await banks.unasked(tx, group.id, group.settings.questions, today.item if today else "")
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
            slot=f"quiz:{day_key(day)}",
            not_before=group.settings.after_quiet(now),
        )
    return put


async def sum_up(tx: Tx, group: Group, day: date, now: int) -> list[Line]:
    """Close the day's question; what the closing message says of it, nothing where nobody answered."""
    quiz = await quizzes.by_key(tx, group.id, day_key(day))
    if quiz is None:
        return []
    await quizzes.close(tx, group.id, quiz.id, now)
    given = await quizzes.answers(tx, group.id, quiz.id)
    question = await banks.question(tx, quiz.bank, quiz.question)
    if not given or question is None:
        return []
    right = sum(one.verdict == "right" for one in given)
    return [line("quiz.summed_up", right=right, of=len(given)), *_misled(question, given)]


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
