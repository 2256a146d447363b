"""The catalogue, and what is redeemed from it, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from domain.ids import Ids
from storage import ledger, people, rewards
from storage.rewards import Outcome, Reward
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group

ZHANG, LI, WANG = 101, 102, 103
MONDAY = date(2026, 3, 2)
IDS = Ids(1)


@pytest.fixture
async def book(database: Database) -> Reward:
    async def found(tx: Tx) -> Reward:
        await found_group(tx, 7, ("张三", "李四", "王五"))
        for person in (LI, WANG):
            await ledger.award(
                tx, IDS, group_id=7, person_id=person, rule="volunteering", cause="1", day=MONDAY, points=100,
                cap=100, now=NOW,
            )  # fmt: skip
        return await rewards.offer(tx, 7, "《党章》", 60, 1, NOW)

    return await database.transaction(found)


async def ask(tx: Tx, person: int, reward: Reward, id: int) -> Outcome:
    return await rewards.ask(
        tx, IDS, group_id=7, id=id, reward=reward, person_id=person, day=MONDAY, now=NOW + id
    )


async def refuse(tx: Tx, id: int) -> bool:
    asked = await rewards.redemption(tx, 7, id)
    assert asked
    return await rewards.refuse(tx, IDS, group_id=7, asked=asked, by=ZHANG, day=MONDAY, now=NOW)


async def stock(database: Database, reward: Reward) -> int:
    found = await database.read(rewards.find, 7, reward.id)
    assert found
    return found.stock


async def has(database: Database, person: int) -> int:
    return await database.read(ledger.balance, 7, person)


async def test_the_last_piece_goes_to_one_of_two_who_ask_at_once(database: Database, book: Reward) -> None:
    outcomes = await asyncio.gather(
        *(database.transaction(ask, person, book, id) for id, person in ((1, LI), (2, WANG)))
    )
    assert sorted(outcomes) == ["asked", "gone"]
    assert await stock(database, book) == 0
    assert sorted([await has(database, LI), await has(database, WANG)]) == [40, 100]


async def test_nobody_spends_at_once_what_is_enough_for_one(database: Database, book: Reward) -> None:
    await database.transaction(rewards.change, 7, replace(book, stock=5))
    plenty = replace(book, stock=5)
    outcomes = await asyncio.gather(*(database.transaction(ask, LI, plenty, id) for id in range(1, 6)))
    assert sorted(outcomes) == ["asked", "short", "short", "short", "short"]
    assert (await stock(database, book), await has(database, LI)) == (4, 40)


async def test_the_same_wish_twice_is_one(database: Database, book: Reward) -> None:
    await database.transaction(rewards.change, 7, replace(book, stock=5, cost=10))
    cheap = replace(book, cost=10)
    assert [await database.transaction(ask, LI, cheap, 9) for _ in range(2)] == ["asked", "again"]
    assert (await stock(database, book), await has(database, LI)) == (4, 90)


async def test_what_is_spent_leaves_every_rank_as_it_was(database: Database, book: Reward) -> None:
    before = await database.read(ledger.top, 7, "2026-03", 10)
    await database.transaction(ask, LI, book, 1)
    assert await database.read(ledger.top, 7, "2026-03", 10) == before
    assert [p.rank for p in before] == [1, 1]
    standing = await database.read(ledger.own, 7, "all", LI)
    assert standing and standing.points == 100


async def test_refused_the_points_and_the_piece_go_back_once(database: Database, book: Reward) -> None:
    await database.transaction(ask, LI, book, 1)
    assert [await database.transaction(refuse, 1) for _ in range(2)] == [True, False]
    assert (await stock(database, book), await has(database, LI)) == (1, 100)
    assert not await database.transaction(rewards.approve, 7, 1, ZHANG, NOW)
    assert not await database.transaction(rewards.hand_over, 7, 1, ZHANG, NOW)


async def test_approved_it_is_decided_once_and_handed_over_once(database: Database, book: Reward) -> None:
    await database.transaction(ask, LI, book, 1)
    decided = await asyncio.gather(
        database.transaction(rewards.approve, 7, 1, ZHANG, NOW), database.transaction(refuse, 1)
    )
    assert sorted(decided) == [False, True]
    if decided[0]:
        assert not await database.transaction(rewards.approve, 7, 1, WANG, NOW)
        assert [await database.transaction(rewards.hand_over, 7, 1, ZHANG, NOW) for _ in "12"] == [
            True,
            False,
        ]
    spent = 60 if decided[0] else 0
    assert (await stock(database, book), await has(database, LI)) == (1 - spent // 60, 100 - spent)


async def test_a_reward_taken_off_while_asked_for_can_still_be_settled(
    database: Database, book: Reward
) -> None:
    await database.transaction(ask, LI, book, 1)
    now_there = replace(book, stock=0, offered=False)
    await database.transaction(rewards.change, 7, now_there)
    assert await database.read(rewards.catalogue, 7) == []
    assert await database.transaction(ask, WANG, book, 2) == "gone"
    assert await database.transaction(refuse, 1)
    assert (await stock(database, book), await has(database, LI)) == (1, 100)


async def test_nothing_is_redeemed_at_a_price_that_was_not_seen(database: Database, book: Reward) -> None:
    await database.transaction(rewards.change, 7, replace(book, cost=90))
    assert await database.transaction(ask, LI, book, 1) == "gone"
    assert (await stock(database, book), await has(database, LI)) == (1, 100)


async def test_an_erased_members_wish_is_withdrawn_and_the_piece_free_again(
    database: Database, book: Reward
) -> None:
    await database.transaction(ask, LI, book, 1)
    await database.transaction(people.erase, LI)
    [row] = await database.read(rewards.listed, 7, 0, 10)
    assert (row.state, row.person_id, row.who, row.name) == ("withdrawn", 0, "", "《党章》")
    assert await stock(database, book) == 1
    assert await database.transaction(ask, WANG, book, 2) == "asked"


async def test_what_was_handed_to_somebody_since_erased_stays_handed(
    database: Database, book: Reward
) -> None:
    await database.transaction(ask, LI, book, 1)
    await database.transaction(rewards.hand_over, 7, 1, ZHANG, NOW)
    await database.transaction(people.erase, LI)
    [row] = await database.read(rewards.listed, 7, 0, 10)
    assert (row.state, row.person_id) == ("handed", 0)
    assert await stock(database, book) == 0


async def test_an_erased_secretary_is_not_named_by_what_she_decided(database: Database, book: Reward) -> None:
    async def by(tx: Tx) -> list[int]:
        return [int(row[0]) for row in await tx.all("SELECT by_person FROM redemptions")]

    await database.transaction(ask, LI, book, 1)
    await database.transaction(rewards.approve, 7, 1, ZHANG, NOW)
    assert await database.read(by) == [ZHANG]
    await database.transaction(people.erase, ZHANG)
    assert await database.read(by) == [0]


async def test_the_list_begins_with_what_waits_and_is_paged(database: Database, book: Reward) -> None:
    cheap = replace(book, cost=1, stock=9)
    await database.transaction(rewards.change, 7, cheap)
    for id in range(1, 7):
        await database.transaction(ask, LI, cheap, id)
    await database.transaction(rewards.approve, 7, 2, ZHANG, NOW)
    await database.transaction(rewards.hand_over, 7, 1, ZHANG, NOW)
    await database.transaction(refuse, 3)
    states = [one.state for one in await database.read(rewards.listed, 7, 0, 10)]
    assert states == ["asked", "asked", "asked", "approved", "refused", "handed"]
    assert [one.id for one in await database.read(rewards.listed, 7, 0, 10)] == [4, 5, 6, 2, 3, 1]
    assert [one.id for one in await database.read(rewards.listed, 7, 4, 10)] == [3, 1]
    assert [one.id for one in await database.read(rewards.of_person, 7, LI, 2)] == [6, 5]


async def test_rewards_are_numbered_from_one_in_each_group(database: Database, book: Reward) -> None:
    await database.transaction(found_group, 8, ())
    pen = await database.transaction(rewards.offer, 7, "钢笔", 5, 1, NOW)
    other = await database.transaction(rewards.offer, 8, "钢笔", 5, 1, NOW)
    assert (book.id, pen.id, other.id) == (1, 2, 1)
    assert await database.read(rewards.catalogue, 7) == [book, pen]
    assert await database.read(rewards.find, 7, 3) is None
    assert await database.read(rewards.redemption, 7, 1) is None
