"""The statements of every message and every tick find their rows by index, however many there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from domain.group import Chat
from domain.ids import Ids
from domain.incoming import Incoming
from storage import (
    archive,
    checkins,
    days,
    due,
    events,
    groups,
    leaves,
    members,
    outbox,
    outbox_care,
    packs,
    people,
    posts,
    retention,
)
from storage.archive_part import Part
from storage.sqlite import SqliteDatabase
from storage.tx import Row, Tx

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00
DAY = date(2026, 3, 2)
LANE = "telegram:study_bot"
CHAT = Chat("telegram", "study_bot", "-1001")
EVENT = Incoming(
    platform="telegram", account="study_bot", event_id="1", chat_id="-1001", sender_id="u1", sender_name="张三",
    is_group=True, sent_at=NOW,
)  # fmt: skip


class Explaining:
    """A ``tx`` that asks how each statement would be done."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.steps: list[str] = []

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        await self._explain(sql, params)
        return await self._tx.one(sql, **params)

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        await self._explain(sql, params)
        return await self._tx.all(sql, **params)

    async def run(self, sql: str, /, **params: Any) -> int:
        await self._explain(sql, params)
        return await self._tx.run(sql, **params)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        for params in rows:
            await self.run(sql, **params)

    async def lock(self, key: int, /) -> bool:
        return await self._tx.lock(key)

    async def _explain(self, sql: str, params: Mapping[str, Any]) -> None:
        self.steps += [
            str(row["detail"]) for row in await self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **params)
        ]


HOT: dict[str, Callable[[Tx], Awaitable[object]]] = {
    "first time": lambda tx: events.first_time(tx, EVENT, NOW),
    "speaker in group": lambda tx: members.speaker_in_group(tx, EVENT),
    "speaker in private": lambda tx: members.speaker_in_private(tx, EVENT),
    "members in group": lambda tx: members.in_group(tx, 7),
    "private chat": lambda tx: members.private_chat(tx, 101),
    "groups of a person": lambda tx: members.groups_of(tx, 101),
    "check in": lambda tx: checkins.add(
        tx, group_id=7, day="2026-03-02", person_id=101, kind="self", note="", by=101, now=NOW
    ),
    "days of a person": lambda tx: checkins.days_of(tx, 7, 101),
    "check-ins between": lambda tx: checkins.count_between(tx, 7, 101, DAY, DAY, "makeup"),
    "makeups": lambda tx: checkins.makeups_made(tx, 7, 101, NOW),
    "check-ins of a day": lambda tx: checkins.of_day(tx, 7, "2026-03-02"),
    "count of a day": lambda tx: days.count_checkin(tx, 7, "2026-03-02"),
    "item of a day": lambda tx: days.set_item(tx, 7, "2026-03-02", pack="sample", item="day-1", minutes=5),
    "silent days": lambda tx: days.all_silent(tx, 7, [DAY]),
    "away": lambda tx: leaves.away(tx, 7, DAY),
    "excused": lambda tx: leaves.excused(tx, 7, 101, DAY, DAY),
    "chats of a group": lambda tx: groups.chats(tx, 7),
    "next item": lambda tx: packs.next_item(tx, "sample", 0),
    "next due": due.next_at,
    "due rows": lambda tx: due.take(tx, NOW, 200),
    "cancelled rows": lambda tx: due.cancel(tx, 7, ["push"]),
    "what a group expects": lambda tx: due.upcoming(tx, 7),
    "queue": lambda tx: outbox.queue(
        tx, Ids(1), NOW, group_id=7, chat=CHAT, language="zh", body="{}", priority=1, slot="board"
    ),
    "waiting": lambda tx: outbox.waiting(tx, LANE, NOW, 100),
    "shown": lambda tx: posts.find(tx, LANE, "-1001", "board"),
    "forgotten events": lambda tx: events.forget(tx, NOW),
    "forgotten messages": lambda tx: outbox_care.forget_sent(tx, NOW),
    "forgotten posts": lambda tx: posts.forget(tx, NOW),
    "a moved chat": lambda tx: groups.rename_chat(tx, "telegram", "study_bot", "-1001", "-2001"),
    "all that is kept of a person": lambda tx: people.kept_of(tx, 101),
    "an erased person": lambda tx: people.erase(tx, 101),
    "forgotten details": lambda tx: retention.forget(tx, 7, DAY, NOW),
}  # fmt: skip
WALKS = ("next due", "what a group expects")
"""They read the first entries of an index in its order, and stop."""
SMALL = {"all that is kept of a person": {"talk"}, "an erased person": {"talk", "sessions", "tickets"}}
"""Tables that may be read whole for what is seldom asked: none of them grows with the groups outside the browser."""


@pytest.mark.parametrize("name", HOT)
async def test_a_statement_of_every_day_finds_its_rows_by_index(
    sqlite_database: SqliteDatabase, name: str
) -> None:
    async def explain(tx: Tx) -> list[str]:
        explaining = Explaining(tx)
        await members.add_person(tx, 101, "张三", NOW)
        await HOT[name](explaining)
        return explaining.steps

    steps = await sqlite_database.transaction(explain)
    scans = [step for step in steps if step.startswith("SCAN") and not step.startswith("SCAN CONSTANT")]
    if name in WALKS:
        scans = [step for step in scans if " INDEX " not in step]
    assert {scan.split()[1] for scan in scans} <= SMALL.get(name, set()), steps


@pytest.mark.parametrize("part", archive.PARTS, ids=lambda part: part.name)
async def test_a_part_of_the_archive_finds_its_rows_by_index(
    sqlite_database: SqliteDatabase, part: Part
) -> None:
    async def explain(tx: Tx) -> list[str]:
        explaining = Explaining(tx)
        await archive.read(explaining, part, 101)
        return explaining.steps

    steps = await sqlite_database.read(explain)
    scans = {step.split()[1] for step in steps if step.startswith("SCAN")}
    assert scans <= READ_WHOLE.get(part.name, set()), steps


READ_WHOLE = {"talk": {"t"}, "sessions": {"t"}, "tickets": {"t"}, "pictures": {"k", "r"}}
"""By the names that the parts give them: the browser's talk, links and log-ins; and what is one person's own."""


async def test_due_rows_are_taken_in_the_order_of_their_index(sqlite_database: SqliteDatabase) -> None:
    async def explain(tx: Tx) -> str:
        explaining = Explaining(tx)
        await due.take(explaining, NOW, 200)
        return "; ".join(explaining.steps)

    steps = await sqlite_database.transaction(explain)
    assert "SEARCH due USING PRIMARY KEY (group_id=?)" in steps, "a group has only a few rows"
    assert "SEARCH due USING COVERING INDEX due_at (at<?)" in steps
    assert "TEMP B-TREE" not in steps
