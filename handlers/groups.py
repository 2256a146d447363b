"""小组: which of one's groups is meant in private."""

from __future__ import annotations

from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from handlers.call import Call, Command, Reply, Where
from storage import members


async def groups(call: Call) -> Reply:
    mine = await members.groups_of(call.tx, call.me.id)
    if call.press:
        return await _choose(call, dict(mine))
    buttons = tuple((Button(line("raw", text=name), "groups", brief(id), call.me.id),) for id, name in mine)
    return Message((line("groups.which", group=call.group.name),), buttons=buttons)


async def _choose(call: Call, mine: dict[int, str]) -> Reply:
    chosen = from_brief(call.args)
    if chosen not in mine:
        raise UserError("groups.left")
    await members.set_home(call.tx, call.me.id, chosen)
    return line("groups.chosen", group=mine[chosen])


COMMAND = Command("groups", groups, where=Where.PRIVATE, topic="data")
