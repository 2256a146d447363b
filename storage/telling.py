"""Queue what is to be said to a group, a person or the secretaries, in the same transaction as the change it speaks of."""

from __future__ import annotations

from domain.group import Chat, Group, Language, Member
from domain.ids import Ids
from domain.message import Message, Priority
from storage import groups, members, outbox
from storage.tx import Tx


async def tell_group(
    tx: Tx,
    ids: Ids,
    now: int,
    group: Group,
    message: Message,
    *,
    priority: Priority = Priority.BROADCAST,
    slot: str | None = None,
    not_before: int = 0,
) -> None:
    """Say it in every chat of the group. With a ``slot``, what is shown there is changed instead of said again."""
    body = message.dump()
    for chat in await groups.chats(tx, group.id):
        await outbox.queue(
            tx,
            ids,
            now,
            group_id=group.id,
            chat=chat,
            language=group.settings.language,
            body=body,
            priority=priority,
            slot=slot,
            not_before=not_before,
        )


async def tell_chat(
    tx: Tx,
    ids: Ids,
    now: int,
    chat: Chat,
    message: Message,
    *,
    group_id: int = 0,
    person_id: int = 0,
    language: Language = "zh",
    priority: Priority = Priority.REPLY,
    slot: str | None = None,
) -> None:
    """Say it in one chat, bound or not."""
    await outbox.queue(
        tx,
        ids,
        now,
        group_id=group_id,
        chat=chat,
        language=language,
        body=message.dump(),
        priority=priority,
        slot=slot,
        person_id=person_id,
    )


async def tell_person(
    tx: Tx,
    ids: Ids,
    now: int,
    group: Group,
    person: Member,
    message: Message,
    *,
    prefer: str = "",
    priority: Priority = Priority.REPLY,
    slot: str | None = None,
    not_before: int = 0,
) -> bool:
    """Say it to one member in private. False where they have not opened a private chat with the bot."""
    chat = await members.private_chat(tx, person.id, prefer)
    if chat is None:
        return False
    await outbox.queue(
        tx,
        ids,
        now,
        group_id=group.id,
        chat=chat,
        language=person.language or group.settings.language,
        body=message.dump(),
        priority=priority,
        slot=slot,
        person_id=person.id,
        not_before=not_before,
    )
    return True


async def tell_secretaries(tx: Tx, ids: Ids, now: int, group: Group, message: Message) -> int:
    """Say it to each secretary in private; how many could be reached."""
    reached = 0
    for secretary in await members.secretaries(tx, group.id):
        reached += await tell_person(tx, ids, now, group, secretary, message, priority=Priority.REMINDER)
    return reached
