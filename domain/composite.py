"""One number from three sides: what a member thought of their own part, what their peers thought, what the secretary thought.

A side that said nothing is left out, and the weights of the others are stretched so that they make a hundred again: nobody
loses by a review that was never written. Where nothing that counts was said there is no number, which is not the same as nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.template import Weights


@dataclass(frozen=True, slots=True)
class Parts:
    """Each from 0 to 100, None where that side said nothing."""

    own: float | None = None
    peers: float | None = None
    secretary: float | None = None


def composite(parts: Parts, weights: Weights) -> float | None:
    """From 0 to 100, and never outside of what the sides that count said."""
    said = [
        (mark, weight)
        for mark, weight in (
            (parts.own, weights.own),
            (parts.peers, weights.peers),
            (parts.secretary, weights.secretary),
        )
        if mark is not None and weight
    ]
    if not said:
        return None
    found = sum(mark * weight for mark, weight in said) / sum(weight for _, weight in said)
    return min(max(found, min(mark for mark, _ in said)), max(mark for mark, _ in said))


def share(scores: Sequence[int], most: int) -> float | None:
    """The mean of marks from 1 to ``most`` as a part of a hundred: full marks are 100, 3 of 5 are 60. None for no marks."""
    return 100 * sum(scores) / (len(scores) * most) if scores else None


def mean(shares: Sequence[float]) -> float | None:
    return sum(shares) / len(shares) if shares else None
