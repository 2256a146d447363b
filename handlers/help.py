"""帮助: the handful of words for every day and what is going on now; the rest by topic, or all of it, by role and by chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from content.words import fold
from domain.cycle import Cycle, Stage
from domain.group import Role
from domain.message import Button, Line, Message, line
from domain.template import Kind
from domain.works import is_for_works
from handlers.call import Call, Command, Reply, Topic, Where
from storage import cycles

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
_OF_STAGE: Mapping[Kind, tuple[str, ...]] = {
    "preview": ("think", "ask", "voice"),
    "seminar": ("signup", "ask", "attend"),
    "live": ("ask", "voice", "signup"),
    "practice": ("signup", "attend"),
    "reflection": ("reflection",),
    "review": ("peer", "assess"),
    "evaluation": ("feedback",),
    "newsletter": ("newsletter",),
    "game": ("challenge", "topic"),
    "study": ("module", "attend"),
}
"""What there is to say while a stage is open."""
_OF_WORKS = ("work", "vote")


def help_command(commands: Sequence[Command]) -> Command:
    """帮助 over all the others. Where no group is bound, all one can do is set one up."""

    async def help_(call: Call) -> Reply:
        mine = [c for c in commands if c.listed and _usable(c, call)]
        if call.known_group is None:
            return _said(line("help.title"), (line("help.not_yet"), *_entries(mine, call)))
        asked = fold(call.args)
        if asked in _ALL:
            return _all(mine, call)
        topic = _TOPICS.get(asked, asked)
        if topic in get_args(Topic) and topic != "day":
            return _topic(str(topic), mine, call)
        return await _day(mine, call)

    return Command("help", help_, Role.GUEST, unbound=True)


def _usable(command: Command, call: Call) -> bool:
    if call.known_group is None:
        return command.unbound
    if command.name == "setup":
        return False
    if command.needs and not getattr(call.known_group.settings, command.needs):
        return False
    private_only = command.where is Where.PRIVATE
    return command.role <= max(call.role, Role.MEMBER) and not (private_only and call.incoming.is_group)


async def _day(mine: Sequence[Command], call: Call) -> Message:
    now = await _now(mine, call)
    daily = _entries([c for c in mine if _shelf(c) == "day"], call)
    more = line("help.more", word=_word("help", call))
    return _said(
        line("help.title"), (line("help.one_word"), *daily, *now, more), (*_daily_buttons(), *_topics(mine))
    )


def _topic(topic: str, mine: Sequence[Command], call: Call) -> Message:
    of_topic = [c for c in mine if _shelf(c) == topic]
    return _said(line(f"help.title_{topic}"), _by_role(of_topic, call), _topics(mine))


def _all(mine: Sequence[Command], call: Call) -> Message:
    title = line("help.title_all" if call.role >= Role.SECRETARY else "help.title")
    return _said(title, (line("help.one_word"), *_by_role(mine, call)), _daily_buttons())


def _shelf(command: Command) -> Topic:
    is_hers = command.role >= Role.SECRETARY and command.topic == "day"
    return "secretary" if is_hers else command.topic


def _by_role(commands: Sequence[Command], call: Call) -> tuple[Line, ...]:
    for_members = _entries([c for c in commands if c.role <= Role.MEMBER], call)
    hers = _entries([c for c in commands if c.role == Role.SECRETARY], call)
    head = (line("help.secretary"),) if hers and for_members else ()
    return (*for_members, *head, *hers)


async def _now(mine: Sequence[Command], call: Call) -> tuple[Line, ...]:
    """Of each stage that is open: what it is, and the words it is for."""
    found: list[Line] = []
    for cycle in await cycles.running(call.tx, call.group.id):
        for stage in await cycles.stages(call.tx, cycle):
            if stage.state == "open" and (entries := _entries(_for_stage(stage, mine), call)):
                found += [_heading(cycle, stage), *entries]
    return tuple(found)


def _for_stage(stage: Stage, mine: Sequence[Command]) -> list[Command]:
    names = _OF_WORKS if is_for_works(stage.spec) else _OF_STAGE.get(stage.spec.kind, ())
    return [c for name in names for c in mine if c.name == name]


def _heading(cycle: Cycle, stage: Stage) -> Line:
    return line("help.now", cycle=cycle.title, stage=stage.spec.title)


def _entries(commands: Sequence[Command], call: Call) -> tuple[Line, ...]:
    return tuple(line("help.entry", word=_word(c.name, call), about=line(f"help.{c.name}")) for c in commands)


def _word(name: str, call: Call) -> str:
    known = call.known_me.language if call.known_me else None
    language = known or (call.known_group.settings.language if call.known_group else "zh")
    return call.house.vocabulary.word(language, name)


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
