"""开始: the first word in private with the bot. From here on it can answer there."""

from __future__ import annotations

from domain.group import Role
from domain.message import Button, Message, line
from handlers.call import Call, Command, Reply, Where
from handlers.joining import known_person, tell_once
from handlers.reflection_stage import stage_meant
from handlers.reflection_writing import LINK, begin


async def start(call: Call) -> Reply:
    await known_person(call.tx, call.house.ids, call.now, call.incoming)
    if call.known_group is None or call.known_me is None:
        return Message((line("start.stranger"),), title=line("start.title"))
    await tell_once(call.tx, call.house.ids, call.now, call.group, call.me, call.incoming.platform)
    if call.args == LINK and (at := await stage_meant(call, call.me.id, call.me.id)):
        return await begin(call, at)
    return Message(
        (line("start.member", group=call.group.name),),
        title=line("start.title"),
        buttons=(
            (
                Button(line("button.checkin"), "checkin"),
                Button(line("button.today"), "today"),
                Button(line("button.me"), "me"),
            ),
        ),
    )


COMMAND = Command("start", start, Role.GUEST, Where.PRIVATE, takes_text=True, unbound=True, listed=False)
