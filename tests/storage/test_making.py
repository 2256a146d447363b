"""Files that are made: from one reading of the database, off the event loop, and never too many at once."""

from __future__ import annotations

import asyncio
import threading

import pytest
import structlog

from bot.sending.making import AT_ONCE, Makers
from content.texts import Texts
from domain.message import File, line
from domain.outgoing import Made, Make, NotMade, Order, Say
from scheduler.housekeeping import UPLOADS_KEPT, tidy
from storage.media import FolderStore
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group

ORDER = Order(7, 0, File("sheet", "张三"), "en")
TEXTS = Texts.load()


async def test_the_words_in_a_file_are_in_the_language_it_was_ordered_in(database: Database) -> None:
    async def maker(tx: Tx, order: Order, now: int) -> Make:
        row = await tx.one("SELECT name FROM groups WHERE id = :id", id=order.group_id)
        assert row is not None and now == NOW

        def make(say: Say) -> Made:
            assert threading.current_thread() is not threading.main_thread()
            return Made(f"a/{say(line('page.picture'))}.csv", str(row["name"]).encode())

        return make

    await database.transaction(found_group, 7, ("张三",))
    made = await Makers({"sheet": maker}, database, TEXTS, lambda: NOW)(ORDER)
    assert made is not None and made.name == "Picture.csv" and made.content


async def test_no_more_are_made_at_once_than_the_machine_bears(database: Database) -> None:
    together = threading.Barrier(AT_ONCE)
    under_way: list[int] = []

    def make(say: Say) -> Made:
        under_way.append(1)
        assert len(under_way) <= AT_ONCE
        together.wait(timeout=5)  # nobody goes on until so many are at it
        under_way.pop()
        return Made("a.csv", b"a")

    async def maker(tx: Tx, order: Order, now: int) -> Make:
        return make

    makers = Makers({"sheet": maker}, database, TEXTS, lambda: NOW)
    assert None not in await asyncio.gather(*(makers(ORDER) for _ in range(2 * AT_ONCE)))


async def test_a_fault_is_logged_without_anybodys_words(database: Database) -> None:
    makers = Makers({}, database, TEXTS, lambda: NOW)
    with structlog.testing.capture_logs() as logs, pytest.raises(NotMade):
        await makers(ORDER)
    [log] = logs
    assert (log["event"], log["kind"], log["group_id"]) == ("file_not_made", "sheet", 7)
    assert "张三" not in str({name: value for name, value in log.items() if name != "exc_info"})


async def test_what_people_attached_is_forgotten_after_a_day(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = FolderStore(tmp_path_factory.mktemp("uploads"), lambda: NOW)
    key = await store.put(b"words")
    await tidy(database, NOW + UPLOADS_KEPT, store)
    assert await store.get(key) == b"words"
    await tidy(database, NOW + UPLOADS_KEPT + 1, store)
    assert await store.get(key) is None
