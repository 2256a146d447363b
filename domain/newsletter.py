"""The best reflections of an activity, in order and with the reasons; and the newsletter made of those the secretary picks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.group import Language

Consent = Literal["", "asked", "yes", "no"]
NewsletterState = Literal["picking", "asking", "posted"]
TITLE_CHARS = 40
PICKS_MOST = 12
NARROWEST, WIDEST = 0.5, 2.4
"""Ratios of a photo in print and on the page."""
_LETTERS_OF_A_WORD = 4
STEADY = 2
"""So many reviews of the usual mark are thought of beside everybody's own: one full mark does not beat five that are nearly full."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reflection, and what speaks for it. ``mark`` is the mean of its reviews in percent, None where there are none."""

    id: int
    number: int
    person_id: int
    name: str
    chars: int
    photos: int
    reviews: int = 0
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    hash: str
    width: int
    height: int

    @property
    def ratio(self) -> float:
        """Width to height, as far as a grid can show it: a panorama is cut at its sides, a strip above and below."""
        return min(max(self.width / self.height, NARROWEST), WIDEST) if self.width and self.height else 1.0


@dataclass(frozen=True, slots=True)
class Article:
    """A reflection as it stands in a newsletter."""

    id: int
    number: int
    person_id: int
    author: str
    body: str
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Newsletter:
    group_id: int
    cycle_id: int
    state: NewsletterState
    title: str
    token: str = ""
    """Part of the link by which anybody may read it, "" while only members may."""
    posted_at: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    candidate: Candidate
    place: int
    consent: Consent


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first: by their marks, then by how many gave them, by length, by photos, and by who came first."""
    found = list(candidates)
    marked = [(one.mark, one.reviews) for one in found if one.mark is not None]
    count = sum(reviews for _, reviews in marked)
    usual = sum(mark * reviews for mark, reviews in marked) / count if count else 0.0

    def steadied(one: Candidate) -> float:
        return (usual * STEADY + (one.mark or 0.0) * one.reviews) / (STEADY + one.reviews)

    return sorted(
        found,
        key=lambda one: (
            one.mark is None,
            -round(steadied(one), 6),
            -one.reviews,
            -one.chars,
            -one.photos,
            one.number,
        ),
    )


def written_in(text: str) -> Language:
    """By its letters: a Chinese character says about as much as a short word."""
    han = sum("\u3400" <= one <= "\u9fff" or one >= "\U00020000" for one in text)
    latin = sum(one.isalpha() and one < "\u0250" for one in text)
    return "zh" if han * _LETTERS_OF_A_WORD >= latin else "en"


def photo_rows(photos: Sequence[Photo]) -> list[list[Photo]]:
    """Rows of at most three that fill the width at one height; nobody's photo stands alone in a last row."""
    rows: list[list[Photo]] = []
    rest = list(photos)
    while rest:
        take = 2 if len(rest) in (2, 4) else min(3, len(rest))
        rows.append(rest[:take])
        rest = rest[take:]
    return rows
