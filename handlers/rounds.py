"""The engine of rounds: questions put to one person in private, one after the other, whatever the game is.

A game is a `Kind`: a small object without state of its own, listed in handlers/answering.py. Its command calls `begin`; from
then on 答 and the buttons lead to `attempt`, which asks the kind what comes next and what is said at the end. All that a
round is stands in its row, so a round goes on after the program was stopped. In a group only a mark is left; everything
else is said in private. Nothing pushes: a round left lying for half an hour is put away when somebody next looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from domain.errors import UserError
from domain.grading import Verdict, grade
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line
from domain.question import Question
from domain.round import lies, shuffled
from handlers.call import Call, Reply, done_mark
from handlers.points import earn, with_points
from handlers.quiz import choice_buttons, how_to_answer, option_lines, read_given, result_of
from handlers.remembering import remember
from handlers.remind import private_link
from storage import banks, members, quizzes, rounds
from storage.rounds import Round


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question and the bank it comes from: a round may take from several."""

    bank: str
    question: Question


@dataclass(frozen=True, slots=True)
class After:
    """Whether the round goes on, and the points that were earned."""

    goes_on: bool = True
    points: int = 0


class Kind(Protocol):
    """What one game does differently. Everything runs inside the call's transaction, for ``call.me`` in ``call.group``."""

    @property
    def name(self) -> str:
        """What stands in ``rounds.kind``; no two kinds share one."""
        ...

    def heading(self, round: Round) -> Line:
        """Above each question, such as 「挑战 · 第 3 题」: ``round.place`` questions were answered before it."""
        ...

    async def draw(self, call: Call, round: Round) -> Drawn | None:
        """The next question; None where there is none left, and the round ends.

        Called once for each place, ``round.place`` counting from 0; what was asked before is in ``storage.rounds.tries``.
        """
        ...

    async def after(self, call: Call, round: Round, drawn: Drawn, verdict: Verdict) -> After:
        """An answer was recorded (``round`` counts it already): do what the game does with it, and say whether it goes on.

        ``verdict`` is right or wrong: what was doubtful counts as wrong in a game. Called exactly once for each answer.
        """
        ...

    async def finish(self, call: Call, round: Round) -> Message:
        """What is said at the end; the round is ended already. Not called for a round that was left lying or replaced."""
        ...


async def begin(
    call: Call, kind: Kind, *, bank: str, about: str = "", place: int = 0, said: tuple[Line, ...] = ()
) -> Reply:
    """Begin a round, or show again the question that waits where the same one is open; any other that is open ends.

    ``bank`` is where `shuffle_on` looks and may be "" for kinds that draw from several; ``said`` stands above the first question.
    ``place`` is where it begins, for kinds that go on with what an earlier round left. Raises UserError where there is nothing to ask.
    """
    round = await _opened(call, kind, bank, about, place)
    drawn = await _waiting_question(call, round) or await _put_next(call, kind, round)
    if drawn is None:
        raise UserError("round.nothing")
    lines = (*said, *await _meant_here(call), *_asked(kind, round, drawn.question))
    return await whisper(call, Message(lines, buttons=_buttons(round, drawn.question)))


async def waiting(call: Call) -> Round | None:
    """The person's open round in the call's group; one left lying is put away first."""
    round = await rounds.open_of(call.tx, call.group.id, call.me.id)
    return None if round is None or await put_away(call, round) else round


async def pressed_round(call: Call) -> Round | Line:
    """The round whose button was pressed, if that question still waits; else why it does not.

    Raises UserError for somebody else's button.
    """
    id, place, _ = call.args.split("_")
    round = await rounds.find(call.tx, call.group.id, from_brief(id))
    if round is None:
        return line("round.over")
    if round.person_id != call.me.id:
        raise UserError("button.not_yours")
    if int(place) < round.place:
        return line("round.answered_already")
    if round.ended_at is not None or await put_away(call, round):
        return line("round.over")
    return round


async def attempt(call: Call, kind: Kind, round: Round) -> Reply:
    """Answer the question that waits, by its button or in words; the result and the next question come in one message."""
    drawn = await _waiting_question(call, round)
    if drawn is None:
        return await _go_on(call, kind, round, ())
    given = _given(call, drawn.question)
    accepted = await quizzes.accepted(call.tx, call.group.id, drawn.bank, drawn.question.key)
    verdict = grade(drawn.question, given, accepted)
    counted = await _record(call, round, drawn, given, verdict)
    after = await kind.after(call, counted, drawn, "right" if verdict == "right" else "wrong")
    result = with_points(_result(drawn.question, verdict), after.points)
    if after.goes_on:
        return await _go_on(call, kind, counted, (result,))
    return await _end(call, kind, counted, (result,))


async def reward(call: Call, drawn: Drawn, verdict: Verdict) -> int:
    """Points for a right answer, once a question and day however often it is played; capped like the question of the day."""
    if verdict != "right":
        return 0
    return await earn(call, call.me.id, "quiz_right", f"{call.today}:{drawn.bank}:{drawn.question.key}")


