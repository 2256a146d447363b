"""Reading what people type: full or half width, simplified or traditional, with or without slash, and with whatever else came along."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Controls, and the marks that turn the direction of the text around them; joiners stay, emoji are made with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
# After a command word comes white space or punctuation: 「打卡：读完第三章」. A slash command may carry @botname.
_WORD = re.compile(
    r"\s*(?P<slash>/?)\s*(?P<word>[^\s,.;:!?~、。…@/]+)(?:@\w+)?[\s,.;:!?~、。…]*(?P<rest>.*)", re.DOTALL
)
NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """The first word of a text, folded for looking up, and what follows it as it was written."""

    word: str
    rest: str
    slash: bool


def clean(text: str) -> str:
    """The text without control and direction characters and outer white space."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n")).strip()


def tidy_name(name: str) -> str:
    """A person's name on one line and of bearable length; "?" where nothing is left of it."""
    one_line = " ".join(clean(name).split())
    return one_line[:NAME_CHARS].rstrip() or "?"


def read(text: str) -> Reading | None:
    """Split off the command word, if the text begins with anything like one.

    Only the word is normalised; the rest keeps the writer's characters. The width of punctuation does not change
    its length, so positions found in the folded text hold in the original wherever NFKC keeps lengths; where it does not,
    the rest is taken from the folded text.
    """
    original = clean(text)
    folded = unicodedata.normalize("NFKC", original)
    found = _WORD.match(folded)
    if not found:
        return None
    source = original if len(original) == len(folded) else folded
    return Reading(found["word"].casefold(), source[found.start("rest") :].strip(), bool(found["slash"]))
