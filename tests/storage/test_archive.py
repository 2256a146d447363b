"""The archive of a person's own data leaves nothing out and shows nobody else; and erasing leaves nothing behind."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from functools import partial
from pathlib import Path

import pytest

from content.texts import Texts
from domain.day import DAY
from domain.message import File
from domain.outgoing import Order
from handlers import own_photos, privacy
from scheduler.housekeeping import tidy
from storage import archive, people
from storage.archive import LEFT_OUT, PARTS, Kept
from storage.archive_part import Part
from storage.media import FolderStore
from storage.pictures import Source
from storage.tx import Database, Tx
from tests.storage.everywhere import QUESTION, columns_of_people, live_everywhere, traces
from tests.storage.founding import NOW, found_group
from tests.storage.reviewing import Reviewing, plan

ZHANG, LI = 101, 102


def test_every_column_that_names_people_is_in_the_archive_or_left_out_for_a_reason() -> None:
    there = set(columns_of_people())
    answered = {pair for part in PARTS for pair in part.of} | LEFT_OUT.keys()
    covered = answered | {("audit", "person_id")}
    assert there - covered == set(), "say in storage/archive.py what a member sees of it, or why not"
    assert answered - there == set(), "the schema has no such column any more"
    assert all(LEFT_OUT.values())


async def test_nothing_of_an_erased_person_is_left_in_any_table(database: Database) -> None:
    await database.transaction(found_group)
    for person in (LI, ZHANG):
        await database.transaction(live_everywhere, person)
    before = await database.read(traces, ZHANG)
    assert set(await database.read(traces, LI)) >= set(columns_of_people()) - _WITH_ANOTHER_KEY

    await database.transaction(people.erase, LI)

    assert await database.read(traces, LI) == {}
    assert await database.read(traces, ZHANG) == before


_WITH_ANOTHER_KEY: set[tuple[str, str]] = set()
"""Columns in which the rows of two people cannot stand beside each other."""


async def test_what_an_erased_secretary_did_for_others_stays_without_her_name(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(live_everywhere, LI)
    await database.transaction(_done_by, ZHANG)
    await database.transaction(people.erase, ZHANG)
    assert await database.read(traces, ZHANG) == {}
    assert (await database.read(traces, LI))["checkins", "person_id"] == 1
    looks = {part.name: part for part in await database.read(archive.of_person, LI)}["looks"]
    assert [row[:3] for row in looks.rows] == [("第7组", None, "missing")]


async def _done_by(tx: Tx, secretary: int) -> None:
    for table, column in (
        ("checkins", "by_person"),
        ("redemptions", "by_person"),
        ("reflections", "by_person"),
        ("appeals", "by_person"),
        ("evaluations", "by_person"),
        ("audit", "person_id"),
    ):
        await tx.run(f"UPDATE {table} SET {column} = :who", who=secretary)
    await tx.run("UPDATE ledger SET by_person = :who", who=secretary)
    await tx.run(
        """INSERT INTO reviews (group_id, reflection_id, person_id, cycle_id, kind, state, scores, comment, asked_at)
           SELECT group_id, id, :who, cycle_id, 'allotted', 'done', '[4, 4, 4]', '写得实在。', :now FROM reflections""",
        who=secretary,
        now=NOW,
    )


async def test_the_archive_has_a_row_of_every_table_a_person_lives_in(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(live_everywhere, LI)
    await database.transaction(_done_by, ZHANG)
    kept = {part.name: part for part in await database.read(archive.of_person, LI)}
    assert [name for name, part in kept.items() if not part.rows] == ["looked"]
    assert _column(kept["checkins"], "by") == ["张三"]
    assert _column(kept["looks"], "by") == ["张三"]
    assert _column(kept["answers"], "question") == [QUESTION.model_dump_json()]
    assert _column(kept["tries"], "given") == ["0"]
    assert _column(kept["contests"], "side") == ["name"]
    assert _column(kept["reflections"], "by") == ["张三"]
    assert _column(kept["reflections"], "code") == ["A55"]
    assert _column(kept["signups"], "stage") == ["心得"]
    assert _column(kept["votes"], "code") == ["W3"]
    assert {*_column(kept["pictures"], "code")} == {"A55", "W3"}
    assert _column(kept["reviews_received"], "comment") == ["写得实在。"]
    assert _column(kept["reviews_received"], "by") == [None], "reviews are blind"


async def test_the_archive_names_nobody_who_did_nothing_for_the_person(database: Database) -> None:
    await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    for person in (ZHANG, LI):
        await database.transaction(live_everywhere, person)
    said = str([part.rows for part in await database.read(archive.of_person, LI)])
    assert "李四" in said
    assert "王五" not in said
    assert "张三" not in said
    assert str(ZHANG) not in said


@pytest.mark.parametrize("blind", [True, False])
async def test_what_reviewers_said_may_be_taken_away_once_it_may_be_read(
    database: Database, blind: bool
) -> None:
    life = Reviewing(database)
    await life.begin(("张三", "李四"), plan(1, blind=blind))
    for n in range(2):
        await life.hand_in(ZHANG + n, n + 1)
    await life.at((await life.stage()).opens_at)
    await life.review(ZHANG, 2, (5, 4, 5))

    async def received(person: int) -> list[tuple[object, ...]]:
        kept = {part.name: part for part in await database.read(archive.of_person, person)}
        return [row[2:] for row in kept["reviews_received"].rows]

    assert await received(LI) == []
    await life.at((await life.stage()).closes_at)
    assert await received(LI) == [("A2", "allotted", "[5,4,5]", "写得实在", None if blind else "张三")]
    assert await received(ZHANG) == []


async def test_photos_go_with_the_archive_and_are_deleted_with_their_owner_unless_another_has_the_same(
    database: Database, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path, lambda: NOW)
    own, shared = await store.put(b"own"), await store.put(b"shared")
    await database.transaction(found_group)
    for person in (LI, ZHANG):
        await database.transaction(live_everywhere, person)
    await database.transaction(_photograph, LI, own)
    await database.transaction(_photograph, ZHANG, shared)
    await database.transaction(_photograph, LI, shared, "small")

    order = Order(7, LI, File("mydata"), "zh")
    make = await database.read(privacy.makers(store)["mydata"], order, NOW)
    assert make is not None
    made = await asyncio.to_thread(make, partial(Texts.load().say, "zh"))
    with zipfile.ZipFile(io.BytesIO(made.content)) as whole:
        photos = [name for name in whole.namelist() if name.startswith("photos/")]
        assert {whole.read(name) for name in photos} == {b"own"}
        assert (
            photos[0].removeprefix("photos/").removesuffix(".jpg") in whole.read("csv/pictures.csv").decode()
        )

    await database.transaction(people.erase, LI)
    await tidy(database, NOW + 2 * DAY, photos=store)
    assert [await store.get(own), await store.get(shared) is None] == [None, False]


async def test_a_document_goes_along_under_its_own_name(database: Database, tmp_path: Path) -> None:
    store = FolderStore(tmp_path, lambda: NOW)
    hash = await store.put(b"PK words")
    await database.transaction(found_group)
    await database.transaction(live_everywhere, LI)

    async def turn(tx: Tx) -> None:
        source = Source("browser", "site", "c", "key", "document", 8, "../春联.docx").dump()
        await _photograph(tx, LI, hash)
        await tx.run("UPDATE pictures SET kind = 'document', source = :s WHERE hash = :h", s=source, h=hash)

    await database.transaction(turn)
    files = own_photos.wanted(await database.read(archive.of_person, LI))
    found, _ = await asyncio.to_thread(own_photos.fetched, store, files)
    assert {content for _, content in found} == {b"PK words"}
    assert all(re.fullmatch(r"photos/[0-9a-z]+-\d+-春联\.docx", name) for name, _ in found)


async def _photograph(tx: Tx, person: int, hash: str, column: str = "hash") -> None:
    await tx.run(
        f"""UPDATE pictures SET {column} = :hash WHERE group_id = 7
              AND reflection_id IN (SELECT id FROM reflections WHERE person_id = :person)""",
        hash=hash,
        person=person,
    )


async def test_what_is_too_much_for_one_file_is_counted(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, lambda: NOW)
    half = b"x" * (own_photos.MOST_BYTES // 2 + 1)
    files = [
        own_photos.Wanted(name, await store.put(content)) for name, content in (("a", half), ("b", half))
    ]
    files.insert(1, own_photos.Wanted("gone", "0" * 64))
    found, left_out = await asyncio.to_thread(own_photos.fetched, store, files)
    assert [name for name, _ in found] == ["photos/a.jpg"]
    assert left_out == 1
    assert own_photos.fetched(None, files) == ([], 0)


async def test_an_account_that_is_erased_is_gone_from_events_that_failed_and_from_shown_messages(
    database: Database,
) -> None:
    await database.transaction(found_group)
    await database.transaction(_traces_of_accounts, LI)
    await database.transaction(_traces_of_accounts, ZHANG)
    await database.transaction(people.erase, LI)
    left = await database.read(_left)
    assert left == [f'{{"sender_id":"u{ZHANG}"}}', f"private{ZHANG}", f"g7 {ZHANG} key"]


async def _traces_of_accounts(tx: Tx, person: int) -> None:
    await tx.run(
        """INSERT INTO dead_letters (id, platform, account, event_id, error, raw, at)
           VALUES (:id, 'telegram', 'study_bot', 'e', 'KeyError', :raw, :now)""",
        id=person,
        raw=f'{{"sender_id":"u{person}"}}',
        now=NOW,
    )
    await tx.run(
        """INSERT INTO posts (lane, chat_id, thread_id, slot, message_id, at)
           VALUES ('telegram:study_bot', :chat, '', 'review', '1', :now)""",
        chat=f"private{person}",
        now=NOW,
    )
    await tx.run(
        "INSERT INTO events (platform, account, event_id, at) VALUES ('browser', 'talk', :event, :now)",
        event=f"g7 {person} key",
        now=NOW,
    )


async def _left(tx: Tx) -> list[str]:
    found = [await tx.all(f"SELECT {column} FROM {table}") for table, column in _PLACES]
    return [str(row[0]) for rows in found for row in rows]


_PLACES = (("dead_letters", "raw"), ("posts", "chat_id"), ("events", "event_id"))


def _column(part: Kept, name: str) -> list[object]:
    return [row[part.columns.index(name)] for row in part.rows]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_says_which_group_a_row_is_of(part: Part) -> None:
    by_group = any(table in part.source for table in ("members m JOIN",))
    assert not by_group or "group" in part.columns
