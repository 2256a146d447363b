"""Reading what people type, whatever they type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.wording import NAME_CHARS, Reading, clean, read, tidy_name, unglued

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u0301"))
FULL_WIDTH = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    ("text", "word", "rest", "slash"),
    [
        ("打卡", "打卡", "", False),
        ("打卡 读完第三章", "打卡", "读完第三章", False),
        ("打卡：读完第三章", "打卡", "读完第三章", False),
        ("打卡。", "打卡", "", False),
        ("/checkin", "checkin", "", True),
        ("／ＣＨＥＣＫＩＮ　ｎｏｔｅ", "checkin", "ｎｏｔｅ", True),
        ("/ 打卡", "打卡", "", True),
        ("/checkin@study_bot done", "checkin", "done", True),
        ("  CheckIn  ", "checkin", "", False),
        ("打卡\n第一行\n第二行", "打卡", "第一行\n第二行", False),
        ("设置 推送 07：30", "设置", "推送 07：30", False),
        ("\u202e打卡\u202c", "打卡", "", False),
        ("代打卡 @李四 在外出差", "代打卡", "@李四 在外出差", False),
    ],
)
def test_the_first_word_is_split_off(text: str, word: str, rest: str, slash: bool) -> None:
    assert read(text) == Reading(word, rest, slash)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\x00", "，。！", "@", "///", "\u200f"])
def test_where_there_is_no_word_nothing_is_read(text: str) -> None:
    assert read(text) is None


def test_the_rest_keeps_the_writers_own_characters() -> None:
    reading = read("打卡 ①读完 ２０ 页 👍🏽")
    assert reading and reading.rest == "①读完 ２０ 页 👍🏽"


def test_where_folding_moves_the_characters_the_rest_is_still_whole() -> None:
    # ㎏ folds into two characters and e with its accent into one: as long as before, but moved.
    reading = read("㎏ e\u0301tude")
    assert reading and unicodedata.normalize("NFKC", reading.rest) == "étude"


@given(ANY_TEXT)
@example("/" * 1000)
@example("\u00a8" * 1000)
@example("\ufdfa" * 100)
@example("\ud800")
def test_reading_never_fails_and_loses_nothing_of_the_rest(text: str) -> None:
    reading = read(text)
    if reading:
        assert reading.word
        folded = unicodedata.normalize("NFKC", clean(text))
        assert folded.endswith(unicodedata.normalize("NFKC", reading.rest).strip())


@given(st.sampled_from(["打卡", "checkin", "设置"]), st.booleans(), st.text(alphabet="abc123 ", max_size=12))
def test_width_case_and_slash_do_not_matter(word: str, slash: bool, rest: str) -> None:
    plain = f"{'/' if slash else ''}{word} {rest}"
    wide = "".join(FULL_WIDTH.get(c, c) for c in plain.upper())
    narrow, broad = read(plain), read(wide)
    assert narrow and broad
    assert (narrow.word, narrow.slash) == (broad.word, broad.slash) == (word, slash)


@given(ANY_TEXT)
def test_a_cleaned_text_holds_no_controls_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned)
    cleaned.encode()


def test_line_breaks_of_every_platform_become_one() -> None:
    assert clean("一\r\n二\n三") == "一\n二\n三"


def test_emoji_joined_from_several_stay_whole() -> None:
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("张三", "张三"), ("  张\n三\t ", "张 三"), ("", "?"), ("\u202e\u0000", "?"), ("张" * 100, "张" * NAME_CHARS),
    ],
)  # fmt: skip
def test_a_name_stands_on_one_line(name: str, tidy: str) -> None:
    assert tidy_name(name) == tidy


@given(ANY_TEXT)
def test_every_name_is_bearable(name: str) -> None:
    tidy = tidy_name(name)
    assert 0 < len(tidy) <= NAME_CHARS
    assert "\n" not in tidy and tidy == tidy.strip()
    assert tidy_name(tidy) == tidy


@pytest.mark.parametrize("text", ["\u200b活动 新", "活动\u2060 新", "\ufeff活动\u200b 新\u200b"])
def test_spaces_of_no_width_that_came_along_from_a_page_do_not_matter(text: str) -> None:
    assert read(text) == Reading("活动", "新", slash=False)


def test_a_number_may_stand_right_behind_a_chinese_word() -> None:
    written = read("评Ａ１２ 5 4 5 写得实在")
    assert written and unglued(written) == Reading("评", "a12 5 4 5 写得实在", slash=False)
    code = read("签到123456")
    assert code and unglued(code) == Reading("签到", "123456", slash=False)


@pytest.mark.parametrize("text", ["打卡3天了", "评价 A1", "rate12", "今天1", "答案abc"])
def test_other_words_are_left_together(text: str) -> None:
    reading = read(text)
    assert reading and unglued(reading) is None
