"""Sorting amounts into columns of equal width, for a histogram that a person reads at a glance."""

from __future__ import annotations

from collections.abc import Mapping

MOST_COLUMNS = 7
"""Beside the one for nothing at all: more do not fit on a phone with their labels."""
_WIDTHS = (1, 2, 5, 10, 15, 20, 30, 60)


def columns(counts: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """From amount → how many have it, to (from, to, how many), both ends included. The first is (0, 0, …)."""
    highest = max(counts, default=0)
    width = _width(highest)
    ends = range(width, highest + width, width)
    found = [(end - width + 1, end, _within(counts, end - width + 1, end)) for end in ends]
    return [(0, 0, counts.get(0, 0)), *found]


def mean(counts: Mapping[int, int]) -> float:
    """0 where nobody is counted."""
    return sum(amount * count for amount, count in counts.items()) / max(1, sum(counts.values()))


def _width(highest: int) -> int:
    for width in _WIDTHS:
        if width * MOST_COLUMNS >= highest:
            return width
    hour = _WIDTHS[-1]
    return -(-highest // (MOST_COLUMNS * hour)) * hour


def _within(counts: Mapping[int, int], low: int, high: int) -> int:
    return sum(count for amount, count in counts.items() if low <= amount <= high)
