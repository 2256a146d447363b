"""What a group ought to have planned and lost, or never had since it is older than the kind, is planned at the start."""

from __future__ import annotations

from datetime import date

import pytest

from bot.core import JOBS
from domain.day import DAY, HOUR
from domain.group import Settings
from domain.ids import Ids
from domain.template import StageSpec, Template, When
from scheduler import contest, cycle, honours, overlooked, rhythm
from scheduler.overlooked import plan_overlooked
from scheduler.tick import Tick
from storage import contests, cycles, due, reviews
from storage.contests import Contest
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group


async def founded(database: Database, *ids: int) -> None:
    for group_id in ids:
        group = await database.transaction(found_group, group_id)
        await database.transaction(rhythm.plan, group, NOW)


async def planned(database: Database, group_id: int) -> dict[str, tuple[str, int]]:
    async def rows(tx: Tx) -> dict[str, tuple[str, int]]:
        found = await tx.all("SELECT kind, key, at FROM due WHERE group_id = :group", group=group_id)
        return {kind: (key, at) for kind, key, at in found}

    return await database.read(rows)


async def test_what_is_missing_is_planned_for_its_next_time_and_the_rest_stays(database: Database) -> None:
    await founded(database, 7)
    before = await planned(database, 7)
    await database.transaction(due.cancel, 7, [rhythm.QUIZ])
    assert await plan_overlooked(database, NOW) == 1
    assert await planned(database, 7) == before
    assert before[rhythm.QUIZ][0] == "2026-03-02"
    assert await plan_overlooked(database, NOW) == 0


async def test_groups_without_any_rhythm_are_let_be(database: Database) -> None:
    await database.transaction(found_group, 7)
    assert await plan_overlooked(database, NOW) == 0
    assert await planned(database, 7) == {}


async def test_all_groups_are_reached_however_small_the_bites(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlooked, "BITE", 2)
    await founded(database, 1, 2, 3, 4, 5)
    for group_id in (1, 2, 4, 5):
        await database.transaction(due.cancel, group_id, [rhythm.QUIZ, rhythm.REMIND])
    assert await plan_overlooked(database, NOW) == 4
    for group_id in range(1, 6):
        assert {rhythm.QUIZ, rhythm.REMIND} <= (await planned(database, group_id)).keys()


async def test_a_group_that_kept_points_before_there_were_honours_gets_its_months_end(
    database: Database,
) -> None:
    with_points = await database.transaction(found_group, 7, ("张三",), Settings(points=True))
    without = await database.transaction(found_group, 8, ("李四",))
    for group in (with_points, without):
        await database.transaction(rhythm.plan, group, NOW)
    before = await planned(database, 7)
    assert before[honours.KIND][0] == "2026-03"
    await database.transaction(due.cancel, 7, [honours.KIND])
    assert await plan_overlooked(database, NOW) == 1
    assert await planned(database, 7) == before
    assert honours.KIND not in await planned(database, 8)
    assert await plan_overlooked(database, NOW) == 0


async def test_honours_that_are_overdue_after_a_long_stop_are_left_as_they_are(database: Database) -> None:
    group = await database.transaction(found_group, 7, ("张三",), Settings(points=True))
    await database.transaction(rhythm.plan, group, NOW)
    before = await planned(database, 7)
    assert await plan_overlooked(database, NOW + 100 * DAY) == 0
    assert await planned(database, 7) == before


def activity(*stages: StageSpec) -> Template:
    return Template(key="try", title="活动", stages=stages)


TALK = StageSpec(
    key="talk", kind="seminar", title="研讨", groups=2, opens=When(at=9 * 60), closes=When(days=6, at=20 * 60)
)
REVIEWED = (
    StageSpec(
        key="words", kind="reflection", title="心得", opens=When(at=9 * 60), closes=When(days=1, at=9 * 60)
    ),
    StageSpec(
        key="review",
        kind="review",
        title="互评",
        opens=When(days=1, at=9 * 60),
        closes=When(days=5, at=20 * 60),
    ),
)
SHOWN = StageSpec(
    key="works",
    kind="live",
    title="作品",
    form="live",
    photos=1,
    own_questions=0,
    opens=When(at=9 * 60),
    closes=When(days=6, at=20 * 60),
)


async def rows(database: Database) -> list[tuple[str, str, int]]:
    async def read(tx: Tx) -> list[tuple[str, str, int]]:
        found = await tx.all("SELECT kind, key, at FROM due WHERE group_id = 7 ORDER BY kind, key")
        return [(str(kind), str(key), int(at)) for kind, key, at in found]

    return await database.read(read)


@pytest.mark.parametrize("stages", [(TALK,), REVIEWED, (SHOWN,)], ids=["seminar", "review", "works"])
async def test_an_activity_whose_rows_were_lost_goes_on_as_it_was_planned(
    database: Database, stages: tuple[StageSpec, ...]
) -> None:
    ids, group = Ids(1), await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    await database.transaction(
        cycle.begin, ids, group, activity(*stages), date(2026, 3, 2), by=FIRST_PERSON, now=NOW
    )
    now = NOW + DAY + 2 * HOUR
    await Tick(database, ids, JOBS, lambda: now, lambda: None).run()
    before = await rows(database)
    assert before
    assert await plan_overlooked(database, now) == 0
    await database.transaction(due.cancel, 7, [kind for kind, _, _ in before])
    assert await plan_overlooked(database, now) >= 1
    after = await rows(database)
    assert [row[:2] for row in after] == [row[:2] for row in before]
    assert [row for row in after if row[0] != reviews.REPAIR] == [
        row for row in before if row[0] != reviews.REPAIR
    ]
    assert await plan_overlooked(database, now) == 0


async def test_a_stage_that_should_have_opened_while_its_row_was_lost_opens_at_the_next_tick(
    database: Database,
) -> None:
    ids, group = Ids(1), await database.transaction(found_group, 7, ("张三",))
    begun = await database.transaction(
        cycle.begin, ids, group, activity(TALK), date(2026, 3, 2), by=FIRST_PERSON, now=NOW
    )
    await database.transaction(due.cancel, 7, [cycle.STAGE])
    now = NOW + 2 * DAY
    assert await plan_overlooked(database, now) == 1
    await Tick(database, ids, JOBS, lambda: now, lambda: None).run()
    [stage] = await database.read(cycles.stages, begun)
    assert stage.state == "open"


async def test_an_activity_that_is_over_or_called_off_is_planned_no_more(database: Database) -> None:
    ids, group = Ids(1), await database.transaction(found_group, 7, ("张三",))
    begun = await database.transaction(
        cycle.begin, ids, group, activity(TALK), date(2026, 3, 2), by=FIRST_PERSON, now=NOW
    )
    await database.transaction(cycles.end, begun, "cancelled", NOW)
    await database.transaction(cycle.cancel, begun)
    assert await plan_overlooked(database, NOW) == 0
    assert await rows(database) == []


async def test_a_contest_whose_end_was_lost_ends(database: Database) -> None:
    await database.transaction(found_group, 7, ("张三",))
    held = Contest(7, 5, 7, "春季赛", "", 5, "running", NOW, NOW + DAY)
    await database.transaction(contests.add, held)
    assert await plan_overlooked(database, NOW) == 1
    assert ("contest_close", "5", NOW + DAY) in await rows(database)
    await database.transaction(contests.set_state, 7, 5, "over")
    await database.transaction(due.cancel, 7, contest.KINDS)
    assert await plan_overlooked(database, NOW) == 0
