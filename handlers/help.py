"""帮助: what this person can do here, by role and by chat."""

from __future__ import annotations

from collections.abc import Sequence

from domain.group import Role
from domain.message import Button, Line, Message, line
from handlers.call import Call, Command, Reply, Where


def help_command(commands: Sequence[Command]) -> Command:
    """帮助 over all the others. Where no group is bound, all one can do is set one up."""

    async def help_(call: Call) -> Reply:
        mine = [c for c in commands if c.listed and _usable(c, call)]
        for_members = tuple(_entry(c, call) for c in mine if c.role <= Role.MEMBER)
        for_secretary = tuple(_entry(c, call) for c in mine if c.role == Role.SECRETARY)
        head = line("help.title_secretary" if for_secretary else "help.title")
        more = (line("help.secretary"), *for_secretary) if for_secretary else ()
        word = (line("help.one_word"),) if call.known_group else (line("help.not_yet"),)
        return Message((*word, *for_members, *more), title=head, buttons=_buttons(call))

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


def _entry(command: Command, call: Call) -> Line:
    return line("help.entry", word=_word(command, call), about=line(f"help.{command.name}"))


def _word(command: Command, call: Call) -> str:
    known = call.known_me.language if call.known_me else None
    language = known or (call.known_group.settings.language if call.known_group else "zh")
    return call.house.vocabulary.word(language, command.name)


def _buttons(call: Call) -> tuple[tuple[Button, ...], ...]:
    if call.known_group is None:
        return ()
    return (
        (
            Button(line("button.checkin"), "checkin"),
            Button(line("button.today"), "today"),
            Button(line("button.me"), "me"),
        ),
    )
