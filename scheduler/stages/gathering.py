"""What every kind of stage that people sign up for says as it opens."""

from __future__ import annotations

from domain.message import Button, Line, Live, Message, line
from scheduler.stages.kind import BOARD, Firing, Opening
from storage import members


async def opening(at: Firing, *how: Line) -> Opening:
    """Sign-up buttons under ``how``, a board, and to the secretaries how attendance is taken."""
    await _tell_secretaries(at)
    seats = at.stage.spec.seats
    lines = (line("seminar.seats", seats=seats), *how) if seats else how
    buttons = (
        Button(line("seminar.sign_up"), "signup", at.arg),
        Button(line("seminar.withdraw"), "withdraw", at.arg),
    )
    return Opening(lines, (buttons,), Live(BOARD, at.arg))


async def _tell_secretaries(at: Firing) -> None:
    said = Message(
        (line("attend.for_secretary", stage=at.stage.spec.title),),
        buttons=((Button(line("attend.screen_button"), "screen", at.arg),),),
    )
    for person in await members.secretaries(at.tx, at.group.id):
        await at.tell_person(person, said)
