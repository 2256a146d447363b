"""How alike two texts are, where they are, and that what everybody was given does not count."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import strategies

from domain import likeness as alike
from domain.likeness import (
    LEAST_GRAMS,
    PASSAGE,
    Likeness,
    bands,
    fold,
    given,
    likeness,
    marked,
    own_grams,
    passages,
    shared,
    spans,
)

WALK = (
    "今天跟着志愿服务队去了柳林社区，给独居的老人打扫屋子。李奶奶拉着我的手说了半个多小时的话，"
    "我才明白，老人缺的不是一袋米，而是有人坐下来听她说。下个月我想把每周四晚上空出来，固定去看看她。"
)
TREES = (
    "今天种了二十棵侧柏。挖坑的时候才知道山上的土有多硬，一镐下去只是一个白印。老护林员说，这片山他种了三十年，"
    "死了再补，补了再死，如今才看见绿。我们科的老档案数字化，也要三五年才看得见成效，不能急，一棵一棵来。"
)
NOTHING: frozenset[str] = frozenset()


def compared(one: str, other: str, quoted: frozenset[str] = NOTHING) -> Likeness:
    return likeness(own_grams(one, quoted), own_grams(other, quoted))


def test_width_case_script_accents_spaces_and_punctuation_do_not_matter() -> None:
    assert fold("《學習》，Ｐａｒｔ １：\n  Café ①！👍").text == "学习part1café1".replace("é", "e")
    assert compared(WALK, WALK.replace("，", " , ").replace("给", "給")).whole == 100


def test_a_folded_character_knows_where_it_stood() -> None:
    folded = fold("¹ ½，好")
    assert folded.text == "112好"
    assert folded.places == (0, 2, 2, 4)
    assert fold("") == ("", ())


def test_texts_about_different_things_are_not_alike() -> None:
    assert compared(WALK, TREES).percent == 0


def test_a_copy_with_a_few_words_changed_is_alike() -> None:
    copy = WALK.replace("柳林社区", "红旗社区").replace("李奶奶", "赵奶奶").replace("半个多小时", "好一会儿")
    assert alike.ALIKE_PERCENT <= compared(WALK, copy).whole < 100
    assert compared(WALK, copy).percent == compared(WALK, copy).whole


def test_a_short_text_that_stands_in_a_long_one_is_found_though_the_whole_is_not_alike() -> None:
    long = TREES + TREES[::-1] + WALK
    found = compared(WALK, long)
    assert found.whole < alike.ALIKE_PERCENT
    assert found.percent == found.quoted > 90


def test_too_little_text_is_like_nothing() -> None:
    assert compared("打卡打卡", "打卡打卡") == (0, 0)
    assert bands(own_grams("打卡打卡", NOTHING)) == ()


def test_what_everybody_was_given_does_not_count() -> None:
    material = "材料：" + WALK
    quoted = given((material, "短"))
    one, other = WALK + TREES[:60], WALK + TREES[60:]
    assert compared(one, other).percent > 0
    assert compared(one, other, quoted).percent == 0


def test_passages_that_touch_are_shown_as_one() -> None:
    folded = fold(WALK).text
    assert spans(folded, passages(folded)) == ((0, len(folded)),)
    assert spans(folded, passages(fold(TREES).text)) == ()
    assert passages("短文") == frozenset()
    apart = folded[:PASSAGE] + "不一样" + folded[20 : 20 + PASSAGE]
    assert spans(apart, passages(folded)) == ((0, PASSAGE), (PASSAGE + 3, 2 * PASSAGE + 3))


def test_shared_passages_are_marked_in_the_words_as_they_were_written() -> None:
    one, other = shared(
        f"我想：{WALK[:20]}……就这样", f"他说，{WALK[:20].replace('，', ',')}再见", NOTHING, 1000
    )
    assert one == "我想：【今天跟着志愿服务队去了柳林社区，给独居的】……就这样"
    assert other == "他说，【今天跟着志愿服务队去了柳林社区,给独居的】再见"


def test_texts_that_share_no_passage_are_shown_without_marks() -> None:
    assert shared("今天很好", "明天更好", NOTHING, 1000) == ("今天很好", "明天更好")
    assert shared("今" * 30, "明" * 30, NOTHING, 10) == ("今" * 9 + "…", "明" * 9 + "…")


def test_what_everybody_was_given_is_not_marked() -> None:
    one, other = WALK + TREES[:60], TREES[:60] + WALK
    assert shared(one, other, given((WALK,)), 1000)[1].startswith("【今天种了二十棵侧柏")
    assert shared(one, one, given((WALK, TREES, one)), 1000) == (one, one)


def test_on_a_page_texts_stand_whole_in_pieces_of_which_some_are_shared() -> None:
    one, other = marked(f"我想：{WALK[:20]}。", f"{WALK[:20]}", NOTHING)
    assert one == (("我想：", False), (WALK[:20], True), ("。", False)) and other == ((WALK[:20], True),)
    assert marked("今天很好", "", NOTHING) == ((("今天很好", False),), ())


def test_of_a_long_text_what_is_near_the_shared_passages_is_shown() -> None:
    filling = "甲乙丙丁戊己庚辛壬癸" * 30
    numbers = "子丑寅卯辰巳午未申酉" * 30
    one, _ = shared(filling + WALK[:25] + filling + WALK[25:50] + filling, numbers + WALK[:50], NOTHING, 400)
    assert len(one) < 160
    assert one.startswith("…甲乙") and one.endswith("辛壬…")
    assert one.count("【") == one.count("】") == 2 and one.count("…") == 3


@examples(strategies.text(max_size=400), strategies.text(max_size=400))
def test_likeness_is_the_same_both_ways_and_shares_lie_between_nothing_and_all(one: str, other: str) -> None:
    found = compared(one, other)
    assert found == compared(other, one)
    assert 0 <= found.whole <= found.quoted <= 100
    assert len(bands(own_grams(one, NOTHING))) in (0, alike.BANDS)


@examples(strategies.text(max_size=200), strategies.text(max_size=200), strategies.integers(1, 120))
def test_texts_shown_whole_lose_nothing_and_long_ones_keep_to_their_room(
    one: str, other: str, most: int
) -> None:
    plain = one.replace("【", "").replace("】", "")
    mine, theirs = shared(plain, other, NOTHING, 10_000)
    assert mine.replace("【", "").replace("】", "") == plain
    assert len(theirs) >= len(other)
    short, _ = shared(one, other, NOTHING, most)
    assert len(short) <= most or len(one) <= most


def test_the_same_text_has_the_same_bands_and_another_has_none_of_them() -> None:
    mine = bands(own_grams(WALK, NOTHING))
    assert mine == bands(own_grams(WALK + "！", NOTHING))
    assert len(own_grams(WALK, NOTHING)) > LEAST_GRAMS
    assert not set(enumerate(mine)) & set(enumerate(bands(own_grams(TREES, NOTHING))))
