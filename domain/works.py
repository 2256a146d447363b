"""Works made after a talk: a poem, a picture, a film, a text. How one is read, until when it may be changed, who is voted first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.cycle import Stage
from domain.day import DAY
from domain.points import shared_ranks
from domain.template import StageSpec
from domain.wording import clean

WORKS_EACH = 3
TITLE_CHARS = 40
TEXT_CHARS = 2000
VOTED_FOR = 2 * DAY
"""Of a shorter stage the second half is for voting."""
WorkKind = Literal["text", "photo", "video", "audio", "document"]

# A number by itself; within a text it needs its W, so that 「作品 3 月的风」 is a title.
_NUMBER = re.compile(r"(?:w\s*[-#.]?\s*|第|#|no\.?\s*)?([0-9]{1,4})\s*(?:号|件|號)?")
_LED_BY = re.compile(
    r"\s*[wWｗＷ]\s*(?P<number>[0-9０-９]{1,4})(?:[\s:：,，.、)）]+|\Z)(?P<rest>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Work:
    """``number`` is said as W3. Its files are pictures (storage/pictures.py) of its id."""

    id: int
    number: int
    person_id: int
    name: str
    """"" for somebody who has left."""
    kind: WorkKind
    title: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    work: Work
    votes: int


def is_for_works(spec: StageSpec) -> bool:
    """The part of a talk in which no questions are asked and something is made."""
    return spec.kind == "live" and spec.photos > 0 and spec.own_questions == 0


def voting_from(stage: Stage) -> int:
    """From then on nothing is handed in or changed any more, and everybody has a vote."""
    return max(stage.closes_at - VOTED_FOR, (stage.opens_at + stage.closes_at) // 2)


def read_work(text: str) -> tuple[str, str]:
    """(title, what follows it): the first line is the title."""
    title, _, rest = clean(text).partition("\n")
    return " ".join(title.split()), rest.strip()


def read_number(text: str) -> int | None:
    """3 of W3, w 3, ３, 第3件; None for anything else."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    return int(found[1]) if found else None


def led_by_number(text: str) -> tuple[int | None, str]:
    """「W3 新标题」: the number it begins with, None where it begins with none, and the rest."""
    found = _LED_BY.match(text)
    if found is None:
        return None, text
    return int(unicodedata.normalize("NFKC", found["number"])), found["rest"].strip()


def ranked(works: Sequence[Work], votes: Mapping[int, int]) -> list[Ranked]:
    """The most votes first, equals share a rank and stand in the order of their numbers. ``votes``: work's id → how many."""
    order = sorted(works, key=lambda work: (-votes.get(work.id, 0), work.number))
    counts = [votes.get(work.id, 0) for work in order]
    return [
        Ranked(rank, work, count)
        for rank, work, count in zip(shared_ranks(counts), order, counts, strict=True)
    ]
