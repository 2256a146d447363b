"""Cutting a text to what a platform takes, between characters as a reader sees them, never inside one."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
LONGEST_CHARACTER = 64
"""Code points. What claims to be one character and is longer than this is cut all the same."""

_JOINER = "\u200d"


def units(text: str) -> int:
    """Length in UTF-16 code units, the strictest of the ways in which platforms count characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def size(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def surely_fits(length: int, chars: int, most_bytes: int | None) -> bool:
    """Whether any text of so many code points fits, without looking at it: none takes over 2 units or 4 bytes."""
    return 2 * length <= chars and (most_bytes is None or 4 * length <= most_bytes)


def clip(text: str, chars: int, most_bytes: int | None = None) -> str:
    """The text, or its longest beginning that fits with an ellipsis behind it. ``chars`` are UTF-16 units."""
    if units(text) <= chars and (most_bytes is None or size(text) <= most_bytes):
        return text
    spare_units = chars - units(ELLIPSIS)
    spare_bytes = most_bytes - size(ELLIPSIS) if most_bytes is not None else size(text)
    if spare_units < 0 or spare_bytes < 0:
        return ""
    end = _fitting(text, spare_units, spare_bytes)
    return text[: _boundary(text, end)].rstrip() + ELLIPSIS


def _fitting(text: str, spare_units: int, spare_bytes: int) -> int:
    """How many code points fit, of a text that does not fit as a whole."""
    place = 0
    while spare_units >= units(text[place]) and spare_bytes >= size(text[place]):
        spare_units -= units(text[place])
        spare_bytes -= size(text[place])
        place += 1
    return place


def _boundary(text: str, end: int) -> int:
    """The last place from ``end`` back at which one visible character ends and another begins."""
    for place in range(end, max(end - LONGEST_CHARACTER, 0), -1):
        if not _belongs_together(text, place):
            return place
    return 0 if end < LONGEST_CHARACTER else end


def _belongs_together(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if before == _JOINER or _extends(after):
        return True
    return _is_flag_half(after) and _flag_halves_before(text, place) % 2 == 1


def _extends(character: str) -> bool:
    """Marks and variation selectors, the joiner, skin tones, the tags of flags, the later parts of Hangul syllables."""
    return (
        unicodedata.category(character).startswith("M")
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, place: int) -> int:
    count = 0
    while count < min(place, LONGEST_CHARACTER) and _is_flag_half(text[place - 1 - count]):
        count += 1
    return count
