"""Files that people sent, in a folder: once each, whole or not at all, and nothing outside of it within reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.day import DAY
from storage.media import FolderStore

NOON = 1_772_424_000_000


@pytest.fixture
def now() -> list[int]:
    return [NOON]


@pytest.fixture
def store(tmp_path: Path, now: list[int]) -> FolderStore:
    return FolderStore(tmp_path / "uploads", lambda: now[0])


async def test_what_was_put_there_is_got_back(store: FolderStore) -> None:
    key = await store.put("读书".encode())
    assert await store.get(key) == "读书".encode()
    await store.delete(key)
    await store.delete(key)
    assert await store.get(key) is None


async def test_the_same_file_lies_there_once(store: FolderStore, tmp_path: Path) -> None:
    assert await store.put(b"same") == await store.put(b"same") != await store.put(b"other")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


async def test_what_is_older_is_forgotten_and_what_was_sent_again_is_not(
    store: FolderStore, now: list[int]
) -> None:
    old, again = await store.put(b"old"), await store.put(b"again")
    now[0] += DAY
    assert await store.put(b"again") == again
    assert await store.forget(now[0]) == 1
    assert await store.get(old) is None and await store.get(again) == b"again"


async def test_before_anything_was_sent_there_is_nothing_to_forget(store: FolderStore) -> None:
    assert await store.forget(NOON) == 0


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "/" + "a" * 63])
async def test_what_is_no_key_leads_nowhere(store: FolderStore, key: str) -> None:
    assert await store.get(key) is None
    await store.delete(key)


async def test_what_goes_wrong_while_writing_leaves_nothing_half_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, lambda: 10**40)  # no file can be of that time
    with pytest.raises(OverflowError):
        await store.put(b"words")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
