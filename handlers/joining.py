"""Becoming a member by one's first act in a bound group, and being told once, in private, what is kept."""

from __future__ import annotations

from domain.group import Group, Member, Role
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Message, line
from domain.wording import tidy_name
from scheduler import leaving
from storage import members
from storage.telling import tell_person
from storage.tx import Tx, key_of


async def join_group(tx: Tx, ids: Ids, now: int, group: Group, event: Incoming, role: Role) -> Member:
    """Make the sender of ``event`` a member of ``group``, known by the account they wrote from."""
    person = await known_person(tx, ids, now, event)
    name = tidy_name(event.sender_name)
    await members.know_account(tx, event.platform, event.account, event.sender_id, person, group_id=group.id)
    await leaving.come_back(tx, group, person, now)
    await members.join(tx, group.id, person, name, role, now)
    member = await members.find(tx, group.id, person)
    if member is None:
        raise AssertionError("a member who just joined is there")
    await tell_once(tx, ids, now, group, member, event.platform)
    return member


async def known_person(tx: Tx, ids: Ids, now: int, event: Incoming) -> int:
    """The person behind the account, made known if this is the first we see of it; a private chat is remembered."""
    # Somebody may act for the first time in two groups at once.
    await tx.lock(key_of(f"{event.platform}:{event.account}:{event.sender_id}"))
    person = await members.person_of(tx, event.platform, event.account, event.sender_id)
    if person is None:
        person = ids.next(now)
        await members.add_person(tx, person, tidy_name(event.sender_name), now)
    await members.know_account(
        tx,
        event.platform,
        event.account,
        event.sender_id,
        person,
        chat_id="" if event.is_group else event.chat_id,
    )
    return person


async def tell_once(tx: Tx, ids: Ids, now: int, group: Group, member: Member, platform: str) -> None:
    """What is kept of them and how to have it shown or erased, as soon as they can be told in private."""
    if await members.told(tx, member.id):
        return
    notice = Message(
        (line("privacy.kept", group=group.name), line("privacy.how")), title=line("privacy.title")
    )
    if await tell_person(tx, ids, now, group, member, notice, prefer=platform):
        await members.note_told(tx, member.id, now)
