"""Modules of a class: which are meant, and how far everybody is."""

from __future__ import annotations

import pytest

from domain.module import done_by, read_modules, undone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", [1]),
        ("１", [1]),
        ("模块一", [1]),
        ("模塊 2", [2]),
        ("第三个", [3]),
        ("module2", [2]),
        ("1 2 1", [1, 2]),
        ("1、3，二", [1, 3, 2]),
        ("1和2", [1, 2]),
        ("十二", [12]),
        ("0", [0]),
        ("", None),
        ("了", None),
        ("模块", None),
        ("1 了", None),
        ("123", None),
    ],
)
def test_modules_are_named_by_their_numbers(text: str, expected: list[int] | None) -> None:
    assert read_modules(text) == expected


def test_what_is_left_is_told_in_order() -> None:
    assert undone(frozenset(), 3) == [1, 2, 3]
    assert undone(frozenset({2, 9}), 3) == [1, 3]
    assert undone(frozenset({1}), 0) == []


def test_each_module_is_counted_by_who_has_done_it() -> None:
    done = {101: frozenset({1, 2}), 102: frozenset({2}), 103: frozenset[int]()}
    assert [done_by(done, number) for number in (1, 2, 3)] == [1, 2, 0]
