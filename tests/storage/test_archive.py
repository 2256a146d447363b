"""The archive of a person's own data leaves nothing out and shows nobody else; and erasing leaves nothing behind."""

from __future__ import annotations

import pytest

from storage import archive, people
from storage.archive import LEFT_OUT, PARTS, Kept
from storage.tx import Database, Tx
from tests.storage.everywhere import QUESTION, columns_of_people, live_everywhere, traces
from tests.storage.founding import NOW, found_group

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
    for table, column in (("checkins", "by_person"), ("redemptions", "by_person"), ("audit", "person_id")):
        await tx.run(f"UPDATE {table} SET {column} = :who", who=secretary)
    await tx.run("UPDATE ledger SET by_person = :who", who=secretary)


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


async def test_the_archive_names_nobody_who_did_nothing_for_the_person(database: Database) -> None:
    await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    for person in (ZHANG, LI):
        await database.transaction(live_everywhere, person)
    said = str([part.rows for part in await database.read(archive.of_person, LI)])
    assert "李四" in said
    assert "王五" not in said
    assert "张三" not in said
    assert str(ZHANG) not in said


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
def test_a_part_says_which_group_a_row_is_of(part: archive.Part) -> None:
    by_group = any(table in part.source for table in ("members m JOIN",))
    assert not by_group or "group" in part.columns
