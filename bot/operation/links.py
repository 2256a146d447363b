"""Login links as the operator makes them: for members, for newcomers, and for the first people of a group that is yet to be."""

from __future__ import annotations

from dataclasses import dataclass

from domain.day import MINUTE
from domain.errors import UserError
from domain.group import Group, Member, Role
from domain.ids import Ids
from domain.message import line
from domain.wording import tidy_name
from handlers.joining import tell_once
from handlers.web import LINK_LIVES
from storage import groups, logins, members, overview, rooms
from storage.tx import Database, Tx

LINK_MINUTES = LINK_LIVES // MINUTE


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a login link is for: a person by id, or by name in a group, or somebody or some group that is new."""

    person: int | None = None
    name: str = ""
    group: str = ""
    """The group's id or its name; "" where there is only one."""
    new: bool = False


async def login_link(
    database: Database, who: Who, site: str, token: str, ids: Ids, now: int
) -> tuple[str, bool]:
    """A link that lets one person into the browser chat, once, and whether a chat for a new group was opened for it.

    Raises `UserError` where nobody or several are meant.
    """
    opened = await database.transaction(_invite, who, token, ids, now)
    return f"{site}/enter/{token}", opened


@dataclass(frozen=True, slots=True)
class _Place:
    """The browser chat a link leads to: a group's, or one that waits for its group to be set up."""

    number: int
    """The group's id, or the chat's own number."""
    name: str
    chat_id: str
    group: Group | None = None
    opened: bool = False


async def _invite(tx: Tx, who: Who, token: str, ids: Ids, now: int) -> bool:
    place = await _place(tx, who, ids, now)
    person = await _person_meant(tx, who, place, ids, now)
    if place is not None:
        await rooms.let_in(tx, place.number, person)
    await logins.invite(tx, token, person, now + LINK_LIVES)
    return place is not None and place.opened


async def _place(tx: Tx, who: Who, ids: Ids, now: int) -> _Place | None:
    """None for a person who enters for themselves alone."""
    known = await groups.all_groups(tx)
    if not who.group and not (known and who.name.strip() and who.person is None):
        return None
    if who.group and not any(_is_called(group, who.group) for group in known):
        early = await _early_place(tx, tidy_name(who.group), who.new, ids, now)
        if early is not None:
            return early
    group = group_named(known, who.group)
    return _Place(group.id, group.name, await rooms.of_group(tx, group, now), group)


async def _early_place(tx: Tx, title: str, new: bool, ids: Ids, now: int) -> _Place | None:
    number = await rooms.unbound(tx, title)
    if number is not None or not new:
        return None if number is None else _Place(number, title, rooms.early(number))
    number = ids.next(now)
    await rooms.open_unbound(tx, number, title, now)
    return _Place(number, title, rooms.early(number), opened=True)


async def _person_meant(tx: Tx, who: Who, place: _Place | None, ids: Ids, now: int) -> int:
    group = place.group if place else None
    if who.person is not None:
        return await _known(tx, who.person, group, who.new, ids, now)
    if not who.name.strip():
        raise UserError("cli.who")
    if place is None or who.new:
        return await _newcomer(tx, tidy_name(who.name), group, ids, now)
    there = await members.named(tx, group.id, [who.name.strip()]) if group else []
    let_in = [one for one in await rooms.guests(tx, place.chat_id) if one.name == who.name.strip()]
    return _only_one(there or let_in, who.name, place.name)


async def _known(tx: Tx, person_id: int, group: Group | None, new: bool, ids: Ids, now: int) -> int:
    person = await overview.person(tx, person_id)
    is_there = group is None or await members.find(tx, group.id, person_id) is not None
    if person is None or not (is_there or new):
        raise UserError("cli.no_person", person=person_id)
    if group is not None and not is_there:
        await _join(tx, person_id, person.name, group, ids, now)
    return person_id


def _is_called(group: Group, wanted: str) -> bool:
    return wanted in (str(group.id), group.name)


def group_named(known: list[Group], wanted: str) -> Group:
    """By id or by name; without either the only one there is."""
    found = [group for group in known if not wanted or _is_called(group, wanted)]
    if len(found) == 1:
        return found[0]
    choices = tuple(line("cli.group_choice", id=g.id, name=g.name) for g in found or known)
    if not choices:
        raise UserError("cli.no_groups")
    raise UserError("cli.which_group" if found else "cli.no_group", group=wanted, choices=choices)


def _only_one(found: list[Member], name: str, group: str) -> int:
    if not found:
        raise UserError("cli.no_member", name=name, group=group)
    if len(found) > 1:
        choices = tuple(line("cli.person_choice", id=m.id, streak=m.streak) for m in found)
        raise UserError("cli.which_member", name=name, choices=choices)
    return found[0].id


async def _newcomer(tx: Tx, name: str, group: Group | None, ids: Ids, now: int) -> int:
    person = ids.next(now)
    await members.add_person(tx, person, name, now)
    if group is not None:
        await _join(tx, person, name, group, ids, now)
    return person


async def _join(tx: Tx, person: int, name: str, group: Group, ids: Ids, now: int) -> None:
    """A member by their link; what is kept of them waits in their private chat."""
    await members.join(tx, group.id, person, name, Role.MEMBER, now)
    await members.know_account(tx, rooms.PLATFORM, rooms.ACCOUNT, str(person), person, chat_id=f"p{person}")
    member = await members.find(tx, group.id, person)
    assert member is not None
    await tell_once(tx, ids, now, group, member, rooms.PLATFORM)
