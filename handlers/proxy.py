"""代打卡: the secretary checks in somebody who cannot, marked as such."""

from __future__ import annotations

from domain.checkin import tidy_note
from domain.group import Role
from domain.message import Message
from handlers.call import Call, Command, Reply
from handlers.checkin import check_in
from handlers.people import person_meant, without_name


async def proxy(call: Call) -> Reply:
    person = await person_meant(call, "proxy")
    if isinstance(person, Message):
        return person
    note = "" if call.press else tidy_note(without_name(call))
    return await check_in(call, person, call.today, note, "proxy")


COMMAND = Command("proxy", proxy, Role.SECRETARY, takes_text=True)
