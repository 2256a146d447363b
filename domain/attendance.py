"""The code of the minute: six digits on the secretary's screen that only somebody in the room can know in time."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass

from domain.day import MINUTE
from domain.ids import brief, from_brief

DIGITS = 6
GUESSES = 5
"""Wrong codes one person may send within the time below: a guess hits two codes of a million, so five are no danger."""
GUESSES_WITHIN = 10 * MINUTE
_SIGN_CHARS = 20  # of hexadecimal: 80 bits
_SHAPE = re.compile(rf"[0-9]{{{DIGITS}}}\Z")


@dataclass(frozen=True, slots=True)
class Room:
    """A stage that people attend."""

    group_id: int
    cycle_id: int
    place: int


def code(key: str, room: Room, now: int) -> str:
    """The code of the minute that ``now`` lies in; with the installation's key, it can be known beforehand by nobody."""
    minute = now // MINUTE
    said = f"attend:{room.group_id}:{room.cycle_id}:{room.place}:{minute}"
    digest = hmac.digest(key.encode(), said.encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def is_right(key: str, room: Room, given: str, now: int) -> bool:
    """This minute's code or the last one's: whoever reads it at the end of a minute still has time to type."""
    known = (code(key, room, now), code(key, room, now - MINUTE))
    return any(hmac.compare_digest(given, one) for one in known)


def read_code(text: str) -> str | None:
    """Six digits of any width, however they are parted; None for anything else."""
    plain = re.sub(r"[\s\-–—.]", "", unicodedata.normalize("NFKC", text))
    return plain if plain.isascii() and _SHAPE.match(plain) else None


def address(key: str, room: Room, person_id: int) -> str:
    """What the screen's web address ends with: for one stage and one secretary, and sealed."""
    body = "_".join((brief(room.group_id), brief(room.cycle_id), str(room.place), brief(person_id)))
    return f"{body}_{_sign(key, body)}"


def read_address(key: str, text: str) -> tuple[Room, int] | None:
    """(stage, secretary) of an address this installation gave out; None for any other."""
    body, _, sign = text.rpartition("_")
    if not text.isascii() or not hmac.compare_digest(sign, _sign(key, body)):
        return None
    group, cycle, place, person = body.split("_")
    return Room(from_brief(group), from_brief(cycle), int(place)), from_brief(person)


def _sign(key: str, body: str) -> str:
    return hmac.digest(key.encode(), f"screen:{body}".encode(), "sha256").hex()[:_SIGN_CHARS]
