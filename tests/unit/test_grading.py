"""Answers are right however they are written, and never because a number is nearly the right one."""

from __future__ import annotations

import unicodedata

import cn2an
import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.grading import fold, grade, read_choice
from domain.question import Question, QuestionKind

PUNCTUATION = " 　\t，。！？；《》“”‘’·…（）()!?;\u200b"
ANSWERS = (
    *(
        "1921年",
        "1921年7月1日",
        "十一届三中全会",
        "三大纪律八项注意",
        "农村包围城市",
        "全心全意为人民服务",
        "一大",
    ),
    *(
        "实事求是",
        "陈望道",
        "毛泽东",
        "上海",
        "两弹一星",
        "1.5亿",
        "50%",
        "三湾改编",
        "共产党宣言",
        "Karl Marx",
    ),
)
S2T = opencc.OpenCC("s2t")


def fill(*answers: str) -> Question:
    return Question(key="q", kind="fill", stem="____", answers=answers)


def verdict(given: str, *answers: str) -> str:
    return grade(fill(*answers), given, {})


def choice(kind: QuestionKind, *options: str, right: tuple[int, ...] = (0,)) -> Question:
    return Question(key="q", kind=kind, stem="?", options=options, right=right)


PLACES = choice("multiple", "上海", "北京", "嘉兴", "1921", right=(0, 2))
TRUE = choice("truefalse")


def widened(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


NUMERIC = tuple("0123456789.")


def strewn(text: str, marks: list[tuple[int, str]]) -> str:
    """The text with marks put in anywhere but into a number."""
    for place, mark in marks:
        at = place % (len(text) + 1)
        if text[at - 1 : at] not in NUMERIC:
            text = text[:at] + mark + text[at:]
    return text


@given(
    st.sampled_from(ANSWERS),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from(PUNCTUATION))),
)
def test_width_script_case_spaces_and_punctuation_change_no_verdict(
    answer: str, wide: bool, traditional: bool, loud: bool, marks: list[tuple[int, str]]
) -> None:
    typed = S2T.convert(answer) if traditional else answer
    typed = strewn(typed.upper() if loud else typed, marks)
    assert verdict(widened(typed) if wide else typed, answer) == "right"
    assert verdict(answer, typed) == "right"


@given(st.integers(0, 10**12), st.sampled_from(["年", "月", "人", "次全国代表大会", ""]))
def test_a_number_is_the_same_in_chinese(number: int, unit: str) -> None:
    assert verdict(cn2an.an2cn(number) + unit, f"{number}{unit}") == "right"


@given(st.integers(1000, 2999))
def test_a_year_is_the_same_digit_by_digit(year: int) -> None:
    assert verdict(cn2an.an2cn(str(year), "direct") + "年", f"{year}年") == "right"
    assert verdict(str(year), f"{year}年") == "right"


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["", "年", "名党员"]))
def test_another_number_is_wrong_however_near(one: int, other: int, unit: str) -> None:
    expected = "right" if one == other else "wrong"
    assert verdict(f"{one}{unit}", f"{other}{unit}") == expected
    assert verdict(cn2an.an2cn(one) + unit, f"{other}{unit}") == expected


@given(st.text())
def test_no_text_is_too_odd_to_be_compared(text: str) -> None:
    assert fold(text) == fold(widened(text)) or not text.isascii()
    assert verdict(text, "农村包围城市") in ("right", "wrong", "doubtful")


@given(st.text(), st.sampled_from(["single", "multiple", "truefalse", "fill"]))
def test_no_text_is_too_odd_to_be_read_as_a_choice(text: str, kind: QuestionKind) -> None:
    options = () if kind in ("truefalse", "fill") else ("上海", "北京", "嘉兴")
    question = fill("x") if kind == "fill" else choice(kind, *options)
    places = read_choice(text, question)
    assert places is None or (set(places) <= {0, 1, 2} and list(places) == sorted(set(places)))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("一九二一年", "1921年"),
        ("二○○一年", "2001年"),
        ("二〇二〇", "2020"),
        ("二十一", "21"),
        ("十月", "10月"),
        ("廿三", "23"),
        ("壹佰贰拾", "120"),
        ("貳拾", "20"),
        ("两个维护", "2个维护"),
        ("兩百", "200"),
        ("100万", "1000000"),
        ("1.5亿", "150000000"),
        ("九千六百万", "96000000"),
        ("1,000,000", "1000000"),
        ("3万5千", "35000"),
        ("1921.07.01", "1921年7月1日"),
        ("1921-7-1", "1921年7月1日"),
        ("7月1号", "7月1日"),
        ("07月01日", "7月1日"),
        ("百分之五十", "50%"),
        ("三分之二", "2/3"),
        ("1919—1921", "1919-1921"),
        ("《共产党宣言》", "共产党宣言"),
        ("Ｋａｒｌ·Marx", "karlmarx"),
        ("好👍🏽", "好"),
        ("，。！", ""),
    ],
)
def test_a_text_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    "word", ["万一", "百团大战", "万隆会议", "陆军", "八两", "十三五规划", "五卅运动", "二百五"]
)
def test_a_word_that_is_no_number_stays_a_word(word: str) -> None:
    assert fold(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("万一", "一万"),
            ("一大", "十大"),
            ("一大", "大"),
            ("三湾", "三万"),
            ("陆军", "六军"),
            ("百团", "一百团"),
        ),
        *(
            ("3.5", "35"),
            ("-5", "5"),
            (".5", "5"),
            ("50%", "50"),
            ("1/2", "12"),
            ("1、2", "12"),
            ("7:30", "730"),
        ),
        *(("10²", "102"), ("1½", "11/2"), ("1.00005万", "10000"), ("1919-1921", "19191921"), ("C", "C++")),
        *(("十三五", "135"), ("万里", "一万里"), ("八两", "82"), ("30°", "30"), ("一百五", "105")),
    ],
)
def test_what_means_different_things_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert verdict(one, other) != "right"


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        *(
            ("1922年", "1921年"),
            ("1921年7月", "1921年"),
            ("二中全会", "三中全会"),
            ("十四五规划", "十三五规划"),
        ),
        *(
            ("遵义会议1935", "遵义会议"),
            ("三湾改篇", "三湾改编"),
            ("毛泽西", "毛泽东"),
            ("李四", "张三"),
            ("京", "北京"),
        ),
        *(("", "上海"), ("！！", "上海"), ("上海" * 60, "上海"), ("长征胜利", "遵义会议")),
    ],
)
def test_this_is_wrong(given: str, answer: str) -> None:
    assert verdict(given, answer) == "wrong"


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        *(("实事求事", "实事求是"), ("农村包围成市", "农村包围城市"), ("为人民服务", "全心全意为人民服务")),
        *(("毛泽东同志", "毛泽东"), ("在上海开的", "上海"), ("Karl Marks", "Karl Marx")),
    ],
)
def test_this_is_for_the_secretary_to_decide(given: str, answer: str) -> None:
    assert verdict(given, "某某", answer) == "doubtful"


