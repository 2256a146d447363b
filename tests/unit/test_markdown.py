"""Markdown becomes the plain text that every chat can show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.faults import Faults
from content.markdown import plain_text


def plain(source: str, language: str = "zh") -> str:
    return plain_text(source, 1, language, Faults("items/one.md"))


def faults(source: str, first_line: int = 1) -> list[tuple[int, str]]:
    found = Faults("items/one.md")
    plain_text(source, first_line, "zh", found)
    return [(x.line, x.what.key.removeprefix("pack.")) for x in found.found]


def test_paragraphs_are_parted_by_one_empty_line() -> None:
    assert plain("一\n\n\n\n　　二\n\n    三\n") == "一\n\n二\n\n三"


def test_headings_become_lines_and_emphasis_is_dropped() -> None:
    assert (
        plain("# 标题\n正文**重点**、*次重点*和`代码 x`。\n\n副标题\n---\n尾")
        == "标题\n\n正文重点、次重点和代码 x。\n\n副标题\n\n尾"
    )


def test_lines_of_a_chinese_paragraph_meet_without_a_space() -> None:
    assert plain("第一行，\n第二行\n“第三行”\n2026 年") == "第一行，第二行“第三行”2026 年"


def test_lines_of_an_english_paragraph_meet_with_a_space() -> None:
    assert plain("one\n“two”\nthree", "en") == "one “two” three"


def test_a_line_break_that_was_asked_for_stays() -> None:
    assert plain("红军不怕远征难，  \n万水千山只等闲。\\\n末行") == "红军不怕远征难，\n万水千山只等闲。\n末行"


def test_lists_keep_their_marks_their_numbers_and_their_indent() -> None:
    source = "- 甲\n- 乙\n\n  乙的第二段\n  1. 子一\n  2. 子二\n\n3. 三\n4. 四\n"
    assert plain(source) == "· 甲\n· 乙\n  乙的第二段\n  1. 子一\n  2. 子二\n\n3. 三\n4. 四"


def test_an_empty_list_leaves_nothing_behind() -> None:
    assert plain("甲\n\n- \n\n乙") == "甲\n\n乙"


def test_quotations_stand_in_quotation_marks_unless_they_bring_their_own() -> None:
    assert plain("> 为人民服务。\n\n> “实事求是”") == "「为人民服务。」\n\n“实事求是”"
    assert plain("> Serve the people.\n>\n> Always.", "en") == "“Serve the people.\n\nAlways.”"


def test_links_are_written_out_in_the_manner_of_the_language() -> None:
    # The space before the full-width bracket keeps it out of what a chat makes tappable.
    assert plain("见[通知](https://x.cn/a)。") == "见通知（https://x.cn/a ）。"
    assert plain("See [the *notice*](https://x.cn/a).", "en") == "See the notice (https://x.cn/a)."


def test_a_bare_address_is_written_once_and_kept_apart_from_chinese_that_follows() -> None:
    assert (
        plain("见<https://x.cn/a>。另见[https://y.cn/b](https://y.cn/b)")
        == "见https://x.cn/a 。另见https://y.cn/b"
    )
    assert plain("See <https://x.cn/a>.", "en") == "See https://x.cn/a."


def test_an_address_stands_as_the_author_wrote_it() -> None:
    assert plain("[图](https://x.cn/图片?a=%20)") == "图（https://x.cn/图片?a=%20 ）"


def test_a_picture_leaves_its_description() -> None:
    assert plain("前![天安门 `x` ![内](b.png)](a.png)后") == "前天安门 x 内后"


def test_code_blocks_entities_escapes_and_rules() -> None:
    assert plain("```py\na  b\n  c\n```\n\n***\n\n&lt;x&gt; \\*y\\*") == "a  b\n  c\n\n———\n\n<x> *y*"


@pytest.mark.parametrize("html", ["<b>x</b>", "<!-- 注 -->", "<br/>", "<script>x</script>"])
def test_html_is_a_fault_of_its_line(html: str) -> None:
    assert (12, "raw_html") in faults(f"一\n\n{html}", 10)
    assert (11, "raw_html") in faults(f"一\n二{html}三", 10)


@pytest.mark.parametrize(
    "link", ["javascript:x", "data:text/html,x", "file:///etc/passwd", "/a", "mailto:a@b.cn", ""]
)
def test_a_link_that_is_no_web_address_is_a_fault(link: str) -> None:
    assert faults(f"一\n二[三]({link})") == [(2, "bad_link")]


def test_less_than_signs_in_a_sentence_are_no_html() -> None:
    assert plain("1 < 2 且 3 > 2") == "1 < 2 且 3 > 2"
    assert faults("1 < 2 且 3 > 2") == []


@settings(deadline=None)
@given(st.text(alphabet='ab中。 \n*_`#>-+1.[]()!<>&\\|~"“:/h', max_size=200), st.sampled_from(["zh", "en"]))
def test_any_markdown_becomes_text_without_marks_of_our_own(source: str, language: str) -> None:
    text = plain(source, language)
    assert text == text.strip()
    assert not set("\x00\x01") & set(text)
