"""Counting a reflection as people count it, what it lacks, and the number it is called by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.reflection import (
    MOST_CHARS,
    MOST_STORED,
    PREVIEW_CHARS,
    Lacks,
    code,
    count_chars,
    joined,
    lacks,
    photo_to_take_out,
    preview,
    read_code,
    tidy_body,
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("读书贵恒", 4),
        ("读 书\n贵\t恒\u3000", 4),
        (" " * 200, 0),
        ("\u200b\u2060\u00ad\u3164\u2800" * 40, 0),
        ("👨\u200d👩\u200d👧\u200d👦", 1),
        ("🇨🇳👍🏽❤️", 3),
        ("e\u0301a\u0308", 2),
        ("\u0301\u0301", 0),
        ("z" + "\u0335" * 50, 1),
        ("한글", 2),
        ("\u1112\u1161\u11ab", 1),
        ("你好，世界！", 6),
        ("a\r\nb", 2),
    ],
)
def test_characters_are_counted_as_people_perceive_them(text: str, count: int) -> None:
    assert count_chars(text) == count


@given(st.text())
def test_white_space_never_counts(text: str) -> None:
    assert count_chars("\n".join(("", text, ""))) == count_chars(text)
    assert count_chars(text) <= len(text)


@given(st.text(alphabet="读书贵恒abc123，。", max_size=50), st.text(alphabet=" \n\t\u3000", max_size=20))
def test_plain_characters_count_one_each_wherever_spaces_are(text: str, spaces: str) -> None:
    assert count_chars(spaces.join(text)) == len(text)


@given(st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0xFFFF), max_size=30))
def test_a_plain_text_is_counted_like_any_other(text: str) -> None:
    assert count_chars(text) + 1 == count_chars(f"{text}\n👍🏽")


def test_what_is_missing_is_told_and_too_much_lacks_nothing() -> None:
    assert lacks(163, 0, of_chars=200, of_photos=1) == Lacks(37, 1)
    assert not lacks(200, 1, of_chars=200, of_photos=1)
    assert not lacks(999, 9, of_chars=200, of_photos=1)
    assert lacks(200, 0, of_chars=200, of_photos=1)


def test_a_text_is_kept_as_it_is_but_for_what_nobody_sees() -> None:
    assert tidy_body("  第一行\r\n第二行\x00 ") == "第一行\n第二行"
    assert tidy_body("字" * MOST_CHARS) == "字" * MOST_CHARS


@pytest.mark.parametrize("text", ["字" * (MOST_CHARS + 1), "e" + "\u0301" * MOST_STORED])
def test_a_text_that_is_too_long_is_refused_with_what_may_be(text: str) -> None:
    with pytest.raises(UserError) as wrong:
        tidy_body(text)
    assert wrong.value.key == "reflection.too_long"
    assert wrong.value.params["most"] == MOST_CHARS
    assert int(str(wrong.value.params["length"])) > MOST_CHARS


def test_words_that_come_later_join_and_what_is_sent_again_is_kept_once() -> None:
    assert joined("", "第一段") == "第一段"
    assert joined("第一段", "第二段") == "第一段\n第二段"
    assert joined("第一段", "") == "第一段"
    assert joined("第一段", "第 一 段") == "第 一 段"
    long = "我们去社区帮老人打扫了屋子，也听他们讲了很多从前的事。"
    assert joined(long, f"{long}\n第二段") == f"{long}\n第二段"
    assert joined(f"{long}\n第二段", long) == f"{long}\n第二段"
    assert joined(f"{long}加油！", "加油！") == f"{long}加油！\n加油！"


@given(st.text(), st.text())
def test_nothing_that_was_written_is_lost_in_joining(before: str, more: str) -> None:
    whole = "".join(joined(before, more).split())
    assert "".join(before.split()) in whole
    assert "".join(more.split()) in whole


def test_a_preview_is_one_short_line() -> None:
    assert preview("第一行\n第二行") == "第一行 第二行"
    assert preview("字" * PREVIEW_CHARS) == "字" * PREVIEW_CHARS
    assert preview("👨\u200d👩\u200d👧" * 100) == "👨\u200d👩\u200d👧" * (PREVIEW_CHARS - 1) + "…"


@pytest.mark.parametrize(
    ("rank", "number", "said"),
    [(1, 12, "A12"), (26, 1, "Z1"), (27, 3, "AA3"), (52, 9, "AZ9"), (53, 1, "BA1"), (702, 1, "ZZ1")],
)
def test_a_number_is_said_with_the_letter_of_its_cycle(rank: int, number: int, said: str) -> None:
    assert code(rank, number) == said
    assert read_code(said) == (rank, number)


@pytest.mark.parametrize(
    "text", ["A12", "a12", "a 12", " Ａ１２ ", "A-12", "A012", "A12号", "ａ　１２", "A#12"]
)
def test_a_number_is_understood_however_it_is_written(text: str) -> None:
    assert read_code(text) == (1, 12)


@pytest.mark.parametrize("text", ["", "12", "A", "A0", "12A", "甲12", "A12 B3", "ABCD1", "A1234567", "A１二"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("去掉第 2 张照片", 2),
        ("去图 2", 2),
        ("去掉第二张", 2),
        ("刪掉第十二張圖", 12),
        ("去掉照片２", 2),
        ("删照片第3张", 3),
        ("去掉照片", 0),
        ("去图", 0),
        ("去掉第1段视频", 1),
        ("Remove photo 3", 3),
        ("take out photo", 0),
    ],
)
def test_which_photo_is_to_go_is_understood_however_it_is_said(text: str, number: int) -> None:
    assert photo_to_take_out(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "去掉",
        "去掉刚才这段",
        "去",
        "照片 2",
        "去掉第二张照片里的人我认识",
        "去图书馆",
        "去掉第 2 张照片" + "。" * 30,
    ],
)
def test_what_was_written_for_the_reflection_takes_no_photo_out(text: str) -> None:
    assert photo_to_take_out(text) is None


@given(st.integers(1, 18_278), st.integers(1, 999_999))
def test_every_number_is_read_back(rank: int, number: int) -> None:
    assert read_code(code(rank, number)) == (rank, number)
    assert read_code(code(rank, number).lower()) == (rank, number)


@given(st.integers(1, 18_277))
def test_letters_of_cycles_differ(rank: int) -> None:
    assert code(rank, 1) != code(rank + 1, 1)