def test_what_the_secretary_decided_goes_before_the_rule() -> None:
    decided = {fold("实事求事"): True, fold("实事求是"): False}
    assert grade(fill("实事求是"), "實事求事！", decided) == "right"
    assert grade(fill("实事求是"), "实事求是", decided) == "wrong"


def test_any_of_the_answers_is_right() -> None:
    assert [verdict(x, "上海", "上海市") for x in ("上海", "上海市")] == ["right", "right"]


@given(st.sets(st.integers(0, 3), min_size=1), st.randoms(use_true_random=False))
def test_several_choices_are_a_set(chosen: set[int], random: object) -> None:
    places = sorted(chosen)
    random.shuffle(places)  # type: ignore[attr-defined]
    assert grade(PLACES, places, {}) == ("right" if chosen == {0, 2} else "wrong")
    typed = "".join("ABCD"[place] for place in places)
    assert read_choice(typed, PLACES) == tuple(sorted(chosen))
    assert read_choice("、".join(typed.lower()), PLACES) == tuple(sorted(chosen))


def test_nothing_chosen_is_not_right() -> None:
    assert grade(PLACES, (), {}) == "wrong"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        *(
            ("B", (1,)),
            ("b", (1,)),
            ("ＡＣ", (0, 2)),
            ("A C", (0, 2)),
            ("C、A", (0, 2)),
            ("AC", (0, 2)),
            ("AA", (0,)),
        ),
        *(
            ("2", (1,)),
            ("1 3", (0, 2)),
            ("第二个", (1,)),
            ("二", (1,)),
            ("(B)", (1,)),
            ("B.", (1,)),
            ("Ｂ。", (1,)),
        ),
        *(
            ("上海", (0,)),
            ("嘉興", (2,)),
            ("上海、嘉兴", (0, 2)),
            ("B. 北京", (1,)),
            ("A和C", (0, 2)),
            ("1921", (3,)),
        ),
        *(
            ("E", None),
            ("AE", None),
            ("5", None),
            ("0", None),
            ("广州", None),
            ("", None),
            ("，", None),
            ("A 广州", None),
        ),
        *(("A " * 99, (0,)), ("x," * 99, None)),
    ],
)
def test_a_choice_is_read(text: str, places: tuple[int, ...] | None) -> None:
    assert read_choice(text, PLACES) == places


def test_one_choice_cannot_be_two() -> None:
    one = choice("single", "上海", "北京")
    assert [read_choice(x, one) for x in ("AB", "A B", "B 上海", "B 北京")] == [None, None, None, (1,)]


def test_a_letter_is_a_place_and_a_number_is_the_option_that_says_it() -> None:
    one = choice("single", "C", "3", "A", "2")
    assert [read_choice(x, one) for x in ("A", "2", "3", "1")] == [(0,), (3,), (1,), (0,)]


def test_options_that_fold_alike_are_chosen_by_letter_alone() -> None:
    assert read_choice("《党章》", choice("single", "党章", "《党章》")) is None


@pytest.mark.parametrize(
    "text",
    ["对", "是", "√", "✓", "✔️", "✅", "正确", "對", "对！", "true", "TRUE", "Ｔ", "t", "yes", "Y", "A", "1"],
    ids=lambda text: unicodedata.name(text[0]),
)
def test_this_means_true(text: str) -> None:
    assert read_choice(text, TRUE) == (0,)


@pytest.mark.parametrize(
    "text", ["错", "否", "×", "✗", "❌", "不对", "錯。", "false", "F", "X", "x", "no", "n", "B", "2"]
)
def test_this_means_false(text: str) -> None:
    assert read_choice(text, TRUE) == (1,)


@pytest.mark.parametrize("text", ["也许", "AB", "3", "", "对错"])
def test_this_is_neither_true_nor_false(text: str) -> None:
    assert read_choice(text, TRUE) is None


def test_a_fill_in_has_no_choice() -> None:
    assert read_choice("A", fill("上海")) is None
