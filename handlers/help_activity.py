"""帮助 活动: what is going on now in full, the rest as words under the step they are for, the secretary's apart from the members'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.cycle import Stage
from domain.group import Role
from domain.message import Line, line
from domain.template import Kind
from domain.works import is_for_works
from handlers.call import Call, Command
from storage import cycles

_OF_STAGE: Mapping[Kind, tuple[str, ...]] = {
    "preview": ("think", "ask", "voice", "merge"),
    "seminar": ("signup", "ask", "attend", "screen", "roll", "teams"),
    "live": ("ask", "voice", "signup", "screen", "merge"),
    "practice": ("signup", "attend", "screen", "roll"),
    "reflection": ("reflection", "handin_for"),
    "review": ("peer", "assess", "mark", "respond"),
    "evaluation": ("feedback", "evaluate", "overall"),
    "newsletter": ("newsletter",),
    "game": ("challenge", "topic"),
    "study": ("module", "attend", "screen", "roll"),
}
"""What there is to say while a stage is open; members and the secretary are each shown what is theirs."""
_OF_WORKS = ("work", "vote")
_STEPS: Mapping[str, tuple[str, ...]] = {
    "prepare": ("think", "ask", "voice", "merge"),
    "meet": (
        "signup",
        "withdraw",
        "attend",
        "form",
        "module",
        "screen",
        "roll",
        "spoke",
        "teams",
        "liaison",
        "minutes",
    ),
    "works": _OF_WORKS,
    "write": ("reflection", "peer", "assess", "appeal", "handin_for", "mark", "apart", "respond", "alike"),
    "end": ("feedback", "newsletter", "consent", "withhold", "evaluate", "overall"),
}
"""The steps of an activity, in their order, and the words for each."""


def entries(commands: Sequence[Command], call: Call) -> tuple[Line, ...]:
    return tuple(
        line("help.entry", word=word_of(c.name, call), about=line(f"help.{c.name}")) for c in commands
    )


def word_of(name: str, call: Call) -> str:
    known = call.known_me.language if call.known_me else None
    language = known or (call.known_group.settings.language if call.known_group else "zh")
    return call.house.vocabulary.word(language, name)


async def going_on(mine: Sequence[Command], call: Call) -> tuple[Line, ...]:
    """Of each stage that is open: what it is, and what a member may say."""
    return tuple(one for heading, lines in await _now(_for_members(mine), call) for one in (heading, *lines))


async def by_step(mine: Sequence[Command], call: Call) -> tuple[Line, ...]:
    """``mine`` are all the commands that this person may use here."""
    about = [c for c in mine if c.topic == "activity"]
    hers = [c for c in about if c.role >= Role.SECRETARY]
    cycle = entries([c for c in mine if c.name == "cycle"], call)
    lines = [*await going_on(mine, call), *cycle, *_steps(_for_members(about), call)]
    if hers:
        now = [one for _, shown in await _now(hers, call) for one in shown]
        lines += [line("help.secretary"), *now, *_steps(hers, call)]
    return (*lines, line("help.how", help=word_of("help", call), word=word_of("reflection", call)))


def _for_members(commands: Sequence[Command]) -> list[Command]:
    return [c for c in commands if c.role <= Role.MEMBER]


async def _now(commands: Sequence[Command], call: Call) -> list[tuple[Line, tuple[Line, ...]]]:
    found = []
    for cycle in await cycles.running(call.tx, call.group.id):
        for stage in await cycles.stages(call.tx, cycle):
            if stage.state == "open" and (of_stage := _for_stage(stage, commands)):
                heading = line("help.now", cycle=cycle.title, stage=stage.spec.title)
                found.append((heading, entries(of_stage, call)))
    return found


def _for_stage(stage: Stage, commands: Sequence[Command]) -> list[Command]:
    names = _OF_WORKS if is_for_works(stage.spec) else _OF_STAGE.get(stage.spec.kind, ())
    return [c for name in names for c in commands if c.name == name]


def _steps(commands: Sequence[Command], call: Call) -> list[Line]:
    """A line a step; what belongs to none is told last."""
    placed = {name for names in _STEPS.values() for name in names}
    rest = tuple(c.name for c in commands if c.name not in placed)
    there = {c.name for c in commands}
    lines = []
    for step, names in (*_STEPS.items(), ("more", rest)):
        words = tuple(line("raw", text=word_of(name, call)) for name in names if name in there)
        if words:
            lines.append(line("help.step", step=line(f"help.step_{step}"), words=words))
    return lines
