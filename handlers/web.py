"""网页: a one-time link to the group's chat in the browser, given in private."""

from __future__ import annotations

from domain.day import MINUTE
from domain.errors import UserError
from domain.message import Message, line
from handlers.call import Call, Command, Reply
from handlers.remind import private_link
from storage import logins, rooms

LINK_LIVES = 15 * MINUTE


async def web(call: Call) -> Reply:
    token = call.house.new_token()
    # The group has a chat in the browser from the first link on; whoever has the link is known there.
    await rooms.of_group(call.tx, call.group, call.now)
    await rooms.let_in(call.tx, call.group.id, call.me.id)
    await logins.invite(call.tx, token, call.me.id, call.now + LINK_LIVES)
    answer = Message(
        (line("web.link", link=f"{call.house.public_url}/enter/{token}", minutes=LINK_LIVES // MINUTE),)
    )
    if not call.incoming.is_group:
        return answer
    if not await call.tell_private(answer):
        raise UserError("private.first", link=private_link(call))
    return line("private.sent")


COMMAND = Command("web", web, topic="data")
