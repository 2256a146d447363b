"""What became of an activity: who did what, in figures for the group and row by row for the secretary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.composite import Parts
from domain.survey import Told


@dataclass(frozen=True, slots=True)
class Deed:
    """What one member did in an activity. How they answered the survey is not among it."""

    person_id: int
    name: str
    signed_up: bool = False
    attended: bool = False
    spoke: bool = False
    answered: int = 0
    """Thinking questions answered."""
    asked: int = 0
    """Questions of their own."""
    works: int = 0
    handed_in: int = 0
    """Reflections."""
    reviewed: int = 0
    """Reviews written for others, the invited ones too."""
    parts: Parts = field(default_factory=Parts)
    composite: float | None = None

    @property
    def took_part(self) -> bool:
        return any(
            (
                self.signed_up,
                self.attended,
                self.answered,
                self.asked,
                self.works,
                self.handed_in,
                self.reviewed,
            )
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one activity. A figure of something it did not have is None."""

    members: int
    took_part: int | None = None
    signed_up: int | None = None
    attended: int | None = None
    spoke: int | None = None
    answered: int | None = None
    asked: int | None = None
    works: int | None = None
    handed_in: int | None = None
    reviews: int | None = None
    feedback: int | None = None

    def rate(self, count: int) -> int:
        """In percent of the members."""
        return round(100 * count / self.members) if self.members else 0


@dataclass(frozen=True, slots=True)
class CycleReport:
    group: str
    title: str
    starts_on: str
    made_on: str
    counts: Counts
    deeds: tuple[Deed, ...]
    survey: tuple[Told, ...] = ()
    overall: str = ""
    """The secretary's words about all of it."""
    before: Counts | None = None
    """Of the last activity made from the same template."""


_COME_TO = frozenset({"seminar", "live", "practice", "study"})
_DONE_IN = _COME_TO | {"preview", "reflection", "review"}
"""Kinds of stage in which somebody does something that is counted."""


def counted(deeds: Sequence[Deed], kinds: frozenset[str], feedback: int) -> Counts:
    """``kinds``: those of the activity's stages."""
    comes = bool(kinds & _COME_TO)

    def some(there: bool, count: int) -> int | None:
        return count if there else None

    return Counts(
        members=len(deeds),
        took_part=some(bool(kinds & _DONE_IN), sum(one.took_part for one in deeds)),
        signed_up=some(comes, sum(one.signed_up for one in deeds)),
        attended=some(comes, sum(one.attended for one in deeds)),
        spoke=some("seminar" in kinds, sum(one.spoke for one in deeds)),
        answered=some("preview" in kinds, sum(one.answered > 0 for one in deeds)),
        asked=some(bool(kinds & {"preview", "live"}), sum(one.asked for one in deeds)),
        works=some("live" in kinds, sum(one.works for one in deeds)),
        handed_in=some("reflection" in kinds, sum(one.handed_in > 0 for one in deeds)),
        reviews=some("review" in kinds, sum(one.reviewed for one in deeds)),
        feedback=some("evaluation" in kinds, feedback),
    )
