"""Packs are loaded again and again; what groups did with their items outlives every change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.pack import Item, Pack
from storage import packs
from storage.loading import Loaded
from storage.packs import Shelved
from storage.tx import Database, Tx

NOW = 1_772_409_600_000


def item(key: str, **changes: Any) -> Item:
    return Item(**{"key": key, "title": f"题 {key}", "body": "正文", "source": "张三编", **changes})


def pack(*items: Item | str, id: str = "demo", **cover: str) -> Pack:
    cover = {"title": "示范", "language": "zh", "description": "", **cover}
    return Pack(id=id, items=tuple(x if isinstance(x, Item) else item(x) for x in items), **cover)


async def order(tx: Tx) -> list[str]:
    """The keys as a group meets them that starts at the front."""
    found = [await packs.item_at(tx, "demo", position) for position in range(await packs.size(tx, "demo"))]
    return [x.key if x else "?" for x in found]


async def revision(tx: Tx) -> tuple[int, int]:
    [shelved] = await packs.all_packs(tx)
    return shelved.revision, shelved.loaded_at


async def test_a_pack_comes_back_as_it_was_saved(database: Database) -> None:
    full = item("b", kind="picture", media="ab.png", link="https://x.cn", minutes=9, body="一\n\n二")
    saved = pack("a", full, "c", description="每天五分钟")
    assert await database.transaction(packs.save, saved, NOW) == Loaded(3, 0, 0, 0)
    assert await database.read(packs.item, "demo", "b") == full
    assert await database.read(packs.item_at, "demo", 1) == full
    assert await database.read(order) == ["a", "b", "c"]
    assert await database.read(packs.all_packs) == [Shelved("demo", "示范", "zh", "每天五分钟", 1, NOW, 3)]


async def test_loading_the_same_pack_again_changes_nothing(database: Database) -> None:
    await database.transaction(packs.save, pack("a", "b"), NOW)
    assert await database.transaction(packs.save, pack("a", "b"), NOW + 1) == Loaded(0, 0, 0, 2)
    assert await database.read(revision) == (1, NOW)


async def test_added_changed_and_removed_items_are_counted_and_make_a_new_revision(
    database: Database,
) -> None:
    await database.transaction(packs.save, pack("a", "b", "c"), NOW)
    newer = pack("a", item("b", title="改"), "d")
    assert await database.transaction(packs.save, newer, NOW + 1) == Loaded(1, 1, 1, 1)
    assert await database.read(order) == ["a", "b", "d"]
    assert await database.read(revision) == (2, NOW + 1)


async def test_a_new_order_changes_the_items_that_moved(database: Database) -> None:
    await database.transaction(packs.save, pack("a", "b", "c"), NOW)
    assert await database.transaction(packs.save, pack("c", "b", "a"), NOW) == Loaded(0, 2, 0, 1)
    assert await database.read(order) == ["c", "b", "a"]


async def test_a_new_title_of_the_pack_alone_is_a_new_revision(database: Database) -> None:
    await database.transaction(packs.save, pack("a"), NOW)
    assert await database.transaction(packs.save, pack("a", title="新名"), NOW) == Loaded(0, 0, 0, 1)
    assert await database.read(revision) == (2, NOW)


async def test_an_item_taken_out_is_still_there_for_the_days_that_used_it(database: Database) -> None:
    await database.transaction(packs.save, pack("a", "b"), NOW)
    await database.transaction(packs.save, pack("b"), NOW)
    assert await database.read(packs.item, "demo", "a") == item("a")
    assert await database.read(packs.size, "demo") == 1
    assert await database.read(packs.item_at, "demo", -1) is None
    assert await database.read(packs.next_item, "demo", -1) == (0, item("b"))


async def test_an_item_taken_out_is_removed_once_and_added_when_it_returns(database: Database) -> None:
    await database.transaction(packs.save, pack("a", "b"), NOW)
    await database.transaction(packs.save, pack("b"), NOW)
    assert await database.transaction(packs.save, pack("b"), NOW) == Loaded(0, 0, 0, 1)
    assert await database.transaction(packs.save, pack("b", "a"), NOW) == Loaded(1, 0, 0, 1)
    assert await database.read(order) == ["b", "a"]


async def test_packs_do_not_touch_one_another(database: Database) -> None:
    await database.transaction(packs.save, pack("a", "b"), NOW)
    await database.transaction(packs.save, pack("a", id="other"), NOW)
    await database.transaction(packs.save, pack("c", id="other"), NOW)
    assert await database.read(order) == ["a", "b"]
    assert [x.id for x in await database.read(packs.all_packs)] == ["demo", "other"]


async def test_the_next_item_is_the_first_from_a_place_on_and_then_the_first_of_all(
    database: Database,
) -> None:
    await database.transaction(packs.save, pack("a", "b", "c"), NOW)
    places = (-5, 0, 1, 2, 3, 2**31 - 1, 2**40)
    found = [await database.read(packs.next_item, "demo", place) for place in places]
    assert [(x[0], x[1].key) for x in found if x] == [(0, "a"), (0, "a"), (1, "b"), (2, "c")] + [(0, "a")] * 3


async def test_a_place_past_the_end_holds_no_item(database: Database) -> None:
    await database.transaction(packs.save, pack("a"), NOW)
    assert [await database.read(packs.item_at, "demo", place) for place in (1, 2**31, 2**63)] == [None] * 3


async def test_an_unknown_pack_has_nothing(database: Database) -> None:
    assert await database.read(packs.item, "demo", "a") is None
    assert await database.read(packs.item_at, "demo", 0) is None
    assert await database.read(packs.next_item, "demo", 0) is None
    assert await database.read(packs.size, "demo") == 0
    assert await database.read(packs.exists, "demo") is False
    assert await database.read(packs.all_packs) == []


async def test_a_pack_that_was_saved_exists(database: Database) -> None:
    await database.transaction(packs.save, pack("a"), NOW)
    assert await database.read(packs.exists, "demo") is True


async def test_a_load_that_fails_leaves_the_pack_as_it_was(database: Database) -> None:
    async def half(tx: Tx) -> None:
        await packs.save(tx, pack("b", title="新名"), NOW + 1)
        raise ValueError("stop")

    await database.transaction(packs.save, pack("a"), NOW)
    with pytest.raises(ValueError, match="stop"):
        await database.transaction(half)
    assert await database.read(order) == ["a"]
    assert await database.read(revision) == (1, NOW)


async def test_a_pack_loaded_twice_at_once_is_saved_once(database: Database) -> None:
    loads = [database.transaction(packs.save, pack("a", "b"), NOW) for _ in range(8)]
    told = await asyncio.gather(*loads)
    assert sorted(told, key=lambda x: x.added) == [Loaded(0, 0, 0, 2)] * 7 + [Loaded(2, 0, 0, 0)]
    assert await database.read(revision) == (1, NOW)
