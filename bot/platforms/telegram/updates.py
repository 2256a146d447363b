"""The few fields of Telegram's updates that are used, validated straight from the bytes.

Whatever else an update holds, be it a field or a whole kind that did not exist yet, is passed over.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Size = Annotated[int, Field(ge=0, lt=2**63)]
Seconds = Annotated[int, Field(ge=0, lt=2**36)]
Place = Annotated[int, Field(ge=0, lt=2**31)]
PollId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class User(_Part):
    id: Number
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None
    language_code: str | None = None


class Chat(_Part):
    id: Number
    type: str
    title: str | None = None

    @property
    def is_group(self) -> bool:
        return self.type in ("group", "supergroup")


class Entity(_Part):
    """A stretch of text that means something; offset and length count UTF-16 code units."""

    type: str
    offset: Size
    length: Size
    user: User | None = None


class File(_Part):
    file_id: str
    file_size: Size | None = None
    file_name: str = ""


class Quoted(_Part):
    """The message another one answers."""

    message_id: Number
    from_: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None


class Message(_Part):
    message_id: Number
    date: Seconds
    chat: Chat
    from_: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    message_thread_id: Number | None = None
    is_topic_message: bool = False
    text: str | None = None
    caption: str | None = None
    entities: tuple[Entity, ...] = ()
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[File, ...] = ()
    video: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: File | None = None
    media_group_id: str | None = None
    reply_to_message: Quoted | None = None
    migrate_to_chat_id: Number | None = None
    migrate_from_chat_id: Number | None = None
    new_chat_members: tuple[User, ...] = ()
    left_chat_member: User | None = None


class Pressed(_Part):
    """The message under which a button was pressed; when it is too old Telegram tells only where it was."""

    message_id: Number
    chat: Chat
    message_thread_id: Number | None = None
    is_topic_message: bool = False


class CallbackQuery(_Part):
    id: str
    from_: User = Field(alias="from")
    message: Pressed | None = None
    data: str | None = None


class Standing(_Part):
    user: User | None = None
    status: str
    is_member: bool = False

    @property
    def inside(self) -> bool:
        return self.status in ("creator", "administrator", "member") or self.is_member

    @property
    def administers(self) -> bool:
        return self.status in ("creator", "administrator")


class ChatMemberUpdated(_Part):
    chat: Chat
    from_: User = Field(alias="from")
    date: Seconds
    old_chat_member: Standing
    new_chat_member: Standing


class PollAnswer(_Part):
    """What somebody chose in a poll; nothing where they took it back. ``voter_chat`` voted as a chat, not as a person."""

    poll_id: PollId
    option_ids: tuple[Place, ...]
    user: User | None = None
    voter_chat: Chat | None = None


class PollState(_Part):
    id: PollId
    is_closed: bool = False


class Update(_Part):
    update_id: Size
    message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None
    chat_member: ChatMemberUpdated | None = None
    poll_answer: PollAnswer | None = None
    poll: PollState | None = None

    @property
    def chat(self) -> Chat | None:
        """Where it happened; None for what happened in no chat that matters here."""
        happened = (
            self.message
            or self.my_chat_member
            or self.chat_member
            or (self.callback_query and self.callback_query.message)
        )
        return happened.chat if happened else None

    @property
    def order(self) -> int | None:
        """What is alike here must be handled one after the other: it happened in one chat, or one person voted."""
        if self.poll_answer is not None and self.poll_answer.user is not None:
            return self.poll_answer.user.id
        return self.chat.id if self.chat else None

    @property
    def migration(self) -> tuple[str, str] | None:
        """(old, new) id of a group that became a supergroup. Both chats get a message about it."""
        if self.message is None:
            return None
        here, to, came_from = (
            self.message.chat.id,
            self.message.migrate_to_chat_id,
            self.message.migrate_from_chat_id,
        )
        if to is not None:
            return str(here), str(to)
        return (str(came_from), str(here)) if came_from is not None else None


class _Numbered(_Part):
    update_id: Size


parse = Update.model_validate_json
"""An `Update` from its bytes. Raises pydantic's ValidationError for what is not JSON, or not an update."""


def event_id(raw: bytes) -> str:
    """The update's number where it can still be read, else a hash of the bytes: a repeat has the same id."""
    try:
        return str(_Numbered.model_validate(json.loads(raw)).update_id)  # reads what `parse` refuses, too
    except (ValueError, RecursionError):
        return hashlib.sha256(raw).hexdigest()[:32]


def fault(error: ValidationError) -> str:
    """What is wrong with an update, without a word of what it says."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place or 'body'}: {first['type']} ({error.error_count()} in all)"
