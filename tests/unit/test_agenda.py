"""Members' questions: which are the same, whose voices count, and what order they are talked about in."""

from __future__ import annotations

import pytest

from domain.agenda import Inquiry, dealt, like, meant, ordered, says_something


def inquiry(
    number: int, body: str = "", *, by: int = 1, into: int = 0, voices: set[int] | None = None
) -> Inquiry:
    return Inquiry(100 + number, number, by, "", body, into, 0, frozenset(voices or ()))


def test_what_most_people_ask_comes_first_and_of_equals_what_was_asked_first() -> None:
    one, two, three = inquiry(1), inquiry(2, voices={5, 6}), inquiry(3, voices={7})
    four = inquiry(4, into=102)
    assert ordered([one, two, three, four]) == [two, three, one]


def test_who_asked_counts_once_among_the_voices() -> None:
    assert inquiry(1, by=7, voices={7, 8}).people == 2


def test_a_number_means_the_question_or_the_one_it_was_merged_into() -> None:
    one, two, three = inquiry(1), inquiry(2, into=101), inquiry(3, into=102)
    assert meant([one, two, three], 3) == one
    assert meant([one], 9) is None
    assert meant([inquiry(2, into=999)], 2) is None


@pytest.mark.parametrize(
    "written", ["怎样把制度用起来", "怎样把制度用起来 ？", "怎樣把制度用起來?", " 怎样 把制度用起来！"]
)
def test_the_same_question_is_known_however_it_is_typed(written: str) -> None:
    first = inquiry(1, "怎样把制度用起来？")
    assert like([first, inquiry(2, "别的")], written) == first
    assert like([inquiry(1, "怎样把制度用起来？", into=102), inquiry(2, "合起来的")], written) == inquiry(
        2, "合起来的"
    )
    assert like([first], "另一个问题") is None


def test_marks_alone_are_no_question() -> None:
    assert not says_something("？？？！ 👍")
    assert says_something("为什么？")


def test_the_agenda_is_dealt_to_the_sub_groups_in_turn() -> None:
    agenda = [inquiry(n) for n in (4, 2, 3)]
    assert dealt(agenda, 2) == {104: 1, 102: 2, 103: 1}
    assert dealt(agenda, 0) == {}
