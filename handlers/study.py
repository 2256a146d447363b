"""学完: a member of a class says which modules they have done, in whatever order; what was said by mistake is taken back."""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.message import Button, Line, Message, line
from domain.module import read_modules, undone
from handlers.call import Call, Command, Reply, done_mark
from handlers.private import in_private, is_talk
from handlers.stages import pressed_number, refresh, stage_meant
from scheduler.stages.kind import Firing
from storage import modules, signups

_BACK = {"撤回", "撤销", "撤銷", "取消", "undo"}
_BUTTONS_IN_ROW = 3


async def module(call: Call) -> Reply:
    said = call.args.strip()
    first, _, rest = said.partition(" ")
    back = fold(first) in _BACK and not call.press
    numbers = _pressed(said) if call.press else read_modules(rest if back else said)
    if numbers is None and said and is_talk(call):
        return None
    at = await stage_meant(call, "study.none_open", "study")
    if at is None:
        return None
    if not at.stage.spec.questions:
        raise UserError("study.no_modules")
    if not numbers:
        if said and not call.press:
            raise UserError("study.how_to")
        return await in_private(call, await _mine(call, at))
    _check_known(at, numbers)
    return await (_take_back(call, at, numbers) if back else _finish(call, at, numbers))


def _pressed(arg: str) -> list[int]:
    """The module that the button's third part names; none where it asks how far one is."""
    return [pressed_number(number) for number in arg.split("_")[2:3]]


def _check_known(at: Firing, numbers: list[int]) -> None:
    count = len(at.stage.spec.questions)
    for number in numbers:
        if not 1 <= number <= count:
            raise UserError("study.unknown", number=number, count=count)


async def _finish(call: Call, at: Firing, numbers: list[int]) -> Reply:
    await _check_signed_up(call, at)
    new = [
        number
        for number in numbers
        if await modules.finish(
            call.tx, at.stage, call.house.ids.next(call.now), number, call.me.id, call.now
        )
    ]
    if not new:
        return line("study.done_already")
    await refresh(call, at)
    return await _said(call, at, line("study.noted", modules=_named(new)))


async def _check_signed_up(call: Call, at: Firing) -> None:
    """Whoever has done a module without signing up takes a seat by it, while there is one."""
    mine = await signups.find(call.tx, at.stage, call.me.id)
    if mine is not None and mine.state == "in":
        return
    if mine is not None and mine.state == "waiting":
        raise UserError("study.you_wait", stage=at.stage.spec.title)
    coming = await signups.of_stage(call.tx, at.stage, "in")
    if at.stage.spec.seats and len(coming) >= at.stage.spec.seats:
        raise UserError("study.full", stage=at.stage.spec.title)
    await signups.sign_up(call.tx, at.stage, call.me.id, "in", 0, call.now)


async def _take_back(call: Call, at: Firing, numbers: list[int]) -> Reply:
    gone = [n for n in numbers if await modules.take_back(call.tx, at.stage, n, call.me.id)]
    if not gone:
        return line("study.not_done")
    await refresh(call, at)
    return await _said(call, at, line("study.taken_back", modules=_named(gone)))


async def _said(call: Call, at: Firing, noted: Line) -> Reply:
    """In the group a mark is enough; in private, also what is still to be done."""
    if call.incoming.is_group:
        return noted if call.press else done_mark(call, noted)
    left = await _left(call, at)
    return Message((noted, *_what_is_left(left)), buttons=_buttons(at, left))


async def _mine(call: Call, at: Firing) -> Message:
    done = await modules.of_person(call.tx, at.stage, call.me.id)
    lines = [
        line("study.done" if number in done else "study.module", number=number, text=text)
        for number, text in enumerate(at.stage.spec.questions, 1)
    ]
    left = await _left(call, at)
    title = line("study.mine_title", stage=at.stage.spec.title)
    return Message((*lines, *_what_is_left(left)), title=title, buttons=_buttons(at, left))


async def _left(call: Call, at: Firing) -> list[int]:
    done = await modules.of_person(call.tx, at.stage, call.me.id)
    return undone(done, len(at.stage.spec.questions))


def _what_is_left(left: list[int]) -> tuple[Line, ...]:
    return (line("study.left", modules=_named(left)),) if left else (line("study.all_done"),)


def _named(numbers: list[int]) -> tuple[Line, ...]:
    return tuple(line("study.number", number=number) for number in numbers)


def _buttons(at: Firing, left: list[int]) -> tuple[tuple[Button, ...], ...]:
    row = [Button(line("study.finish", number=n), "module", f"{at.arg}_{n}") for n in left]
    return tuple(tuple(row[n : n + _BUTTONS_IN_ROW]) for n in range(0, len(row), _BUTTONS_IN_ROW))


COMMAND = Command("module", module, takes_text=True, topic="activity")
