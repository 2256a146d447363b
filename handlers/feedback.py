"""反馈: the survey of an activity, question by question in private; each answer may be changed until it closes."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import UserError
from domain.message import Button, Line, Message, line
from domain.numbered import next_open
from domain.survey import SCALE_MOST, is_mark, is_scale, read
from domain.wording import clean
from handlers.asked import LISTENS, asked, note
from handlers.call import Call, Command, Heard, Reply, done_mark
from handlers.private import in_private, is_talk
from handlers.stages import stage_meant
from scheduler.stages.kind import Firing
from storage import surveys


async def feedback(call: Call) -> Reply:
    at = await stage_meant(call, "survey.none_open", "evaluation")
    if at is None:
        return None
    if not at.stage.spec.questions:
        raise UserError("survey.no_questions")
    given = await surveys.own(call.tx, at.stage, call.me.id)
    text = _pressed_mark(call) if call.press else clean(call.args)
    if not text:
        await note(call, at, "survey")
        return await in_private(call, _asked(at, given))
    try:
        return await _answer(call, at, given, text)
    except UserError:
        if is_talk(call):
            return None
        raise


async def plain_words(call: Call) -> Heard | None:
    """With or without the command's word."""
    text = clean(call.args)
    put = await asked(call, "survey", text)
    if put is None:
        return None
    at, since = put
    given = await surveys.own(call.tx, at.stage, call.me.id)
    return Heard(await _answer(call, at, given, text)) if _listens(call, at, given, text, since) else None


def _listens(call: Call, at: Firing, given: Mapping[int, str], text: str, since: int) -> bool:
    """Not once all is answered. Later on a mark is one still, and words may be a greeting."""
    questions = at.stage.spec.questions
    following = next_open(len(questions), set(given))
    if following is None:
        return False
    return call.now - since <= LISTENS or (is_scale(questions[following - 1]) and is_mark(text))


async def _answer(call: Call, at: Firing, given: Mapping[int, str], text: str) -> Reply:
    """Raises UserError for what answers nothing."""
    answers = read(text, at.stage.spec.questions, given)
    for number, body in answers.items():
        await surveys.answer(
            call.tx, at.stage, call.house.ids.next(call.now), call.me.id, number, body, call.now
        )
    noted = line("survey.noted")
    if call.incoming.is_group:
        return done_mark(call, noted)
    await note(call, at, "survey")
    return _following(at, {**given, **answers}, noted)


def _pressed_mark(call: Call) -> str:
    """What the button marks, "" for the one that only begins."""
    *_, mark = ("", *call.args.split("_")[2:])
    return mark


def _asked(at: Firing, given: Mapping[int, str]) -> Message:
    """What was asked and said so far, and what is open."""
    lines: list[Line] = [line("survey.about")]
    for number, question in enumerate(at.stage.spec.questions, 1):
        lines.append(line("survey.question", number=number, text=question))
        if number in given:
            lines.append(line("survey.yours", text=given[number]))
    following = _following(at, given)
    return Message(
        (*lines, *following.lines),
        title=line("survey.title", cycle=at.cycle.title),
        buttons=following.buttons,
    )


def _following(at: Firing, given: Mapping[int, str], *before: Line) -> Message:
    """The first question that is open, with buttons for a scale; or thanks, and how to change."""
    questions = at.stage.spec.questions
    number = next_open(len(questions), set(given))
    if number is None:
        return Message((*before, line("survey.complete")))
    question = questions[number - 1]
    if number == 1 and is_scale(question):
        row = tuple(
            Button(line("survey.mark", mark=mark), "feedback", f"{at.arg}_{mark}")
            for mark in range(1, SCALE_MOST + 1)
        )
        return Message((*before, line("survey.next_scale", text=question)), buttons=(row,))
    return Message((*before, line("survey.next", text=question)))


COMMAND = Command("feedback", feedback, takes_text=True, overhears=plain_words, topic="activity")
