"""Due rows, on both engines: nobody takes one that another has."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from storage import due
from storage.database import open_database
from storage.due import Due
from storage.tx import Database, Tx

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00


async def plan(database: Database, *rows: Due) -> None:
    for row in rows:
        await database.transaction(due.plan, row.group_id, row.kind, row.key, row.at)


async def take(database: Database, now: int = NOW, limit: int = 100) -> list[Due]:
    return await database.transaction(due.take, now, limit)


async def test_what_is_due_is_taken_once_the_longest_due_first(database: Database) -> None:
    late, later, not_yet = (
        Due(7, "push", "a", NOW - 9),
        Due(8, "push", "a", NOW),
        Due(7, "push", "b", NOW + 1),
    )
    await plan(database, later, not_yet, late)

    assert await database.read(due.overdue, NOW) == 2
    assert await take(database) == [late, later]
    assert await take(database) == []
    assert await database.read(due.overdue, NOW) == 0
    assert await database.read(due.next_at) == NOW + 1


async def test_a_bite_holds_the_longest_due(database: Database) -> None:
    rows = [Due(group, "push", "a", NOW - group) for group in range(1, 10)]
    await plan(database, *rows)
    assert await take(database, limit=4) == rows[:4:-1]
    assert await take(database, limit=100) == rows[4::-1]


async def test_planned_again_a_row_moves(database: Database) -> None:
    await plan(database, Due(7, "push", "a", NOW - 5))
    await database.transaction(due.postpone, Due(7, "push", "a", NOW - 5), NOW - 1)
    await plan(database, Due(7, "push", "a", NOW))
    assert await take(database) == [Due(7, "push", "a", NOW, attempts=0)]


async def test_a_row_that_failed_comes_back_and_counts_the_attempt(database: Database) -> None:
    await plan(database, Due(7, "push", "a", NOW))
    await database.transaction(due.postpone, Due(7, "push", "a", NOW), NOW + 60_000)
    assert await take(database) == []
    [row] = await take(database, NOW + 60_000)
    assert row == Due(7, "push", "a", NOW + 60_000, attempts=1)


@pytest.mark.parametrize("moved_to", [None, NOW + 5])
async def test_a_row_that_failed_but_was_cancelled_or_moved_meanwhile_stays_so(
    database: Database, moved_to: int | None
) -> None:
    failed = Due(7, "push", "a", NOW)
    await plan(database, failed)
    await database.transaction(due.cancel, 7, ["push"])
    if moved_to:
        await plan(database, Due(7, "push", "a", moved_to))

    await database.transaction(due.postpone, failed, NOW + 60_000)
    assert await database.read(due.next_at) == moved_to


async def test_kinds_are_cancelled_for_one_group(database: Database) -> None:
    kept = [Due(7, "close", "a", NOW), Due(8, "push", "a", NOW)]
    await plan(
        database, Due(7, "push", "a", NOW), Due(7, "push", "b", NOW), Due(7, "remind", "a", NOW), *kept
    )
    await database.transaction(due.cancel, 7, ["push", "remind"])
    await database.transaction(due.cancel, 7, [])
    assert await take(database) == kept


async def test_a_group_knows_what_it_has_to_expect_next(database: Database) -> None:
    await plan(
        database, Due(7, "close", "a", NOW + 9), Due(7, "remind", "a", NOW + 5), Due(8, "push", "a", NOW)
    )
    assert await database.read(due.upcoming, 7) == Due(7, "remind", "a", NOW + 5)
    assert await database.read(due.upcoming, 9) is None


async def test_where_nothing_is_planned_nothing_is_next(database: Database) -> None:
    assert await database.read(due.next_at) is None


async def test_several_takers_at_once_never_get_the_same_row(database: Database) -> None:
    rows = [Due(group, kind, "a", NOW - group) for group in range(1, 101) for kind in ("push", "remind")]
    await plan(database, *rows)
    taken: list[Due] = []

    async def taker() -> None:
        while found := await take(database, limit=7):
            taken.extend(found)

    while await database.read(due.overdue, NOW):
        await asyncio.gather(*(taker() for _ in range(4)))
    assert sorted(taken, key=lambda row: (row.group_id, row.kind)) == rows


async def test_a_row_that_is_moved_as_it_is_about_to_be_taken_stays(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    other = await asyncpg.connect(postgres_url)
    await plan(database, Due(7, "push", "a", NOW))

    await other.execute("BEGIN")
    await other.execute(f"UPDATE due SET at = {NOW + 5}")
    taking = asyncio.create_task(take(database))
    await _somebody_waits(other)
    await other.execute("COMMIT")

    assert await taking == []
    assert await database.read(due.next_at) == NOW + 5
    await other.close()
    await database.close()


async def test_what_a_failed_transaction_had_taken_is_there_for_the_next(database: Database) -> None:
    row = Due(7, "push", "a", NOW)
    await plan(database, row)

    async def fail(tx: Tx) -> None:
        assert await due.take(tx, NOW, 10) == [row]
        raise LookupError

    with pytest.raises(LookupError):
        await database.transaction(fail)
    assert await take(database) == [row]


async def _somebody_waits(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    async with asyncio.timeout(10):
        while True:
            if await connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                return
            await asyncio.sleep(0.001)
