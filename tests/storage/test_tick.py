"""What time does: the tick on both engines, the rhythm of a day, catching up after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core import JOBS
from domain.day import DAY, HOUR, MINUTE
from domain.group import Group, Settings
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Message
from scheduler import daily, housekeeping, rhythm
from scheduler.tick import LONGEST_WAIT, Job, Tick
from scheduler.wake import waking
from storage import checkins, days, due, events, groups, leaves, members, outbox, packs
from storage.database import open_database
from storage.due import Due
from storage.outbox import Sent
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, chat_of, found_group
from tests.transcripts.works import PACK

MONDAY = "2026-03-02"
ZHANG, LI = FIRST_PERSON, FIRST_PERSON + 1


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


class Time:
    """A group's time, moved by hand."""

    def __init__(self, database: Database, jobs: Mapping[str, Job] = JOBS) -> None:
        self.database = database
        self.now = at(f"{MONDAY}T00:00")
        self.wakes = 0
        self.tick = Tick(database, Ids(1), jobs, lambda: self.now, self._said)

    def _said(self) -> None:
        self.wakes += 1

    async def begin(
        self, settings: Settings | None = None, people: tuple[str, ...] = ("张三", "李四")
    ) -> Group:
        await self.database.transaction(packs.save, PACK, self.now)
        chosen = (settings or Settings()).model_copy(update={"pack": PACK.id})
        group = await self.database.transaction(found_group, 7, people, chosen)
        await self.database.transaction(rhythm.plan, group, self.now)
        return group

    async def jump(self, text: str) -> list[str]:
        """As after a stop that ended now."""
        self.now = at(text)
        await self.tick.run()
        return await self.said()

    async def live(self, text: str) -> list[str]:
        """Through every instant until then."""
        end = at(text)
        while (then := await self.database.read(due.next_at)) is not None and then <= end:
            self.now = max(self.now, then)
            await self.tick.run()
        self.now = end
        return await self.said()

    async def said(self) -> list[str]:
        """What was queued since the last time, by the keys of its lines, with the time it waits for."""
        rows = await self.waiting()
        await self.database.transaction(outbox.fly, rows)
        return [_keys(row.body) + await self._held(row.id) for row in rows]

    async def waiting(self) -> list[outbox.OutboxRow]:
        return await self.database.transaction(outbox.waiting, chat_of(7).lane, 1 << 62, 100)

    async def _held(self, id: int) -> str:
        row = await self.database.read(_not_before, id)
        late = datetime.fromtimestamp(row / 1000, ZoneInfo("Asia/Shanghai"))
        return f" @{late:%d %H:%M}" if row > self.now else ""

    async def check_in(self, person: int, day: str = MONDAY, streak: int = 1) -> None:
        await self.database.transaction(_check_in, person, day, streak, self.now)


async def _not_before(tx: Tx, id: int) -> int:
    row = await tx.one("SELECT not_before FROM outbox WHERE group_id = 7 AND id = :id", id=id)
    return int(row[0]) if row else 0


def _keys(body: str) -> str:
    message = Message.parse(body)
    if message.live:
        return f"{message.live.kind} {message.live.arg}"
    return " ".join(line.key for line in message.lines)


async def _check_in(tx: Tx, person: int, day: str, streak: int, now: int) -> None:
    await checkins.add(tx, group_id=7, day=day, person_id=person, kind="self", note="", by=person, now=now)
    await days.count_checkin(tx, 7, day)
    await members.set_streak(tx, 7, person, last_day=day, streak=streak, best=streak, total=streak)


# The tick itself


