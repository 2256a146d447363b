"""A cycle's stages turn by themselves, each once and in order, on both engines; also after a stop of any length."""

from __future__ import annotations

from datetime import date

from bot.core import JOBS
from content.texts import Texts
from domain.cycle import Cycle, Stage
from domain.day import DAY, HOUR
from domain.group import Group, Settings
from domain.ids import Ids
from domain.message import Line, Message
from domain.template import StageSpec, Template, When
from scheduler import cycle
from scheduler.tick import Tick
from storage import cycles, due, groups, members
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

PLAN = Template(
    key="try",
    title="三月活动",
    stages=(
        StageSpec(
            key="publish", kind="notice", title="发布", closes=When(days=2, at=18 * 60), text="一起读书。"
        ),
        StageSpec(
            key="wrap",
            kind="notice",
            title="收尾",
            opens=When(after="publish", days=1),
            closes=When(after="wrap", days=1, at=20 * 60),
        ),
    ),
)
START = date(2026, 3, 2)


class Life:
    """A group with a cycle, and its time moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.ids = Ids(1)
        self.tick = Tick(database, self.ids, JOBS, lambda: self.now, lambda: None)

    async def begin(self, settings: Settings | None = None) -> tuple[Group, Cycle]:
        group = await self.database.transaction(found_group, 7, ("张三", "李四"), settings)
        made = await self.database.transaction(
            cycle.begin, self.ids, group, PLAN, START, by=FIRST_PERSON, now=self.now
        )
        return group, made

    async def at(self, now: int) -> list[str]:
        """Let it become ``now``; what was said to the group and to people since."""
        before = await self.database.read(_bodies)
        self.now = now
        await self.tick.run()
        return [_shown(body) for id, body in await self.database.read(_bodies) if (id, body) not in before]

    async def stages(self, made: Cycle) -> tuple[Stage, ...]:
        return await self.database.read(cycles.stages, made)


async def _bodies(tx: Tx) -> list[tuple[int, str]]:
    return [(int(id), str(body)) for id, body in await tx.all("SELECT id, body FROM outbox ORDER BY id")]


def _shown(body: str) -> str:
    message = Message.parse(body)
    lines: list[Line] = [message.title] if message.title else []
    return " / ".join(Texts.load().say("zh", one) for one in (*lines, *message.lines))


async def _set_paused(tx: Tx, paused: bool) -> None:
    await groups.set_paused(tx, 7, paused)


async def test_stages_open_and_close_at_their_times_and_the_cycle_is_over_with_the_last(
    database: Database,
) -> None:
    life = Life(database)
    _, made = await life.begin()
    assert await life.at(NOW) == []
    assert await life.at(NOW + HOUR) == ["📌 三月活动 · 发布 / 一起读书。 / 截止：3月4日 周三 18:00"]
    assert [one.state for one in await life.stages(made)] == ["open", "planned"]
    assert await life.at(NOW + 2 * DAY + 10 * HOUR) == [
        "提醒您：「收尾」3月5日 周四 09:00开始，这一步由您负责。"
    ]
    assert await life.at(NOW + 3 * DAY + HOUR) == ["📌 三月活动 · 收尾 / 截止：3月6日 周五 20:00"]
    await life.at(NOW + 5 * DAY)
    assert [one.state for one in await life.stages(made)] == ["closed", "closed"]
    ended = await database.read(cycles.find, 7, made.id)
    assert ended is not None and ended.state == "over"
    assert await database.read(due.upcoming, 7) is None


async def test_after_a_long_stop_everything_turns_in_order_and_what_is_past_is_not_announced(
    database: Database,
) -> None:
    life = Life(database)
    _, made = await life.begin()
    assert await life.at(NOW + 3 * DAY + 3 * HOUR) == ["📌 三月活动 · 收尾 / 截止：3月6日 周五 20:00"]
    first, second = await life.stages(made)
    assert (first.state, second.state) == ("closed", "open")


async def test_a_group_that_rests_finds_its_stages_when_it_comes_back(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    await database.transaction(_set_paused, True)
    assert await life.at(NOW + HOUR) == []
    assert (await life.stages(made))[0].state == "planned"
    await database.transaction(_set_paused, False)
    assert len(await life.at(NOW + DAY)) == 1
    assert (await life.stages(made))[0].state == "open"


async def test_what_opens_at_night_is_said_in_the_morning(database: Database) -> None:
    life = Life(database)
    await life.begin(Settings(quiet_from=8 * 60, quiet_to=12 * 60))
    await life.at(NOW + HOUR)
    [row] = await database.read(_waiting)
    assert row == NOW + 4 * HOUR


async def _waiting(tx: Tx) -> list[int]:
    return [int(row[0]) for row in await tx.all("SELECT not_before FROM outbox")]


async def test_a_cycle_that_repeats_begins_again_a_month_later_on_the_same_weekday(
    database: Database,
) -> None:
    life = Life(database)
    _, made = await life.begin()
    await database.transaction(cycles.set_repeats, made, "monthly")
    await life.at(NOW + 5 * DAY)
    [again] = await database.read(cycles.running, 7)
    assert again.starts_on == date(2026, 4, 6) and again.starts_on.weekday() == START.weekday()
    assert again.repeats == "monthly" and again.title == made.title


async def test_a_month_that_was_slept_through_is_not_made_up_for(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    await database.transaction(cycles.set_repeats, made, "monthly")
    await life.at(NOW + 100 * DAY)
    [again] = await database.read(cycles.running, 7)
    assert again.starts_on >= date(2026, 6, 10)


async def test_a_cancelled_cycle_says_no_more(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    assert await database.transaction(cycles.end, made, "cancelled", NOW)
    assert not await database.transaction(cycles.end, made, "cancelled", NOW)
    assert await life.at(NOW + 5 * DAY) == []


async def test_a_stage_turns_once_however_often_it_is_asked_to(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    [first, _] = await life.stages(made)
    assert await database.transaction(cycles.turn, first, "planned", "open", NOW) is not None
    assert await database.transaction(cycles.turn, first, "planned", "open", NOW) is None


async def test_the_person_responsible_is_told_a_day_before_in_private(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    first, second = await life.stages(made)
    await database.transaction(cycles.change, [Stage(**{**_fields(second), "owner": FIRST_PERSON + 1})])
    await life.at(NOW + HOUR)
    await life.at(NOW + 2 * DAY + 10 * HOUR)
    rows = await database.read(_told)
    assert FIRST_PERSON + 1 in rows
    assert first.owner == 0


def _fields(stage: Stage) -> dict[str, object]:
    return {name: getattr(stage, name) for name in Stage.__slots__}


async def _told(tx: Tx) -> set[int]:
    return {int(row[0]) for row in await tx.all("SELECT person_id FROM outbox WHERE person_id <> 0")}


async def test_the_open_stage_of_a_kind_is_the_one_that_opened_last(database: Database) -> None:
    life = Life(database)
    group, made = await life.begin()
    assert await database.read(cycles.open_stage, 7, "notice") is None
    await life.at(NOW + HOUR)
    other = await database.transaction(
        cycle.begin, life.ids, group, PLAN, START, by=FIRST_PERSON, now=life.now, title="另一个"
    )
    await life.at(NOW + 2 * HOUR)
    found = await database.read(cycles.open_stage, 7, "notice")
    assert found is not None and found[0].id == other.id != made.id
    assert await database.read(members.count, 7) == 2
    assert await database.read(cycles.open_stage, 7, "seminar") is None
