"""Groups founded before there were questions get them, too."""

from __future__ import annotations

import pytest

from scheduler import overlooked, rhythm
from scheduler.overlooked import plan_overlooked
from storage import due
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group


async def founded(database: Database, *ids: int) -> None:
    for group_id in ids:
        group = await database.transaction(found_group, group_id)
        await database.transaction(rhythm.plan, group, NOW)


async def planned(database: Database, group_id: int) -> dict[str, tuple[str, int]]:
    async def rows(tx: Tx) -> dict[str, tuple[str, int]]:
        found = await tx.all("SELECT kind, key, at FROM due WHERE group_id = :group", group=group_id)
        return {kind: (key, at) for kind, key, at in found}

    return await database.read(rows)


async def test_what_is_missing_is_planned_for_its_next_time_and_the_rest_stays(database: Database) -> None:
    await founded(database, 7)
    before = await planned(database, 7)
    await database.transaction(due.cancel, 7, [rhythm.QUIZ])
    assert await plan_overlooked(database, NOW) == 1
    assert await planned(database, 7) == before
    assert before[rhythm.QUIZ][0] == "2026-03-02"
    assert await plan_overlooked(database, NOW) == 0


async def test_groups_without_any_rhythm_are_let_be(database: Database) -> None:
    await database.transaction(found_group, 7)
    assert await plan_overlooked(database, NOW) == 0
    assert await planned(database, 7) == {}


async def test_all_groups_are_reached_however_small_the_bites(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlooked, "BITE", 2)
    await founded(database, 1, 2, 3, 4, 5)
    for group_id in (1, 2, 4, 5):
        await database.transaction(due.cancel, group_id, [rhythm.QUIZ, rhythm.REMIND])
    assert await plan_overlooked(database, NOW) == 4
    for group_id in range(1, 6):
        assert {rhythm.QUIZ, rhythm.REMIND} <= (await planned(database, group_id)).keys()
