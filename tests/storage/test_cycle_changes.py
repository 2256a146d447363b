"""An activity whose surroundings change while it runs: the clock, the group's zone and hours, the secretary's mind; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core import JOBS
from domain.cycle import Cycle, Stage
from domain.day import DAY, HOUR, local
from domain.group import Settings
from domain.ids import Ids, brief
from domain.message import Message
from domain.template import StageSpec, Template, When
from scheduler import cycle
from scheduler.teams import TEAMS
from scheduler.tick import Tick
from storage import cycles, due, outbox
from storage.tx import Database, Tx
from tests.storage.founding import NOW
from tests.storage.test_dispatcher import ZHANG, Talk

START = date(2026, 3, 2)
ZONE, WEST, EAST = "Asia/Shanghai", "Asia/Urumqi", "Pacific/Auckland"
PLAN = Template(
    key="try",
    title="三月活动",
    stages=(
        StageSpec(
            key="write",
            kind="reflection",
            title="心得",
            opens=When(days=0, at=9 * 60),
            closes=When(days=4, at=20 * 60),
        ),
        StageSpec(
            key="meet",
            kind="seminar",
            title="研讨",
            opens=When(days=2, at=9 * 60),
            closes=When(days=6, at=16 * 60),
            groups=2,
        ),
        StageSpec(
            key="end",
            kind="notice",
            title="收尾",
            opens=When(days=7, at=9 * 60),
            closes=When(days=8, at=18 * 60),
        ),
    ),
)


class Life(Talk):
    """A group with an activity, whose secretary talks to the bot, and whose time is moved by hand."""

    cycle: Cycle

    async def open(self, settings: Settings | None = None) -> None:
        group = await self.begin("张三", "李四", "王五", settings=settings)
        self.ids = Ids(2)
        self.tick = Tick(self.database, self.ids, JOBS, lambda: self.now, lambda: None)
        self.cycle = await self.database.transaction(
            cycle.begin, self.ids, group, PLAN, START, by=ZHANG, now=NOW
        )

    async def at(self, now: int) -> list[str]:
        """Let it become ``now``; the keys of what is said at once."""
        self.now = now
        await self.tick.run()
        return await self.said_now()

    async def said_now(self) -> list[str]:
        rows = await self.database.transaction(outbox.waiting, "telegram:study_bot", self.now, 1000)
        await self.database.transaction(outbox.fly, rows)
        messages = [Message.parse(row.body) for row in sorted(rows, key=lambda row: row.id)]
        return [one.key for said in messages for one in ((said.title,) if said.title else said.lines) if one]

    async def tell(self, text: str) -> list[str]:
        """What the secretary's word is answered by, to them and to the group."""
        await self.hear(self.event(ZHANG, text))
        return await self.said_now()

    async def confirm(self, text: str) -> str:
        """Ask for it, and press the button that does it."""
        await self.hear(self.event(ZHANG, text))
        rows = await self.database.transaction(outbox.waiting, "telegram:study_bot", self.now, 1000)
        await self.database.transaction(outbox.fly, rows)
        [found] = [one for row in rows for line in Message.parse(row.body).buttons for one in line]
        return (await self.press(ZHANG, self.button(found.action, found.arg))).toast

    async def stages(self) -> tuple[Stage, ...]:
        return await self.database.read(cycles.stages, self.cycle)

    async def states(self) -> list[str]:
        return [one.state for one in await self.stages()]

    async def planned(self) -> dict[str, int]:
        """What time has still to do for the activity, and when."""
        return await self.database.read(_planned, brief(self.cycle.id))


async def _planned(tx: Tx, name: str) -> dict[str, int]:
    rows = await tx.all("SELECT kind, key, at FROM due WHERE kind IN ('stage', 'teams')")
    return {f"{kind}:{key.removeprefix(f'{name}_')}": int(at) for kind, key, at in rows}


