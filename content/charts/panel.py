"""What a picture of figures shows, before it is drawn: panels of columns, with every word already in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Look(Enum):
    """How a part of a column is filled. Each differs in pattern as well as in colour, for whoever sees no colours."""

    PLAIN = "plain"
    GOOD = "good"
    POOR = "poor"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Part:
    """The same part of every column, from the bottom up."""

    values: tuple[int, ...]
    look: Look = Look.PLAIN
    name: str = ""
    """Stands in the legend; none where there is only one part."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Columns beside each other, under a title, with what they come to beside it."""

    title: str
    sum: str
    ticks: tuple[str, ...]
    """Under each column; "" under those that need none."""
    parts: tuple[Part, ...]
    across: str = ""
    """What the columns are, said under them."""
    line: tuple[float, str] | None = None
    """A value that is marked across all columns, and its name."""

    @property
    def heights(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(part.values for part in self.parts), strict=True)))
