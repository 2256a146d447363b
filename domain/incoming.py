"""What a person did in some chat, said without naming the platform it happened on.

A platform that cannot fill a field says ``None`` (or leaves the tuple empty); handlers ask for `Capabilities`, never for a platform.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

AttachmentKind = Literal["photo", "video", "audio", "voice", "document"]


class Attachment(BaseModel):
    """A file the person sent, by reference; it is fetched later, outside of any transaction."""

    model_config = ConfigDict(frozen=True)

    kind: AttachmentKind
    file_id: str
    size: int | None = None
    """Bytes, where the platform says so."""
    name: str = ""
    """The file's own name, where it has one."""
    album_id: str | None = None
    """Pictures sent together share it; they arrive as separate messages, in any order."""


class Mention(BaseModel):
    """Somebody @-ed in the text: by the platform's user id where it gives one, else by the name written."""

    model_config = ConfigDict(frozen=True)

    name: str
    user_id: str | None = None


class Incoming(BaseModel):
    """One event from a chat. ``(platform, account, event_id)`` identifies it for good: a second one with the same three is a repeat."""

    model_config = ConfigDict(frozen=True)

    platform: str
    account: str
    """Which of our bots (or browser sites) heard it."""
    event_id: str
    chat_id: str
    thread_id: str | None = None
    message_id: str | None = None
    """The platform's id of the message, to react or reply to."""
    sender_id: str
    sender_name: str
    text: str = ""
    is_group: bool
    addressed: bool = False
    """The bot was @-ed, replied to or called by a slash command, or the chat is private."""
    mentions: tuple[Mention, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    """Message id this one answers."""
    reply_to_sender: Mention | None = None
    """Who wrote the message this one answers, where the platform tells."""
    poll_id: str | None = None
    """The native poll that was answered with ``choices``. Such an event names no chat (``chat_id`` is "") until it is looked up."""
    choices: tuple[int, ...] = ()
    """Places of the options chosen; none where an answer was taken back."""
    action: str | None = None
    """The sealed payload of the button that was pressed (domain/seal.py)."""
    chat_title: str | None = None
    language: str | None = None
    """The language the person's own app speaks, as the platform tells it (``zh-hans``, ``en``)."""
    sender_is_admin: bool | None = None
    """Filled only after a handler asked for it (`domain.errors.NeedsFact`): most platforms must be asked over the network."""
    service: Literal["joined", "left", "came", "went"] | None = None
    """The bot itself was added to, or removed from, the chat by the sender; or ``people`` came into it, or went."""
    people: tuple[Mention, ...] = ()
    """Who came or went: each with a user id, and nobody who is a bot."""
    hears_everything: bool | None = None
    """Does the bot hear ordinary messages here, or only what is addressed to it? Filled with ``service == "joined"``, else on request."""
    sent_at: int
    """UTC epoch milliseconds, by the platform's clock."""


class QuizLimits(BaseModel):
    """What a chat's quiz polls can hold, in UTF-16 code units."""

    model_config = ConfigDict(frozen=True)

    question_chars: int
    options: int
    option_chars: int
    explanation_chars: int


class Capabilities(BaseModel):
    """What a chat can show and do. Handlers and the renderer ask this, never the platform's name."""

    model_config = ConfigDict(frozen=True)

    buttons: bool = True
    edit: bool = True
    toast: bool = True
    """A short text can answer a pressed button without a message in the chat."""
    reactions: bool = True
    mentions: bool = True
    quiz: QuizLimits | None = None
    """Questions can be shown as polls that know the right answer and tell who chose what."""
    pictures: bool = True
    files: bool = True
    """Files can be shown: pictures of figures, tables to take away."""
    text_bytes: int | None = None
    """Longest text in UTF-8 bytes, where the platform counts bytes."""
    text_chars: int = 4096
    caption_chars: int = 1024
