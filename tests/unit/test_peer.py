"""How a review is written, and how what is missing is made up for, whoever is late, away or gone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.day import DAY
from domain.errors import UserError
from domain.peer import (
    Asked,
    Piece,
    lease,
    named_in,
    read_scores,
    repaired,
    review_of,
    source_of,
    split_code,
)
from domain.template import Rubric, StageSpec

RUBRIC = Rubric()
TEN = Rubric(criteria=("内容", "体会"), most=10)
ONE = Rubric(criteria=("总的",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A12 5 4 5 写得好", ("A12", "5 4 5 写得好")),
        ("a12：5 4 5", ("A12", "5 4 5")),
        ("Ａ１２，写得好，真的。", ("A12", "写得好，真的。")),
        (" AB-7号 好", ("AB-7号", "好")),
        ("A12", ("A12", "")),
        ("张三 5 4 5", ("", "张三 5 4 5")),
        ("A12b 5", ("", "A12b 5")),
        ("", ("", "")),
    ],
)
def test_the_number_comes_first_in_any_width(text: str, found: tuple[str, str]) -> None:
    assert split_code(text) == found


@pytest.mark.parametrize(
    ("text", "scores", "words"),
    [
        ("5 4 5 写得好", (5, 4, 5), "写得好"),
        ("5,4,5，写得好，真的", (5, 4, 5), "写得好，真的"),
        ("５、４、５", (5, 4, 5), ""),
        ("5分 4分 5分。写得好", (5, 4, 5), "写得好"),
        ("545 写得好", (5, 4, 5), "写得好"),
        ("五 四 五 写得好", (5, 4, 5), "写得好"),
        ("五分，四分，五分。写得好", (5, 4, 5), "写得好"),
        ("一、二次走访都写到了", (), "一、二次走访都写到了"),
        ("写得好 5 4 5", (), "写得好 5 4 5"),
        ("3个例子都很好", (), "3个例子都很好"),
        ("5 4 5 3个例子都很好", (5, 4, 5), "3个例子都很好"),
        ("", (), ""),
    ],
)
def test_marks_are_read_from_the_beginning_and_the_rest_are_words(
    text: str, scores: tuple[int, ...], words: str
) -> None:
    assert read_scores(text, RUBRIC) == (scores, words)


def test_a_mark_of_two_digits_and_a_rubric_of_one_criterion_are_read_too() -> None:
    assert read_scores("10 9 好", TEN) == ((10, 9), "好")
    assert read_scores("5 好", ONE) == ((5,), "好")
    assert read_scores("十 九 好", TEN) == ((10, 9), "好")
    assert read_scores("一、写得好", ONE) == ((), "一、写得好")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("5 4", "peer.count"),
        ("5 4 5 5", "peer.count"),
        ("54", "peer.count"),
        ("6 4 5", "peer.range"),
        ("0 4 5", "peer.range"),
        ("-1 4 5", "peer.range"),
        ("4.5 4 5", "peer.range"),
        ("999999 4 5", "peer.range"),
        ("99999999999999999999 4 5", "peer.range"),
        ("六 四 五 写得好", "peer.range"),
    ],
)
def test_too_few_too_many_and_out_of_range_are_told(text: str, key: str) -> None:
    with pytest.raises(UserError) as wrong:
        read_scores(text, RUBRIC)
    assert wrong.value.key == key


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused_with_a_sentence(text: str) -> None:
    split_code(text)
    try:
        scores, _ = read_scores(text, RUBRIC)
    except UserError as wrong:
        assert wrong.key in ("peer.count", "peer.range")
    else:
        assert not scores or (len(scores) == 3 and all(1 <= one <= 5 for one in scores))


def _stages(*kinds: str) -> list[StageSpec]:
    return [
        StageSpec.model_validate({"key": f"s{n}", "kind": kind, "title": kind})
        for n, kind in enumerate(kinds)
    ]


def test_a_review_is_of_the_latest_reflection_before_it() -> None:
    stages = _stages("reflection", "notice", "review", "reflection", "reflection", "review")
    assert [source_of(stages, place) for place in (2, 5)] == [0, 4]
    assert [review_of(stages, place) for place in (0, 3, 4)] == [2, None, 5]
    assert source_of(_stages("review"), 0) is None
    assert review_of(_stages("reflection"), 0) is None


def test_a_lease_is_half_of_what_is_left_and_a_day_at_least() -> None:
    assert lease(0, 6 * DAY) == 3 * DAY
    assert lease(0, DAY) == DAY
    assert lease(10 * DAY, 5 * DAY) == 11 * DAY


def test_people_are_called_by_at_and_the_longest_name_that_fits() -> None:
    names = {"张三": 1, "张三丰": 2, "li si": 3}
    assert named_in("请 @张三丰看看，也请＠Li Si 和@张三。@王五 不在。@张三", names) == [2, 3, 1]
    assert named_in("没有叫谁", names) == []


class Group:
    """People, their works, and who was asked for what; time passes as the test says."""

    def __init__(self, size: int, each: int) -> None:
        self.each = each
        self.here = set(range(1, size + 1))
        self.authors = set(self.here)
        self.apart: set[tuple[int, int]] = set()
        self.asked: dict[tuple[int, int], str] = {}
        """(reviewer, author) → live, late or done"""
        self.seed = 0

    def repair(self) -> None:
        self.seed += 1
        works = sorted(self.authors & self.here)
        self.asked = {
            pair: state
            for pair, state in self.asked.items()
            if state == "done" or (pair[0] in self.here and pair[1] in works and not self._apart(pair))
        }
        change = repaired(
            [Piece(1000 + author, author) for author in works],
            dict.fromkeys(works, 0),
            [
                Asked(who, 1000 + author, state == "done", state == "live")
                for (who, author), state in self.asked.items()
            ],
            self.each,
            self.apart,
            seed=self.seed,
        )
        for who, work in change.hand_on:
            assert self.asked.pop((who, work - 1000)) == "live"
        for who, work in change.ask:
            assert (who, work - 1000) not in self.asked
            self.asked[who, work - 1000] = "live"

    def _apart(self, pair: tuple[int, int]) -> bool:
        return (min(pair), max(pair)) in self.apart

    def check(self) -> None:
        works = sorted(self.authors & self.here)
        held = {pair for pair, state in self.asked.items() if state != "late"}
        for author in works:
            got = {who for who, of in held if of == author}
            might = {who for who in works if who != author and not self._apart((who, author))}
            may_still = {who for who, of in self.asked if of == author}
            assert len(got) >= min(self.each, len(might - (may_still - got) | got))
        assert not any(who == author for who, author in self.asked)
        assert not any(self._apart(pair) for pair, state in self.asked.items() if state == "live")
        self._check_balance(works)

    def _check_balance(self, works: list[int]) -> None:
        """Nobody has two more than another who could take one of them over."""
        late = {who for (who, _), state in self.asked.items() if state == "late"}
        load = Counter(who for who, _ in self.asked)
        for giver in works:
            for taker in works:
                if load[giver] >= load[taker] + 2 and not {giver, taker} & late:
                    for (who, author), state in self.asked.items():
                        if who == giver and state == "live" and author in works:
                            can = taker != author and (taker, author) not in self.asked
                            assert not can or self._apart((taker, author))


@pytest.mark.parametrize("size", range(2, 40))
def test_at_first_everybody_gives_and_gets_the_same(size: int) -> None:
    group = Group(size, 2)
    group.repair()
    due = min(2, size - 1)
    assert set(Counter(who for who, _ in group.asked).values()) == {due}
    assert set(Counter(author for _, author in group.asked).values()) == {due}
    before = dict(group.asked)
    group.repair()
    assert group.asked == before, "a second time it changes nothing"


HAPPENING = st.tuples(
    st.sampled_from(("late", "leaves", "hands_in", "gives", "apart")), st.integers(0, 10**6)
)


@given(size=st.integers(2, 30), each=st.integers(1, 3), happening=st.lists(HAPPENING, max_size=25))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_in_whatever_order_coverage_and_balance_hold(
    size: int, each: int, happening: list[tuple[str, int]]
) -> None:
    group = Group(size, each)
    group.repair()
    group.check()
    for what, dice in happening:
        live = sorted(pair for pair, state in group.asked.items() if state == "live")
        people = sorted(group.here)
        if what in ("late", "gives") and live:
            group.asked[live[dice % len(live)]] = "late" if what == "late" else "done"
        elif what == "leaves" and len(people) > 2:
            group.here.discard(people[dice % len(people)])
        elif what == "hands_in":
            new = max(group.authors) + 1
            group.authors.add(new)
            group.here.add(new)
        elif what == "apart" and len(people) > 3:
            one, other = people[dice % len(people)], people[dice // 7 % len(people)]
            if one != other:
                group.apart.add((min(one, other), max(one, other)))
        group.repair()
        group.check()


def test_who_hands_in_late_takes_over_from_those_who_have_most() -> None:
    group = Group(6, 2)
    group.repair()
    group.authors.add(7)
    group.here.add(7)
    group.repair()
    assert set(Counter(who for who, _ in group.asked).values()) == {2}
    assert set(Counter(author for _, author in group.asked).values()) == {2}


def test_what_is_begun_stays_with_whoever_began_it_and_an_invited_review_is_not_asked_for_again() -> None:
    pieces = [Piece(1001, 1, taken=frozenset({3})), Piece(1002, 2), Piece(1003, 3), Piece(1004, 4)]
    asked = [Asked(2, work, done=False, live=True, begun=True) for work in (1001, 1003, 1004)]
    change = repaired(pieces, dict.fromkeys((1, 2, 3, 4), 0), asked, 1, seed=1)
    assert change.hand_on == []
    assert [work for _, work in change.ask] == [1002]
    late = repaired([pieces[0]], {1: 0, 3: 0}, [], 1, seed=1)
    assert late.ask == []


def test_whoever_was_late_is_asked_again_only_where_nobody_else_can_be() -> None:
    pieces = [Piece(1000 + n, n) for n in (1, 2, 3)]
    asked = [Asked(3, 1001, done=False, live=False)]
    change = repaired(pieces, {1: 0, 2: 0, 3: 0}, asked, 1, seed=3)
    assert (2, 1001) in change.ask
    assert {work for _, work in change.ask} == {1001, 1002, 1003}


def test_a_review_of_a_work_that_is_gone_is_still_counted_as_given() -> None:
    change = repaired([Piece(1001, 1)], {2: 0, 3: 0}, [Asked(2, 999, done=True, live=False)], 1, seed=1)
    assert change.ask == [(3, 1001)]
