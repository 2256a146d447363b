"""The questions that members bring: which are the same, whose voices stand behind them, and in what order they are talked about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.folding import fold

QUESTION_CHARS = 200
ANSWER_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Inquiry:
    """``number`` counts from 1 in its stage. Who asked is not among the ``voices``; ``merged_into`` is another's id, 0 for none."""

    id: int
    number: int
    person_id: int
    name: str
    """"" for somebody who has left."""
    body: str
    merged_into: int = 0
    side: int = 0
    """The sub-group it was handed to, 0 for none."""
    voices: frozenset[int] = frozenset()

    @property
    def people(self) -> int:
        """How many stand behind it, the one who asked included."""
        return len(self.voices | {self.person_id})


def ordered(inquiries: Iterable[Inquiry]) -> list[Inquiry]:
    """Those to talk about: what most people ask goes first, of equals what was asked first. Merged ones are left out."""
    return sorted((one for one in inquiries if not one.merged_into), key=lambda one: (-one.people, one.id))


def meant(inquiries: Sequence[Inquiry], number: int) -> Inquiry | None:
    """The one of that number, or the one it was merged into."""
    by_id = {one.id: one for one in inquiries}
    found = next((one for one in inquiries if one.number == number), None)
    while found is not None and found.merged_into:
        found = by_id.get(found.merged_into)
    return found


def like(inquiries: Sequence[Inquiry], body: str) -> Inquiry | None:
    """The one that asks the same, but for width, case, script, spaces and punctuation."""
    folded = fold(body)
    found = next((one for one in inquiries if fold(one.body) == folded), None)
    return meant(inquiries, found.number) if found else None


def says_something(body: str) -> bool:
    return bool(fold(body))


def dealt(agenda: Sequence[Inquiry], sides: int) -> dict[int, int]:
    """Inquiry's id → sub-group, in turn, so that each gets its share of what most people ask."""
    return {one.id: place % sides + 1 for place, one in enumerate(agenda)} if sides else {}