@pytest.fixture
async def life(database: Database) -> Life:
    found = Life(database)
    await found.open()
    return found


def walls(stages: tuple[Stage, ...], zone: str) -> list[tuple[str, str]]:
    return [
        (local(one.opens_at, zone).strftime("%d %H:%M"), local(one.closes_at, zone).strftime("%d %H:%M"))
        for one in stages
    ]


# --- the group's zone and hours ------------------------------------------------------------------------------------------


async def test_in_another_zone_stages_keep_their_time_of_day(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    before = await life.stages()
    assert await life.tell(f"设置 时区 {WEST}") == ["settings.done", "settings.activities_moved"]
    after = await life.stages()
    assert walls(after[1:], WEST) == walls(before[1:], ZONE) and walls(after, WEST) != walls(before, WEST)
    assert after[0].opens_at == before[0].opens_at, "it has opened"
    assert after[0].closes_at == before[0].closes_at + 2 * HOUR
    planned = await life.planned()
    assert planned["stage:1_open"] == before[1].opens_at + 2 * HOUR
    assert planned["stage:0_close"] == after[0].closes_at
    assert local(planned["stage:0_half"], WEST).strftime("%H:%M") == "20:00"


async def test_stages_fire_once_and_at_the_new_times(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    await life.tell(f"设置 时区 {WEST}")
    assert "stage.opened" not in await life.at(NOW + 2 * DAY + 2 * HOUR), "nine o'clock there, seven here"
    assert "stage.opened" in await life.at(NOW + 2 * DAY + 3 * HOUR)
    await life.tell(f"设置 时区 {ZONE}")
    assert "stage.opened" not in await life.at(NOW + 2 * DAY + 4 * HOUR)
    assert await life.states() == ["open", "open", "planned"]


async def test_an_open_stage_is_not_closed_by_a_zone_in_which_the_evening_is_over(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    [first, *_] = await life.stages()
    await life.at(first.closes_at - HOUR)
    await life.tell(f"设置 时区 {EAST}")
    await life.at(first.closes_at - 1)
    assert (await life.states())[0] == "open"
    await life.at(first.closes_at)
    assert (await life.states())[0] == "closed"


async def test_sub_groups_are_drawn_by_the_new_zone(life: Life) -> None:
    await life.at(NOW + 2 * DAY + 2 * HOUR)
    before = (await life.planned())["teams:1"]
    await life.tell(f"设置 时区 {EAST}")
    await life.at(life.now + 1)
    assert (await life.planned())["teams:1"] == before - 5 * HOUR
    await life.tell(f"设置 时区 {ZONE}")
    await life.at(life.now + 1)
    assert (await life.planned())["teams:1"] == before
    assert await life.database.read(due.is_planned, 7, TEAMS, f"{brief(life.cycle.id)}_1")


async def test_where_nothing_runs_a_zone_moves_nothing(life: Life) -> None:
    await life.database.transaction(cycles.end, life.cycle, "cancelled", NOW)
    assert await life.tell(f"设置 时区 {WEST}") == ["settings.done"]


async def test_a_reminder_that_was_given_is_not_given_again_at_a_new_hour(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    half = (await life.planned())["stage:0_half"]
    assert "stage.half_time" in await life.at(half)
    await life.tell("设置 提醒时间 21:00")
    assert "stage:0_half" not in await life.planned()
    assert "stage.half_time" not in await life.at(half + HOUR)
    await life.tell("设置 提醒时间 12:00")
    assert local((await life.planned())["stage:0_last"], ZONE).strftime("%H:%M") == "12:00"


async def test_half_time_comes_once_though_a_stage_is_extended(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    half = (await life.planned())["stage:0_half"]
    await life.at(half)
    await life.confirm("活动 延期 7天")
    planned = await life.planned()
    assert "stage:0_half" not in planned and planned["stage:0_last"] > half + 7 * DAY


# --- the machine's clock -------------------------------------------------------------------------------------------------


async def test_a_clock_that_steps_back_repeats_nothing(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    heard = await life.at(NOW + 2 * DAY + 2 * HOUR)
    assert heard.count("stage.opened") == 1
    for then in (NOW, NOW + HOUR, NOW + DAY, NOW + 2 * DAY + 2 * HOUR):
        assert "stage.opened" not in await life.at(then)
    assert await life.states() == ["open", "open", "planned"]


async def test_what_was_opened_by_a_clock_that_ran_ahead_closes_at_its_time(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    await life.at(NOW + 2 * DAY + 2 * HOUR)
    await life.at(NOW + 3 * HOUR)
    assert await life.states() == ["open", "open", "planned"]
    await life.at(NOW + 20 * DAY)
    assert await life.states() == ["closed", "closed", "closed"]


# --- the secretary's mind ------------------------------------------------------------------------------------------------


async def test_what_waits_for_the_morning_is_not_said_once_the_activity_is_cancelled(
    database: Database,
) -> None:
    life = Life(database)
    await life.open(Settings(quiet_from=8 * 60, quiet_to=15 * 60))
    await life.at(NOW + 2 * HOUR)
    assert (await life.states())[0] == "open" and await database.read(_waiting), "the opening waits"
    assert await life.confirm("活动 取消") != ""
    assert await database.read(_waiting) == []
    assert "stage.opened" not in await life.at(NOW + 10 * DAY)
    assert await life.planned() == {}


async def test_what_waits_for_the_morning_is_not_said_of_a_stage_that_was_skipped(database: Database) -> None:
    life = Life(database)
    await life.open(Settings(quiet_from=8 * 60, quiet_to=15 * 60))
    await life.at(NOW + 2 * DAY + 2 * HOUR)
    assert await life.states() == ["open", "open", "planned"]
    before = await database.read(_waiting)
    await life.confirm("活动 跳过")
    after = await database.read(_waiting)
    name = brief(life.cycle.id)
    assert {slot for slot in before if slot not in after} >= {f"stage:{name}_0"}
    assert f"stage:{name}_1" in after, "the other stage's own is still to be said"


async def _waiting(tx: Tx) -> list[str]:
    rows = await tx.all(
        """SELECT slot FROM outbox WHERE state = 'queued' AND not_before > created_at
           AND (slot LIKE 'stage:%' OR slot LIKE 'wait:%') ORDER BY id"""
    )
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("days", ["-3天", "0", "−3", "半天", "99999999999999999999"])
async def test_a_stage_is_not_moved_before_the_one_that_precedes_it(life: Life, days: str) -> None:
    await life.at(NOW + 2 * HOUR)
    before = await life.stages()
    assert await life.tell(f"活动 延期 {days}") == ["cycle.days_unclear"]
    assert await life.stages() == before


async def test_the_next_stage_opened_early_follows_the_one_before_and_opens_once(life: Life) -> None:
    await life.at(NOW + 2 * HOUR)
    await life.said_now()
    await life.confirm("活动 下一步")
    assert await life.states() == ["closed", "open", "planned"], "the one before closes first"
    assert (await life.said_now()).count("stage.opened") == 1
    [_, early, _] = await life.stages()
    assert early.opens_at == life.now and walls((early,), ZONE)[0][1] == "08 16:00"
    assert "stage.opened" not in await life.at(NOW + 2 * DAY + 2 * HOUR)


async def test_times_that_contradict_one_another_still_fire_in_order(life: Life) -> None:
    """However it came about: a stage that opens before the one before it, and closes before it opens."""
    first, second, third = await life.stages()
    odd = replace(third, opens_at=NOW + HOUR // 2, closes_at=NOW + HOUR // 4)
    await life.database.transaction(cycles.change, [odd])
    await life.at(NOW + 20 * DAY)
    assert await life.states() == ["closed", "closed", "closed"]
    assert first.opens_at > odd.opens_at and second.opens_at > odd.opens_at
