"""思考: answers to the thinking questions of a preview, one by one; each may be changed until the stage closes."""

from __future__ import annotations

from domain.agenda import ANSWER_CHARS
from domain.errors import UserError
from domain.message import Line, Message, line
from domain.numbered import answer_to, in_plain_words, next_open
from domain.wording import clean
from handlers.asked import LISTENS, asked, note
from handlers.call import Call, Command, Heard, Reply, done_mark
from handlers.private import in_private
from handlers.stages import stage_meant
from scheduler.stages.kind import Firing
from storage import handins


async def think(call: Call) -> Reply:
    at = await stage_meant(call, "preview.none_open", "preview")
    if at is None:
        return None
    if not at.stage.spec.questions:
        raise UserError("preview.no_questions")
    text = "" if call.press else clean(call.args)
    given = await _given(call, at)
    if not text:
        await note(call, at, "thinking")
        return await in_private(call, _asked(at, given))
    return await _answer(call, at, given, text)


async def plain_words(call: Call) -> Heard | None:
    """Soon after the questions were put, as long as one of them is open."""
    text = clean(call.args)
    put = await asked(call, "thinking", text)
    if put is None or call.now - put[1] > LISTENS:
        return None
    at, given = put[0], await _given(call, put[0])
    said = in_plain_words(text, len(at.stage.spec.questions), set(given))
    return Heard(await _answer(call, at, given, said)) if said else None


async def _given(call: Call, at: Firing) -> dict[int, str]:
    """Question's number → the answer."""
    found = await handins.own(call.tx, at.stage, "answer", call.me.id)
    return {int(number): body for number, body in found.items()}


async def _answer(call: Call, at: Firing, given: dict[int, str], text: str) -> Reply:
    number, body = answer_to(
        text,
        len(at.stage.spec.questions),
        set(given),
        most=ANSWER_CHARS,
        which="preview.which",
        unknown="preview.unknown",
    )
    if not body:
        return await in_private(call, _one(at, number, given.get(number, "")))
    changed = await handins.hand_in(
        call.tx, at.stage, call.house.ids.next(call.now), "answer", str(number), call.me.id, body, call.now
    )
    noted = line("preview.changed" if changed else "preview.noted", number=number)
    if call.incoming.is_group:
        return done_mark(call, noted)
    await note(call, at, "thinking")
    return Message((noted, *_next(at, {**given, number: body})))


def _asked(at: Firing, given: dict[int, str]) -> Message:
    """Where the person stands, and what to do next."""
    lines: list[Line] = []
    for number, question in enumerate(at.stage.spec.questions, 1):
        lines.append(line("preview.question", number=number, text=question))
        if number in given:
            lines.append(line("preview.yours", text=given[number]))
    return Message((*lines, *_next(at, given)), title=line("preview.title", stage=at.stage.spec.title))


def _next(at: Firing, given: dict[int, str]) -> list[Line]:
    number = next_open(len(at.stage.spec.questions), set(given))
    if number is None:
        return [line("preview.complete")]
    return [line("preview.next", number=number, text=at.stage.spec.questions[number - 1])]


def _one(at: Firing, number: int, given: str) -> Message:
    lines = [line("preview.question", number=number, text=at.stage.spec.questions[number - 1])]
    lines += [line("preview.yours", text=given)] if given else []
    return Message((*lines, line("preview.write", number=number)))


COMMAND = Command("think", think, takes_text=True, overhears=plain_words, topic="activity")
