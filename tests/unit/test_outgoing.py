"""Why a message could not be shown."""

from __future__ import annotations

import pytest

from domain.errors import NeedsFact
from domain.outgoing import MessageGone, Moved, Refused, RetryLater, SendError, Uncertain, Unreachable


@pytest.mark.parametrize("kind", [Unreachable, MessageGone, Refused, Uncertain])
def test_a_failure_carries_the_platforms_word_for_it(kind: type[SendError]) -> None:
    assert kind("Forbidden").detail == str(kind("Forbidden")) == "Forbidden"
    assert kind().detail == ""


def test_being_too_fast_says_how_long_to_wait() -> None:
    assert (RetryLater(2.5).seconds, RetryLater(2.5).detail) == (2.5, "asked to wait 2.5 s")


def test_a_chat_that_moved_says_where_to_and_keeps_it_out_of_the_detail() -> None:
    assert (Moved("-1002").chat_id, Moved("-1002").detail) == ("-1002", "the chat has a new id")


def test_a_fact_that_is_missing_has_a_name() -> None:
    assert NeedsFact("sender_is_admin").field == "sender_is_admin"
