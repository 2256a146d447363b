"""帮助: the handful of words for every day and what is going on now; the rest by topic, or all of it, by role and by chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from content.words import fold
from domain.group import Role
from domain.message import Button, Line, Message, line
from handlers.call import Call, Command, Reply, Topic, Where
from handlers.help_activity import by_step, entries, going_on, word_of

ALL = "all"
_ALL = frozenset(("全部", "所有", ALL, "everything"))
_TOPICS: Mapping[str, Topic] = {
    "学习": "study",
    "活动": "activity",
    "积分": "points",
    "荣誉": "points",
    "数据": "data",
    "书记": "secretary",
}
_OWN_NAMES = frozenset(get_args(Topic))


def help_command(commands: Sequence[Command]) -> Command:
    """帮助 over all the others. Where no group is bound, all one can do is set one up."""

    async def help_(call: Call) -> Reply:
        mine = [c for c in commands if c.listed and _usable(c, call)]
        if call.known_group is None:
            return _said(line("help.title"), (line("help.not_yet"), *entries(mine, call)))
        asked = fold(call.args)
        if asked in _ALL:
            return _all(mine, call)
        topic = _TOPICS.get(asked, asked)
        if topic in get_args(Topic) and topic != "day":
            return await _topic(str(topic), mine, call)
        if one := [c for c in mine if c.name == call.house.vocabulary.command(asked)]:
            return _said(line("help.title"), entries(one, call))
        return await _day(mine, call)

    return Command("help", help_, Role.GUEST, unbound=True, takes_words=_ALL | _TOPICS.keys() | _OWN_NAMES)


def _usable(command: Command, call: Call) -> bool:
    if call.known_group is None:
        return command.unbound and command.role is Role.GUEST
    if command.name == "setup":
        return False
    if command.needs and not getattr(call.known_group.settings, command.needs):
        return False
    private_only = command.where is Where.PRIVATE
    return command.role <= max(call.role, Role.MEMBER) and not (private_only and call.incoming.is_group)


async def _day(mine: Sequence[Command], call: Call) -> Message:
    now = await going_on(mine, call)
    daily = entries([c for c in mine if _shelf(c) == "day"], call)
    more = line("help.more", word=word_of("help", call))
    return _said(
        line("help.title"), (line("help.one_word"), *daily, *now, more), (*_daily_buttons(), *_topics(mine))
    )


async def _topic(topic: str, mine: Sequence[Command], call: Call) -> Message:
    if topic == "activity":
        return _said(line("help.title_activity"), await by_step(mine, call), _topics(mine))
    of_topic = [c for c in mine if _shelf(c) == topic]
    return _said(line(f"help.title_{topic}"), _by_role(of_topic, call), _topics(mine))


def _all(mine: Sequence[Command], call: Call) -> Message:
    title = line("help.title_all" if call.role >= Role.SECRETARY else "help.title")
    return _said(title, (line("help.one_word"), *_by_role(mine, call)), _daily_buttons())


def _shelf(command: Command) -> Topic:
    is_hers = command.role >= Role.SECRETARY and command.topic == "day"
    return "secretary" if is_hers else command.topic


def _by_role(commands: Sequence[Command], call: Call) -> tuple[Line, ...]:
    for_members = entries([c for c in commands if c.role <= Role.MEMBER], call)
    hers = entries([c for c in commands if c.role == Role.SECRETARY], call)
    head = (line("help.secretary"),) if hers and for_members else ()
    return (*for_members, *head, *hers)


def _said(title: Line, lines: tuple[Line, ...], buttons: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message(lines, title=title, buttons=buttons)


def _topics(mine: Sequence[Command]) -> tuple[tuple[Button, ...], ...]:
    shelves = {_shelf(c) for c in mine}
    topics = [topic for topic in get_args(Topic) if topic in shelves and topic != "day"]
    more = [Button(line(f"help.topic_{topic}"), "help", topic) for topic in (*topics, ALL)]
    return tuple(tuple(more[n : n + 3]) for n in range(0, len(more), 3))


def _daily_buttons() -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(line("button.checkin"), "checkin"),
            Button(line("button.today"), "today"),
            Button(line("button.me"), "me"),
        ),
    )
