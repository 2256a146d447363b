"""「1 我的答案」: a number that says which question is meant, and what is said about it."""

from __future__ import annotations

import re
import unicodedata

_NUMBERED = re.compile(
    r"\s*(?:第\s*)?(?P<number>[0-9０-９]{1,2}|[①-⑳])(?:\s*题)?(?:[\s.、,，:：)）．]+|\Z)(?P<rest>.*)",
    re.DOTALL,
)


def numbered(text: str) -> tuple[int | None, str]:
    """The number, None where the text begins with none, and what follows as it was written."""
    found = _NUMBERED.match(text)
    if found is None:
        return None, text.strip()
    return int(unicodedata.normalize("NFKC", found["number"])), found["rest"].strip()


def next_open(count: int, given: set[int]) -> int | None:
    """The first of ``count`` that nothing was said about yet, from 1."""
    return next((number for number in range(1, count + 1) if number not in given), None)
