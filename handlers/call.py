"""What a handler is given, and what it may answer.

A handler returns or queues, never sends. ``check_`` first, then change rows, then say: a `UserError` takes back the whole
transaction, so it may be raised anywhere, but reads best before anything was changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Literal, TypeAlias

from content.points import shipped_rules
from content.words import Words
from domain.cycle import Cycle, Stage
from domain.errors import UserError
from domain.group import Group, Member, Role
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line, Message, Priority
from domain.points import Rules
from domain.seal import Press
from domain.template import Template
from scheduler.stages.kind import Firing
from storage import telling
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class House:
    """What outlives a call: ids, tokens, the words of commands, and the address of the pages."""

    ids: Ids
    new_token: Callable[[], str]
    """A random token, safe in a web address."""
    public_url: str
    vocabulary: Words
    invitation: Callable[[str, str, str], str | None]
    """(platform, account, payload) → a link that opens a private chat with the bot, where the platform has such links."""
    rules: Rules = field(default_factory=shipped_rules)
    """What is worth how many points."""
    media: Path | None = None
    """Where the pictures and sounds of packs are kept; without it, packs that bring some cannot be sent."""
    templates: tuple[Template, ...] = ()
    """The shipped templates for activities."""


@dataclass(slots=True)
class Call:
    """One command by one person: in a group's chat, or in private meaning one of their groups."""

    tx: Tx
    now: int
    incoming: Incoming
    house: House
    args: str
    """What follows the command word, as written; for a button, its argument."""
    press: Press | None
    _group: Group | None
    _me: Member | None
    file: object = None
    """What was read from the file the handler asked for by `NeedsFile`; None until then."""

    @property
    def group(self) -> Group:
        """The group meant. The router has seen to it that there is one, unless the command is open to unbound chats."""
        if self._group is None:
            raise UserError("group.unbound")
        return self._group

    @property
    def me(self) -> Member:
        if self._me is None:
            raise UserError("group.unbound")
        return self._me

    def changed(self, group: Group) -> None:
        """The group is as given from here on; the answer is said in its language."""
        self._group = group

    @property
    def known_group(self) -> Group | None:
        return self._group

    @property
    def known_me(self) -> Member | None:
        return self._me

    @property
    def role(self) -> Role:
        return self._me.role if self._me else Role.GUEST

    @property
    def today(self) -> date:
        return self.group.settings.day(self.now)

    def firing(self, cycle: Cycle, stage: Stage) -> Firing:
        """The stage as it is at this moment."""
        return Firing(self.tx, self.house.ids, self.group, cycle, stage, self.now, rules=self.house.rules)

    async def tell_group(
        self,
        message: Message,
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        not_before: int = 0,
    ) -> None:
        """Say it in every chat of the group."""
        await telling.tell_group(
            self.tx,
            self.house.ids,
            self.now,
            self.group,
            message,
            slot=slot,
            priority=priority,
            not_before=not_before,
        )

    async def tell_private(self, message: Message) -> bool:
        """Say it to this person alone. False where they have no private chat with the bot yet."""
        return await telling.tell_person(
            self.tx,
            self.house.ids,
            self.now,
            self.group,
            self.me,
            message,
            prefer=self.incoming.platform,
        )


Reply: TypeAlias = Message | Line | None
"""A Line is said as a short answer: to a button as a passing note where the chat has those, else as a message."""
Handler: TypeAlias = Callable[[Call], Awaitable[Reply]]


def done_mark(call: Call, done: Line) -> Reply:
    """What was asked for in the group is there for all to see: a mark on the message says enough. Elsewhere, ``done``."""
    if call.incoming.is_group and call.incoming.message_id and not call.press:
        return Message(react="✅", reply_to=call.incoming.message_id)
    return done


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said without a command word was for this feature; ``reply`` is what it answers."""

    reply: Reply = None


Overhear: TypeAlias = Callable[[Call], Awaitable[Heard | None]]
"""Asked about what was said without a command; None where it is not for this feature. `Call.args` is all that was said."""


Topic: TypeAlias = Literal["day", "study", "activity", "points", "data", "secretary"]


class Where(Enum):
    ANYWHERE = "anywhere"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person may do. Its words, in every language, stand in `content/texts/words.yaml` under ``name``."""

    name: str
    run: Handler
    role: Role = Role.MEMBER
    where: Where = Where.ANYWHERE
    for_secretary: frozenset[str] = frozenset()
    """First words after the command, folded, that are the secretary's alone; of a button's argument, what stands before its first ``_``."""
    takes_text: bool = False
    """In a group, words after the command do not make it ordinary talk: 「打卡 读完第三章」."""
    takes_words: frozenset[str] = frozenset()
    """The same for these words alone, folded: 「帮助 活动」, while 「帮助 别人」 is talk."""
    takes_file: bool = False
    """A document sent in private without a word is for this command; there is one such."""
    unbound: bool = False
    """Works in a chat that no group is bound to, and for people who are no members."""
    listed: bool = True
    """Shown by 帮助."""
    overhears: Overhear | None = None
    """Asked, in the order of the commands, about words in private, answers to the bot and pictures that come without a command."""
    topic: Topic = "day"
    """What of 帮助 it stands under; the secretary's of "day" stand under her own."""
    needs: str = ""
    """The flag of `domain.group.Settings` that must be on for 帮助 to show it; "" for none. Asked for while it is off,
    the handler says so."""


def said(key: str, **params: str | int | Line | tuple[Line, ...]) -> Message:
    """A message of one line."""
    return Message((Line(key, params),))
