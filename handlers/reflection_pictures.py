"""去图: a photo that was sent by mistake is taken out of a draft, or of what was handed in and nobody reads yet."""

from __future__ import annotations

from domain.errors import UserError
from domain.ids import brief
from domain.message import Button, Message, line
from handlers.call import Call, Reply, done_mark
from handlers.reflecting import grow
from handlers.reflection_sent import Sent
from handlers.reflection_stage import draft_in_stage, handed_in_stage, stage_of
from handlers.reflection_writing import draft_told, told
from scheduler.stages.kind import Firing
from storage import albums, likenesses, pictures, reflection_windows, reflections
from storage.pictures import Picture
from storage.reflections import Reflection

_IN_A_ROW = 5


async def by_words(call: Call, at: Firing, number: int) -> Reply:
    """``number``: as the author counts them, from 1; 0 where none was said."""
    handed = await handed_in_stage(at, call.me.id)
    one = handed or await draft_in_stage(at, call.me.id, call.me.id)
    one = one or await reflections.latest_handed(call.tx, call.group.id, call.me.id)
    if one is None:
        raise UserError("reflection.nothing_handed")
    return await take_out(call, one, number)


async def take_out(call: Call, one: Reflection, number: int = 0) -> Reply:
    """The only one there is at once; of several, the one that is meant, or the author is asked which."""
    there = await _there(call, one)
    if not there:
        raise UserError("reflection.no_photo")
    if number > len(there):
        raise UserError("reflection.no_such_photo", number=number, photos=len(there))
    if number == 0 and len(there) > 1:
        await _check(call, one, len(there))
        return await told(call, await stage_of(call, one), _which(one, there))
    return await _out(call, one, there[number - 1 if number else 0], len(there))


async def pressed(call: Call, one: Reflection, place: str) -> Reply:
    there = await _there(call, one)
    for picture in there:
        if str(picture.place) == place:
            return await _out(call, one, picture, len(there))
    raise UserError("reflection.changed_since")


async def _there(call: Call, one: Reflection) -> list[Picture]:
    found = await pictures.of_reflection(call.tx, one.group_id, one.id)
    return [picture for picture in found if picture.state != "broken"]


def _which(one: Reflection, there: list[Picture]) -> Message:
    buttons = [
        Button(
            line("reflection.photo_number", number=number), "reflection", f"d_{brief(one.id)}_{picture.place}"
        )
        for number, picture in enumerate(there, 1)
    ]
    rows = tuple(tuple(buttons[n : n + _IN_A_ROW]) for n in range(0, len(buttons), _IN_A_ROW))
    return Message((line("reflection.which_photo"),), buttons=rows)


async def _check(call: Call, one: Reflection, there: int) -> None:
    """Raises UserError where others read it by now, and where it would be left with fewer than are asked for."""
    if one.state == "draft":
        return
    if one.state != "handed":
        raise UserError("reflection.changed_since")
    code = await reflections.code_of(call.tx, one)
    if not await reflection_windows.may_change(call.tx, one):
        raise UserError("reflection.locked", code=code)
    asked = (await stage_of(call, one)).stage.spec.photos
    if there <= asked:
        raise UserError("reflection.last_photo", code=code, photos=asked)


async def _out(call: Call, one: Reflection, picture: Picture, there: int) -> Reply:
    await _check(call, one, there)
    await pictures.take_out(call.tx, picture)
    await albums.unsee(call.tx, picture.source)
    await reflections.touch(call.tx, one, call.now)
    at = await stage_of(call, one)
    if one.state == "draft":
        return await draft_told(call, at, await grow(call, at, one, Sent("")))
    await likenesses.look_at(call.tx, one.group_id, one.id, call.now)
    code = await reflections.code_of(call.tx, one)
    return done_mark(call, line("reflection.photo_out", code=code, photos=there - 1))
