"""Whatever is sent to be loaded: packs as one YAML file or as a zip, banks, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from content import zipped_pack
from content.parcel import MAX_BYTES, MAX_PACK_YAML, Parcel, read_parcel
from tests.transcripts.sample_banks import SAMPLES

COVER = b"id: demo\ntitle: Demo\nlanguage: en\nitems: [one]\n"
ITEM = b"---\ntitle: One\nsource: A book\n---\nWords.\n"
PICTURE = b"---\ntitle: One\nsource: A book\nkind: picture\nmedia: media/a.png\n---\nWords.\n"


def archive(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return written.getvalue()


def told(parcel: Parcel) -> list[tuple[int, str]]:
    assert parcel.pack is None and parcel.bank is None
    return [(fault.line, fault.what.key) for fault in parcel.faults]


def test_a_pack_in_one_file_brings_its_items_and_questions() -> None:
    parcel = read_parcel(SAMPLES["pack"](), "lunyu.yaml")
    assert parcel.pack and parcel.bank
    assert [item.key for item in parcel.pack.items] == ["xue-er", "wen-gu"]
    assert parcel.pack.items[0].minutes == 3
    assert [question.item for question in parcel.bank.questions] == ["xue-er"]


def test_everything_wrong_with_a_pack_in_one_file_is_told_with_its_line() -> None:
    text = """id: Demo
title: Demo
language: en
items:
- {key: one, title: One, source: A book, body: Words.}
- {key: one, title: Again, source: A book, body: ''}
- {key: b c, title: Two, source: A book}
- just words
questions:
- {key: q, kind: fill, stem: What, answers: it, item: none}
"""
    assert told(read_parcel(text.encode(), "demo.yaml")) == [
        (1, "pack.bad_key"),
        (6, "pack.duplicate_item"),
        (6, "pack.field_empty"),
        (7, "pack.bad_key"),
        (7, "pack.field_missing"),
        (8, "pack.not_item"),
        (10, "bank.item_unknown"),
    ]
    assert told(read_parcel(b"items: {}\n", "demo.yaml"))
    assert (1, "pack.no_items") in told(
        read_parcel(b"items:\nid: demo\ntitle: D\nlanguage: en\n", "demo.yaml")
    )


def test_a_pack_in_one_file_that_cannot_be_read_says_why() -> None:
    assert told(read_parcel(b"items: [\xff]", "demo.yaml")) == [(1, "pack.not_utf8")]
    assert told(read_parcel(b"items: [", "demo.yaml")) == [(1, "pack.yaml_broken")]
    assert told(read_parcel(b"items:" + b"\n" * MAX_PACK_YAML, "demo.yaml")) == [(0, "exchange.too_large")]


@pytest.mark.parametrize("root", ["", "demo/"])
def test_a_zip_of_a_packs_folder_is_read_with_or_without_the_folder(root: str, tmp_path: Path) -> None:
    parts = {f"{root}pack.yaml": COVER, f"{root}items/one.md": PICTURE, f"{root}media/a.png": b"p"}
    more = {"__MACOSX/._one.md": b"x", f"{root}items/.hidden.md": b"x", f"{root}note.exe": b"x"}
    parcel = read_parcel(archive(parts | more), "demo.zip", tmp_path)
    assert parcel.pack and [item.key for item in parcel.pack.items] == ["one"]
    media = parcel.pack.items[0].media
    assert media and (tmp_path / media).read_bytes() == b"p"
    assert [path.name for path in tmp_path.iterdir()] == [media]


def test_where_no_media_are_kept_a_pack_with_pictures_is_refused() -> None:
    parts = {"pack.yaml": COVER, "items/one.md": PICTURE, "media/a.png": b"p"}
    assert told(read_parcel(archive(parts), "demo.zip")) == [(0, "pack.media_not_here")]


@pytest.mark.parametrize(
    "name", ["../items/evil.md", "/etc/evil.md", "items/../../evil.md", "C:/evil.md", "..\\evil.md"]
)
def test_nothing_leads_out_of_the_packs_folder(name: str) -> None:
    parts = {"pack.yaml": COVER, "items/one.md": ITEM, name: b"x"}
    assert told(read_parcel(archive(parts), "demo.zip")) == [(0, "pack.outside")]


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr("pack.yaml", COVER)
        opened.writestr("items/one.md", ITEM)
        link = zipfile.ZipInfo("media/a.png")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")
    assert read_parcel(written.getvalue(), "demo.zip", tmp_path).pack


def test_a_name_written_by_chinese_windows_is_understood(tmp_path: Path) -> None:
    picture = PICTURE.replace(b"media/a.png", "media/书.png".encode())
    parts = {"pack.yaml": COVER, "items/one.md": picture, "media/##.png": b"p"}
    data = archive(parts).replace(b"media/##.png", b"media/" + "书".encode("gbk") + b".png")
    parcel = read_parcel(data, "demo.zip", tmp_path)
    assert parcel.pack and parcel.pack.items[0].media


def test_a_zip_that_is_a_bomb_locked_or_broken_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"pack.yaml": COVER, "items/one.md": ITEM}
    bomb = good | {"media/a.png": bytes(30 * 1024 * 1024)}
    assert told(read_parcel(archive(bomb), "demo.zip")) == [(0, "pack.zip_too_large")]
    many = good | {f"media/{n}.png": b"" for n in range(zipped_pack.MAX_FILES)}
    assert told(read_parcel(archive(many), "demo.zip")) == [(0, "pack.zip_too_large")]
    data = archive(good)
    assert told(read_parcel(data[:-40], "demo.zip")) == [(0, "pack.zip_no_pack")]
    locked = bytearray(data)
    at = data.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert told(read_parcel(bytes(locked), "demo.zip")) == [(0, "pack.zip_locked")]
    content = data.index(ITEM[:3]) if ITEM[:3] in data else data.index(b"items/one.md") + 14
    damaged = data[:content] + b"\xff\xff\xff" + data[content + 3 :]
    assert told(read_parcel(damaged, "demo.zip")) == [(0, "pack.zip_broken")]


def test_a_zip_without_a_pack_and_a_file_too_large_say_so() -> None:
    assert told(read_parcel(SAMPLES["pack-none"](), "demo.zip")) == [(0, "pack.zip_no_pack")]
    assert told(read_parcel(b"PK\x03\x04" + bytes(MAX_BYTES), "demo.zip")) == [(0, "exchange.too_large")]
    assert told(read_parcel(b"a" * (30 * 1024 * 1024), "demo.csv")) == [(0, "exchange.too_large")]
    assert told(read_parcel(b"", "demo.csv")) == [(0, "exchange.empty")]


def test_a_bank_is_read_in_any_format() -> None:
    parcel = read_parcel(SAMPLES["bank"](), "C:\\files\\题库.xlsx")
    assert parcel.bank and parcel.pack is None and len(parcel.bank.questions) == 4


def test_the_example_of_the_guide_is_a_correct_pack() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")
    [example] = re.findall(r"```yaml pack\n(.*?)```", guide, re.DOTALL)
    parcel = read_parcel(example.encode(), "lunyu.yaml")
    assert parcel.pack and parcel.bank and not parcel.faults
