"""The files of a pack are text and YAML that means what its author meant; whatever else YAML allows is a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.faults import Faults
from content.packs import Fault, PackFaults, read_pack
from content.written import MAX_BYTES, read_text
from domain.message import Line
from tests.unit.pack_folder import COVER, ITEM, cover_faults, item, item_faults, pack


def test_a_file_in_another_encoding_is_told_with_the_place_where_it_stops_being_utf8(tmp_path: Path) -> None:
    gbk = "---\ntitle: 第一课\nsource: abc".encode() + "中文".encode("gbk") + b"\n---\nx\n"
    folder = pack(tmp_path, {"items/one.md": gbk})
    with pytest.raises(PackFaults) as caught:
        read_pack(folder)
    assert caught.value.faults == (
        Fault("items/one.md", 3, Line("pack.not_utf8", {"column": 12, "byte": "0xD6"})),
    )


def test_control_characters_and_direction_marks_are_told_with_their_place(tmp_path: Path) -> None:
    found = item_faults(tmp_path, item(body="好\n坏\x07\n再\u202e坏\n行\u2028尾\n"))
    assert found == [(6, "hidden_character"), (7, "hidden_character"), (8, "hidden_character")]


def test_a_control_character_written_as_an_escape_is_found_too(tmp_path: Path) -> None:
    assert item_faults(tmp_path, ITEM.replace("第一课", r'"第\0课"')) == [(2, "hidden_escape")]
    assert item_faults(tmp_path, ITEM.replace("第一课", r'"第\uD800课"')) == [(2, "hidden_escape")]


def test_a_file_of_more_than_256_kilobytes_is_not_read(tmp_path: Path) -> None:
    assert item_faults(tmp_path, "x" * (MAX_BYTES + 1)) == [(1, "file_too_large")]


def test_a_file_that_may_not_be_read_is_told_as_such(tmp_path: Path) -> None:
    found = Faults("items/one.md")
    assert read_text(tmp_path, found) is None
    assert [x.what.key for x in found.found] == ["pack.unreadable"]


def test_broken_yaml_is_told_with_the_line_the_parser_stopped_at(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER.replace("示范", "示范: 一: 二")) == [(2, "yaml_broken")]
    assert item_faults(tmp_path, item("minutes: 5: 6\n")) == [(4, "yaml_broken")]


def test_a_quote_never_closed_is_told_where_it_was_opened(tmp_path: Path) -> None:
    assert item_faults(tmp_path, item('link: "https://x.cn\nminutes: 5\n')) == [(4, "yaml_broken")]


@pytest.mark.parametrize("absurd", [r'x: "\UFFFFFFFF"', "%YAML 1." + "9" * 5000 + "\n---\nx: 1"])
def test_yaml_that_trips_its_own_parser_up_is_only_broken_yaml(tmp_path: Path, absurd: str) -> None:
    assert cover_faults(tmp_path, absurd) == [(1, "yaml_broken")]


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "- one\n", "只有一句话\n"])
def test_a_cover_without_fields_is_told_what_fields_look_like(tmp_path: Path, text: str) -> None:
    assert cover_faults(tmp_path, text) == [(1, "not_mapping")]


@pytest.mark.parametrize("word", ["yes", "No", "on", "OFF", "true", "False"])
def test_a_word_that_yaml_takes_for_true_or_false_is_refused_as_a_field(tmp_path: Path, word: str) -> None:
    assert cover_faults(tmp_path, COVER + f"{word}: 1\n") == [(6, "boolean")]
    assert item_faults(tmp_path / "2", item(f"{word}: 1\n")) == [(4, "boolean")]


def test_a_word_that_yaml_takes_for_true_or_false_is_refused_as_an_id(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER.replace("demo", "yes") + "  - no\n") == [
        (1, "boolean"),
        (6, "boolean"),
    ]


def test_norway_is_not_a_language_but_a_boolean(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER.replace("zh", "no")) == [(3, "boolean")]


def test_the_same_word_in_quotes_is_a_fine_id(tmp_path: Path) -> None:
    cover = COVER.replace("demo", "'yes'") + "  - 'no'\n"
    read = read_pack(pack(tmp_path, {"pack.yaml": cover, "items/no.md": ITEM}))
    assert (read.id, read.items[1].key) == ("yes", "no")


@pytest.mark.parametrize("number", ["001", "1", "1:30", "2026-03-01", "0x1F", "1.5", "1_000"])
def test_an_id_that_yaml_takes_for_a_number_or_date_must_be_quoted(tmp_path: Path, number: str) -> None:
    assert cover_faults(tmp_path, COVER + f"  - {number}\n") == [(6, "needs_quotes")]


def test_a_field_written_twice_is_told_with_the_line_of_the_first(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER + "title: 又一个\n") == [(6, "duplicate_field")]
    assert item_faults(tmp_path / "2", item("title: 又一课\nminutes: 3\nminutes: 4\n")) == [
        (4, "duplicate_field"),
        (6, "duplicate_field"),
    ]


def test_a_chinese_colon_is_told_and_the_field_is_understood_all_the_same(tmp_path: Path) -> None:
    text = ITEM.replace("title: ", "title：").replace("source: 张三编", "source ：\nminutes: 500")
    assert item_faults(tmp_path, text) == [
        (2, "wide_colon"),
        (3, "wide_colon"),
        (3, "field_empty"),
        (4, "bad_number"),
    ]


def test_anchors_and_aliases_are_refused_before_they_unfold(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert cover_faults(tmp_path, bomb) == [(1, "yaml_alias")]
    assert cover_faults(tmp_path, "id: x\ntitle: *a\n") == [(2, "yaml_alias")]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, "id: x\nitems: " + "[" * 50_000) == [(2, "too_nested")]


def test_tags_build_nothing(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER.replace("demo", "!!python/name:os.system x")) == [(1, "needs_quotes")]
