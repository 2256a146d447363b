"""From what was written or pressed to the command that is meant; and who may use it.

This is the one place that checks permissions.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from content.words import Words, fold
from domain.errors import UserError
from domain.group import Role
from domain.incoming import Incoming
from domain.seal import Press, Sealer
from domain.wording import Reading, read, unglued
from handlers.call import Command, Overhear, Where

ANSWER = "answer"
"""What it means to vote in a poll of ours."""
START = "start"
"""What follows it is one word, from the link that was followed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command that was understood. ``plain`` means it was said among people, not to the bot: perhaps it was only talk."""

    command: Command
    args: str
    press: Press | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Overheard:
    """Said without a command, and perhaps for one of ``asked`` all the same; else for what it would be ``otherwise``."""

    asked: tuple[Overhear, ...]
    otherwise: Request | UserError | None


Understood: TypeAlias = Request | Overheard | None


class Router:
    def __init__(self, commands: Iterable[Command], words: Words, sealer: Sealer) -> None:
        self._commands = {command.name: command for command in commands}
        self._asked = tuple(c.overhears for c in self._commands.values() if c.overhears)
        self._for_files = next((command for command in self._commands.values() if command.takes_file), None)
        self._words = words
        self._sealer = sealer

    def understand(self, event: Incoming) -> Understood:
        """The command meant, or None for talk among people.

        Raises UserError for a button that was forged or is too old, and for words said to the bot that mean nothing.
        """
        if event.action is not None:
            return self._pressed(event.action)
        if self._asked and _may_be_overheard(event):
            return self._unless_overheard(event)
        return self._named(event)

    def _unless_overheard(self, event: Incoming) -> Understood:
        """Words that a person is in the midst of writing may begin like a command: 「今天，我们去了社区」."""
        otherwise: Request | UserError | None
        try:
            otherwise = self._named(event)
        except UserError as wrong:
            otherwise = wrong
        if isinstance(otherwise, Request) and not _may_be_mere_words(otherwise, event):
            return otherwise
        return Overheard(self._asked, otherwise)

    def _named(self, event: Incoming) -> Request | None:
        if event.poll_id is not None:
            return Request(self._commands[ANSWER], "") if event.choices else None
        if self._for_files and _is_only_a_document(event):
            return Request(self._for_files, "")
        reading, name = self._read(event.text)
        if reading is None or name is None or name not in self._commands:
            self._check_was_talk(event, reading.word if reading else "")
            return None
        command = self._commands[name]
        plain = event.is_group and not (event.addressed or reading.slash)
        if plain and reading.rest and not (command.takes_text or fold(reading.rest) in command.takes_words):
            return None
        return Request(command, reading.rest, plain=plain)

    def _read(self, text: str) -> tuple[Reading | None, str | None]:
        """What was written, and the command it names; a number may stand right behind the word."""
        reading = read(text)
        name = self._words.command(reading.word) if reading else None
        if reading and name is None and (parted := unglued(reading)):
            meant = self._words.command(parted.word)
            return (parted, meant) if meant else (reading, None)
        return reading, name

    def _pressed(self, payload: str) -> Request:
        press = self._sealer.open(payload)
        command = self._commands.get(press.action)
        if command is None:
            raise UserError("button.old")
        return Request(command, press.arg, press)

    def _check_was_talk(self, event: Incoming, word: str) -> None:
        """Raises UserError where the bot itself was spoken to, and in words it does not know."""
        if event.is_group and not event.addressed:
            return
        if event.service or (not event.text and event.attachments):
            return
        near = difflib.get_close_matches(word, self._words.all_words(), n=1, cutoff=_alike(word))
        if near:
            raise UserError("router.perhaps", word=near[0])
        raise UserError("router.unknown")


def _may_be_overheard(event: Incoming) -> bool:
    """Among people, only pictures, answers to the bot itself and answers that call somebody; the rest is nobody's business."""
    if event.service or event.poll_id is not None:
        return False
    shown = any(attachment.kind in ("photo", "video") for attachment in event.attachments)
    calls = event.addressed or bool(event.mentions) or "@" in event.text or "＠" in event.text
    return not event.is_group or shown or (calls and event.reply_to is not None)


def _may_be_mere_words(request: Request, event: Incoming) -> bool:
    """A command that takes no words, and has some, as in “Start an hour later”; or a file sent without a word."""
    if not event.text.strip():
        return True
    slash = event.text.lstrip().startswith("/")
    takes_words = request.command.takes_text and not (request.command.name == START and " " in request.args)
    return bool(request.args) and not (takes_words or slash)


def _is_only_a_document(event: Incoming) -> bool:
    """Sent in private without a word. In groups people show files to each other."""
    sent = any(attachment.kind == "document" for attachment in event.attachments)
    return sent and not event.is_group and not event.text.strip()


def _alike(word: str) -> float:
    """How much of a word must agree to guess what was meant: half of a short Chinese one, more of a longer Latin one."""
    return 0.5 if len(word) <= 3 else 0.7


def check_allowed(request: Request, event: Incoming, role: Role) -> None:
    """Raises UserError where this person may not do this here."""
    command = request.command
    if role_needed(request) > max(role, Role.MEMBER):
        raise UserError("role.secretary_only")
    if command.where is Where.PRIVATE and event.is_group:
        raise UserError("role.private_only")


def role_needed(request: Request) -> Role:
    command = request.command
    first = request.args.partition("_")[0] if request.press else fold(request.args.partition(" ")[0])
    return max(command.role, Role.SECRETARY) if first in command.for_secretary else command.role


def is_only_talk(request: Request, role: Role) -> bool:
    """A plain word in a group that this person could not use anyway was not meant for the bot: nobody is rebuked for talking."""
    return request.plain and (
        role_needed(request) > max(role, Role.MEMBER) or request.command.where is Where.PRIVATE
    )
