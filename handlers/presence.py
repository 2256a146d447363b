"""The bot was let into a chat, thrown out of it, or may hear more or less than before; or people came and went."""

from __future__ import annotations

from domain.group import Chat, Group
from domain.message import Message, line
from handlers.call import Call, Reply
from handlers.leaving import moved
from storage import groups
from storage.telling import tell_chat, tell_secretaries


async def presence(call: Call) -> Reply:
    """What is said in the chat: how to begin where no group is bound yet, what cannot be heard where one is."""
    if call.incoming.service in ("came", "went"):
        return await moved(call)
    await groups.reached(call.tx, _chat(call), call.incoming.service == "joined")
    if call.incoming.hears_everything is not None:
        await groups.note_hearing(call.tx, _chat(call), call.incoming.hears_everything)
    if not call.incoming.is_group:
        return None
    if call.incoming.service == "left":
        return await _tell_of_loss(call, call.known_group)
    hears_little = [line("setup.hears_little")] if call.incoming.hears_everything is False else []
    if call.known_group is None:
        hello = line("setup.hello", word=call.house.vocabulary.word("zh", "setup"))
        return Message((hello, *hears_little))
    if hears_little:
        await _warn(call, Message(tuple(hears_little)))
    return None


async def _tell_of_loss(call: Call, group: Group | None) -> Reply:
    if group is not None:
        lost = Message((line("sender.unreachable", name=call.incoming.chat_title or group.name),))
        await tell_secretaries(call.tx, call.house.ids, call.now, group, lost)
    return None


async def _warn(call: Call, message: Message) -> None:
    """In the topic the group lives in, at most once on one of its days, however often the bot's rights change."""
    where = _chat(call)
    bound = [c for c in await groups.chats(call.tx, call.group.id) if c.chat_id == where.chat_id]
    await tell_chat(
        call.tx,
        call.house.ids,
        call.now,
        bound[0] if bound else where,
        message,
        group_id=call.group.id,
        language=call.group.settings.language,
        slot=f"hears:{call.today}",
    )


def _chat(call: Call) -> Chat:
    where = call.incoming
    return Chat(where.platform, where.account, where.chat_id, where.thread_id or "", where.is_group)
