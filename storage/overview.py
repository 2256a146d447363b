"""What the page beside the talk shows: the person, their chats, and how the group's day stands. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.group import Language, Role, Settings
from storage.rooms import as_guest
from storage.tx import Tx

MEMBERS_SHOWN = 300
"""More names than anybody scrolls through; @ completion searches the same list."""


@dataclass(frozen=True, slots=True)
class Visitor:
    id: int
    name: str
    language: Language | None


@dataclass(frozen=True, slots=True)
class Room:
    """A group chat in the browser that the person may enter."""

    chat_id: str
    title: str
    group_id: int
    """0 until the chat is bound to a group."""
    settings: Settings
    role: Role
    paused: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One member, as the page lists them."""

    id: int
    name: str
    role: Role
    streak: int
    last_day: str
    checked: str | None
    """How today's check-in was made (self, makeup, proxy), None without one."""


@dataclass(frozen=True, slots=True)
class Lesson:
    title: str
    kind: str
    minutes: int
    link: str | None


@dataclass(frozen=True, slots=True)
class Today:
    """How a group's day stands."""

    number: int
    checked: int
    studied: int
    people: int
    lesson: Lesson | None
    closed: bool
    due: tuple[tuple[str, int], ...]
    """What time brings next: (kind, at), earliest first."""
    seats: tuple[Seat, ...]


async def person(tx: Tx, person_id: int) -> Visitor | None:
    row = await tx.one("SELECT id, name, language FROM people WHERE id = :id", id=person_id)
    return Visitor(*row) if row else None


async def rooms(tx: Tx, account: str, person_id: int) -> list[Room]:
    """The browser chats of the groups this person is a member of, by name; then those they were only let into."""
    rows = await tx.all(
        "SELECT c.chat_id, CASE c.title WHEN '' THEN g.name ELSE c.title END, g.id, g.settings, m.role, g.paused "
        "FROM members m JOIN groups g ON g.id = m.group_id "
        "JOIN chats c ON c.group_id = g.id AND c.platform = 'browser' AND c.account = :account "
        "WHERE m.person_id = :person AND m.left_at IS NULL ORDER BY g.name, g.id",
        account=account,
        person=person_id,
    )
    mine = [
        Room(chat_id, title, group_id, Settings.parse(settings), Role(role), bool(paused))
        for chat_id, title, group_id, settings, role, paused in rows
    ]
    let_in = [
        Room(
            chat_id,
            title,
            group_id,
            Settings.parse(settings) if settings else Settings(),
            Role.GUEST,
            bool(paused),
        )
        for chat_id, title, group_id, settings, paused in await as_guest(tx, account, person_id)
    ]
    return mine + let_in


async def today(tx: Tx, group_id: int, day: date) -> Today:
    found = await tx.one(
        "SELECT d.number, d.checked, d.studied, d.closed_at, i.title, i.kind, d.minutes, i.link "
        "FROM days d LEFT JOIN items i ON i.pack = d.pack AND i.key = d.item "
        "WHERE d.group_id = :group AND d.day = :day",
        group=group_id,
        day=day.isoformat(),
    )
    number, checked, studied, closed_at, title, kind, minutes, link = found or (
        0,
        0,
        0,
        None,
        None,
        "",
        0,
        None,
    )
    counted = await tx.one(
        "SELECT count(*) FROM members WHERE group_id = :group AND left_at IS NULL", group=group_id
    )
    return Today(
        number=number,
        checked=checked,
        studied=studied,
        people=int(counted[0]) if counted else 0,
        lesson=Lesson(title, kind, minutes, link) if title is not None else None,
        closed=closed_at is not None,
        due=await _due(tx, group_id),
        seats=await seats(tx, group_id, day),
    )


async def seats(tx: Tx, group_id: int, day: date) -> tuple[Seat, ...]:
    """The members, the committee first."""
    rows = await tx.all(
        "SELECT m.person_id, m.name, m.role, m.streak, m.last_day, c.kind "
        "FROM members m LEFT JOIN checkins c "
        "ON c.group_id = m.group_id AND c.day = :day AND c.person_id = m.person_id "
        "WHERE m.group_id = :group AND m.left_at IS NULL "
        "ORDER BY m.role DESC, m.joined_at, m.person_id LIMIT :limit",
        group=group_id,
        day=day.isoformat(),
        limit=MEMBERS_SHOWN,
    )
    return tuple(
        Seat(person_id, name, Role(role), streak, last_day, kind)
        for person_id, name, role, streak, last_day, kind in rows
    )


async def _due(tx: Tx, group_id: int) -> tuple[tuple[str, int], ...]:
    # What somebody wants to be reminded of in private is no part of the group's day, and could crowd it out.
    rows = await tx.all(
        "SELECT kind, at FROM due WHERE group_id = :group AND kind <> 'review' ORDER BY at, kind LIMIT 10",
        group=group_id,
    )
    return tuple((kind, at) for kind, at in rows)
