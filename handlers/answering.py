"""答: in private to the question of one's open round, else to the question of the day. And every game there is, one a line."""

from __future__ import annotations

from domain.errors import UserError
from domain.message import line
from handlers import challenge, contest, quiz, review, topic
from handlers.call import Call, Command, Reply
from handlers.rounds import Kind, attempt, pressed_round, put_away
from scheduler.quiz import day_key
from storage import quizzes, rounds
from storage.rounds import Round

KINDS: tuple[Kind, ...] = (
    challenge.KIND,
    topic.KIND,
    contest.KIND,
    review.KIND,
)


async def answer(call: Call) -> Reply:
    if call.press and call.args.count("_") == 2:
        found = await pressed_round(call)
        return await attempt(call, _kind(found), found) if isinstance(found, Round) else found
    typed_in_private = not (call.press or call.incoming.poll_id or call.incoming.is_group)
    round = await rounds.open_of(call.tx, call.group.id, call.me.id) if typed_in_private else None
    if round is None or await _newer_question(call, round):
        return await quiz.answer(call)
    if await put_away(call, round):
        return line("round.put_away")
    return await attempt(call, _kind(round), round)


async def _newer_question(call: Call, round: Round) -> bool:
    """Whether the question of the day was put after the round was left lying: then it is what they mean, and the round is over."""
    today = await quizzes.by_key(call.tx, call.group.id, day_key(call.today))
    touched = await rounds.touched_at(call.tx, round)
    return today is not None and today.asked_at > touched and await put_away(call, round)


def _kind(round: Round) -> Kind:
    for kind in KINDS:
        if kind.name == round.kind:
            return kind
    raise UserError("round.over")


COMMAND = Command("answer", answer, takes_text=True)
