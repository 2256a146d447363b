"""What is wrong with files written by hand: gathered first, then told all at once, with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from content.texts import Texts
from domain.group import Language
from domain.message import Line, Param

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a table: ``column`` in letters, ``row`` from 1."""

    column: str
    row: int


Place = int | Cell


@dataclass(frozen=True, slots=True)
class Fault:
    """``line`` counts from 1; 0 stands for a file or folder as a whole. In a table, ``column`` has the letters of "B7"."""

    file: str
    line: int
    what: Line
    column: str = ""


class PackFaults(Exception):
    """Everything that is wrong with one pack, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(_ordered(faults))
        super().__init__("; ".join(f"{_place(x)} {x.what.key}" for x in self.faults))


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults found so far, as seen from one file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, at: Place, key: str, /, **params: Param) -> None:
        line, column = (at, "") if isinstance(at, int) else (at.row, at.column)
        self.found.append(Fault(self.file, line, Line(key, params), column))

    def inside(self, file: str) -> Faults:
        """The same list, for another file."""
        return Faults(file, self.found)


def describe(faults: Iterable[Fault], texts: Texts, language: Language) -> list[str]:
    """One sentence a fault, ``items/003.md:4 …`` or ``bank.xlsx:B7 …``, sorted by file and place."""
    return [f"{_place(fault)} {texts.say(language, fault.what)}" for fault in _ordered(faults)]


def quoted(value: str) -> str:
    """What the author wrote, fit to stand in a sentence: on one line, printable, not too long."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
    return shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 1] + "…"


def _ordered(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line, len(fault.column), fault.column))


def _place(fault: Fault) -> str:
    return f"{fault.file}:{fault.column}{fault.line}" if fault.line else fault.file
