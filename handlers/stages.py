"""Which stage a command or a button means, and the board it is shown on."""

from __future__ import annotations

from domain.errors import UserError
from domain.ids import from_brief
from domain.message import Live, Message
from domain.template import Kind
from handlers.call import Call
from handlers.private import is_talk
from scheduler.stages.kind import BOARD, Firing
from storage import cycles

_DIGITS = 9


async def stage_meant(call: Call, none_open: str, *kinds: Kind) -> Firing | None:
    """The stage that a button names, else the open one of those kinds; None where it was perhaps only talk among people.

    Raises UserError for a stage that is over, and with the key ``none_open`` where there is none.
    """
    if call.press and "_" in call.args:
        return await stage_named(call, call.args)
    found = await cycles.open_stage(call.tx, call.group.id, *kinds)
    if found is None and is_talk(call):
        return None
    if found is None:
        raise UserError(none_open)
    return call.firing(*found)


async def stage_named(call: Call, arg: str) -> Firing:
    """By the two first parts of a button's argument. Raises UserError where it is over."""
    name, place, *_ = (*arg.split("_"), "")
    found = await cycles.stage(call.tx, call.group.id, from_brief(name), pressed_number(place))
    if found is None:
        raise UserError("button.old")
    if found[1].state != "open":
        raise UserError("seminar.over", stage=found[1].spec.title)
    return call.firing(*found)


def pressed_number(part: str) -> int:
    """What a part of a button's argument counts. Raises UserError where it is no number: another version wrote it otherwise."""
    if not (part.isascii() and part.isdecimal()) or len(part) > _DIGITS:
        raise UserError("button.old")
    return int(part)


async def refresh(call: Call, at: Firing) -> None:
    """Show the stage's board as it is by now."""
    await call.tell_group(Message(live=Live(BOARD, at.arg), silent=True), slot=f"board:{at.arg}")
