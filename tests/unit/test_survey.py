"""What an answer to the survey answers, and how answers are told without names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.survey import ANSWER_CHARS, Told, is_mark, is_scale, read, told

ASKED = ("这次活动对您有多大帮助？（1–5）", "哪个环节最好？", "下次希望怎么改？")
WORDS = ("哪个环节最好？", "下次希望怎么改？")


@pytest.mark.parametrize("question", ["帮助？（1–5）", "Useful? (1-5)", "帮助（1～5） ", "有用吗(1到5)"])
def test_a_question_that_ends_in_one_to_five_is_a_scale(question: str) -> None:
    assert is_scale(question)


@pytest.mark.parametrize("question", ["（1–5）哪个环节最好？", "最好的是哪个（1–3）", "哪个？"])
def test_any_other_is_answered_in_words(question: str) -> None:
    assert not is_scale(question)


@pytest.mark.parametrize(
    ("text", "given_before", "means"),
    [
        ("5", (), {1: "5"}),
        ("５", (), {1: "5"}),
        ("4分", (), {1: "4"}),
        ("4 研讨最好", (), {1: "4", 2: "研讨最好"}),
        ("2，研讨", (), {1: "2", 2: "研讨"}),
        ("2", (1, 2), {1: "2"}),
        ("2 研讨", (1,), {2: "研讨"}),
        ("研讨", (1,), {2: "研讨"}),
        ("早一点", (1, 2), {3: "早一点"}),
        ("第3题 早一点", (), {3: "早一点"}),
        ("q3 earlier", (), {3: "earlier"}),
        ("第1题 3", (1, 2, 3), {1: "3"}),
    ],
)
def test_what_an_answer_answers(text: str, given_before: tuple[int, ...], means: dict[int, str]) -> None:
    assert read(text, ASKED, given_before) == means


def test_without_a_scale_a_number_is_a_questions() -> None:
    assert read("2 早一点", WORDS, ()) == {2: "早一点"}
    assert read("研讨", WORDS, ()) == {1: "研讨"}
    assert read("5", WORDS, ()) == {1: "5"}


@pytest.mark.parametrize(
    ("text", "given_before", "wrong"),
    [
        ("很好", (), "survey.mark_needed"),
        ("9", (), "survey.mark_needed"),
        ("第1题 3 很好", (1,), "survey.mark_needed"),
        ("第7题 好", (), "survey.unknown"),
        ("再说一句", (1, 2, 3), "survey.which"),
        ("好" * (ANSWER_CHARS + 1), (1,), "survey.too_long"),
    ],
)
def test_what_answers_nothing_is_said_so(text: str, given_before: tuple[int, ...], wrong: str) -> None:
    with pytest.raises(UserError) as error:
        read(text, ASKED, given_before)
    assert error.value.key == wrong


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("4", True),
        (" ４ 分", True),
        ("5。", True),
        ("4 很好", False),
        ("6", False),
        ("", False),
        ("45", False),
    ],
)
def test_a_mark_alone_is_told_from_words(text: str, mark: bool) -> None:
    assert is_mark(text) is mark


@given(st.text(max_size=600), st.sets(st.integers(1, 3)))
def test_whatever_is_written_is_an_answer_or_a_clear_refusal(text: str, before: set[int]) -> None:
    try:
        answers = read(text, ASKED, before)
    except UserError as refused:
        assert refused.key.startswith("survey.")
    else:
        assert answers and set(answers) <= {1, 2, 3}
        assert answers.get(1, "1") in "12345"


def test_what_few_people_said_is_counted_and_not_told() -> None:
    scale, words, _ = told(ASKED, [{1: "5", 2: "研讨"}, {1: "4", 2: "直播"}])
    assert (scale.count, scale.mean, scale.listed) == (2, 4.5, False)
    assert (words.count, words.texts) == (2, ())


def test_texts_are_in_the_order_of_their_words() -> None:
    answers = [{2: "直播"}, {2: "研讨"}, {1: "3", 2: "互评"}]
    assert told(ASKED, answers)[1].texts == tuple(sorted(("直播", "研讨", "互评")))
    assert told(ASKED, answers)[0].marks == (0, 0, 1, 0, 0)
    assert Told("?", 0).mean is None
