from __future__ import annotations

import pytest

from storage.parameters import in_order, numbered


def test_names_become_numbers_in_the_order_they_appear() -> None:
    assert numbered("SELECT :b, :a") == ("SELECT $1, $2", ("b", "a"))


def test_a_name_used_twice_has_one_number() -> None:
    assert numbered("UPDATE t SET a = :v WHERE b = :w AND c = :v") == (
        "UPDATE t SET a = $1 WHERE b = $2 AND c = $1",
        ("v", "w"),
    )


def test_a_name_may_be_the_beginning_of_another() -> None:
    assert numbered("SELECT :a, :ab, :a_1") == ("SELECT $1, $2, $3", ("a", "ab", "a_1"))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'at 07:push'",
        "SELECT 'it''s :here'",
        'SELECT ":column" FROM t',
        'SELECT "a "" :b" FROM t',
        "SELECT 1 -- :comment",
        "SELECT /* :one\n:two */ 1",
        "SELECT a::text, b :: bigint",
        "SELECT a[1:2]",
        "",
    ],
)
def test_a_colon_elsewhere_is_left_alone(text: str) -> None:
    assert numbered(text) == (text, ())


def test_a_name_after_a_quotation_or_a_comment_is_seen() -> None:
    assert numbered("SELECT ':x' || :y -- :z\n, :w::text") == (
        "SELECT ':x' || $1 -- :z\n, $2::text",
        ("y", "w"),
    )


def test_values_follow_the_names() -> None:
    assert in_order(("b", "a"), {"a": 1, "b": None}) == [None, 1]


@pytest.mark.parametrize("given", [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}])
def test_values_that_do_not_fit_the_names_are_refused_by_name(given: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"'[bc]'"):
        in_order(("a", "b"), given)
