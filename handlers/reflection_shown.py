"""Which messages in the group show a reflection: its author's own, and ours that took it in. What answers one is about it."""

from __future__ import annotations

from domain.group import Chat
from domain.ids import brief, from_brief
from domain.incoming import Incoming
from domain.message import Message
from handlers.call import Call
from storage import posts, reflections
from storage.reflections import Reflection
from storage.telling import tell_chat

_SHOWN = "reflection:"
_OURS, _WORDS, _PHOTO = "ours", "words", "photo"


async def take_in(call: Call, one: Reflection, said: Message) -> None:
    """Say in the group that it was taken in, and know from here on by which messages it is shown."""
    event = call.incoming
    where = Chat(event.platform, event.account, event.chat_id, event.thread_id or "", event.is_group)
    language = call.group.settings.language
    await tell_chat(
        call.tx,
        call.house.ids,
        call.now,
        where,
        said,
        group_id=call.group.id,
        language=language,
        slot=_slot(one, _OURS),
    )
    await _remember(call, one, _WORDS, event.message_id)
    if answers_self(event):
        await _remember(call, one, _PHOTO, event.reply_to)


def answers_self(event: Incoming) -> bool:
    """What the message answers is the sender's own, as far as the platform tells."""
    author = event.reply_to_sender
    return author is None or author.user_id == event.sender_id


async def answered(call: Call) -> Reflection | None:
    """The reflection, handed in, that the message answers."""
    event = call.incoming
    if not event.reply_to:
        return None
    slot = await posts.slot_of(call.tx, _lane(event), event.chat_id, event.reply_to, _SHOWN)
    if slot is None:
        return None
    one = await reflections.find(call.tx, call.group.id, from_brief(slot.split(":")[1]))
    return one if one and one.state == "handed" else None


async def _remember(call: Call, one: Reflection, part: str, message_id: str | None) -> None:
    if message_id:
        event = call.incoming
        await posts.remember(
            call.tx,
            _lane(event),
            event.chat_id,
            _slot(one, part),
            message_id,
            call.now,
            event.thread_id or "",
        )


def _slot(one: Reflection, part: str) -> str:
    return f"{_SHOWN}{brief(one.id)}:{part}"


def _lane(event: Incoming) -> str:
    return f"{event.platform}:{event.account}"
