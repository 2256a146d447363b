"""Banks for tests of the exchange, and the faults of a file in a form that is short to compare."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import strategies as st

from content.exchange.formats import BankFaults, read_bank
from content.exchange.plain import one_line, tidy
from domain.pack import MAX_SOURCE, MAX_TITLE
from domain.question import (
    ANSWER_CHARS,
    EXPLANATION_CHARS,
    OPTION_CHARS,
    OPTIONS_MOST,
    STEM_CHARS,
    TOPIC_CHARS,
    Bank,
    Question,
    QuestionKind,
)

SAMPLES = Path(__file__).parent / "exchange_samples"

_TRICKY = (
    "=1+1",
    "'=x",
    "~%50%",
    "->",
    "[html]",
    "::",
    "####",
    "\\n",
    "{}",
    "//",
    "_x0041_",
    "#N/A",
    "<b>",
    "|",
    "｜",
)
_TEXT = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from((*_TRICKY, "春", "a", "\n", ",", '"')), max_size=8).map("".join),
)
_KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,47}", fullmatch=True)


def _words(most: int, line: bool = False) -> st.SearchStrategy[str]:
    """Text as an import leaves it: nothing invisible, nothing around it."""
    return _TEXT.map(one_line if line else tidy).map(lambda text: (one_line if line else tidy)(text[:most]))


@st.composite
def _questions(draw: st.DrawFn, key: str) -> Question:
    kind: QuestionKind = draw(st.sampled_from(("single", "multiple", "truefalse", "fill")))
    answers: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    if kind == "fill":
        answer = _words(ANSWER_CHARS, line=True).map(lambda text: (text + "一")[-ANSWER_CHARS:])
        answers = tuple(draw(st.lists(answer, min_size=1, max_size=4, unique=True)))
    elif kind == "truefalse":
        right = (draw(st.sampled_from((0, 1))),)
    else:
        option = _words(OPTION_CHARS).filter(bool)
        options = tuple(draw(st.lists(option, min_size=2, max_size=OPTIONS_MOST, unique=True)))
        places = st.sampled_from(range(len(options)))
        most = 1 if kind == "single" else len(options)
        right = tuple(sorted(draw(st.sets(places, min_size=1, max_size=most))))
    return Question(
        key=key,
        kind=kind,
        stem=draw(_words(STEM_CHARS).filter(bool)),
        options=options,
        right=right,
        answers=answers,
        explanation=draw(_words(EXPLANATION_CHARS)),
        source=draw(_words(MAX_SOURCE, line=True)),
        topic=draw(_words(TOPIC_CHARS, line=True)),
        item=draw(st.one_of(st.just(""), _KEYS)),
    )


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    keys = draw(st.lists(_KEYS, min_size=1, max_size=4, unique=True))
    title = draw(_words(MAX_TITLE, line=True).filter(bool))
    language = draw(st.sampled_from(("zh", "en")))
    return Bank(draw(_KEYS), title, language, tuple(draw(_questions(key)) for key in keys))


def faults(data: bytes | str, name: str) -> list[tuple[str, str]]:
    """(place, key) of each fault: ("B7", "cell_formula")."""
    with pytest.raises(BankFaults) as caught:
        read_bank(data.encode() if isinstance(data, str) else data, name)
    return [(f"{x.column}{x.line}", x.what.key.removeprefix("exchange.")) for x in caught.value.faults]


def questions(text: str, name: str) -> tuple[Question, ...]:
    return read_bank(text.encode(), name).questions


def brief(found: Iterable[Question]) -> list[tuple[str, str, tuple[str, ...], tuple[int, ...]]]:
    return [(x.kind, x.stem, x.options or x.answers, x.right) for x in found]
