"""The question of the day as a native quiz poll, where the chat has those: how it is put, and that it was closed by hand."""

from __future__ import annotations

from domain.ids import Ids
from domain.message import Line, Message, Poll, line
from domain.question import EXPLANATION_CHARS, Question
from storage import banks, groups, polls, quizzes
from storage.polls import Polled
from storage.quizzes import Quiz
from storage.telling import tell_chat
from storage.tx import Tx


def poll_of(quiz: Quiz, question: Question, *, again: bool = False) -> Poll | None:
    """None for what is filled in. ``again`` marks a question that the group had before."""
    if question.kind == "fill":
        return None
    asked = line("quiz.again_in_poll", text=question.stem) if again else question.stem
    return Poll(quiz.id, asked, option_words(question), question.right, _because(question))


def option_words(question: Question) -> tuple[Line, ...]:
    """What each place that can be chosen says."""
    if question.kind == "truefalse":
        return (line("quiz.true"), line("quiz.false"))
    return tuple(line("raw", text=option) for option in question.options)


def _because(question: Question) -> Line | None:
    """The source goes along where there is room for both."""
    explanation, source = question.explanation, question.source
    if explanation and source and len(explanation) + len(source) + 2 <= EXPLANATION_CHARS:
        return line("quiz.because", explanation=explanation, source=source)
    return line("raw", text=explanation or source) if explanation or source else None


async def stopped(tx: Tx, ids: Ids, now: int, platform: str, account: str, poll_id: str) -> None:
    """Somebody closed the poll. While the question is open it goes on by text, and the chat is told so once."""
    poll = await polls.seen(tx, platform, account, poll_id)
    if poll is None or not await polls.close(tx, poll, now):
        return
    quiz = await quizzes.find(tx, poll.group_id, poll.quiz_id)
    question = await banks.question(tx, quiz.bank, quiz.question) if quiz else None
    if quiz is not None and quiz.closed_at is None and question is not None:
        await _say_how_to_go_on(tx, ids, now, poll, question)


async def _say_how_to_go_on(tx: Tx, ids: Ids, now: int, poll: Polled, question: Question) -> None:
    group = await groups.find(tx, poll.group_id)
    chats = [c for c in await groups.chats(tx, poll.group_id) if poll.is_in(c)]
    if group is None or not chats:
        return
    await tell_chat(
        tx,
        ids,
        now,
        chats[0],
        Message((line(f"quiz.stopped_{question.kind}"),), reply_to=poll.message_id),
        group_id=group.id,
        language=group.settings.language,
    )
