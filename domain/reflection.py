"""A reflection: photos and words. How its length is told, what it lacks, and the short number people say aloud."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import regex

from domain.errors import UserError
from domain.folding import fold
from domain.wording import clean

State = Literal["draft", "handed", "withdrawn"]
MOST_CHARS = 5000
MOST_STORED = 20_000
"""Characters as a computer counts them: a text that nobody could read may be long in these alone."""
MOST_PICTURES = 20
PREVIEW_CHARS = 60
SAID_AGAIN_CHARS = 20
"""Fewer may well stand twice in a text."""

_CLUSTER = regex.compile(r"\X")
# Characters that stand for themselves whatever is beside them, and white space: a text of these needs no splitting.
_PLAIN = re.compile("[\\s!-~\u00b7\u2014\u2018-\u201f\u2026\u3001-\u3020\u4e00-\u9fff\uff01-\uff5e]*")
# What fills a place and shows nothing, though Unicode calls it a letter or a symbol.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SHOWS_NOTHING = frozenset(("Cc", "Cf", "Cs", "Mn", "Mc", "Me", "Zl", "Zp", "Zs"))
_CODE = re.compile(r"([a-z]{1,3})\s*[-_.#·]?\s*([0-9]{1,6})\s*号?")
_LETTERS = 26
# As `domain.folding.fold` leaves it: without spaces, Chinese numbers as digits.
_TAKE_OUT = re.compile(
    "(?:去掉?|删掉?|删除)(?:第?(?P<a>[0-9]{1,2})(?:张|段视频|个视频)(?:照片|图片|图|视频)?"
    "|(?:照片|图片|图|视频)(?:第?(?P<b>[0-9]{1,2})张?)?)"
    "|(?:remove|takeout|drop)(?:photo|picture|video)(?:no)?(?P<c>[0-9]{1,2})?"
)
_TAKE_OUT_CHARS = 24
"""Whatever is longer was written for the reflection."""


def count_chars(text: str) -> int:
    """Characters as people perceive them: a family of emoji is one, an accent none, white space none."""
    if _PLAIN.fullmatch(text):
        return len("".join(text.split()))
    return sum(1 for cluster in _CLUSTER.findall(text) if any(map(_shows, cluster)))


def _shows(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in _SHOWS_NOTHING


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is missing before a reflection can be handed in; nothing of it is below 0."""

    chars: int
    photos: int

    def __bool__(self) -> bool:
        return bool(self.chars or self.photos)


def lacks(chars: int, photos: int, *, of_chars: int, of_photos: int) -> Lacks:
    return Lacks(max(of_chars - chars, 0), max(of_photos - photos, 0))


def tidy_body(text: str) -> str:
    """The words as they are kept. Raises UserError where they are more than can be kept whole."""
    body = clean(text)
    chars = count_chars(body)
    if chars > MOST_CHARS or len(body) > MOST_STORED:
        raise UserError("reflection.too_long", most=MOST_CHARS, length=max(chars, MOST_CHARS + 1))
    return body


def joined(before: str, more: str) -> str:
    """What was written, with what came after it; words that were sent once more, whole or with more to them, are kept once."""
    old, new = "".join(before.split()), "".join(more.split())
    if not old or old == new or (len(old) >= SAID_AGAIN_CHARS and old in new):
        return more
    if not new or (len(new) >= SAID_AGAIN_CHARS and new in old):
        return before
    return f"{before}\n{more}"


def preview(text: str) -> str:
    """The beginning, on one line."""
    one_line = " ".join(text.split())
    clusters = _CLUSTER.findall(one_line)
    if len(clusters) <= PREVIEW_CHARS:
        return one_line
    return "".join(clusters[: PREVIEW_CHARS - 1]) + "…"


def photo_to_take_out(text: str) -> int | None:
    """「去掉第 2 张照片」, 「去图 2」: which one, counted from 1; 0 where no number is said, None where nothing of the kind is."""
    if len(text) > _TAKE_OUT_CHARS:
        return None
    found = _TAKE_OUT.fullmatch(fold(text))
    return None if found is None else int(found["a"] or found["b"] or found["c"] or 0)


def code(rank: int, number: int) -> str:
    """``A12``: the twelfth of the first cycle. ``rank`` and ``number`` count from 1; after Z comes AA."""
    letters = ""
    while rank:
        rank, letter = divmod(rank - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{number}"


def read_code(text: str) -> tuple[int, int] | None:
    """(rank, number) of what somebody wrote, in any width and case, with a space or without; None where it is no number."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if found is None or not int(found[2]):
        return None
    rank = 0
    for letter in found[1]:
        rank = rank * _LETTERS + ord(letter) - ord("a") + 1
    return rank, int(found[2])
