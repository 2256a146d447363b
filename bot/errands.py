"""What the command line does with the database: each function one errand, told in rows and lines, never in sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.doctor import Standing, Stock
from content.packs import read_pack, store_media
from domain.day import MINUTE
from domain.errors import UserError
from domain.group import Chat, Group, Member, Role
from domain.ids import Ids
from domain.message import line
from domain.pack import Pack
from domain.wording import tidy_name
from handlers.web import LINK_LIVES
from storage import groups, logins, members, outbox, overview, packs, setup_codes
from storage.database import is_postgres, open_database, sqlite_path
from storage.migrate import is_current
from storage.outbox import Failure
from storage.packs import Loaded
from storage.tx import Database, Tx

LINK_MINUTES = LINK_LIVES // MINUTE
_SHOWN_FAILURES = 200
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a login link is for: a person by id, or by name in a group, or somebody new."""

    person: int | None = None
    name: str = ""
    group: str = ""
    """The group's id or its name; "" where there is only one."""
    new: bool = False


class Records:
    """The database of an address, as the doctor asks after it: nothing is made and nothing changed."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def standing(self) -> Standing:
        if not is_postgres(self._url) and not sqlite_path(self._url).exists():
            return "absent"
        return "ready" if await asyncio.to_thread(is_current, self._url) else "behind"

    async def stock(self) -> Stock:
        database = await open_database(self._url)
        try:
            return await database.read(_stock)
        finally:
            await database.close()


async def _stock(tx: Tx) -> Stock:
    waiting = await outbox.counts(tx)
    failed = sum(count for (_, state), count in waiting.items() if state == "failed")
    return Stock(len(await packs.all_packs(tx)), len(await groups.all_groups(tx)), failed)


async def load_pack(database: Database, folder: Path, media: Path, now: int) -> tuple[Pack, Loaded]:
    """Raises `content.packs.PackFaults` with all that is wrong; then nothing is changed."""
    pack = store_media(read_pack(folder), folder, media)
    return pack, await database.transaction(packs.save, pack, now)


async def setup_code(database: Database, dice: Callable[[int], int], now: int) -> str:
    """A new code as it is read out and typed: ``4821-9034``. ``dice(n)`` is a secret number below n."""
    for _ in range(_TRIES):
        shown = setup_codes.shown(dice(10**setup_codes.DIGITS))
        if await database.transaction(setup_codes.make, setup_codes.digest(shown), now):
            return shown
    raise AssertionError(f"{_TRIES} secret numbers, and all of them taken")


async def login_link(database: Database, who: Who, site: str, token: str, ids: Ids, now: int) -> str:
    """A link that lets one person into the browser chat, once. Raises `UserError` where nobody or several are meant."""
    await database.transaction(_invite, who, token, ids, now)
    return f"{site}/enter/{token}"


async def failures(database: Database) -> list[Failure]:
    return await database.read(outbox.failures, _SHOWN_FAILURES)


async def counts(database: Database) -> dict[tuple[str, str], int]:
    """(lane, state) → messages that are not yet sent, or could not be."""
    return await database.read(outbox.counts)


async def retry(database: Database, id: int) -> None:
    if not await database.transaction(outbox.retry, id):
        raise UserError("cli.no_failure", id=id)


async def _invite(tx: Tx, who: Who, token: str, ids: Ids, now: int) -> None:
    person, group = await _person_meant(tx, who, ids, now)
    if group is not None:
        await _open_browser_chat(tx, group, person, now)
    await logins.invite(tx, token, person, now + LINK_LIVES)


async def _person_meant(tx: Tx, who: Who, ids: Ids, now: int) -> tuple[int, Group | None]:
    """The group is the one whose chat opens in the browser; None for a person who enters for themselves alone."""
    if who.person is not None:
        group = await _group_named(tx, who.group) if who.group else None
        return await _known(tx, who.person, group), group
    if not who.name.strip():
        raise UserError("cli.who")
    known = await groups.all_groups(tx)
    group = await _group_named(tx, who.group) if who.group or known else None
    if who.new or group is None:
        return await _newcomer(tx, tidy_name(who.name), group, ids, now), group
    return _only_one(await members.named(tx, group.id, [who.name.strip()]), who.name, group), group


async def _known(tx: Tx, person: int, group: Group | None) -> int:
    there = await members.find(tx, group.id, person) if group else await overview.person(tx, person)
    if there is None:
        raise UserError("cli.no_person", person=person)
    return person


async def _group_named(tx: Tx, wanted: str) -> Group:
    """By id or by name; without either the only one there is."""
    known = await groups.all_groups(tx)
    found = [g for g in known if not wanted or wanted in (str(g.id), g.name)]
    if len(found) == 1:
        return found[0]
    choices = tuple(line("cli.group_choice", id=g.id, name=g.name) for g in found or known)
    if not choices:
        raise UserError("cli.no_groups")
    raise UserError("cli.which_group" if found else "cli.no_group", group=wanted, choices=choices)


def _only_one(found: list[Member], name: str, group: Group) -> int:
    if not found:
        raise UserError("cli.no_member", name=name, group=group.name)
    if len(found) > 1:
        choices = tuple(line("cli.person_choice", id=m.id, streak=m.streak) for m in found)
        raise UserError("cli.which_member", name=name, choices=choices)
    return found[0].id


async def _newcomer(tx: Tx, name: str, group: Group | None, ids: Ids, now: int) -> int:
    person = ids.next(now)
    await members.add_person(tx, person, name, now)
    if group is not None:
        await members.join(tx, group.id, person, name, Role.MEMBER, now)
    return person


async def _open_browser_chat(tx: Tx, group: Group, person: int, now: int) -> None:
    chat = Chat("browser", "site", f"g{group.id}")
    await groups.bind(tx, chat, group.id, group.name, now)
    await members.know_account(tx, chat.platform, chat.account, str(person), person, group_id=group.id)
