"""How alike two texts are, and where: folded alike, compared by runs of three characters, sketched so that like texts are found.

Nothing here judges anybody: two members may have read the same page. What is quoted from what everybody was given is left out
before texts are compared.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import shake_128
from typing import NamedTuple

import opencc

GRAM = 3
PASSAGE = 13
"""Characters that two texts share in a row before it is called a passage: longer than a slogan or the name of an office."""
LEAST_GRAMS = 40
"""A text with less of its own says too little to be like another."""
BANDS, ROWS = 32, 2
"""Two texts share a band with likelihood 1 − (1 − J²)³²: 0.9999 at J = 0.5, 0.95 at 0.3, 0.03 at 0.03 (docs/decisions/0012)."""
_SIZE = BANDS * ROWS
_NUMBERS = struct.Struct(f"<{_SIZE}I")
ALIKE_PERCENT = 40
"""Jaccard, in percent, from which on a pair is shown to the secretary; measured, see docs/decisions/0012."""
QUOTED_PERCENT = 60
"""The part of the shorter text that stands in the longer one, from which on the pair is shown though the whole is less alike."""
_AROUND = 20
"""Characters kept on both sides of a shared passage where a text is shortened."""
OPENS, CLOSES, LEFT_OUT = "【", "】", "…"


class Span(NamedTuple):
    """From the first place to before the second."""

    start: int
    end: int


class Folded(NamedTuple):
    text: str
    places: tuple[int, ...]
    """For each character of ``text``, where it stands in what was folded."""


def fold(text: str) -> Folded:
    """Width, case, script, accents, spaces and punctuation fall away."""
    kept = [(folded, place) for place, c in enumerate(text) for folded in _folded(c)]
    return Folded("".join(c for c, _ in kept), tuple(place for _, place in kept))


@lru_cache(maxsize=16384)
def _folded(c: str) -> str:
    """One character by itself, so that its place is not lost."""
    plain = "".join(x for x in unicodedata.normalize("NFKD", c) if not unicodedata.combining(x))
    plain = unicodedata.normalize("NFKC", plain).casefold()
    return "".join(x for x in _simplifier().convert(plain) if x.isalnum())


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def passages(folded: str) -> frozenset[str]:
    """Every run of `PASSAGE` characters."""
    return frozenset(folded[n : n + PASSAGE] for n in range(len(folded) - PASSAGE + 1))


@lru_cache(maxsize=4)
def given(texts: tuple[str, ...]) -> frozenset[str]:
    """The passages of what everybody was given. Members of a group hand in at about the same time: it is the same for all of them."""
    return frozenset().union(*(passages(fold(text).text) for text in texts))


def spans(folded: str, others: Collection[str]) -> tuple[Span, ...]:
    """Where ``folded`` has passages that are among ``others`` (`passages` of another text); those that touch are one."""
    found: list[Span] = []
    for n in range(len(folded) - PASSAGE + 1):
        if folded[n : n + PASSAGE] in others:
            start = found.pop().start if found and n <= found[-1].end else n
            found.append(Span(start, n + PASSAGE))
    return tuple(found)


def own(folded: str, quoted: Collection[str]) -> tuple[str, ...]:
    """What is left of a text without the passages it quotes from what everybody was given."""
    pieces, at = [], 0
    for span in spans(folded, quoted):
        pieces.append(folded[at : span.start])
        at = span.end
    return (*pieces, folded[at:])


def own_grams(text: str, quoted: Collection[str]) -> frozenset[str]:
    """What two texts are compared by: runs of `GRAM` characters of what is their own."""
    return grams(own(fold(text).text, quoted))


def grams(pieces: Iterable[str]) -> frozenset[str]:
    return frozenset(piece[n : n + GRAM] for piece in pieces for n in range(len(piece) - GRAM + 1))


class Likeness(NamedTuple):
    whole: int
    """Jaccard in percent: runs of three that both have, of all that either has."""
    quoted: int
    """Percent of the shorter one's runs that the longer one has too."""

    @property
    def percent(self) -> int:
        """What is shown to the secretary: of the whole, or where one stands in the other, of the shorter; 0 where neither is much."""
        if self.whole >= ALIKE_PERCENT:
            return self.whole
        return self.quoted if self.quoted >= QUOTED_PERCENT else 0


