"""What is kept of a person, shown and erased, on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from domain.group import Role
from domain.ids import Ids
from storage import checkins, days, leaves, logins, members, outbox, people
from storage.people import Kept
from storage.schema import metadata
from storage.tx import Database, Tx
from tests.storage.founding import NOW, chat_of, found_group, settle

ZHANG, LI = 101, 102


async def live(tx: Tx, person: int) -> None:
    """Leave a trace everywhere a person can."""
    for day, note in (("2026-03-01", ""), ("2026-03-02", "读完第三章"), ("2026-03-03", "第四章")):
        await checkins.add(
            tx, group_id=7, day=day, person_id=person, kind="self", note=note, by=person, now=NOW
        )
        await days.count_checkin(tx, 7, day)
    await checkins.study(tx, 7, "2026-03-02", person, NOW)
    await leaves.take(tx, 7, person, date(2026, 3, 9), date(2026, 3, 10))
    await members.set_streak(tx, 7, person, last_day="2026-03-03", streak=3, best=3, total=3)
    await logins.invite(tx, f"link{person}", person, NOW + 1000)
    assert await logins.enter(tx, f"link{person}", f"session{person}", "site", NOW, NOW + 1000)
    await tx.run(
        """INSERT INTO talk (chat_id, id, sender_id, sender_name, body, at, changed_at)
           VALUES ('g7', :person, :sender, '?', '{}', :now, :now)""",
        person=person,
        sender=str(person),
        now=NOW,
    )


async def queue(tx: Tx, person: int) -> None:
    await outbox.queue(
        tx, Ids(1), NOW, group_id=7, chat=chat_of(7), language="zh", body="{}", priority=1, person_id=person
    )


async def traces(tx: Tx, person: int) -> dict[str, int]:
    """Table → rows that name the person."""
    found = {}
    for table in metadata.sorted_tables:
        for column in ("person_id", "id" if table.name == "people" else "", "sender_id", "by_person"):
            if column in table.columns:
                row = await tx.one(
                    f"SELECT count(*) FROM {table.name} WHERE {column} = :person",
                    person=str(person) if column == "sender_id" else person,
                )
                if row and row[0]:
                    found[table.name] = int(row[0])
    return found


async def test_everything_that_is_kept_is_shown(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(found_group, 8, ())
    await database.transaction(settle, 8, LI, "李四", Role.SECRETARY, NOW + 50)
    await database.transaction(live, LI)
    await database.transaction(live, ZHANG)

    assert await database.read(people.kept_of, LI) == Kept(
        name="李四",
        known_since=NOW + 1,
        accounts=2,
        memberships=[("第7组", Role.MEMBER, 3, 3), ("第8组", Role.SECRETARY, 0, 0)],
        checkins=3,
        studies=1,
        leaves=1,
        said=1,
        answers=0,
        points=0,
        notes=[("2026-03-03", "第四章"), ("2026-03-02", "读完第三章")],
    )


async def test_of_somebody_unknown_nothing_is_kept(database: Database) -> None:
    with pytest.raises(LookupError):
        await database.read(people.kept_of, 999)


async def test_of_an_erased_person_no_row_is_left_and_of_others_every_one(database: Database) -> None:
    await database.transaction(found_group)
    for person in (ZHANG, LI):
        await database.transaction(live, person)
    before = await database.read(traces, ZHANG)

    await database.transaction(people.erase, LI)

    assert await database.read(traces, LI) == {}
    assert await database.read(traces, ZHANG) == before
    assert len(before) > 7
    day = await database.read(days.find, 7, "2026-03-02")
    assert day and day.checked == 2, "a count names nobody"


async def test_what_still_has_to_be_said_to_an_erased_person_is_said(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(queue, LI)
    await database.transaction(people.erase, LI)
    assert len(await database.transaction(outbox.waiting, chat_of(7).lane, NOW, 10)) == 1


async def test_who_was_erased_can_begin_anew(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(live, LI)
    await database.transaction(people.erase, LI)
    await database.transaction(settle, 7, 555, "李四")
    found = await database.read(members.find, 7, 555)
    assert found and (found.streak, found.total) == (0, 0)
