"""Item analysis: what people's answers say of a question — how hard it is, whether it tells those who know from those who do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from domain.question import Question

FEWEST = 10
"""Fewer answers say nothing of a question."""
FEWEST_FOR_OPTIONS = 20
"""Only after so many answers does an option that nobody chose look as if nobody ever will."""
OTHERS = 3
"""How well somebody does is told by so many other answers of theirs, or more."""
TOO_HARD, TOO_EASY = 0.2, 0.95
TELLS_LITTLE = 0.2
"""Ebel and Frisbie, Essentials of Educational Measurement (5th ed. 1991), call items below it poor: to be mended or dropped."""
_NOTHING = 1e-9

Reason = Literal["misleads", "tells_little", "hard", "easy", "unchosen"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question, the first of each person's.

    ``rated`` are those by people who gave `OTHERS` other answers or more; what share of those others was right is that
    person's rest score. ``rest`` is the sum of it, ``rest_squared`` that of its squares, ``rest_right`` that of those who
    were right here.
    """

    answers: int = 0
    right: int = 0
    rated: int = 0
    rated_right: int = 0
    rest: float = 0.0
    rest_squared: float = 0.0
    rest_right: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """``difficulty`` is the share that was right; None where too few answered. ``unchosen`` are places of wrong options."""

    answers: int
    difficulty: float | None = None
    discrimination: float | None = None
    unchosen: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """Why somebody should look at the question, the gravest first."""


def judge(question: Question, tally: Tally, chosen: Mapping[int, int]) -> Judgement:
    """``chosen``: the place of an option → how many chose it."""
    if tally.answers < FEWEST:
        return Judgement(tally.answers)
    difficulty = tally.right / tally.answers
    told = discrimination(tally)
    unchosen = never_chosen(question, tally.answers, chosen)
    reasons = _reasons(difficulty, told, unchosen)
    return Judgement(tally.answers, difficulty, told, unchosen, reasons)


def discrimination(tally: Tally) -> float | None:
    """The point-biserial correlation of being right here with the rest score; None where nothing can be told.

    The question itself is left out of the score it is compared with: Henrysson, "Correction of item-total correlations in
    item analysis", Psychometrika 28 (1963) 211–218. It is Pearson's r, from the sums: cov(x, y) / (s_x · s_y).
    """
    if tally.rated < FEWEST:
        return None
    share, mean = tally.rated_right / tally.rated, tally.rest / tally.rated
    spread = tally.rest_squared / tally.rated - mean * mean
    if not 0 < share < 1 or spread < _NOTHING:
        return None
    together = tally.rest_right / tally.rated - share * mean
    return max(-1.0, min(1.0, together / sqrt(spread * share * (1 - share))))


def never_chosen(question: Question, answers: int, chosen: Mapping[int, int]) -> tuple[int, ...]:
    """The places of wrong options that nobody took; none before enough people have answered."""
    if answers < FEWEST_FOR_OPTIONS:
        return ()
    places = range(len(question.options))
    return tuple(place for place in places if place not in question.right and not chosen.get(place))


def _reasons(difficulty: float, told: float | None, unchosen: tuple[int, ...]) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if told is not None and told < TELLS_LITTLE:
        found.append("misleads" if told < 0 else "tells_little")
    if difficulty < TOO_HARD:
        found.append("hard")
    if difficulty > TOO_EASY:
        found.append("easy")
    if unchosen:
        found.append("unchosen")
    return tuple(found)