def likeness(one: frozenset[str], other: frozenset[str]) -> Likeness:
    """Of two sets of `grams`; nothing at all where one of them has too little of its own."""
    fewer = min(len(one), len(other))
    if fewer < LEAST_GRAMS:
        return Likeness(0, 0)
    both = len(one & other)
    return Likeness(100 * both // (len(one) + len(other) - both), 100 * both // fewer)


def bands(found: frozenset[str]) -> tuple[str, ...]:
    """The text's sketch: MinHash in bands. Two texts that share one in the same place may be alike. () for too little text."""
    if len(found) < LEAST_GRAMS:
        return ()
    # One long digest a gram stands for as many hash functions as it has numbers.
    rows = [
        _NUMBERS.unpack(shake_128(gram.encode("utf-8", "surrogatepass")).digest(_NUMBERS.size))
        for gram in found
    ]
    least = [min(column) for column in zip(*rows, strict=True)]
    return tuple(
        f"{zlib.crc32(struct.pack(f'<{ROWS}I', *least[n : n + ROWS])):08x}" for n in range(0, _SIZE, ROWS)
    )


class Passage(NamedTuple):
    """A piece of a text, as it was written."""

    text: str
    shared: bool


def marked(one: str, other: str, quoted: Collection[str]) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Both texts whole, cut where passages that they share begin and end; ``quoted`` is what everybody was given, which does not count."""
    mine, theirs = _shared_spans(one, other, quoted)
    return tuple(_cut(one, mine)), tuple(_cut(other, theirs))


def _cut(text: str, found: Sequence[Span]) -> Iterable[Passage]:
    at = 0
    for start, end in found:
        if start > at:
            yield Passage(text[at:start], False)
        yield Passage(text[start:end], True)
        at = end
    if at < len(text):
        yield Passage(text[at:], False)


def shared(one: str, other: str, quoted: Collection[str], most: int) -> tuple[str, str]:
    """Both texts as they were written, with the passages they share between `OPENS` and `CLOSES`.

    ``quoted`` is what everybody was given, which is not marked. Of a text that is longer than ``most``, what is far from any
    passage is left out, and what is too much then at its end.
    """
    mine, theirs = _shared_spans(one, other, quoted)
    return _shown(one, mine, most), _shown(other, theirs, most)


def _shared_spans(one: str, other: str, quoted: Collection[str]) -> tuple[list[Span], list[Span]]:
    a, b = fold(one), fold(other)
    return (
        _written(a, spans(a.text, passages(b.text).difference(quoted))),
        _written(b, spans(b.text, passages(a.text).difference(quoted))),
    )


def _written(folded: Folded, found: Sequence[Span]) -> list[Span]:
    return [Span(folded.places[start], folded.places[end - 1] + 1) for start, end in found]


def _shown(text: str, found: Sequence[Span], most: int) -> str:
    around = _AROUND if len(text) > most else len(text)
    pieces, at = [], 0
    for start, end in found:
        pieces += [_between(text[at:start], around, at > 0, True), OPENS, text[start:end], CLOSES]
        at = end
    whole = "".join([*pieces, _between(text[at:], around, bool(found), False)])
    return whole if len(text) <= most or len(whole) <= most else whole[: most - 1] + LEFT_OUT


def _between(text: str, around: int, after: bool, before: bool) -> str:
    """What stands ``after`` a passage, ``before`` one, or both: of it, what is near one. Whole where there is no passage at all."""
    if not (after or before) or len(text) <= around * (after + before):
        return text
    return text[: around * after] + LEFT_OUT + text[len(text) - around * before :]
