"""Check-ins: the kinds there are, and what a note may be."""

from __future__ import annotations

from typing import Literal

from domain.errors import UserError
from domain.wording import clean

Kind = Literal["self", "makeup", "proxy"]
NOTE_CHARS = 2000


def tidy_note(text: str) -> str:
    """The note as it is kept. Raises UserError where it is longer than can be kept whole."""
    note = clean(text)
    if len(note) > NOTE_CHARS:
        raise UserError("checkin.note_too_long", most=NOTE_CHARS, length=len(note))
    return note
