"""反馈: the survey of an activity, question by question in private; each answer may be changed until it closes."""

from __future__ import annotations

from collections.abc import Mapping

from domain.day import HOUR
from domain.errors import UserError
from domain.message import Button, Line, Message, line
from domain.numbered import next_open
from domain.survey import SCALE_MOST, is_mark, is_scale, read
from domain.wording import clean
from handlers.call import Call, Command, Heard, Reply, done_mark
from handlers.private import in_private, is_talk
from handlers.stages import stage_meant
from scheduler.stages.kind import Firing
from storage import cycles, reflections, surveys

LISTENS = 3 * HOUR
"""So long after a question was put, whatever its person writes in private answers it."""


async def feedback(call: Call) -> Reply:
    at = await stage_meant(call, "survey.none_open", "evaluation")
    if at is None:
        return None
    if not at.stage.spec.questions:
        raise UserError("survey.no_questions")
    given = await surveys.own(call.tx, at.stage, call.me.id)
    text = _pressed_mark(call) if call.press else clean(call.args)
    if not text:
        await _note_asked(call, at)
        return await in_private(call, _asked(at, given))
    try:
        return await _answer(call, at, given, text)
    except UserError:
        if is_talk(call):
            return None
        raise


async def plain_words(call: Call) -> Heard | None:
    """What somebody writes in private soon after they were asked is their answer, with or without the command's word."""
    text = clean(call.args)
    if call.incoming.is_group or call.known_me is None or call.incoming.attachments or not text:
        return None
    found = await cycles.open_stage(call.tx, call.group.id, "evaluation")
    asked_at = await surveys.asked_at(call.tx, found[1], call.me.id) if found else None
    if found is None or asked_at is None or text.startswith("/"):
        return None
    at = call.firing(*found)
    given = await surveys.own(call.tx, at.stage, call.me.id)
    if not await _listens(call, at, given, text, asked_at):
        return None
    return Heard(await _answer(call, at, given, text))


async def _listens(call: Call, at: Firing, given: Mapping[int, str], text: str, asked_at: int) -> bool:
    """Not once all is answered, nor when something else was begun since. Later on a mark is one still, and words may be a greeting."""
    questions = at.stage.spec.questions
    following = next_open(len(questions), set(given))
    if following is None:
        return False
    if call.now - asked_at > LISTENS and not (is_scale(questions[following - 1]) and is_mark(text)):
        return False
    draft = await reflections.latest_draft(call.tx, call.group.id, call.me.id)
    return draft is None or draft.changed_at < asked_at


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
    await _note_asked(call, at)
    return _following(at, {**given, **answers}, noted)


async def _note_asked(call: Call, at: Firing) -> None:
    await surveys.note_asked(call.tx, at.stage, call.house.ids.next(call.now), call.me.id, call.now)


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
