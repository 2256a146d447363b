"""思考: answers to the thinking questions of a preview, one by one; each may be changed until the stage closes."""

from __future__ import annotations

from domain.agenda import ANSWER_CHARS
from domain.errors import UserError
from domain.message import Line, Message, line
from domain.numbered import answer_to, next_open
from domain.wording import clean
from handlers.call import Call, Command, Reply, done_mark
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
    given = {int(n): body for n, body in (await handins.own(call.tx, at.stage, "answer", call.me.id)).items()}
    if not text:
        return await in_private(call, _asked(at, given))
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


COMMAND = Command("think", think, takes_text=True, topic="activity")
