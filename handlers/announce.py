"""公告: say something to the whole group in every chat it has. In the quiet hours it waits until the morning."""

from __future__ import annotations

from domain.day import local, show_clock
from domain.errors import UserError
from domain.group import Role
from domain.message import Message, Priority, line
from domain.wording import clean
from handlers.call import Call, Command, Reply, done_mark

LONGEST = 3000


async def announce(call: Call) -> Reply:
    text = clean(call.args)
    if not text:
        raise UserError(
            "announce.empty", word=call.house.vocabulary.word(call.group.settings.language, "announce")
        )
    if len(text) > LONGEST:
        raise UserError("announce.too_long", most=LONGEST, length=len(text))
    rules = call.group.settings
    at = rules.after_quiet(call.now)
    await call.tell_group(
        Message((line("announce.text", text=text, name=call.me.name),), title=line("announce.title")),
        priority=Priority.BROADCAST,
        not_before=at if at != call.now else 0,
    )
    if at == call.now:
        return done_mark(call, line("announce.done"))
    wall = local(at, rules.timezone)
    return line("announce.later", time=show_clock(wall.hour * 60 + wall.minute))


COMMAND = Command("announce", announce, Role.SECRETARY, takes_text=True)
