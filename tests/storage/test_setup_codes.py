"""Setup codes: each works once, for a day, however it is typed."""

from __future__ import annotations

import pytest

from storage.setup_codes import LIFETIME, digest, is_one, make, redeem, shown
from storage.tx import Database

NOW = 1_772_409_600_000
CODE = digest("4821-9034")


async def test_a_code_works_once(database: Database) -> None:
    assert await database.transaction(make, CODE, NOW)
    assert await database.transaction(redeem, CODE, NOW + 1)
    assert not await database.transaction(redeem, CODE, NOW + 2)


async def test_a_code_nobody_made_does_not_work(database: Database) -> None:
    assert not await database.transaction(redeem, CODE, NOW)


async def test_a_code_works_until_its_day_is_over(database: Database) -> None:
    await database.transaction(make, CODE, NOW)
    assert not await database.transaction(redeem, CODE, NOW + LIFETIME)
    assert await database.transaction(redeem, CODE, NOW + LIFETIME - 1)


async def test_a_code_that_is_out_is_not_given_out_again_until_its_day_is_over(database: Database) -> None:
    assert await database.transaction(make, CODE, NOW)
    assert not await database.transaction(make, CODE, NOW + 1)
    assert await database.transaction(make, CODE, NOW + LIFETIME)


@pytest.mark.parametrize("typed", ["48219034", "４８２１－９０３４", " 4821 9034 ", "4821—9034"])
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert digest(typed) == CODE


def test_a_code_is_shown_in_two_groups_of_four() -> None:
    assert [shown(48_219_034), shown(7)] == ["4821-9034", "0000-0007"]


@pytest.mark.parametrize(
    ("written", "may_be"),
    [("４８２１－９０３４", True), ("4821 9034", True), ("4821-903", False), ("一组", False), ("", False)],
)
def test_only_eight_digits_are_taken_for_a_code(written: str, may_be: bool) -> None:
    assert is_one(written) is may_be
