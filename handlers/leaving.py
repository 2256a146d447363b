"""退出: leave a group, and lose nothing by it; 移出: the secretary takes somebody off the list. Both are asked once.

And what a platform tells by itself: who came into the chat, or left it.
"""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.group import Group, Member, Role
from domain.ids import brief
from domain.incoming import Mention
from domain.message import Button, Message, line
from handlers.board import show_board
from handlers.call import Call, Command, Reply
from handlers.people import person_meant
from handlers.private import in_private, is_talk
from scheduler import leaving
from storage import checkins, members
from storage.telling import tell_person

_YES = "y"


async def quit_group(call: Call) -> Reply:
    """Of somebody who is no member, or none any more, it makes none."""
    if call.known_me is None:
        if is_talk(call):
            return None
        raise UserError("group.none")
    if call.press and call.press.group_id != call.group.id:
        raise UserError("button.foreign")
    if call.press and call.args == _YES:
        await _leave(call, call.group, call.me)
        return Message((line("leaving.done", group=call.group.name),))
    lines = [line("leaving.sure", group=call.group.name), line("leaving.keeps")]
    if [one.id for one in await members.secretaries(call.tx, call.group.id)] == [call.me.id]:
        lines.append(line("leaving.only_secretary"))
    yes = Button(line("leaving.yes"), "quit", _YES, call.me.id)
    return await in_private(call, Message(tuple(lines), buttons=((yes,),)))


async def remove(call: Call) -> Reply:
    """移出 @李四. Said without a name, it is what people say of anything they put away."""
    verb, _, rest = call.args.partition("_") if call.press else ("", "", "")
    if is_talk(call) and not (call.incoming.mentions or call.args.startswith(("@", "＠"))):
        return None
    person = await person_meant(replace(call, args=rest) if verb == _YES else call, "remove")
    if isinstance(person, Message):
        return await in_private(call, person)
    _check_may_go(call, person)
    if verb != _YES:
        yes = Button(line("remove.yes", name=person.name), "remove", f"{_YES}_{brief(person.id)}", call.me.id)
        sure = line("remove.sure", name=person.name, group=call.group.name)
        return await in_private(call, Message((sure,), buttons=((yes,),)))
    await _leave(call, call.group, person, by=call.me.id)
    said = Message((line("remove.you", group=call.group.name),))
    morning = call.group.settings.after_quiet(call.now)
    await tell_person(call.tx, call.house.ids, call.now, call.group, person, said, not_before=morning)
    return line("remove.done", name=person.name)


def _check_may_go(call: Call, person: Member) -> None:
    if person.id == call.me.id:
        raise UserError("remove.yourself")
    if person.role >= Role.SECRETARY:
        raise UserError("remove.secretary", name=person.name)


async def moved(call: Call) -> Reply:
    """People came into the chat, or left it. Whoever was never a member is let be, and nothing is said in the chat."""
    group, where = call.known_group, call.incoming
    if group is None:
        return None
    await call.tx.lock(group.id)
    for one in where.people:
        if where.service == "went":
            await _gone(call, group, one)
        else:
            await _came(call, group, one)
    return None


async def _gone(call: Call, group: Group, one: Mention) -> None:
    where = call.incoming
    person = await members.by_account(call.tx, group.id, where.platform, where.account, one.user_id or "")
    if person is not None:
        await _leave(call, group, person)


async def _came(call: Call, group: Group, one: Mention) -> None:
    """By the account they are known by wherever; a member before is one again."""
    where = call.incoming
    person = await members.person_of(call.tx, where.platform, where.account, one.user_id or "")
    if person is not None:
        await leaving.come_back(call.tx, group, person, call.now)


async def _leave(call: Call, group: Group, person: Member, by: int = 0) -> None:
    """Boards show from now on who is there."""
    day = group.settings.day(call.now).isoformat()
    done = await checkins.of_day(call.tx, group.id, day)
    left = await leaving.leave(call.tx, call.house.ids, group, person, call.now, by=by)
    if left and done:
        await show_board(call.tx, call.house.ids, call.now, group, day)


QUIT = Command("quit", quit_group, unbound=True, topic="data")
REMOVE = Command("remove", remove, Role.SECRETARY, takes_text=True)
