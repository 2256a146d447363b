"""雷同: pairs of reflections that are alike, for the secretary to look at side by side, in private. What follows is hers to decide.

The program tells nobody else, takes nothing away, and shows no secretary a pair in which she wrote one herself.
"""

from __future__ import annotations

from content.words import fold
from domain.errors import UserError
from domain.group import Role
from domain.ids import from_brief
from domain.likeness import shared
from domain.message import Button, Line, Message, line
from domain.reflection import read_code
from handlers.audit import looked
from handlers.call import Call, Command, Reply
from handlers.private import in_private
from scheduler.likeness import beside, codes, describe, quoted
from storage import likenesses, members, prints, reflections
from storage.likenesses import Pair, State
from storage.reflections import Reflection

LISTED = 8
SHOWN_CHARS = 1700
"""Of each text, so that both and what stands around them fit into a message of 4 096 characters."""
_STATES: dict[str, State] = {"f": "fine", "t": "spoken"}
_WORDS: dict[str, State] = {"没问题": "fine", "fine": "fine", "已谈": "spoken", "spoken": "spoken"}


async def run(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    words = fold(call.args).split()
    if not words:
        return await in_private(call, await _list(call, 0))
    if words[0].isdecimal() and len(words[0]) <= 4 and len(words) == 1:
        return await in_private(call, await _list(call, max(int(words[0]) - 1, 0)))
    found = await _named(call, words[:2])
    if len(words) > 2 and words[2] in _WORDS:
        return await _settle(call, found, _WORDS[words[2]])
    return await in_private(call, await _beside(call, found))


async def _pressed(call: Call) -> Reply:
    """``p_<page>``, or ``s``, ``f``, ``t`` (shown, fine, spoken about) with the pair's name."""
    what, _, name = call.args.partition("_")
    if what == "p":
        return await _list(call, from_brief(name))
    found = await _by_name(call, name)
    if state := _STATES.get(what):
        return await _settle(call, found, state)
    return await in_private(call, await _beside(call, found))


async def _by_name(call: Call, name: str) -> Pair:
    one = from_brief(name.partition("_")[0])
    pairs = await likenesses.of_reflection(call.tx, call.group.id, call.me.id, one)
    for found in pairs:
        if found.name == name:
            return found
    raise UserError("alike.gone")


async def _named(call: Call, words: list[str]) -> Pair:
    """「A12 A3」, in either order."""
    numbers = [read_code(word) for word in words]
    if len(numbers) < 2 or not all(numbers):
        raise UserError("alike.unclear")
    both = [await reflections.by_number(call.tx, call.group.id, *number) for number in numbers if number]
    ids = {one.id for one in both if one}
    pairs = await likenesses.of_reflection(call.tx, call.group.id, call.me.id, max(ids, default=0))
    for found in pairs:
        if {found.one, found.other} == ids:
            return found
    raise UserError("alike.gone")


async def _list(call: Call, page: int) -> Message:
    found = await likenesses.open_pairs(call.tx, call.group.id, call.me.id, page * LISTED, LISTED + 1)
    if not found:
        raise UserError("alike.none")
    lines = [await describe(call.tx, one, "listed") for one in found[:LISTED]]
    buttons = [(await beside(call.tx, one),) for one in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(line("alike.next_page", page=page + 2))
        buttons.append((Button(line("alike.next"), "alike", f"p_{page + 1}"),))
    return Message((*lines, line("alike.yours")), title=line("alike.title"), buttons=tuple(buttons))


async def _beside(call: Call, found: Pair) -> Message:
    one, other = [await reflections.find(call.tx, found.group_id, id) for id in (found.one, found.other)]
    if one is None or other is None:
        raise UserError("alike.gone")
    await looked(call, "alike")
    body = await (_texts if found.kind == "text" else _pictures)(call, one, other)
    buttons = (
        Button(line("alike.fine"), "alike", f"f_{found.name}"),
        Button(line("alike.spoken"), "alike", f"t_{found.name}"),
    )
    return Message(
        (*body, line("alike.decide")),
        title=await describe(call.tx, found, "listed"),
        buttons=(buttons,) if found.state == "open" else (),
    )


async def _texts(call: Call, one: Reflection, other: Reflection) -> tuple[Line, ...]:
    mine, theirs = shared(one.body, other.body, await quoted(call.tx, one), SHOWN_CHARS)
    return (
        line("alike.marks"),
        line("alike.text", who=await _who(call, one), text=mine),
        line("alike.text", who=await _who(call, other), text=theirs),
    )


async def _pictures(call: Call, one: Reflection, other: Reflection) -> tuple[Line, ...]:
    places = await prints.same(call.tx, call.group.id, one.id, other.id)
    if places is None:
        raise UserError("alike.gone")
    return tuple(
        [
            line("alike.picture", who=await _who(call, whose), place=place + 1)
            for whose, place in zip((one, other), places, strict=True)
        ]
    )


async def _who(call: Call, one: Reflection) -> Line:
    author = await members.find(call.tx, call.group.id, one.person_id)
    code = await reflections.code_of(call.tx, one)
    return line("alike.who", code=code, name=author.name) if author else line("raw", text=code)


async def _settle(call: Call, found: Pair, state: State) -> Reply:
    if not await likenesses.settle(call.tx, found, state):
        raise UserError("alike.settled")
    said = "alike.done_fine" if state == "fine" else "alike.done_spoken"
    return line(said, codes=await codes(call.tx, found))


COMMAND = Command("alike", run, Role.SECRETARY, takes_text=True, topic="activity")
