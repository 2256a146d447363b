"""A study pack is read strictly: everything wrong with it is told at once, each fault with its file and line."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.packs import Fault, PackFaults, describe, read_pack
from content.texts import Texts
from domain.message import Line
from tests.unit.pack_folder import COVER, ITEM, Content, cover_faults, faults, item, pack

WORDS = Texts.load()


def test_a_pack_is_read_with_its_items_in_the_order_listed(tmp_path: Path) -> None:
    cover = COVER.replace("items:\n", "description: 每天五分钟\nitems:\n  - two\n")
    two = "---\ntitle: 第二课\nkind: link\nlink: https://x.cn/a\nminutes: 9\nsource: 李四\n---\n# 题\n\n*正文*\n"
    read = read_pack(pack(tmp_path, {"pack.yaml": cover, "items/two.md": two}))
    assert (read.id, read.title, read.language, read.description) == ("demo", "示范", "zh", "每天五分钟")
    assert [x.key for x in read.items] == ["two", "one"]
    assert read.items[0].model_dump() == {
        "key": "two",
        "title": "第二课",
        "kind": "link",
        "body": "题\n\n正文",
        "media": None,
        "link": "https://x.cn/a",
        "source": "李四",
        "minutes": 9,
    }
    assert (read.items[1].kind, read.items[1].minutes) == ("text", 5)


def test_the_shipped_pack_has_thirty_items_and_no_faults() -> None:
    shipped = read_pack(Path(__file__).parents[2] / "content" / "packs" / "dangshi")
    assert len(shipped.items) == 30


def test_the_example_of_the_guide_is_a_correct_pack(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")
    [cover] = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    [opening] = re.findall(r"```markdown\n(.*?)```", guide, re.DOTALL)
    files = {"items/001-opening.md": opening, "items/002-a-song.md": ITEM, "items/one.md": None}
    [first, _] = read_pack(pack(tmp_path, {"pack.yaml": cover, **files})).items
    assert first.body.endswith("详见学习网（https://www.example.com/study ）。")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + ITEM.replace("\n", "\r\n").encode()
    cover = b"\xef\xbb\xbf" + COVER.replace("\n", "\r\n").encode()
    assert read_pack(pack(tmp_path, {"items/one.md": windows, "pack.yaml": cover})).items[0].title == "第一课"


def test_hidden_files_and_other_folders_are_left_alone(tmp_path: Path) -> None:
    extra: dict[str, Content | None] = {
        "items/.DS_Store": b"\x00",
        "items/.~one.md": "x",
        "drafts/two.md": "x",
        "README.md": "x",
    }
    assert len(read_pack(pack(tmp_path, extra)).items) == 1


def test_emoji_and_their_joiners_are_ordinary_text(tmp_path: Path) -> None:
    assert "👨‍👩‍👧" in read_pack(pack(tmp_path, {"items/one.md": item(body="一家👨‍👩‍👧\n")})).items[0].body


def test_a_folder_that_is_not_there_is_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert faults(Path("nowhere")) == [("nowhere", 0, "not_folder")]
    assert [key for _, _, key in faults(Path("长" * 3000))] == ["not_folder"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("x")
    assert [key for _, _, key in faults(tmp_path / "p")] == ["not_folder"]


def test_without_a_cover_the_items_are_checked_all_the_same(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"pack.yaml": None, "items/one.md": item(body="")})
    assert faults(folder) == [("items/one.md", 4, "body_empty"), ("pack.yaml", 1, "no_pack_yaml")]


def test_an_item_that_is_listed_needs_its_file(tmp_path: Path) -> None:
    assert cover_faults(tmp_path, COVER + "  - two\n") == [(6, "item_missing")]


def test_a_folder_or_a_pipe_is_no_item(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"pack.yaml": COVER + "  - two\n  - three\n", "items/two.md/x": "x"})
    os.mkfifo(folder / "items/three.md")
    assert faults(folder) == [("pack.yaml", 6, "item_missing"), ("pack.yaml", 7, "item_missing")]


def test_a_file_that_is_not_listed_is_a_fault_of_that_file(tmp_path: Path) -> None:
    assert faults(pack(tmp_path, {"items/two.md": ITEM})) == [("items/two.md", 1, "item_unlisted")]


def test_an_item_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(ITEM)
    folder = pack(tmp_path / "p", {"pack.yaml": COVER + "  - two\n"})
    (folder / "items/two.md").symlink_to(tmp_path / "secret.md")
    assert faults(folder) == [("items/two.md", 1, "outside")]


def test_a_cover_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(COVER)
    folder = pack(tmp_path / "p", {"pack.yaml": None})
    (folder / "pack.yaml").symlink_to(tmp_path / "secret.yaml")
    assert faults(folder) == [("pack.yaml", 1, "no_pack_yaml")]


def test_everything_wrong_with_a_pack_is_told_at_once_sorted_by_file_and_line(tmp_path: Path) -> None:
    cover = "id: yes\ntitle: 示范\nlanguage: xx\nitems:\n  - one\n  - one\n  - gone\n  - two\n"
    files: dict[str, Content | None] = {
        "pack.yaml": cover,
        "items/one.md": item("minutes: 0\n", ""),
        "items/two.md": b"\xff",
        "items/x.md": ITEM,
    }
    assert faults(pack(tmp_path, files)) == [
        ("items/one.md", 4, "bad_number"),
        ("items/one.md", 5, "body_empty"),
        ("items/two.md", 1, "not_utf8"),
        ("items/x.md", 1, "item_unlisted"),
        ("pack.yaml", 1, "boolean"),
        ("pack.yaml", 3, "not_a_choice"),
        ("pack.yaml", 6, "duplicate_item"),
        ("pack.yaml", 7, "item_missing"),
    ]


def test_faults_are_described_in_either_language_with_file_and_line(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"items/one.md": item("minutes: 0\n"), "pack.yaml": COVER + "  - yes\n"})
    with pytest.raises(PackFaults) as caught:
        read_pack(folder)
    chinese = describe(reversed(caught.value.faults), WORDS, "zh")
    english = describe(caught.value.faults, WORDS, "en")
    assert [x.split(" ")[0] for x in chinese] == ["items/one.md:4", "pack.yaml:6"]
    assert [x.split(" ")[0] for x in english] == ["items/one.md:4", "pack.yaml:6"]
    assert "'yes'" in chinese[1]
    assert "'yes'" in english[1]


def test_a_folder_as_a_whole_is_described_without_a_line() -> None:
    sentences = describe([Fault("somewhere", 0, Line("pack.not_folder"))], WORDS, "en")
    assert sentences[0].startswith("somewhere There is no such folder")


def test_what_the_author_wrote_is_quoted_short_and_printable(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"items/one.md": item('kind: "' + "长\\n" * 30 + '"\n')})
    with pytest.raises(PackFaults) as caught:
        read_pack(folder)
    [sentence] = describe(caught.value.faults, WORDS, "zh")
    assert sentence.isprintable()
    assert len(sentence) < 200


FRAGMENTS = """title: |source: x|kind: |picture|media: |link: |minutes: |items:|  - |one|yes|&a |*a|!!str |"|'|>|{|}|[|]
](x)|![|<b>|> |# |？|：|../|`|```|**|%YAML 1.1|\\|https://x.cn|&#0;|? |<<: |1:30|!<|@"""
PIECES = [*FRAGMENTS.replace("\n", "|").split("|"), "|", "---\n", "\n", "\r", "\t", "\0", "\u2028", "\ufeff"]
WRITTEN = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=25).map("".join)


def outcome(files: Mapping[str, Content]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            read = read_pack(pack(Path(folder), files))
        except PackFaults as found:
            assert found.faults
            assert all(x.line >= 1 for x in found.faults)
            assert all(describe(found.faults, WORDS, language) for language in ("zh", "en"))
        else:
            assert read.items[0].body.strip()


@settings(deadline=None)
@given(WRITTEN)
def test_any_text_as_an_item_is_read_or_told_as_faults(text: str) -> None:
    outcome({"items/one.md": text.encode("utf-8", "surrogatepass")})


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
def test_any_front_matter_and_body_are_read_or_told_as_faults(front: str, body: str) -> None:
    outcome(
        {"items/one.md": f"---\ntitle: t\nsource: s\n{front}\n---\n{body}".encode("utf-8", "surrogatepass")}
    )


@settings(deadline=None)
@given(WRITTEN)
def test_any_text_as_a_cover_is_read_or_told_as_faults(text: str) -> None:
    outcome({"pack.yaml": (COVER + text).encode("utf-8", "surrogatepass")})


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_an_item_are_read_or_told_as_faults(content: bytes) -> None:
    outcome({"items/one.md": content})
