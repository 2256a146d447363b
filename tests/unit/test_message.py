"""A message comes out of the outbox as it went in."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.texts import Texts
from domain.message import Button, File, Line, Live, Media, Message, Param, Poll, Priority, line, on

WORDS = st.text(max_size=12)
NUMBERS = st.integers(-(1 << 63), (1 << 63) - 1)
LINES: st.SearchStrategy[Line] = st.deferred(
    lambda: st.builds(Line, WORDS, st.dictionaries(WORDS, PARAMS, max_size=3))
)
PARAMS: st.SearchStrategy[Param] = st.deferred(
    lambda: WORDS | NUMBERS | LINES | st.lists(LINES, max_size=2).map(tuple)
)
BUTTONS = st.builds(Button, LINES, WORDS, WORDS, NUMBERS)
MESSAGES = st.builds(
    Message,
    lines=st.lists(LINES, max_size=3).map(tuple),
    title=st.none() | LINES,
    buttons=st.lists(st.lists(BUTTONS, max_size=2).map(tuple), max_size=2).map(tuple),
    live=st.none() | st.builds(Live, WORDS, WORDS),
    react=st.none() | WORDS,
    reply_to=st.none() | WORDS,
    media=st.none() | st.builds(Media, WORDS, WORDS),
    file=st.none() | st.builds(File, WORDS, WORDS),
    poll=st.none()
    | st.builds(
        Poll,
        NUMBERS,
        WORDS,
        st.lists(LINES, max_size=2).map(tuple),
        st.lists(NUMBERS, max_size=2).map(tuple),
        st.none() | LINES,
        st.booleans(),
    ),
    silent=st.booleans(),
    mentions=st.lists(st.tuples(WORDS, NUMBERS), max_size=2).map(tuple),
    pin=st.booleans(),
)


@given(MESSAGES)
def test_a_dumped_message_reads_as_it_was(message: Message) -> None:
    assert Message.parse(message.dump()) == message


def test_what_is_at_its_default_takes_no_room() -> None:
    assert Message().dump() == "{}"
    assert orjson.loads(Message((line("checkin.done", days=3),)).dump()) == {
        "lines": [{"key": "checkin.done", "params": {"days": 3}}]
    }


@pytest.mark.parametrize("value", ["null", "1.5"])
def test_a_parameter_of_another_kind_is_refused(value: str) -> None:
    with pytest.raises(TypeError, match="a str, an int or a Line"):
        Message.parse('{"lines":[{"key":"a","params":{"b":%s}}]}' % value)  # noqa: UP031


def test_a_day_is_said_by_its_month_and_number_in_both_languages() -> None:
    texts = Texts.load()
    for place in range(366):
        day = date(2028, 1, 1) + timedelta(days=place)
        assert f"{day.day}" in texts.say("zh", on(day))
        assert f"{day.day}" in texts.say("en", on(day))


def test_a_buttons_answer_leaves_first_and_a_broadcast_last() -> None:
    assert sorted(Priority) == [Priority.BUTTON, Priority.REPLY, Priority.REMINDER, Priority.BROADCAST]
