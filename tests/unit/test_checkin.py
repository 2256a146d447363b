"""Notes of check-ins."""

from __future__ import annotations

import pytest

from domain.checkin import NOTE_CHARS, tidy_note
from domain.errors import UserError


def test_a_note_is_kept_as_written_without_what_cannot_be_seen() -> None:
    assert tidy_note(" 读完第三章\u202e\x00\n第二行 ") == "读完第三章\n第二行"


def test_a_note_that_cannot_be_kept_whole_is_refused() -> None:
    assert tidy_note("读" * NOTE_CHARS)
    with pytest.raises(UserError) as wrong:
        tidy_note("读" * 10_000)
    assert wrong.value.key == "checkin.note_too_long"
    assert wrong.value.params == {"most": NOTE_CHARS, "length": 10_000}
