"""Sub-groups: even, mixed, and the same whenever drawn again."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.numbered import answer_to, in_plain_words, next_open, numbered
from domain.seminar import Signup, draw, first_in, smallest

PEOPLE = st.lists(st.integers(1, 10_000), min_size=1, max_size=60, unique=True)


@given(PEOPLE, st.integers(1, 50), st.integers(0, 99), st.data())
def test_sizes_differ_by_one_at_most_and_everybody_is_in_one(
    people: list[int], sides: int, seed: int, data: st.DataObject
) -> None:
    pairs = list(combinations(people[:8], 2))
    met = data.draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    drawn = draw(people, sides, met, seed=seed)
    assert drawn.keys() == set(people)
    sizes = Counter(drawn.values())
    all_sizes = [sizes[side] for side in range(1, sides + 1)]
    assert max(all_sizes) - min(all_sizes) <= 1
    assert draw(list(reversed(people)), sides, met, seed=seed) == drawn


def test_people_who_sat_together_last_time_are_parted() -> None:
    last = [(1, 2), (3, 4), (5, 6)]
    for seed in range(50):
        drawn = draw([1, 2, 3, 4, 5, 6], 2, last, seed=seed)
        assert all(drawn[one] != drawn[other] for one, other in last)


def test_another_seed_draws_otherwise() -> None:
    people = list(range(20))
    assert len({tuple(sorted(draw(people, 4, (), seed=seed).items())) for seed in range(10)}) == 10


def test_who_comes_late_joins_the_smallest_sub_group() -> None:
    assert smallest({1: 3, 2: 2, 3: 2}, 3) == 2
    assert smallest({1: 3, 2: 2}, 3) == 3


def test_the_first_who_signed_up_speaks_for_a_sub_group() -> None:
    def signed(person: int, side: int, at: int) -> Signup:
        return Signup(person, "", "in", side, False, False, "", at)

    coming = [signed(1, 1, 30), signed(2, 1, 10), signed(3, 2, 5)]
    assert first_in(coming, 1) == coming[1]
    assert first_in(coming, 9) is None


def test_plain_words_answer_the_first_open_question_unless_they_begin_with_the_number_of_one() -> None:
    assert in_plain_words("很有启发", 2, {1}) == "2 很有启发"
    assert in_plain_words("1 我再想想", 2, {1}) == "1 我再想想"
    assert in_plain_words("12 月我们去走访", 2, set()) == "1 12 月我们去走访"
    assert in_plain_words("谢谢", 2, {1, 2}) is None


def test_a_number_before_an_answer_says_which_question_is_meant() -> None:
    assert numbered("1 我的答案") == (1, "我的答案")
    assert numbered("第2题：我的答案\n第二行") == (2, "我的答案\n第二行")
    assert numbered("３、答") == (3, "答")
    assert numbered("② 答") == (2, "答")
    assert numbered("1") == (1, "")
    assert numbered("2021 年入党的同志") == (None, "2021 年入党的同志")
    assert numbered(" 直接写 ") == (None, "直接写")
    assert numbered("3个办法") == (None, "3个办法")


def test_an_answer_without_a_number_is_to_the_first_question_that_is_open() -> None:
    def answered(text: str, *given: int) -> tuple[int, str]:
        return answer_to(text, 3, set(given), most=5, which="preview.which", unknown="preview.unknown")

    assert answered("我的答案") == (1, "我的答案")
    assert answered("我的答案", 1, 2) == (3, "我的答案")
    assert answered("1 新的", 1, 2, 3) == (1, "新的")
    assert answered("2", 1) == (2, "")
    for text, said, key in (
        ("再说", (1, 2, 3), "preview.which"),
        ("4 没有", (), "preview.unknown"),
        ("0 没有", (), "preview.unknown"),
        ("六个字太多了", (), "preview.too_long"),
    ):
        with pytest.raises(UserError) as wrong:
            answered(text, *said)
        assert wrong.value.key == key


def test_the_next_open_question_is_the_first_without_an_answer() -> None:
    assert next_open(3, {1, 3}) == 2
    assert next_open(2, {1, 2}) is None
