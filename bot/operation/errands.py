"""What the command line does with the database: each function one errand, told in rows and lines, never in sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.operation.doctor import Standing, Stock
from content.banks import read_pack_with_bank
from content.packs import store_media
from domain.errors import UserError
from domain.pack import Pack
from domain.question import Bank
from storage import banks, groups, outbox_care, packs, setup_codes, shelf
from storage.database import is_postgres, open_database, sqlite_path
from storage.loading import Loaded
from storage.migrate import is_current
from storage.outbox_care import Failure
from storage.tx import Database, Tx

_SHOWN_FAILURES = 200
_TRIES = 10


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
    waiting = await outbox_care.counts(tx)
    failed = sum(count for (_, state), count in waiting.items() if state == "failed")
    return Stock(len(await packs.all_packs(tx)), len(await groups.all_groups(tx)), failed)


async def load_pack(
    database: Database, folder: Path, media: Path, now: int
) -> tuple[Pack, Loaded, Loaded | None]:
    """The pack, what became of its items, and of its questions if it has any.

    Raises `content.packs.PackFaults` with all that is wrong; then nothing is changed.
    """
    pack, bank = read_pack_with_bank(folder)
    pack = store_media(pack, folder, media)
    items, questions = await database.transaction(_save_pack, pack, bank, now)
    return pack, items, questions


async def _save_pack(tx: Tx, pack: Pack, bank: Bank | None, now: int) -> tuple[Loaded, Loaded | None]:
    if await shelf.owner(tx, pack.id):
        raise UserError("bank.taken", id=pack.id)
    items = await packs.save(tx, pack, now)
    return items, None if bank is None else await banks.save(tx, bank, now)


async def setup_code(database: Database, dice: Callable[[int], int], now: int) -> str:
    """A new code as it is read out and typed: ``4821-9034``. ``dice(n)`` is a secret number below n."""
    for _ in range(_TRIES):
        shown = setup_codes.shown(dice(10**setup_codes.DIGITS))
        if await database.transaction(setup_codes.make, setup_codes.digest(shown), now):
            return shown
    raise AssertionError(f"{_TRIES} secret numbers, and all of them taken")


async def failures(database: Database) -> list[Failure]:
    return await database.read(outbox_care.failures, _SHOWN_FAILURES)


async def counts(database: Database) -> dict[tuple[str, str], int]:
    """(lane, state) → messages that are not yet sent, or could not be."""
    return await database.read(outbox_care.counts)


async def retry(database: Database, id: int) -> None:
    if not await database.transaction(outbox_care.retry, id):
        raise UserError("cli.no_failure", id=id)
