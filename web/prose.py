"""Plain text made ready for a page: hostile characters taken out on the way in, links, names and bars found on the way out.

Nothing here makes markup: `pieces` only says what each stretch of the text is, and the template escapes all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain import wording

_LINK = r"https?://[^\s<>\"'，。；！？、）」』》]+"
_BAR = r"[▓█]*[░▒]*"
_TRAILING = ".,;:!?)"

Kind = Literal["text", "link", "name", "bar"]


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str
    done: int = 0
    of: int = 0


def clean(text: str) -> str:
    """Without control characters, marks that turn the reading direction, and halves of surrogate pairs (JSON can carry those)."""
    return wording.clean(text.encode("utf-8", "ignore").decode())


def pieces(text: str, names: Iterable[str] = ()) -> list[Piece]:
    """``text`` cut into plain stretches, web links, @names and progress bars (▓▓░░)."""
    called = [re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name]
    at = f"@(?:{'|'.join(called)})" if called else r"(?!)"
    pattern = re.compile(rf"(?P<link>{_LINK})|(?P<name>{at})|(?P<bar>(?=[▓█░▒]{{4}}){_BAR})")
    return list(_cut(text, pattern))


def _cut(text: str, pattern: re.Pattern[str]) -> Iterator[Piece]:
    place = 0
    for found in pattern.finditer(text):
        matched = found[0].rstrip(_TRAILING) if found["link"] else found[0]
        if not matched:
            continue
        if found.start() > place:
            yield Piece("text", text[place : found.start()])
        yield _piece(matched, found)
        place = found.start() + len(matched)
    if place < len(text):
        yield Piece("text", text[place:])


def _piece(matched: str, found: re.Match[str]) -> Piece:
    if found["link"]:
        return Piece("link", matched)
    if found["name"]:
        return Piece("name", matched)
    return Piece("bar", matched, done=sum(c in "▓█" for c in matched), of=len(matched))


def initial(name: str) -> str:
    """The sign of a person without a picture: the first letter, digit or character of the name."""
    return next((c.upper() for c in name if c.isalnum()), name[:1] or "·")