class Jobs:
    """Jobs that note what they did, and fail where they are told to."""

    def __init__(self, *broken: int) -> None:
        self.broken = set(broken)
        self.done: list[Due] = []

    async def do(self, tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
        await groups.set_next_item(tx, group.id, group.next_item + 1)
        if group.id in self.broken:
            raise LookupError("broken")
        self.done.append(row)


async def plan(database: Database, *rows: Due) -> None:
    for group_id in {row.group_id for row in rows}:
        await database.transaction(found_group, group_id, ())
    for row in rows:
        await database.transaction(due.plan, row.group_id, row.kind, row.key, row.at)


async def test_everything_due_is_done_and_the_next_instant_told(database: Database) -> None:
    jobs = Jobs()
    time = Time(database, {"push": jobs.do})
    late, now, later = (Due(group, "push", "a", time.now + group - 8) for group in (7, 8, 9))
    await plan(database, late, now, later)

    assert await time.tick.run() == later.at
    assert jobs.done == [late, now]
    assert time.wakes == 1
    assert await time.tick.run() == later.at
    assert jobs.done == [late, now]


async def test_where_nothing_is_planned_the_tick_does_nothing(database: Database) -> None:
    time = Time(database)
    assert await time.tick.run() is None
    assert time.wakes == 0


async def test_a_great_many_rows_are_done_in_bites(sqlite_database: Database) -> None:
    jobs = Jobs()
    time = Time(sqlite_database, {"push": jobs.do})
    rows = [Due(7, "push", str(number), time.now) for number in range(450)]
    await plan(sqlite_database, *rows)
    assert await time.tick.run() is None
    assert sorted(jobs.done, key=lambda row: int(row.key)) == rows
    assert time.wakes == 3


async def test_a_job_that_fails_keeps_nobody_else_waiting_and_leaves_no_trace(database: Database) -> None:
    jobs = Jobs(8)
    time = Time(database, {"push": jobs.do})
    await plan(database, *(Due(group, "push", "a", time.now) for group in (7, 8, 9)))

    with structlog.testing.capture_logs() as logs:
        assert await time.tick.run() == time.now + MINUTE

    assert [row.group_id for row in jobs.done[-2:]] == [7, 9]
    assert [group.next_item for group in await database.read(groups.all_groups)] == [1, 0, 1]
    assert [(log["event"], log["group_id"]) for log in logs] == [("due_failed", 8)]


async def test_a_job_that_fails_is_tried_again_and_waits_longer_each_time(sqlite_database: Database) -> None:
    jobs = Jobs(8)
    time = Time(sqlite_database, {"push": jobs.do})
    await plan(sqlite_database, Due(8, "push", "a", time.now))
    waits = []
    with structlog.testing.capture_logs():
        for _ in range(8):
            then = await time.tick.run()
            assert then is not None
            waits.append(then - time.now)
            time.now = then
    assert waits == [
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        8 * MINUTE,
        16 * MINUTE,
        32 * MINUTE,
        LONGEST_WAIT,
        LONGEST_WAIT,
    ]

    jobs.broken.clear()
    assert await time.tick.run() is None
    assert [row.group_id for row in jobs.done] == [8]


async def test_rows_of_groups_that_are_gone_and_of_unknown_kinds_are_dropped(database: Database) -> None:
    time = Time(database, {"push": Jobs().do})
    await plan(database, Due(7, "something else", "a", time.now))
    await database.transaction(due.plan, 999, "push", "a", time.now)
    assert await time.tick.run() is None
    assert await database.read(due.overdue, time.now) == 0


async def test_two_ticks_at_once_do_each_row_once(database: Database) -> None:
    async def count(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
        await groups.set_next_item(tx, group.id, group.next_item + 1)

    first, second = Time(database, {"push": count}), Time(database, {"push": count})
    await plan(database, *(Due(group, "push", "a", first.now) for group in range(1, 31)))
    await asyncio.gather(first.tick.run(), second.tick.run())
    await first.tick.run()
    assert [group.next_item for group in await database.read(groups.all_groups)] == [1] * 30


async def test_a_job_that_only_came_in_anothers_way_is_run_again_at_once(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    attempts: list[Due] = []

    async def deadlock_once(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
        attempts.append(row)
        if len(attempts) == 1:
            await tx.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")

    time = Time(database, {"push": deadlock_once})
    await plan(database, Due(7, "push", "a", time.now))
    assert await time.tick.run() is None
    assert [row.attempts for row in attempts] == [0, 0]
    await database.close()


# The rhythm of a day


@pytest.fixture
async def time(database: Database) -> Time:
    return Time(database)


async def test_a_day_brings_the_item_the_reminder_and_the_closing(time: Time) -> None:
    await time.begin()
    assert await time.live(f"{MONDAY}T07:29") == []
    assert await time.live(f"{MONDAY}T07:30") == [f"item {MONDAY}"]
    await time.check_in(ZHANG)
    assert await time.live(f"{MONDAY}T20:00") == ["remind.text"]
    assert await time.live("2026-03-03T00:00") == ["closing.joined @03 07:00"]
    assert await time.live("2026-03-03T07:30") == ["item 2026-03-03"]


async def test_nobody_is_reminded_once_everybody_is_in(time: Time) -> None:
    await time.begin()
    await time.live(f"{MONDAY}T12:00")
    await time.check_in(ZHANG, streak=7)
    await time.check_in(LI, streak=8)
    assert await time.live(f"{MONDAY}T23:59") == []
    assert await time.live("2026-03-03T00:00") == [
        "closing.joined closing.everybody closing.milestone @03 07:00"
    ]


async def test_leave_and_pause_are_respected(time: Time) -> None:
    group = await time.begin()
    await time.live(f"{MONDAY}T12:00")
    await time.check_in(ZHANG)
    await time.database.transaction(leaves.take, 7, LI, date(2026, 3, 2), date(2026, 3, 2))
    assert await time.live(f"{MONDAY}T23:59") == []
    await time.database.transaction(groups.set_paused, group.id, True)
    assert await time.live("2026-03-08T00:00") == []
    await time.database.transaction(groups.set_paused, group.id, False)
    assert await time.live("2026-03-08T07:30") == ["item 2026-03-08"]


async def test_names_are_called_and_listed_only_where_that_was_turned_on(time: Time) -> None:
    await time.begin(Settings(mention=True, list_missing=True))
    await time.live(f"{MONDAY}T12:00")
    await time.check_in(ZHANG)
    assert await time.live(f"{MONDAY}T20:00") == ["remind.text remind.called"]
    assert await time.live("2026-03-03T00:00") == ["closing.joined closing.missing @03 07:00"]


async def test_who_is_called_really_is_mentioned(time: Time) -> None:
    await time.begin(Settings(mention=True))
    time.now = at(f"{MONDAY}T20:00")
    await time.tick.run()
    reminder, item = [Message.parse(row.body) for row in await time.waiting()]
    assert (reminder.mentions, item.mentions) == ((("张三", ZHANG), ("李四", LI)), ())


async def test_after_three_days_on_which_nobody_came_reminding_stops_until_somebody_does(time: Time) -> None:
    await time.begin(Settings(weekly_minutes=0))
    for day in ("02", "03", "04"):
        assert "remind.first" in await time.live(f"2026-03-{day}T23:00")
    assert await time.live("2026-03-05T23:00") == ["item 2026-03-05"]
    await time.check_in(ZHANG, "2026-03-05")
    assert "remind.first" in await time.live("2026-03-06T23:00")


async def test_days_off_work_are_kept_free_where_the_group_wants_it(time: Time) -> None:
    time.now = at("2026-02-13T00:00")
    await time.begin(Settings(weekend_off=True, weekly_minutes=0))
    said = await time.live("2026-02-16T00:00")
    assert [word for word in said if word.startswith("item")] == ["item 2026-02-13", "item 2026-02-14"], (
        "the Saturday is worked in exchange for Spring Festival"
    )


async def test_the_weeks_minutes_hold_back_what_nobody_asked_for(time: Time) -> None:
    await time.begin(Settings(weekly_minutes=12, remind=False))
    said = await time.live("2026-03-09T12:00")
    assert said == ["item 2026-03-02", "item 2026-03-03", "item 2026-03-09"]


async def test_a_group_without_a_pack_is_pushed_nothing(time: Time) -> None:
    group = await time.database.transaction(found_group)
    await time.database.transaction(rhythm.plan, group, time.now)
    assert await time.live(f"{MONDAY}T19:00") == []


async def test_an_item_in_the_quiet_hours_waits_for_the_morning_and_a_reminder_is_dropped(time: Time) -> None:
    await time.begin(Settings(push_at=6 * 60, remind_at=22 * 60 + 30))
    assert await time.live(f"{MONDAY}T06:30") == [f"item {MONDAY} @02 07:00"]
    assert await time.live(f"{MONDAY}T23:59") == []


async def test_reminders_can_be_turned_off(time: Time) -> None:
    await time.begin(Settings(remind=False))
    assert await time.live(f"{MONDAY}T23:59") == [f"item {MONDAY}"]


async def test_a_pause_of_some_days_ends_by_itself(time: Time) -> None:
    group = await time.begin()
    await time.database.transaction(groups.set_paused, group.id, True)
    await time.database.transaction(leaves.pause, 7, date(2026, 3, 2))
    await time.database.transaction(due.plan, 7, rhythm.RESUME, "", at("2026-03-04T00:00"))
    assert await time.live("2026-03-03T23:59") == []
    assert await time.live("2026-03-04T00:00") == ["pause.over @04 07:00"]
    assert await time.live("2026-03-04T08:00") == ["item 2026-03-04"]
    excused = await time.database.read(leaves.excused, 7, LI, date(2026, 3, 1), date(2026, 3, 9))
    assert excused == {date(2026, 3, 2), date(2026, 3, 3)}


async def test_after_a_stop_of_days_only_what_still_has_a_meaning_is_done(time: Time) -> None:
    await time.begin()
    await time.live(f"{MONDAY}T12:00")
    await time.check_in(ZHANG)
    await time.said()
    assert await time.jump("2026-03-12T15:00") == ["item 2026-03-12"]
    assert await time.live("2026-03-12T20:00") == ["remind.first"]
    closed = await time.database.read(days.find, 7, MONDAY)
    assert closed and closed.closed_at == at("2026-03-12T15:00")


async def test_after_a_stop_over_the_evening_the_day_is_closed_and_no_reminder_comes(time: Time) -> None:
    await time.begin()
    await time.live(f"{MONDAY}T12:00")
    await time.check_in(ZHANG)
    assert await time.jump("2026-03-03T06:00") == ["closing.joined @03 07:00"]


async def test_a_day_may_end_after_midnight(time: Time) -> None:
    await time.begin(Settings(day_end=26 * 60))
    await time.live("2026-03-03T01:00")
    await time.check_in(ZHANG)
    assert await time.live("2026-03-03T01:59") == []
    assert await time.live("2026-03-03T02:00") == ["closing.joined @03 07:00"]


async def test_a_time_in_the_small_hours_belongs_to_the_day_that_ends_after_it(time: Time) -> None:
    await time.begin(Settings(day_end=26 * 60, remind_at=30, quiet_from=2 * 60, quiet_to=7 * 60))
    await time.live(f"{MONDAY}T02:00")
    assert await time.live(f"{MONDAY}T23:59") == [f"item {MONDAY}"]
    assert await time.live("2026-03-03T00:30") == ["remind.first"]


async def test_an_item_set_to_midnight_comes_as_the_day_begins(time: Time) -> None:
    await time.begin(Settings(push_at=24 * 60, quiet_from=0, quiet_to=0))
    assert await time.live("2026-03-02T23:59") == ["remind.first"]
    assert await time.live("2026-03-03T00:00") == ["item 2026-03-03"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "America/Santiago"])
@pytest.mark.parametrize("day_end", [24 * 60, 26 * 60 + 30])
def test_whatever_the_times_each_thing_is_planned_for_the_day_it_happens_on(zone: str, day_end: int) -> None:
    for minutes in range(0, 24 * 60 + 1, 90):
        settings = Settings(timezone=zone, day_end=day_end, push_at=minutes, remind_at=minutes)
        for apart in range(0, 370, 36):
            day = date(2026, 3, 1) + timedelta(days=apart)
            for kind in (rhythm.PUSH, rhythm.REMIND):
                assert settings.day(rhythm.when(settings, kind, day)) == day
            ends = rhythm.when(settings, rhythm.CLOSE, day)
            assert (settings.day(ends - 1), settings.day(ends)) == (day, day + timedelta(days=1))


async def test_planned_again_each_thing_comes_once_and_in_the_future(database: Database) -> None:
    time = Time(database)
    group = await time.begin()
    time.now = at(f"{MONDAY}T12:00")
    for _ in range(2):
        await database.transaction(rhythm.plan, group, time.now)
    planned = await database.transaction(due.take, 1 << 62, 100)
    assert [(row.kind, row.key) for row in planned] == [
        ("quiz", MONDAY), ("remind", MONDAY), ("close", MONDAY), ("push", "2026-03-03"),
    ]  # fmt: skip
    assert all(time.now < row.at <= time.now + DAY for row in planned)


async def test_the_secretarys_own_reminder_tells_how_many_it_reached(time: Time) -> None:
    group = await time.begin()
    await time.check_in(ZHANG)

    async def remind(tx: Tx) -> int:
        return await daily.send_reminder(tx, Ids(1), group, date(2026, 3, 2), time.now)

    assert await time.database.transaction(remind) == 1
    await time.check_in(LI)
    assert await time.database.transaction(remind) == 0


# Housekeeping and waking


async def test_what_nobody_will_ask_for_again_is_forgotten(database: Database) -> None:
    old = NOW - housekeeping.KEPT - 1
    await database.transaction(events.first_time, _event("old"), old)
    await database.transaction(events.first_time, _event("new"), NOW)
    for number, done in enumerate((old, NOW)):
        await database.transaction(_sent, Ids(number), done)

    await housekeeping.tidy(database, NOW)

    assert await database.transaction(events.first_time, _event("old"), NOW)
    assert not await database.transaction(events.first_time, _event("new"), NOW)
    assert await database.read(_count_outbox) == 1


def _event(id: str) -> Incoming:
    return Incoming(
        platform="telegram", account="study_bot", event_id=id, chat_id="1", sender_id="1", sender_name="张三",
        is_group=False, sent_at=NOW,
    )  # fmt: skip


async def _sent(tx: Tx, ids: Ids, done: int) -> None:
    await outbox.queue(tx, ids, done, group_id=7, chat=chat_of(7), language="zh", body="{}", priority=1)
    rows = await outbox.waiting(tx, chat_of(7).lane, NOW, 10)
    await outbox.fly(tx, rows)
    await outbox.landed(tx, chat_of(7).lane, done, [Sent(row) for row in rows])


async def _count_outbox(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM outbox")
    return int(row[0]) if row else 0


async def test_the_scheduler_wakes_the_tick_every_second_and_tidies_every_hour() -> None:
    woken = asyncio.Event()

    async def tick() -> None:
        woken.set()

    async def tidy() -> None:
        raise AssertionError("not within the first second")

    scheduler: AsyncIOScheduler = waking(tick, tidy)
    jobs = {job.id: job.trigger.interval.total_seconds() for job in scheduler.get_jobs()}
    assert jobs == {"tick": 1, "tidy": HOUR / 1000}
    scheduler.start()
    async with asyncio.timeout(10):
        await woken.wait()
    scheduler.shutdown(wait=False)
