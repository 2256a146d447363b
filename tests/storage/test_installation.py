"""What the installation remembers of itself, on both engines."""

from __future__ import annotations

import asyncio

from storage import groups, installation, members, packs
from storage.schema import metadata
from storage.tx import Database, Tx
from tests.storage.founding import found_group
from tests.transcripts.works import PACK

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00


async def test_a_value_is_kept_and_changed(database: Database) -> None:
    assert await database.read(installation.value, "clock") is None
    await database.transaction(installation.keep, "clock", "1")
    await database.transaction(installation.keep, "clock", "2")
    assert await database.read(installation.value, "clock") == "2"


async def test_of_many_who_make_a_key_at_once_all_get_the_same(database: Database) -> None:
    made = [database.transaction(installation.value_or, "key", f"made by {number}") for number in range(8)]
    assert len(set(await asyncio.gather(*made))) == 1


async def test_starting_the_demonstration_anew_keeps_packs_and_the_key(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(packs.save, PACK, NOW)
    await database.transaction(installation.keep, "key", "secret")

    await database.transaction(installation.wipe_groups)

    assert await database.read(groups.all_groups) == []
    assert await database.read(members.in_group, 7) == []
    assert await database.read(packs.size, PACK.id) == 3
    assert await database.read(installation.value, "key") == "secret"
    left = await database.read(_filled)
    assert left == {"installation", "packs", "items"}


async def _filled(tx: Tx) -> set[str]:
    found = set()
    for table in metadata.sorted_tables:
        if await tx.one(f"SELECT 1 FROM {table.name} LIMIT 1"):
            found.add(table.name)
    return found
