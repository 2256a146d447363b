"""What stands on a paper that is handed out, whatever it is printed with: a title, and blocks below it, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1
    """1 or 2."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    soft: bool = False
    """Said by the way, in grey."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` counts from 1."""

    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of what and how, one below the other: 时间 3月12日, 参加 5 人."""

    pairs: tuple[tuple[str, str], ...]


Block: TypeAlias = Heading | Paragraph | Items | Facts


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    language: str = "zh"
