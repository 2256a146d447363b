"""One number from three sides: what is missing is left out, and nobody loses by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.composite import Parts, composite, mean, share
from domain.template import Weights

MARKS = st.none() | st.floats(0, 100)
PARTS = st.builds(Parts, MARKS, MARKS, MARKS)


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    own = draw(st.integers(0, 100))
    peers = draw(st.integers(0, 100 - own))
    return Weights(own=own, peers=peers, secretary=100 - own - peers)


def test_three_sides_count_by_their_weights() -> None:
    assert composite(Parts(100, 80, 60), Weights(own=20, peers=50, secretary=30)) == pytest.approx(78)


def test_a_side_that_said_nothing_is_left_out_and_the_others_are_stretched() -> None:
    assert composite(Parts(None, 80, 60), Weights(own=20, peers=50, secretary=30)) == pytest.approx(72.5)
    assert composite(Parts(peers=66), Weights()) == pytest.approx(66)


def test_where_nothing_that_counts_was_said_there_is_no_number() -> None:
    assert composite(Parts(), Weights()) is None
    assert composite(Parts(own=90), Weights(own=0, peers=60, secretary=40)) is None


@given(PARTS, weights())
def test_it_lies_between_what_was_said(parts: Parts, by: Weights) -> None:
    said = [mark for mark in (parts.own, parts.peers, parts.secretary) if mark is not None]
    found = composite(parts, by)
    if found is not None:
        assert min(said) <= found <= max(said)


@given(PARTS, weights(), st.floats(0, 100))
def test_a_better_mark_never_makes_it_worse(parts: Parts, by: Weights, more: float) -> None:
    if parts.peers is not None and (before := composite(parts, by)) is not None:
        better = Parts(parts.own, max(parts.peers, more), parts.secretary)
        assert (composite(better, by) or 0) >= before - 1e-9


@given(st.floats(0, 100), weights())
def test_where_all_agree_so_does_it(mark: float, by: Weights) -> None:
    assert composite(Parts(mark, mark, mark), by) == pytest.approx(mark)


def test_marks_are_told_as_parts_of_a_hundred() -> None:
    assert share((5, 5, 5), 5) == 100
    assert share((3,), 5) == pytest.approx(60)
    assert share((), 5) is None
    assert mean((60, 80)) == 70 and mean(()) is None
