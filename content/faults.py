"""What is wrong with files written by hand: gathered first, then told all at once, with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from content.texts import Texts
from domain.group import Language
from domain.message import Line, Param

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """``line`` counts from 1; 0 stands for a folder as a whole."""

    file: str
    line: int
    what: Line


class PackFaults(Exception):
    """Everything that is wrong with one pack, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__("; ".join(f"{x.file}:{x.line} {x.what.key}" for x in self.faults))


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults found so far, as seen from one file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, at: int, key: str, /, **params: Param) -> None:
        self.found.append(Fault(self.file, at, Line(key, params)))

    def inside(self, file: str) -> Faults:
        """The same list, for another file."""
        return Faults(file, self.found)


def describe(faults: Iterable[Fault], texts: Texts, language: Language) -> list[str]:
    """One sentence a fault, ``items/003.md:4 …``, sorted by file and line."""
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line))
    return [f"{_place(fault)} {texts.say(language, fault.what)}" for fault in ordered]


def quoted(value: str) -> str:
    """What the author wrote, fit to stand in a sentence: on one line, printable, not too long."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
    return shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 1] + "…"


def _place(fault: Fault) -> str:
    return f"{fault.file}:{fault.line}" if fault.line else fault.file
