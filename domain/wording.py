"""Reading what people type: full or half width, simplified or traditional, with or without slash, and with whatever else came along."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Controls, the marks that turn the direction of the text around them, spaces of no width that come along from web pages, and
# halves of characters; joiners stay, emoji are made with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# After a command word comes white space or punctuation: 「打卡：读完第三章」. A slash command may carry @botname.
_WORD = re.compile(
    r"\s*(?P<slash>/?)\s*(?P<word>[^\s,.;:!?~、。…@/]+)(?:@\w+)?[\s,.;:!?~、。…]*(?P<rest>.*)", re.DOTALL
)
_GLUED = re.compile(r"(?P<word>[\u3400-\u9fff]+)(?P<number>[a-z][0-9]{1,6}|[0-9]{6})")
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

    Only the word is normalised; the rest keeps the writer's characters, unless normalising the word moved them:
    then the rest is the folded one.
    """
    original = clean(text)
    folded = unicodedata.normalize("NFKC", original)
    found = _WORD.match(folded)
    if not found:
        return None
    written, rest = original[found.start("rest") :], found["rest"]
    if unicodedata.normalize("NFKC", written) == rest:
        rest = written
    return Reading(found["word"].casefold(), rest.strip(), bool(found["slash"]))


def unglued(reading: Reading) -> Reading | None:
    """「评A12 5 4 5」 as 「评 A12 5 4 5」, for Chinese is written without spaces. None where it is a word and nothing else."""
    found = _GLUED.fullmatch(reading.word)
    if found is None:
        return None
    return Reading(found["word"], f"{found['number']} {reading.rest}".strip(), reading.slash)
