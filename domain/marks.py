"""What reviews of a work come to, and whose reviews lie far from those of the others.

Nothing here is weighted: the plain mean and median are what an author gets, and who marks differently is shown to the
secretary with the numbers, for a person to think about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

Scores = tuple[int, ...]
"""One number a criterion, in the rubric's order."""
ODD_FROM = 1.5
"""Points of a scale from 1 to 5 by which somebody's reviews lie from the others', on average, before the secretary is shown."""
ODD_REVIEWS = 3
"""Of fewer than so many reviews nothing can be said."""
USUAL_SPAN = 4
"""What `ODD_FROM` is told on: from 1 to 5."""


@dataclass(frozen=True, slots=True)
class Summary:
    """``spread`` is how far the highest review lies from the lowest, both taken as the mean of their criteria."""

    count: int
    medians: tuple[float, ...]
    means: tuple[float, ...]
    median: float
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Given:
    """One review; ``most`` is the highest mark of its rubric."""

    work: int
    person: int
    scores: Scores
    most: int = 5


@dataclass(frozen=True, slots=True)
class Odd:
    """``apart`` is the mean of how far each review lies from the median of the others', on a scale from 1 to 5."""

    person: int
    reviews: int
    apart: float


def summed(reviews: Sequence[Scores]) -> Summary | None:
    """None where there are no reviews. All have the same number of criteria."""
    if not reviews:
        return None
    columns = tuple(zip(*reviews, strict=True))
    overall = [fmean(one) for one in reviews]
    return Summary(
        len(reviews),
        tuple(float(median(column)) for column in columns),
        tuple(fmean(column) for column in columns),
        median(overall),
        fmean(overall),
        max(overall) - min(overall),
    )


def odd_ones(reviews: Sequence[Given]) -> list[Odd]:
    """Whose reviews lie `ODD_FROM` or more from what the others say of the same works, the farthest first."""
    works: dict[int, list[Given]] = {}
    for one in reviews:
        works.setdefault(one.work, []).append(one)
    apart: dict[int, list[float]] = {}
    for given in works.values():
        for who, distance in _distances(given).items():
            apart.setdefault(who, []).append(distance)
    found = [
        Odd(who, len(distances), fmean(distances))
        for who, distances in apart.items()
        if len(distances) >= ODD_REVIEWS and fmean(distances) >= ODD_FROM
    ]
    return sorted(found, key=lambda odd: (-odd.apart, odd.person))


def _distances(given: Sequence[Given]) -> Mapping[int, float]:
    """Person → distance from the median of the others' reviews; nothing where there are no others."""
    overall = {one.person: _on_usual_scale(one) for one in given}
    if len(overall) < 2:
        return {}
    return {
        who: abs(mine - median(other for person, other in overall.items() if person != who))
        for who, mine in overall.items()
    }


def _on_usual_scale(one: Given) -> float:
    return (fmean(one.scores) - 1) * USUAL_SPAN / (one.most - 1)


def shown(mark: float) -> str:
    """A mark as it is written: 4, 4.5, 3.67."""
    return f"{mark:.2f}".rstrip("0").rstrip(".")
