"""What the minutes of a seminar hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """A sub-group: who sat in it, what it talked about, and what it wrote down, field by field."""

    number: int
    people: tuple[str, ...]
    liaison: str
    asked: tuple[str, ...]
    form: tuple[tuple[str, str], ...]
    """(question, what was written; "" where nothing was)."""


@dataclass(frozen=True, slots=True)
class Minutes:
    group: str
    cycle: str
    stage: str
    form: str
    """online, offline, live"""
    opened_at: int
    closes_at: int
    timezone: str
    came: tuple[str, ...]
    spoke: tuple[str, ...]
    agenda: tuple[tuple[str, int], ...]
    """(question, how many stand behind it), the most wanted first."""
    sides: tuple[Side, ...]
