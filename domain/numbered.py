"""「1 我的答案」: a number that says which question is meant, and what is said about it."""

from __future__ import annotations

import re
import unicodedata

from domain.errors import UserError

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


def in_plain_words(text: str, count: int, given: set[int]) -> str | None:
    """What answers the first question that is open, as `answer_to` reads it; None where none is.

    Nobody said that it is an answer, so a number of no question is no number of one: 「12 月我们去走访」.
    """
    following = next_open(count, given)
    if following is None:
        return None
    number, _ = numbered(text)
    return text if number is not None and 1 <= number <= count else f"{following} {text}"


def answer_to(
    text: str, count: int, given: set[int], *, most: int, which: str, unknown: str
) -> tuple[int, str]:
    """Which of ``count`` questions is meant, and what is said to it; without a number it is the first that is open.

    Raises UserError for more than ``most`` characters, with the key ``which`` where all are answered, and with ``unknown`` for
    a question there is not.
    """
    number, body = numbered(text)
    if number is None:
        number = next_open(count, given)
    if number is None:
        raise UserError(which, count=count)
    if not 1 <= number <= count:
        raise UserError(unknown, number=number, count=count)
    if len(body) > most:
        raise UserError("preview.too_long", most=most, length=len(body))
    return number, body


def next_open(count: int, given: set[int]) -> int | None:
    """The first of ``count`` that nothing was said about yet, from 1."""
    return next((number for number in range(1, count + 1) if number not in given), None)
