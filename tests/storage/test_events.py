"""Events heard, and those nobody could understand, on both engines."""

from __future__ import annotations

import asyncio

from domain.incoming import Incoming
from storage import events
from storage.tx import Database

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00


def event(id: str, platform: str = "telegram", account: str = "study_bot") -> Incoming:
    return Incoming(
        platform=platform, account=account, event_id=id, chat_id="-1001", sender_id="u1", sender_name="张三",
        is_group=True, sent_at=NOW,
    )  # fmt: skip


async def first_time(database: Database, one: Incoming, now: int = NOW) -> bool:
    return await database.transaction(events.first_time, one, now)


async def test_an_event_is_heard_for_the_first_time_once(database: Database) -> None:
    assert await first_time(database, event("1"))
    assert not await first_time(database, event("1"), NOW + 5)
    assert await first_time(database, event("2"))
    assert await first_time(database, event("1", platform="browser"))
    assert await first_time(database, event("1", account="other_bot"))


async def test_of_ten_at_the_same_moment_one_is_the_first(database: Database) -> None:
    first = await asyncio.gather(*(first_time(database, event("1")) for _ in range(10)))
    assert sorted(first) == [False] * 9 + [True]


async def test_events_of_long_ago_are_forgotten(database: Database) -> None:
    for number in range(4):
        await first_time(database, event(str(number)), NOW + number)
    assert await database.transaction(events.forget, NOW + 3) == 3
    assert await first_time(database, event("0"))
    assert not await first_time(database, event("3"))


async def test_a_dead_letter_is_kept_raw_and_the_newest_shown_first(database: Database) -> None:
    for id in (5, 6, 7):
        await database.transaction(
            events.bury, id=id, platform="telegram", account="study_bot", event_id=str(id), error="broken",
            raw='{"text": "打卡 👍\\u0000"}', now=NOW,
        )  # fmt: skip
    assert [tuple(row) for row in await database.read(events.buried, 2)] == [
        (7, "telegram", "study_bot", "7", "broken", NOW),
        (6, "telegram", "study_bot", "6", "broken", NOW),
    ]
