"""A message put into words, ready for a platform to show; and the ways in which showing it can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from domain.group import Language
from domain.incoming import Capabilities
from domain.message import File, Line, Media


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be made: of which group, for whose private chat (0 in a group's), in which language."""

    group_id: int
    person_id: int
    file: File
    language: Language


@dataclass(frozen=True, slots=True)
class Made:
    """A file, made. ``alt`` says in words what a picture shows."""

    name: str
    content: bytes
    kind: Literal["photo", "document"] = "document"
    alt: str = ""


Say: TypeAlias = Callable[[Line], str]
"""A line in the reader's language."""
Make: TypeAlias = Callable[[Say], Made]
"""The second half of making a file, off the event loop: from what was read in the database to bytes. Touches nothing else."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A `domain.message.Poll` in words that fit the chat's quiz polls."""

    quiz_id: int
    question: str = ""
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    explanation: str = ""
    closed: bool = False
    """Nothing to show: the poll that is shown already takes no more answers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A new message that answers come back to under another id than its own."""

    message_id: str
    poll_id: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Plain text, never markup: each platform escapes and decorates by itself (title bold, mentions linked)."""

    chat_id: str
    text: str = ""
    title: str = ""
    thread_id: str | None = None
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Rows of (label, sealed payload of at most 64 bytes)."""
    media: Media | None = None
    file: Order | None = None
    """What a transport that shows files has made (`Makers`) when it shows the message, or when somebody opens it."""
    poll: Ballot | None = None
    """Set only where the chat has quiz polls and this one fits; ``text`` and ``buttons`` stand for it elsewhere."""
    reply_to: str | None = None
    silent: bool = False
    pin: bool = False
    mentions: tuple[tuple[str, str], ...] = ()
    """(name as it stands after @ in the text, the platform's user id)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast one bot account may speak. Each number is a platform's rule and stands beside its source."""

    per_second: float
    """Calls a second, all chats together."""
    chat_per_second: float
    group_per_minute: float


class NotMade(Exception):
    """A file could not be made, which was a fault of ours and is in the log; the message's words stand without it."""


class Makes(Protocol):
    """Who makes files. Raises `NotMade`."""

    def __call__(self, order: Order, /) -> Awaitable[Made | None]:
        """None where there is nothing to show any longer, or the person may not see it any more."""
        ...


class Transport(Protocol):
    """One bot account on one platform, as the sender sees it."""

    @property
    def lane(self) -> str:
        """``platform:account``; all messages of a lane leave through this one transport."""
        ...

    @property
    def limits(self) -> Limits: ...

    def capabilities(self, chat_id: str) -> Capabilities: ...

    async def send(self, out: Outgoing) -> str | Shown:
        """Show ``out`` and return the platform's id of the new message, for a poll with the poll's own.

        Raises one of the errors below.
        """
        ...

    async def edit(self, out: Outgoing, message_id: str) -> None:
        """Put ``out`` in the place of an earlier message. Raises `MessageGone` where there is none any more.

        A poll cannot be changed: it stays as it is, or is closed, and one that is gone is no error.
        """
        ...

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None: ...

    async def close(self) -> None: ...


class SendError(Exception):
    """Why a message could not be shown. ``detail`` is the platform's word for it, without anybody's text in it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class RetryLater(SendError):
    """Too fast (429): wait ``seconds``, then the same message again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Unreachable(SendError):
    """The bot was removed or blocked (403): nothing can be said in this chat until it is let in again."""


class MessageGone(SendError):
    """The message to edit or react to is no longer there."""


class Refused(SendError):
    """The platform will never take this message (400): sending it again is of no use."""


class Moved(SendError):
    """The chat has a new id (a Telegram group that became a supergroup)."""

    def __init__(self, chat_id: str) -> None:
        super().__init__("the chat has a new id")
        self.chat_id = chat_id


class Uncertain(SendError):
    """No answer, or a fault of the server's (time-out, 5xx): it may or may not have been shown; try again."""
