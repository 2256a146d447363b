"""Pictures, sounds and films of a pack: which are accepted, and how they are kept once loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.media import MAX_MEDIA_BYTES, MAX_PICTURE_BYTES
from content.packs import read_pack, store_media
from tests.unit.pack_folder import ITEM, item, item_faults, pack


def with_media(media: str, kind: str = "picture") -> str:
    return item(f'kind: {kind}\nmedia: "{media}"\n')


def put(folder: Path, name: str, content: bytes = b"picture") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("picture", "图 一.PNG"), ("audio", "items/a.mp3"), ("audio", "a.m4a"), ("video", "v/a.mp4")],
)
def test_a_file_of_the_folder_is_accepted_for_its_kind(tmp_path: Path, kind: str, name: str) -> None:
    put(tmp_path, name)
    assert read_pack(pack(tmp_path, {"items/one.md": with_media(name, kind)})).items[0].media == name


def test_an_https_address_is_accepted(tmp_path: Path) -> None:
    folder = pack(tmp_path, {"items/one.md": with_media("https://x.cn/a?id=1", "video")})
    assert read_pack(folder).items[0].media == "https://x.cn/a?id=1"


@pytest.mark.parametrize("media", ["http://x.cn/a.png", "ftp://x.cn/a.png", "https://", "file:///etc/passwd"])
def test_any_other_address_is_refused(tmp_path: Path, media: str) -> None:
    assert item_faults(tmp_path, with_media(media)) == [(5, "bad_media_link")]


@pytest.mark.parametrize("media", ["../a.png", "/etc/a.png", "items/../../a.png", "items/../a.png"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, media: str) -> None:
    put(tmp_path, "a.png")
    assert item_faults(tmp_path / "p", with_media(media)) == [(5, "outside")]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.png")
    folder = pack(tmp_path / "p")
    (folder / "b.png").symlink_to(tmp_path / "a.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert item_faults(folder, with_media("b.png")) == [(5, "outside")]
    assert item_faults(folder, with_media("loop.png")) == [(5, "outside")]


def test_a_link_within_the_folder_is_fine(tmp_path: Path) -> None:
    put(tmp_path, "media/a.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "media/a.png")
    assert read_pack(pack(tmp_path, {"items/one.md": with_media("b.png")})).items[0].media == "b.png"


def test_a_file_that_is_missing_or_a_folder_or_a_pipe_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe.png")
    for media in ("gone.png", "folder.png", "pipe.png", "长" * 300 + ".png"):
        assert item_faults(tmp_path, with_media(media)) == [(5, "media_missing")]


@pytest.mark.parametrize(
    ("kind", "name"), [("picture", "a.mp4"), ("audio", "a.png"), ("video", "a.avi"), ("picture", "a")]
)
def test_a_file_of_the_wrong_type_for_its_kind_is_told(tmp_path: Path, kind: str, name: str) -> None:
    put(tmp_path, name)
    assert item_faults(tmp_path, with_media(name, kind)) == [(5, "media_type")]


@pytest.mark.parametrize(
    ("kind", "name", "most"), [("picture", "a.png", MAX_PICTURE_BYTES), ("video", "a.mp4", MAX_MEDIA_BYTES)]
)
def test_a_file_may_not_be_empty_or_too_large(tmp_path: Path, kind: str, name: str, most: int) -> None:
    put(tmp_path, name, b"")
    assert item_faults(tmp_path, with_media(name, kind)) == [(5, "media_empty")]
    os.truncate(tmp_path / name, most)
    assert read_pack(pack(tmp_path, {"items/one.md": with_media(name, kind)}))
    os.truncate(tmp_path / name, most + 1)
    assert item_faults(tmp_path, with_media(name, kind)) == [(5, "media_too_large")]


def test_a_kind_that_shows_media_needs_some_and_another_has_no_use_for_it(tmp_path: Path) -> None:
    assert item_faults(tmp_path, item("kind: audio\n")) == [(1, "media_needed")]
    assert item_faults(tmp_path, item("media: a.png\n")) == [(4, "media_unused")]


def test_loading_copies_media_under_the_name_of_their_content(tmp_path: Path) -> None:
    put(tmp_path / "p", "a.PNG", b"abc")
    folder = pack(tmp_path / "p", {"items/one.md": with_media("a.PNG")})
    stored = store_media(read_pack(folder), folder, tmp_path / "kept" / "media")
    # The SHA-256 of "abc", FIPS 180-4 example.
    assert stored.items[0].media == "ba7816bf8f01cfea414140de5dae2223.png"
    assert (tmp_path / "kept/media/ba7816bf8f01cfea414140de5dae2223.png").read_bytes() == b"abc"


def test_loading_again_copies_nothing_and_a_changed_file_gets_a_new_name(tmp_path: Path) -> None:
    put(tmp_path / "p", "a.png", b"abc")
    folder, kept = pack(tmp_path / "p", {"items/one.md": with_media("a.png")}), tmp_path / "media"
    first = store_media(read_pack(folder), folder, kept)
    written = {x: x.stat().st_mtime_ns for x in kept.iterdir()}
    assert store_media(read_pack(folder), folder, kept) == first
    assert {x: x.stat().st_mtime_ns for x in kept.iterdir()} == written
    put(folder, "a.png", b"abd")
    assert store_media(read_pack(folder), folder, kept) != first
    assert len(list(kept.iterdir())) == 2


def test_a_copy_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    put(tmp_path / "p", "a.png", b"abc")
    folder, kept = pack(tmp_path / "p", {"items/one.md": with_media("a.png")}), tmp_path / "media"
    in_the_way = kept / "ba7816bf8f01cfea414140de5dae2223.png"
    in_the_way.mkdir(parents=True)
    with pytest.raises(OSError):
        store_media(read_pack(folder), folder, kept)
    assert list(kept.iterdir()) == [in_the_way]


def test_a_link_put_in_place_of_a_checked_file_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "secret.png")
    put(tmp_path / "p", "a.png")
    folder = pack(tmp_path / "p", {"items/one.md": with_media("a.png")})
    read = read_pack(folder)
    (folder / "a.png").unlink()
    (folder / "a.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ValueError, match="folder"):
        store_media(read, folder, tmp_path / "media")


def test_addresses_and_items_without_media_stay_as_they_are(tmp_path: Path) -> None:
    cover = "id: demo\ntitle: 示范\nlanguage: zh\nitems:\n  - one\n  - two\n"
    files = {"pack.yaml": cover, "items/one.md": with_media("https://x.cn/a.png"), "items/two.md": ITEM}
    read = read_pack(pack(tmp_path / "p", files))
    assert store_media(read, tmp_path / "p", tmp_path / "media") == read
