"""The fields and the text of a pack's cover and items: what each may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.packs import read_pack
from tests.unit.pack_folder import COVER, ITEM, cover_faults, faults, item, item_faults, pack


def test_missing_and_unknown_fields_are_told(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, "titel: 示范\n") == [
        (1, "field_unknown"),
        (1, "field_missing"),
        (1, "field_missing"),
        (1, "field_missing"),
        (1, "field_missing"),
        (1, "no_items"),
    ]
    assert item_faults(tmp_path / "2", "---\nminutes: 5\nauthor: 李四\n---\n正文\n") == [
        (1, "field_missing"),
        (1, "field_missing"),
        (3, "field_unknown"),
    ]


def test_fields_of_the_wrong_type_are_told(tmp_path: Path) -> None:
    cover = "id: demo\ntitle: [示范]\nlanguage: {a: b}\ndescription:\nitems: one\n"
    assert cover_faults(tmp_path, cover) == [
        (2, "not_text"),
        (3, "not_text"),
        (4, "field_empty"),
        (5, "not_list"),
        (5, "no_items"),
    ]


def test_a_list_may_hold_nothing_but_ids(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER + "  - two: x\n  -\n  - [a]\n") == [
        (6, "not_text"),
        (7, "field_empty"),
        (8, "not_text"),
    ]


@pytest.mark.parametrize(
    "minutes", ["0", "241", "-5", "5.5", "五", "'5'", "yes", "0x10", "1:30", "[5]", "", "010"]
)
def test_minutes_are_a_plain_whole_number_from_1_to_240(tmp_path: Path, minutes: str) -> None:
    assert item_faults(tmp_path, item(f"minutes: {minutes}\n")) == [(4, "bad_number")]


def test_a_title_or_source_too_long_is_told_with_its_length(tmp_path: Path) -> None:
    text = ITEM.replace("第一课", "课" * 81).replace("张三编", "编" * 401)
    assert item_faults(tmp_path, text) == [(2, "too_long"), (3, "too_long")]


def test_unknown_kinds_and_languages_are_told(tmp_path: Path) -> None:
    assert item_faults(tmp_path, item("kind: photo\n")) == [(4, "not_a_choice")]
    assert cover_faults(tmp_path, COVER.replace("zh", "fr")) == [(3, "not_a_choice")]


@pytest.mark.parametrize("key", ["One", "一", "-a", "a_b", "a" * 49, "one.md", "../one", "a b"])
def test_an_id_of_other_than_small_letters_digits_and_hyphens_is_refused(tmp_path: Path, key: str) -> None:
    assert cover_faults(tmp_path, COVER + f'  - "{key}"\n') == [(6, "bad_key")]
    assert cover_faults(tmp_path, COVER.replace("demo", f'"{key}"')) == [(1, "bad_key")]


def test_an_item_listed_twice_is_told(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER + "  - one\n") == [(6, "duplicate_item")]


@pytest.mark.parametrize("items", ["items:\n", "items: []\n"])
def test_a_pack_without_items_is_refused(tmp_path: Path, items: str) -> None:
    cover = COVER.replace("items:\n  - one\n", items)
    assert faults(pack(tmp_path, {"pack.yaml": cover, "items/one.md": None})) == [
        ("pack.yaml", 4, "no_items")
    ]


@pytest.mark.parametrize(
    "link",
    [
        "www.x.cn",
        "ftp://x.cn/a",
        "javascript:alert(1)",
        "https://",
        "https://a b.cn",
        "https://a@b.cn",
        "http://[x",
    ],
)
def test_a_link_is_a_whole_web_address(tmp_path: Path, link: str) -> None:
    assert item_faults(tmp_path, item(f'kind: link\nlink: "{link}"\n')) == [(5, "bad_link")]


def test_an_item_of_kind_link_needs_one(tmp_path: Path) -> None:
    assert item_faults(tmp_path, item("kind: link\n")) == [(1, "link_needed")]


def test_an_item_begins_with_front_matter_that_ends(tmp_path: Path) -> None:
    assert item_faults(tmp_path, "正文\n") == [(1, "no_front_matter")]
    assert item_faults(tmp_path, "") == [(1, "no_front_matter")]
    assert item_faults(tmp_path, "---\ntitle: 第一课\nsource: 张三编\n\n正文\n") == [(1, "open_front_matter")]


def test_an_empty_body_is_told_below_the_front_matter(tmp_path: Path) -> None:
    assert item_faults(tmp_path, item(body=" \n\n")) == [(4, "body_empty")]
    assert item_faults(tmp_path, item(body="")) == [(4, "body_empty")]
    assert item_faults(tmp_path, item(body="![](a.png)\n")) == [(5, "body_empty")]


def test_a_body_may_have_3000_characters_and_not_one_more(tmp_path: Path) -> None:
    assert len(read_pack(pack(tmp_path, {"items/one.md": item(body="字" * 3000)})).items[0].body) == 3000
    assert item_faults(tmp_path, item(body="字" * 3001)) == [(5, "body_too_long")]
    assert item_faults(tmp_path, item(body="字" * 50_000)) == [(5, "body_too_long")]


def test_html_and_odd_links_in_the_body_are_told_line_by_line(tmp_path: Path) -> None:
    body = "第一行\n<b>第二行</b>\n[甲](javascript:x)\n\n<div>\n</div>\n\n- 项\n- [乙](/a) <!-- 注 -->\n"
    assert item_faults(tmp_path, item(body=body)) == [
        (6, "raw_html"),
        (6, "raw_html"),
        (7, "bad_link"),
        (9, "raw_html"),
        (13, "bad_link"),
        (13, "raw_html"),
    ]


def test_lists_nested_beyond_sense_are_refused_where_they_become_so(tmp_path: Path) -> None:
    body = "\n".join("  " * depth + "- 项" for depth in range(30))
    assert item_faults(tmp_path, item(body=body)) == [(10, "too_nested")]
