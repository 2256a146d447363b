"""网页: a one-time link to the group's chat in the browser, given in private."""

from __future__ import annotations

from domain.day import MINUTE
from domain.errors import UserError
from domain.group import Chat
from domain.message import Message, line
from handlers.call import Call, Command, Reply
from handlers.remind import private_link
from storage import groups, logins, members

LINK_LIVES = 15 * MINUTE


async def web(call: Call) -> Reply:
    token = call.house.new_token()
    await _open_browser_chat(call)
    await logins.invite(call.tx, token, call.me.id, call.now + LINK_LIVES)
    answer = Message(
        (line("web.link", link=f"{call.house.public_url}/enter/{token}", minutes=LINK_LIVES // MINUTE),)
    )
    if not call.incoming.is_group:
        return answer
    if not await call.tell_private(answer):
        raise UserError("private.first", link=private_link(call))
    return line("private.sent")


async def _open_browser_chat(call: Call) -> None:
    """The group has a chat in the browser from the first link on; whoever has the link is known there."""
    chat = Chat("browser", "site", f"g{call.group.id}")
    await groups.bind(call.tx, chat, call.group.id, call.group.name, call.now)
    await members.know_account(
        call.tx, chat.platform, chat.account, str(call.me.id), call.me.id, group_id=call.group.id
    )


COMMAND = Command("web", web)
