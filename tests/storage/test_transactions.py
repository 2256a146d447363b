"""What `storage.tx` promises, held to on both engines. The rows are lanes: a name, an owner and a number."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar

import pytest

from storage.database import open_database
from storage.tx import AwaitedOutside, Database, StorageError, Tx

REFERENCE: ContextVar[str] = ContextVar("REFERENCE", default="none")


class Mistake(Exception):
    pass


async def put(tx: Tx, lane: str, number: int = 0) -> int:
    return await tx.run(
        """INSERT INTO lanes (lane, owner, alive_at) VALUES (:lane, '张三', :number)
           ON CONFLICT (lane) DO UPDATE SET alive_at = :number""",
        lane=lane,
        number=number,
    )


async def put_and_fail(tx: Tx, lane: str) -> None:
    await put(tx, lane)
    raise Mistake(lane)


async def lanes(tx: Tx) -> list[str]:
    return [str(row["lane"]) for row in await tx.all("SELECT lane FROM lanes ORDER BY lane")]


async def number_of(tx: Tx, lane: str) -> int | None:
    row = await tx.one("SELECT alive_at FROM lanes WHERE lane = :lane", lane=lane)
    return None if row is None else int(row[0])


async def add_one(tx: Tx, lane: str, key: int) -> int:
    await tx.lock(key)
    number = (await number_of(tx, lane) or 0) + 1
    await put(tx, lane, number)
    return number


async def test_what_a_transaction_did_is_there_afterwards(database: Database) -> None:
    assert await database.transaction(put, "a", number=7) == 1
    assert await database.read(number_of, "a") == 7
    assert await database.transaction(number_of, "b") is None


async def test_rows_unpack_and_answer_to_names(database: Database) -> None:
    async def look(tx: Tx) -> None:
        row = await tx.one("SELECT lane, owner AS who, alive_at FROM lanes")
        assert row is not None
        lane, owner, number = row
        assert (lane, owner, number) == (row["lane"], row["who"], row[2]) == ("a", "张三", 7)
        assert len(row) == 3

    await database.transaction(put, "a", 7)
    await database.read(look)


async def test_run_tells_how_many_rows_it_changed(database: Database) -> None:
    async def changes(tx: Tx) -> list[int]:
        again = "INSERT INTO lanes (lane, owner, alive_at) VALUES (:lane, '', 0) ON CONFLICT DO NOTHING"
        selected = """WITH picked AS (SELECT lane FROM lanes WHERE lane < :lane)
                      INSERT INTO lanes (lane, owner, alive_at) SELECT lane || '2', '', 0 FROM picked"""
        return [
            await tx.run(again, lane="a"),
            await tx.run(again, lane="a"),
            await tx.run(again, lane="b"),
            await tx.run("UPDATE lanes SET alive_at = 5"),
            await tx.run(selected, lane="c"),
            await tx.run("DELETE FROM lanes WHERE lane = :lane", lane="nobody"),
        ]

    assert await database.transaction(changes) == [1, 0, 1, 2, 2, 0]


async def test_many_runs_once_for_each_mapping(database: Database) -> None:
    async def fill(tx: Tx) -> None:
        await tx.many(
            "INSERT INTO lanes (lane, owner, alive_at) VALUES (:lane, '', :n)",
            [{"n": n, "lane": str(n)} for n in range(3)],
        )
        await tx.many("DELETE FROM lanes WHERE lane = :lane", [])

    await database.transaction(fill)
    assert await database.read(lanes) == ["0", "1", "2"]


async def test_a_sum_is_a_plain_number(database: Database) -> None:
    async def sums(tx: Tx) -> tuple[object, ...]:
        row = await tx.one("SELECT sum(alive_at), avg(alive_at), count(*), sum(alive_at) - 9 FROM lanes")
        assert row is not None
        assert [type(value) for value in row] == [int, float, int, int]
        return tuple(row)

    await database.transaction(put, "a", 3)
    await database.transaction(put, "b", 4)
    assert await database.read(sums) == (7, 3.5, 2, -2)


async def test_half_read_rows_of_a_change_do_not_hinder_the_commit(database: Database) -> None:
    async def first_of_many(tx: Tx) -> object:
        row = await tx.one(
            "INSERT INTO lanes (lane, owner, alive_at) VALUES ('a','',1), ('b','',2), ('c','',3) RETURNING alive_at"
        )
        return row and row[0]

    one, _ = await asyncio.gather(database.transaction(first_of_many), database.transaction(put, "z"))
    assert one == 1
    assert await database.read(lanes) == ["a", "b", "c", "z"]


async def test_one_that_fails_leaves_no_trace_and_the_others_commit(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.transaction(put_and_fail if n % 3 == 0 else put, f"{n:02}") for n in range(30)),
        return_exceptions=True,
    )
    assert [str(outcome) for outcome in outcomes if isinstance(outcome, Mistake)] == [
        f"{n:02}" for n in range(0, 30, 3)
    ]
    assert await database.read(lanes) == [f"{n:02}" for n in range(30) if n % 3]


async def test_one_that_fails_alone_leaves_no_trace(database: Database) -> None:
    with pytest.raises(Mistake):
        await database.transaction(put_and_fail, "a")
    assert await database.transaction(lanes) == []


@pytest.mark.parametrize("error", [RuntimeError("our own"), AttributeError("our own"), StopAsyncIteration()])
async def test_what_the_function_raises_is_raised_as_it_is(database: Database, error: Exception) -> None:
    async def fail(tx: Tx) -> None:
        raise error

    for call in (database.transaction, database.read):
        with pytest.raises(type(error)) as raised:
            await call(fail)
        assert raised.value is error


async def test_a_broken_rule_of_the_schema_fails_only_the_one_that_broke_it(database: Database) -> None:
    async def twice(tx: Tx) -> None:
        await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES ('x', '', 1)")
        await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES ('x', '', 2)")

    broken, *_ = await asyncio.gather(
        database.transaction(twice),
        database.transaction(put, "a"),
        database.transaction(put, "b"),
        return_exceptions=True,
    )
    assert "unique" in str(broken).lower()
    assert await database.read(lanes) == ["a", "b"]


async def test_who_swallows_the_error_of_a_statement_keeps_nothing_and_is_told(database: Database) -> None:
    async def go_on(tx: Tx) -> None:
        await put(tx, "before")
        with suppress(Exception):
            await tx.run("INSERT INTO lanes (lane, owner, alive_at) VALUES ('before', '', 1)")
        with suppress(Exception):
            await put(tx, "after")

    swallowed, other = await asyncio.gather(
        database.transaction(go_on), database.transaction(put, "a"), return_exceptions=True
    )
    assert isinstance(swallowed, StorageError)
    assert "unique" in str(swallowed.__cause__).lower()
    assert other == 1
    assert await database.transaction(lanes) == ["a"]


async def _a_pause(database: Database) -> None:
    await asyncio.sleep(0)


async def _a_while(database: Database) -> None:
    await asyncio.sleep(60)


async def _an_answer_from_elsewhere(database: Database) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", 9)
    writer.close()


async def _a_lock(database: Database) -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    await lock.acquire()


async def _others(database: Database) -> None:
    await asyncio.gather(_a_pause(database), _a_pause(database))


async def _another_transaction(database: Database) -> None:
    await database.transaction(put, "within")


async def _a_read(database: Database) -> None:
    await database.read(lanes)


@pytest.mark.parametrize(
    "elsewhere",
    [_a_pause, _a_while, _a_lock, _an_answer_from_elsewhere, _another_transaction, _a_read],
    ids=lambda fn: fn.__name__,
)
async def test_who_awaits_anything_but_its_tx_is_refused_and_the_others_commit(
    database: Database, elsewhere: Callable[[Database], Awaitable[None]]
) -> None:
    async def wander(tx: Tx) -> None:
        await put(tx, "wanderer")
        await elsewhere(database)
        await put(tx, "wanderer", 2)

    refused, *others = await asyncio.gather(
        database.transaction(wander),
        database.transaction(put, "a"),
        database.transaction(put, "b"),
        return_exceptions=True,
    )
    assert isinstance(refused, AwaitedOutside), refused
    assert "await nothing but its tx" in str(refused)
    assert others == [1, 1]
    assert await database.read(lanes) == ["a", "b"]


async def test_a_future_of_the_event_loop_is_refused(database: Database) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def wait(tx: Tx) -> None:
        try:
            await future
        finally:
            await asyncio.sleep(0)

    with pytest.raises(AwaitedOutside, match="Future"):
        await database.transaction(wait)
    with pytest.raises(AwaitedOutside, match="Future"):
        await database.read(wait)


async def test_the_callers_context_goes_along(database: Database) -> None:
    async def reference(tx: Tx) -> str:
        await put(tx, "a")
        return REFERENCE.get()

    async def caller(name: str) -> tuple[str, str]:
        REFERENCE.set(name)
        return await database.transaction(reference), await database.read(reference_only)

    async def reference_only(tx: Tx) -> str:
        return REFERENCE.get()

    assert await asyncio.gather(*(caller(f"ref{n}") for n in range(5))) == [
        (f"ref{n}", f"ref{n}") for n in range(5)
    ]
    assert REFERENCE.get() == "none"


async def test_increments_under_a_lock_are_not_lost(database: Database) -> None:
    numbers = await asyncio.gather(*(database.transaction(add_one, "counter", 42) for _ in range(50)))
    assert sorted(numbers) == list(range(1, 51))
    assert await database.read(number_of, "counter") == 50


async def test_two_thousand_at_once_all_commit(database: Database) -> None:
    async with asyncio.TaskGroup() as group:
        for n in range(2_000):
            group.create_task(database.transaction(put, f"{n:04}", n))
    assert await database.read(lanes) == [f"{n:04}" for n in range(2_000)]


async def test_a_read_sees_one_state_throughout(database: Database, database_url: str) -> None:
    # The other connection changes the rows between two looks of the read, in the one way that is
    # possible without awaiting it: from a thread that the read waits for.
    def change() -> None:
        async def elsewhere() -> None:
            other = await open_database(database_url)
            await other.transaction(put, "counter", 2)
            await other.close()

        asyncio.run(elsewhere())

    async def look_twice(tx: Tx) -> tuple[int | None, int | None]:
        before = await number_of(tx, "counter")
        threads.submit(change).result(timeout=10)
        return before, await number_of(tx, "counter")

    await database.transaction(put, "counter", 1)
    with ThreadPoolExecutor(1) as threads:
        assert await database.read(look_twice) == (1, 1)
    assert await database.read(number_of, "counter") == 2


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.read(put, "a")
    assert await database.read(lanes) == []


async def test_a_caller_that_is_cancelled_while_it_waits_never_runs(database: Database) -> None:
    ran: list[str] = []

    async def note(tx: Tx, name: str) -> None:
        ran.append(name)
        await put(tx, name)

    waiting = asyncio.create_task(database.transaction(note, "cancelled"))
    await asyncio.sleep(0)
    waiting.cancel()
    await database.transaction(note, "kept")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ran == ["kept"]
    assert await database.read(lanes) == ["kept"]


async def test_nobody_is_told_before_the_commit_nor_forgotten_by_close(database_url: str) -> None:
    database = await open_database(database_url)
    calls = [asyncio.create_task(database.transaction(put, f"{n:03}")) for n in range(300)]
    reads = [asyncio.create_task(database.read(lanes)) for _ in range(10)]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await asyncio.gather(database.close(), database.close())
        outcomes = await asyncio.gather(*calls, *reads, return_exceptions=True)
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    again = await open_database(database_url)
    assert await again.read(lanes) == [f"{n:03}" for n in range(300)]
    await again.close()


async def test_a_closed_database_says_so(database_url: str) -> None:
    database = await open_database(database_url)
    await database.close()
    await database.close()
    for call in (database.transaction, database.read):
        with pytest.raises(StorageError, match="closed"):
            await call(lanes)


async def test_a_tx_is_of_no_use_after_its_transaction(database: Database) -> None:
    async def leak(tx: Tx) -> Tx:
        return tx

    tx = await database.transaction(leak)
    for _ in range(2):
        with pytest.raises(Exception):  # noqa: B017  each engine has its own word for it
            await put(tx, "late")
    await database.transaction(put, "in time")
    assert await database.read(lanes) == ["in time"]


@pytest.mark.parametrize(
    "url", ["", "mysql://db", "sqlite://x.db", "sqlite:///", "sqlite:///:memory:", "data.db"]
)
async def test_an_address_of_no_known_kind_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///data/xueban\.db"):
        await open_database(url)