async def shuffle_on(call: Call, round: Round, seed: int, topic: str | None = None) -> Drawn | None:
    """The next question of the round's bank in the order the seed decides, none twice; None when all were asked."""
    asked = {one.question for one in await rounds.tries(call.tx, round.group_id, round.id)}
    size = await rounds.size_of(call.tx, round.bank, topic)
    for turn, place in enumerate(shuffled(seed, size)):
        if turn < round.place:
            continue
        question = await rounds.nth(call.tx, round.bank, place, topic)
        # A bank that was changed meanwhile has another order: what was asked is passed over.
        if question is not None and question.key not in asked:
            return Drawn(round.bank, question)
    return None


async def whisper(call: Call, message: Message) -> Reply:
    """Say it to the person alone; in a group a mark is all that is seen."""
    if not call.incoming.is_group:
        return message
    if not await call.tell_private(message):
        raise UserError("private.first", link=private_link(call))
    return done_mark(call, line("private.sent"))


async def _opened(call: Call, kind: Kind, bank: str, about: str, place: int) -> Round:
    before = await waiting(call)
    if before is not None and (before.kind, before.about) == (kind.name, about):
        return before
    if before is not None:
        await rounds.end(call.tx, before.group_id, before.id, call.now)
    return await rounds.begin(
        call.tx,
        group_id=call.group.id,
        id=call.house.ids.next(call.now),
        person_id=call.me.id,
        kind=kind.name,
        about=about,
        bank=bank,
        place=place,
        now=call.now,
    )


async def _meant_here(call: Call) -> tuple[Line, ...]:
    """What they say in private is meant for this group from now on, where it was meant for another."""
    if not call.incoming.is_group:
        return ()
    private = await members.speaker_in_private(call.tx, call.incoming)
    if private.group is None or private.group.id == call.group.id:
        return ()
    await members.set_home(call.tx, call.me.id, call.group.id)
    return (line("round.meant_here", group=call.group.name),)


async def put_away(call: Call, round: Round) -> bool:
    """True where the round was left lying: then it is over."""
    if not lies(await rounds.touched_at(call.tx, round), call.now):
        return False
    await rounds.end(call.tx, round.group_id, round.id, call.now)
    return True


async def _waiting_question(call: Call, round: Round) -> Drawn | None:
    found = await banks.question(call.tx, round.bank, round.question) if round.question else None
    return Drawn(round.bank, found) if found else None


async def _put_next(call: Call, kind: Kind, round: Round) -> Drawn | None:
    drawn = await kind.draw(call, round)
    if drawn is not None:
        await rounds.put(call.tx, round, drawn.bank, drawn.question.key)
    return drawn


async def _record(
    call: Call, round: Round, drawn: Drawn, given: str | tuple[int, ...], verdict: Verdict
) -> Round:
    """The round as it stands with this answer. Raises UserError where another answer came first."""
    written = given if isinstance(given, str) else ",".join(map(str, given))
    counts: Verdict = "right" if verdict == "right" else "wrong"
    if not await rounds.attempt(call.tx, round, written, counts, call.now):
        raise UserError("round.answered_already")
    await remember(call, call.me.id, drawn.bank, drawn.question.key, counts)
    return replace(round, place=round.place + 1, right=round.right + (verdict == "right"))


async def _go_on(call: Call, kind: Kind, round: Round, said: tuple[Line, ...]) -> Reply:
    drawn = await _put_next(call, kind, round)
    if drawn is None:
        return await _end(call, kind, round, said)
    lines = (*said, *_asked(kind, round, drawn.question))
    return await whisper(call, Message(lines, buttons=_buttons(round, drawn.question)))


async def _end(call: Call, kind: Kind, round: Round, said: tuple[Line, ...]) -> Reply:
    await rounds.end(call.tx, round.group_id, round.id, call.now)
    last = await kind.finish(call, replace(round, ended_at=call.now))
    return await whisper(call, replace(last, lines=(*said, *last.lines)))


def _given(call: Call, question: Question) -> str | tuple[int, ...]:
    if call.press:
        return (int(call.args.rpartition("_")[2]),)
    return read_given(call, question)


def _result(question: Question, verdict: Verdict) -> Line:
    """A doubtful answer is decided by nobody in a game: the right one is shown, and that it was close."""
    if verdict == "doubtful":
        return line("round.close", told=result_of(question, "wrong"))
    return result_of(question, verdict)


def _asked(kind: Kind, round: Round, question: Question) -> tuple[Line, ...]:
    stem = line("quiz.stem", text=question.stem)
    return (kind.heading(round), stem, *option_lines(question), how_to_answer(question))


def _buttons(round: Round, question: Question) -> tuple[tuple[Button, ...], ...]:
    # No `only`, for which there is no room: the round itself knows whose it is.
    return choice_buttons(question, f"{brief(round.id)}_{round.place}")
