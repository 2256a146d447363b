"""What is nobody else's business is said in private, also where it was asked for in the group."""

from __future__ import annotations

from domain.errors import UserError
from domain.message import Message, line
from handlers.call import Call, Reply
from handlers.remind import private_link


async def in_private(call: Call, answer: Message) -> Reply:
    """Raises UserError with how to open a private chat, where there is none yet."""
    if not call.incoming.is_group:
        return answer
    if not await call.tell_private(answer):
        raise UserError("private.first", link=private_link(call))
    return line("private.sent")


def is_talk(call: Call) -> bool:
    """Said among people, not to the bot: where it makes no sense as a command, it was perhaps only talk."""
    return call.incoming.is_group and not call.incoming.addressed and call.press is None
