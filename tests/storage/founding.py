"""A group with people in it, as storage tests begin."""

from __future__ import annotations

from collections.abc import Sequence

from domain.group import Chat, Group, Role, Settings
from storage import groups, members
from storage.tx import Tx

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00
PLATFORM, ACCOUNT = "telegram", "study_bot"
FIRST_PERSON = 101
"""The people of a group are numbered from here on, in the order they are named in."""


def chat_of(group_id: int) -> Chat:
    return Chat(PLATFORM, ACCOUNT, f"-100{group_id}")


async def found_group(
    tx: Tx, group_id: int = 7, people: Sequence[str] = ("张三", "李四"), settings: Settings | None = None
) -> Group:
    """Bound to a chat; each of the people is known by an account, can be written to in private, and the first is secretary."""
    group = Group(group_id, f"第{group_id}组", settings or Settings())
    await groups.add(tx, group, NOW)
    await groups.bind(tx, chat_of(group_id), group_id, f"{group.name}学习群", NOW)
    for place, name in enumerate(people):
        role = Role.MEMBER if place else Role.SECRETARY
        await settle(tx, group_id, FIRST_PERSON + place, name, role, NOW + place)
    return group


async def settle(
    tx: Tx, group_id: int, person: int, name: str, role: Role = Role.MEMBER, now: int = NOW
) -> None:
    """Make the person known, if they are not yet, and a member."""
    if await members.person_of(tx, PLATFORM, ACCOUNT, f"u{person}") is None:
        await members.add_person(tx, person, name, now)
        await members.know_account(tx, PLATFORM, ACCOUNT, f"u{person}", person, chat_id=f"private{person}")
    await members.know_account(tx, PLATFORM, ACCOUNT, f"u{person}", person, group_id=group_id)
    await members.join(tx, group_id, person, name, role, now)
