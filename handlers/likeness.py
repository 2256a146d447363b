"""雷同: pairs of reflections that are alike, for the secretary to look at side by side, in private. What follows is hers to decide.

The program tells nobody else, takes nothing away, and shows no secretary a pair in which she wrote one herself.
"""

from __future__ import annotations

from collections.abc import Sequence

from content.words import fold
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief, from_brief
from domain.likeness import shared
from domain.message import Button, Line, Message, line
from domain.reflection import read_code
from handlers.audit import looked
from handlers.call import Call, Command, Reply
from handlers.likeness_pair import Compared, by_name, compare
from handlers.private import in_private
from scheduler.likeness import beside, codes, describe, quoted
from storage import likenesses, reflections
from storage.likenesses import Pair, State

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
    pairs = await _named(call, words[:2])
    if len(words) > 2 and words[2] in _WORDS:
        return await _settle(call, pairs, _WORDS[words[2]])
    return await in_private(call, await _beside(call, pairs))


async def _pressed(call: Call) -> Reply:
    """``p_<page>``, or ``s``, ``f``, ``t`` (shown, fine, spoken about) with the pair's name."""
    what, _, name = call.args.partition("_")
    if what == "p":
        return await _list(call, from_brief(name))
    pairs = await by_name(call.tx, call.group.id, call.me.id, name)
    if not pairs:
        raise UserError("alike.gone")
    if state := _STATES.get(what):
        return await _settle(call, pairs, state)
    return await in_private(call, await _beside(call, pairs))


async def _named(call: Call, words: list[str]) -> tuple[Pair, ...]:
    """「A12 A3」, in either order: alike in their words, in their photos, or in both."""
    numbers = [read_code(word) for word in words]
    if len(numbers) < 2 or not all(numbers):
        raise UserError("alike.unclear")
    both = [await reflections.by_number(call.tx, call.group.id, *number) for number in numbers if number]
    ids = {one.id for one in both if one}
    pairs = await likenesses.of_reflection(call.tx, call.group.id, call.me.id, max(ids, default=0))
    found = tuple(one for one in pairs if {one.one, one.other} == ids)
    if not found:
        raise UserError("alike.gone")
    return found


async def _list(call: Call, page: int) -> Message:
    found = await likenesses.open_pairs(call.tx, call.group.id, call.me.id, page * LISTED, LISTED + 1)
    if not found:
        raise UserError("alike.none")
    lines = [await describe(call.tx, one, "listed") for one in found[:LISTED]]
    buttons = [(button,) for button in await beside(call.tx, found[:LISTED])]
    if len(found) > LISTED:
        lines.append(line("alike.next_page", page=page + 2))
        buttons.append((Button(line("alike.next"), "alike", f"p_{page + 1}"),))
    return Message((*lines, line("alike.yours")), title=line("alike.title"), buttons=tuple(buttons))


async def _beside(call: Call, pairs: Sequence[Pair]) -> Message:
    found = await compare(call.tx, pairs)
    if found is None:
        raise UserError("alike.gone")
    await looked(call, "alike")
    first, *others = [await describe(call.tx, one, "listed") for one in found.pairs]
    texts = await _texts(call, found) if any(one.kind == "text" for one in found.pairs) else ()
    name = found.pairs[0].name
    link = f"{call.house.public_url}/alike/{brief(call.group.id)}-{name}"
    buttons = (
        Button(line("alike.fine"), "alike", f"f_{name}"),
        Button(line("alike.spoken"), "alike", f"t_{name}"),
    )
    return Message(
        (*others, *_photos(found), *texts, line("alike.page", link=link), line("alike.decide")),
        title=first,
        buttons=(buttons,) if found.open else (),
        file=found.file,
    )


async def _texts(call: Call, found: Compared) -> tuple[Line, ...]:
    one, other = found.one.work, found.other.work
    mine, theirs = shared(one.body, other.body, await quoted(call.tx, one), SHOWN_CHARS)
    return (
        line("alike.marks"),
        line("alike.text", who=found.one.who, text=mine),
        line("alike.text", who=found.other.who, text=theirs),
    )


def _photos(found: Compared) -> tuple[Line, ...]:
    """Which photos the picture shows, row by row."""
    return tuple(
        line(
            "alike.picture",
            one=found.one.who,
            place=mine.place + 1,
            other=found.other.who,
            other_place=theirs.place + 1,
        )
        for mine, theirs in found.photos
    )


async def _settle(call: Call, pairs: Sequence[Pair], state: State) -> Reply:
    settled = [await likenesses.settle(call.tx, one, state) for one in pairs]
    if not any(settled):
        raise UserError("alike.settled")
    said = "alike.done_fine" if state == "fine" else "alike.done_spoken"
    return line(said, codes=await codes(call.tx, pairs[0]))


COMMAND = Command("alike", run, Role.SECRETARY, takes_text=True, topic="activity")
