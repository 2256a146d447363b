"""绑定: make a chat a study group's, and whoever did it its secretary.

In a chat that has administrators the platform can name, one of them may; anywhere, whoever holds a set-up code of the operator's.
"""

from __future__ import annotations

from domain.day import show_clock
from domain.errors import NeedsFact, UserError
from domain.group import LANGUAGES, Chat, Group, Language, Role, Settings
from domain.message import Line, Message, line
from domain.wording import tidy_name
from handlers.call import Call, Command, Reply
from handlers.joining import join_group
from handlers.remind import private_link
from scheduler import rhythm
from storage import groups, members, packs, setup_codes


async def setup(call: Call) -> Reply:
    if not call.incoming.is_group:
        raise UserError("setup.in_the_group")
    code, _, name = call.args.partition(" ")
    if not setup_codes.is_one(code):
        _check_is_admin(call)
        name = call.args
    elif not await setup_codes.redeem(call.tx, setup_codes.digest(code), call.now):
        raise UserError("setup.bad_code")
    if call.known_group:
        return await _take_over(call, call.known_group)
    if call.incoming.hears_everything is None:
        raise NeedsFact("hears_everything")
    group = await _found(call, name)
    await join_group(call.tx, call.house.ids, call.now, group, call.incoming, Role.SECRETARY)
    return Message(_welcome(call, group), title=line("setup.title", group=group.name))


def _check_is_admin(call: Call) -> None:
    """Asks the platform, unless the answer came along. Where a platform knows no administrators, the code is the only way."""
    if call.known_me and call.known_me.role >= Role.SECRETARY:
        return
    if call.incoming.sender_is_admin is None:
        raise NeedsFact("sender_is_admin")
    if not call.incoming.sender_is_admin:
        raise UserError("setup.not_admin", word=call.house.vocabulary.word("zh", "setup"))


async def _take_over(call: Call, group: Group) -> Reply:
    """The chat is bound already: whoever may bind it becomes one more of its secretaries."""
    if call.role >= Role.SECRETARY:
        await _move_here(call, group)
        return Message((line("setup.already", group=group.name),))
    member = await join_group(call.tx, call.house.ids, call.now, group, call.incoming, Role.SECRETARY)
    await members.set_role(call.tx, group.id, member.id, Role.SECRETARY)
    return Message((line("setup.now_secretary", name=member.name),))


async def _found(call: Call, name: str) -> Group:
    packs_there = await packs.offered(call.tx, 0)
    settings = Settings(language=_language(call), pack=packs_there[0].id if packs_there else "")
    title = call.incoming.chat_title or ""
    group = Group(call.house.ids.next(call.now), tidy_name(name.strip() or title), settings)
    await groups.add(call.tx, group, call.now)
    await _move_here(call, group)
    await rhythm.plan(call.tx, group, call.now)
    return group


async def _move_here(call: Call, group: Group) -> None:
    """The bot speaks in this chat, and in the topic of it where 绑定 was said."""
    where = call.incoming
    chat = Chat(where.platform, where.account, where.chat_id, where.thread_id or "")
    title, hears = where.chat_title or group.name, where.hears_everything
    await groups.bind(call.tx, chat, group.id, title, call.now, hears_all=hears)


def _language(call: Call) -> Language:
    spoken = (call.incoming.language or "")[:2]
    return next((code for code in LANGUAGES if code == spoken), "zh")


def _welcome(call: Call, group: Group) -> tuple[Line, ...]:
    rules = group.settings
    words = call.house.vocabulary
    lines = [
        line("setup.done", name=tidy_name(call.incoming.sender_name)),
        line("setup.day", push=show_clock(rules.push_at), remind=show_clock(rules.remind_at)),
        line("setup.members", word=words.word(rules.language, "checkin")),
        line(
            "setup.secretary",
            settings=words.word(rules.language, "settings"),
            help=words.word(rules.language, "help"),
        ),
        line("setup.voluntary"),
        line("setup.private", link=private_link(call)),
    ]
    if call.incoming.hears_everything is False:
        lines.append(line("setup.hears_little"))
    if not rules.pack:
        lines.append(line("setup.no_pack"))
    return tuple(lines)


COMMAND = Command("setup", setup, Role.GUEST, takes_text=True, unbound=True)
