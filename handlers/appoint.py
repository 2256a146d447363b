"""任命: make a member a secretary, or a secretary an ordinary member again. A group always keeps one secretary."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member, Role
from domain.message import Message, line
from handlers.call import Call, Command, Reply
from handlers.people import person_meant, without_name
from storage import members


async def appoint(call: Call) -> Reply:
    person = await person_meant(call, "appoint")
    if isinstance(person, Message):
        return person
    if not call.press and without_name(call).casefold() in ("成员", "組員", "组员", "成員", "member"):
        return await _dismiss(call, person)
    if person.role >= Role.SECRETARY:
        return line("appoint.already", name=person.name)
    await members.set_role(call.tx, call.group.id, person.id, Role.SECRETARY)
    return Message((line("appoint.done", name=person.name),))


async def _dismiss(call: Call, person: Member) -> Reply:
    if person.role < Role.SECRETARY:
        return line("appoint.is_member", name=person.name)
    if len(await members.secretaries(call.tx, call.group.id)) == 1:
        raise UserError("appoint.last_one")
    await members.set_role(call.tx, call.group.id, person.id, Role.MEMBER)
    return Message((line("appoint.dismissed", name=person.name),))


COMMAND = Command("appoint", appoint, Role.SECRETARY, takes_text=True)
