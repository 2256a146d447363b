"""Banks are loaded again and again; what a group was asked outlives every change, and nothing is asked twice before all is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.question import Bank, Question
from storage import banks
from storage.banks import Shelved
from storage.loading import Loaded
from storage.tx import Database, Tx

NOW = 1_772_409_600_000
GROUP = 7


def question(key: str, **changes: Any) -> Question:
    return Question(**{"key": key, "kind": "fill", "stem": f"题 {key}", "answers": ("1921",), **changes})


def bank(*questions: Question | str, id: str = "demo", title: str = "示范") -> Bank:
    return Bank(id, title, "zh", tuple(x if isinstance(x, Question) else question(x) for x in questions))


async def ask(tx: Tx, key: str, at: int, group: int = GROUP, bank: str = "demo") -> None:
    await tx.run(
        """INSERT INTO quizzes (group_id, id, key, bank, question, asked_at)
           VALUES (:group, :at, :name, :bank, :key, :at)""",
        group=group,
        at=at,
        name=f"day:{at}",
        bank=bank,
        key=key,
    )


async def drawn(tx: Tx, days: int, item: str = "") -> list[str]:
    """The questions of so many days, each drawn and then asked."""
    keys = []
    for day in range(days):
        found = await banks.unasked(tx, GROUP, "demo", item)
        assert found is not None
        keys.append(found.key)
        await ask(tx, found.key, NOW + day)
    return keys


async def order(tx: Tx) -> list[str]:
    return [x.key for x in await banks.questions(tx, "demo")]


async def test_a_bank_comes_back_as_it_was_saved(database: Database) -> None:
    full = Question(
        key="b",
        kind="multiple",
        stem="哪些城市？",
        options=("上海", "北京", "嘉兴"),
        right=(0, 2),
        explanation="因为",
        source="张三编",
        topic="建党",
        item="one",
    )
    assert await database.transaction(banks.save, bank("a", full), NOW) == Loaded(2, 0, 0, 0)
    assert await database.read(banks.question, "demo", "b") == full
    assert await database.read(banks.questions, "demo") == [question("a"), full]
    assert await database.read(banks.all_banks) == [Shelved("demo", "示范", "zh", 1, NOW, 2)]
    assert await database.read(banks.exists, "demo") is True


async def test_loading_the_same_bank_again_changes_nothing(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    assert await database.transaction(banks.save, bank("a", "b"), NOW + 1) == Loaded(0, 0, 0, 2)
    assert await database.read(banks.all_banks) == [Shelved("demo", "示范", "zh", 1, NOW, 2)]


async def test_added_changed_and_removed_questions_are_counted_and_make_a_new_revision(
    database: Database,
) -> None:
    await database.transaction(banks.save, bank("a", "b", "c"), NOW)
    newer = bank("a", question("b", stem="改"), "d")
    assert await database.transaction(banks.save, newer, NOW + 1) == Loaded(1, 1, 1, 1)
    assert await database.read(order) == ["a", "b", "d"]
    assert await database.read(banks.all_banks) == [Shelved("demo", "示范", "zh", 2, NOW + 1, 3)]


async def test_a_new_title_alone_is_a_new_revision(database: Database) -> None:
    await database.transaction(banks.save, bank("a"), NOW)
    assert await database.transaction(banks.save, bank("a", title="新名"), NOW) == Loaded(0, 0, 0, 1)
    assert await database.read(banks.all_banks) == [Shelved("demo", "新名", "zh", 2, NOW, 1)]


async def test_a_question_taken_out_stays_for_the_quizzes_that_asked_it_and_may_return(
    database: Database,
) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    await database.transaction(banks.save, bank("b"), NOW)
    assert await database.read(banks.question, "demo", "a") == question("a")
    assert await database.read(order) == ["b"]
    assert await database.transaction(banks.save, bank("b"), NOW) == Loaded(0, 0, 0, 1)
    assert await database.transaction(banks.save, bank("b", "a"), NOW) == Loaded(1, 0, 0, 1)
    assert await database.read(order) == ["b", "a"]


async def test_banks_do_not_touch_one_another(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    await database.transaction(banks.save, bank("c", id="other"), NOW)
    assert await database.read(order) == ["a", "b"]
    assert [x.id for x in await database.read(banks.all_banks)] == ["demo", "other"]


async def test_an_unknown_bank_has_nothing(database: Database) -> None:
    assert await database.read(banks.question, "demo", "a") is None
    assert await database.read(banks.questions, "demo") == []
    assert await database.read(banks.exists, "demo") is False
    assert await database.read(banks.unasked, GROUP, "demo", "one") is None


async def test_a_load_that_fails_leaves_the_bank_as_it_was(database: Database) -> None:
    async def half(tx: Tx) -> None:
        await banks.save(tx, bank("b", title="新名"), NOW + 1)
        raise ValueError("stop")

    await database.transaction(banks.save, bank("a"), NOW)
    with pytest.raises(ValueError, match="stop"):
        await database.transaction(half)
    assert await database.read(order) == ["a"]


async def test_a_bank_loaded_twice_at_once_is_saved_once(database: Database) -> None:
    loads = [database.transaction(banks.save, bank("a", "b"), NOW) for _ in range(8)]
    told = await asyncio.gather(*loads)
    assert sorted(told, key=lambda x: x.added) == [Loaded(0, 0, 0, 2)] * 7 + [Loaded(2, 0, 0, 0)]


async def test_a_group_is_asked_everything_once_and_then_what_is_longest_ago(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b", "c"), NOW)
    assert await database.transaction(drawn, 7) == ["a", "b", "c", "a", "b", "c", "a"]


async def test_what_belongs_to_the_days_item_comes_first_then_what_belongs_to_none(
    database: Database,
) -> None:
    held = bank(question("x", item="two"), "a", question("p", item="one"), question("q", item="one"), "b")
    await database.transaction(banks.save, held, NOW)
    assert await database.transaction(drawn, 6, "one") == ["p", "q", "a", "b", "x", "p"]


async def test_on_a_day_without_an_item_no_items_question_is_preferred(database: Database) -> None:
    await database.transaction(banks.save, bank(question("x", item="two"), "a"), NOW)
    assert await database.transaction(drawn, 3) == ["a", "x", "a"]


async def test_what_another_group_was_asked_or_from_another_bank_does_not_count(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    await database.transaction(ask, "a", NOW, GROUP + 1)
    await database.transaction(ask, "a", NOW - 1, GROUP, "other")
    assert await database.transaction(drawn, 2) == ["a", "b"]


async def test_a_question_taken_out_is_not_drawn_though_it_was_asked_longest_ago(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    await database.transaction(drawn, 2)
    await database.transaction(banks.save, bank("b"), NOW)
    found = await database.read(banks.unasked, GROUP, "demo", "")
    assert found is not None
    assert found.key == "b"


async def test_a_question_asked_again_goes_to_the_back(database: Database) -> None:
    await database.transaction(banks.save, bank("a", "b"), NOW)
    for at, key in enumerate(("a", "b", "a")):
        await database.transaction(ask, key, NOW + at)
    found = await database.read(banks.unasked, GROUP, "demo", "")
    assert found is not None
    assert found.key == "b"
