"""What was measured, as one table: each row with the row it is compared with, what was asked for, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Bound = Literal["≥", "≤"]


@dataclass(frozen=True, slots=True)
class Need:
    """What is asked of a row: of its figure, or of its ratio to the row it is compared with."""

    bound: Bound
    figure: float
    of_ratio: bool = True

    def met(self, value: float) -> bool:
        return value >= self.figure if self.bound == "≥" else value <= self.figure


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    figures: Sequence[float]
    """One a round."""
    unit: str
    beside: Row | None = None
    need: Need | None = None

    @property
    def middle(self) -> float:
        return median(self.figures)

    @property
    def ratio(self) -> float | None:
        return self.middle / self.beside.middle if self.beside else None

    @property
    def passed(self) -> bool | None:
        if self.need is None:
            return None
        value = self.ratio if self.need.of_ratio else self.middle
        if value is None:
            raise ValueError(f"{self.what!r} is compared with nothing")
        return self.need.met(value)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    how: str
    rows: Sequence[Row]


def page(sections: Sequence[Section], machine: Sequence[tuple[str, str]]) -> str:
    """The whole of RESULTS.md."""
    facts = "\n".join(f"* {name}: {value}" for name, value in machine)
    notes = "\n".join(f"* **{section.title}**: {section.how}" for section in sections)
    return f"# How fast\n\n{facts}\n\n{table(sections)}\n\n## How it was measured\n\n{notes}\n"


def table(sections: Sequence[Section]) -> str:
    head = "| | median | lowest … highest | rounds | compared with | ratio | needed | |\n" + "|---" * 8 + "|"
    lines = [head]
    for section in sections:
        lines.append(f"| **{section.title}** |" + " |" * 7)
        lines += [_line(row) for row in section.rows]
    return "\n".join(lines)


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} ×"
    beside = row.beside.what if row.beside else ""
    span = f"{_number(min(row.figures))} … {_number(max(row.figures))}"
    cells = (row.what, f"{_number(row.middle)} {row.unit}", span, str(len(row.figures)), beside, ratio)
    return f"| {' | '.join((*cells, _needed(row), _verdict(row)))} |"


def _needed(row: Row) -> str:
    if row.need is None:
        return ""
    return f"{row.need.bound} {row.need.figure:g} {'×' if row.need.of_ratio else row.unit}"


def _verdict(row: Row) -> str:
    return {None: "", True: "✅", False: "❌"}[row.passed]


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
