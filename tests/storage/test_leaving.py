"""Somebody leaves a group: what waited for them goes to others, nothing of theirs is lost, an activity goes on; on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from bot.core import JOBS
from content.cycles import shipped_templates
from domain.cycle import Cycle, Stage
from domain.day import DAY, HOUR
from domain.group import Group, Role
from domain.ids import Ids
from domain.message import Message, line
from domain.template import StageSpec, Template, When
from scheduler import cycle as time_of
from scheduler import leaving
from scheduler.stages.kind import Firing
from scheduler.tick import Tick
from storage import cycles, members, outbox, signups
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, chat_of, found_group, settle
from tests.storage.reviewing import Reviewing, keys

ZHANG, LI, WANG, ZHAO, SUN = range(FIRST_PERSON, FIRST_PERSON + 5)
PEOPLE = ("张三", "李四", "王五", "赵六", "孙七")
START = date(2026, 3, 2)
NIGHT = NOW + 15 * HOUR
MEETING = Template(
    key="talk",
    title="三月研讨",
    stages=(
        StageSpec(key="talk", kind="seminar", title="研讨", closes=When(days=9), seats=3, groups=2),
        StageSpec(key="later", kind="practice", title="实践", opens=When(days=10), closes=When(days=12)),
    ),
)


class Life:
    """A group of five with an activity, its time moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW + 2 * HOUR
        self.ids = Ids(1)
        self.tick = Tick(database, self.ids, JOBS, lambda: self.now, lambda: None)
        self.group: Group
        self.cycle: Cycle

    async def begin(self, template: Template = MEETING) -> None:
        self.group = await self.database.transaction(found_group, 7, PEOPLE)
        self.cycle = await self.database.transaction(
            time_of.begin, self.ids, self.group, template, START, by=ZHANG, now=self.now
        )
        await self.tick.run()

    async def stages(self) -> tuple[Stage, ...]:
        return await self.database.read(cycles.stages, self.cycle)

    async def sign_up(self, person: int, side: int = 0, waits: bool = False) -> None:
        [stage, *_] = await self.stages()
        self.now += 1
        state = "waiting" if waits else "in"
        await self.database.transaction(signups.sign_up, stage, person, state, side, self.now)

    async def signed(self) -> dict[int, tuple[str, int, bool]]:
        """Person → state, sub-group, liaison."""
        [stage, *_] = await self.stages()
        found = await self.database.read(signups.of_stage, stage)
        return {one.person_id: (one.state, one.side, one.liaison) for one in found}

    async def leave(self, person: int, by: int = 0) -> bool:
        return await self.database.transaction(self._leave, person, by)

    async def _leave(self, tx: Tx, person: int, by: int) -> bool:
        member = await members.find(tx, 7, person)
        return member is not None and await leaving.leave(tx, self.ids, self.group, member, self.now, by=by)

    async def come_back(self, person: int) -> bool:
        return await self.database.transaction(leaving.come_back, self.group, person, self.now)

    async def told(self, person: int = 0) -> list[str]:
        return await self.database.read(_told, person)

    async def own(self, place: int, owner: int) -> None:
        await self.database.transaction(self._own, place, owner)

    async def _own(self, tx: Tx, place: int, owner: int) -> None:
        await tx.run("UPDATE stages SET owner = :p WHERE group_id = 7 AND place = :n", p=owner, n=place)


async def _told(tx: Tx, person: int) -> list[str]:
    """The keys of what is queued, in a private chat or (0) in the group."""
    rows = await tx.all("SELECT body FROM outbox WHERE person_id = :p ORDER BY id", p=person)
    return keys([Message.parse(body) for (body,) in rows])


@pytest.fixture
def life(database: Database) -> Life:
    return Life(database)


async def test_who_leaves_is_a_member_no_more_and_comes_back_with_all_they_had(life: Life) -> None:
    await life.begin()
    await life.database.transaction(
        members.set_streak, 7, LI, last_day="2026-03-02", streak=9, best=9, total=30
    )
    assert await life.leave(LI)
    assert LI not in {one.id for one in await life.database.read(members.in_group, 7)}
    assert await life.come_back(LI)
    back = await life.database.read(members.find, 7, LI)
    assert back is not None and (back.streak, back.total) == (9, 30)


async def test_leaving_twice_and_coming_back_twice_change_nothing(life: Life) -> None:
    await life.begin()
    assert await life.leave(LI) and not await life.leave(LI)
    assert (await life.told(ZHANG)).count("leaving.gone") == 1
    assert await life.come_back(LI) and not await life.come_back(LI)
    assert not await life.come_back(999), "whoever never was a member comes back to nothing"


async def test_a_seat_goes_to_who_waits_longest_and_the_sub_group_gets_another_liaison(life: Life) -> None:
    await life.begin()
    for person, side in ((LI, 1), (WANG, 1), (ZHANG, 2)):
        await life.sign_up(person, side)
    await life.sign_up(ZHAO, waits=True)
    await life.sign_up(SUN, waits=True)
    [stage, _] = await life.stages()
    await life.database.transaction(signups.name_liaison, stage, 1, LI)
    await life.leave(LI)
    assert await life.signed() == {
        WANG: ("in", 1, True),
        ZHANG: ("in", 2, False),
        ZHAO: ("in", 1, False),
        SUN: ("waiting", 0, False),
    }
    assert (await life.told(ZHAO), await life.told(WANG)) == (
        ["seminar.moved_up"],
        ["seminar.you_are_liaison"],
    )


async def test_who_waits_and_leaves_frees_nothing(life: Life) -> None:
    await life.begin()
    await life.sign_up(LI)
    await life.sign_up(WANG, waits=True)
    await life.sign_up(ZHAO, waits=True)
    await life.leave(WANG)
    assert await life.signed() == {LI: ("in", 0, False), ZHAO: ("waiting", 0, False)}


async def test_who_was_there_was_there_but_speaks_for_no_sub_group_from_outside(life: Life) -> None:
    await life.begin()
    await life.sign_up(LI, 1)
    await life.sign_up(WANG, 1)
    [stage, _] = await life.stages()
    await life.database.transaction(signups.name_liaison, stage, 1, LI)
    await life.database.transaction(signups.attend, stage, LI, "roll", life.now)
    await life.leave(LI)
    assert await life.signed() == {WANG: ("in", 1, True)}
    await life.come_back(LI)
    assert await life.signed() == {LI: ("in", 1, False), WANG: ("in", 1, True)}


async def test_the_secretaries_answer_for_what_somebody_who_left_looked_after(life: Life) -> None:
    await life.begin()
    await life.own(0, LI)
    await life.own(1, LI)
    await life.leave(LI)
    assert [stage.owner for stage in await life.stages()] == [0, 0]
    assert (await life.told(ZHANG))[-2:] == ["leaving.gone", "leaving.stages_back"]
    later = (await life.stages())[1]
    life.now = later.opens_at - DAY
    await life.tick.run()
    assert "stage.yours" in await life.told(ZHANG)


async def test_nothing_is_said_any_more_to_who_left_and_the_group_is_not_told(life: Life) -> None:
    await life.begin()
    before = await life.told()
    life.now = NIGHT
    [stage, _] = await life.stages()
    for person in (LI, WANG):
        await life.database.transaction(_remind, life, stage, person)
    await life.leave(LI)
    assert (await life.told(LI), await life.told(WANG)) == ([], ["stage.half_time"])
    assert await life.told() == before


async def _remind(tx: Tx, life: Life, stage: Stage, person: int) -> None:
    member = await members.find(tx, 7, person)
    assert member is not None
    at = Firing(tx, life.ids, life.group, life.cycle, stage, life.now)
    await at.tell_person(member, Message((line("stage.half_time", stage=stage.spec.title, until=""),)))


async def test_what_is_said_at_night_waits_for_the_morning_and_the_secretary_who_did_it_is_not_told(
    life: Life,
) -> None:
    await life.begin()
    await life.database.transaction(members.set_role, 7, WANG, Role.SECRETARY)
    life.now = NIGHT
    await life.leave(LI, by=ZHANG)
    assert "leaving.gone" not in await life.told(ZHANG)
    assert await life.told(WANG) == ["leaving.gone"]
    lane = f"{chat_of(7).platform}:{chat_of(7).account}"
    rows = await life.database.read(outbox.waiting, lane, life.now, 100)
    assert [row for row in rows if row.chat_id == f"private{WANG}"] == []
    morning = life.group.settings.after_quiet(life.now)
    rows = await life.database.read(outbox.waiting, lane, morning, 100)
    assert len([row for row in rows if row.chat_id == f"private{WANG}"]) == 1


async def test_when_the_last_secretary_leaves_the_group_hears_how_it_gets_another(life: Life) -> None:
    await life.begin()
    await life.leave(ZHANG)
    assert (await life.told())[-1] == "leaving.no_secretary"
    for person in (LI, WANG, ZHAO, SUN):
        await life.leave(person)
    assert (await life.told()).count("leaving.no_secretary") == 4, "the last of all is told nothing"


async def test_an_open_draft_stays_its_authors(life: Life) -> None:
    await life.begin(shipped_templates()[0])
    await life.database.transaction(_draft, life)
    await life.leave(LI)
    assert await life.database.read(_drafts) == 1
    await life.come_back(LI)
    assert await life.database.read(_drafts) == 1


async def _draft(tx: Tx, life: Life) -> None:
    await tx.run(
        """INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person,
                                    at, changed_at)
           VALUES (7, 1, :cycle, 0, 0, :li, 'draft', '写了一半', :li, :now, :now)""",
        cycle=life.cycle.id,
        li=LI,
        now=life.now,
    )


async def _drafts(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM reflections WHERE person_id = :li AND state = 'draft'", li=LI)
    return int(row[0]) if row else 0


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: str(template.key))
async def test_somebody_may_leave_in_the_middle_of_any_stage_of_any_template(
    life: Life, template: Template
) -> None:
    """One goes and another comes back at every opening; the activity is over at its time, and nobody was told who went."""
    await life.begin(template)
    there, away = [LI, WANG, ZHAO], [SUN]
    await life.leave(SUN)
    for stage in await life.stages():
        life.now = max(life.now, stage.opens_at)
        await life.tick.run()
        life.now += HOUR
        await life.database.transaction(_take_part, life, stage, (*there, ZHANG))
        goes, comes = there.pop(0), away.pop(0)
        assert await life.leave(goes) and await life.come_back(comes)
        there, away = [*there, comes], [*away, goes]
        await life.tick.run()
    life.now = (await life.stages())[-1].closes_at + DAY
    await life.tick.run()
    assert {stage.state for stage in await life.stages()} == {"closed"}
    assert "leaving.gone" not in await life.told()


async def _take_part(tx: Tx, life: Life, stage: Stage, people: tuple[int, ...]) -> None:
    if stage.spec.kind in ("seminar", "live", "practice", "study"):
        for person in people:
            await signups.sign_up(tx, stage, person, "in", 0, life.now)
    if stage.spec.kind == "reflection":
        for person in people:
            await tx.run(
                """INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person,
                                            at, changed_at, handed_at)
                   VALUES (7, :id, :cycle, :place, :number, :p, 'handed', '读书贵恒。', :p, :now, :now, :now)""",
                id=person,
                cycle=stage.cycle_id,
                place=stage.place,
                number=person - ZHANG + 1,
                p=person,
                now=life.now,
            )


@pytest.mark.parametrize("size", [3, 4, 5, 8])
async def test_when_the_last_reviewer_leaves_every_work_is_reviewed_all_the_same(
    database: Database, size: int
) -> None:
    life = Reviewing(database)
    await life.begin_and_open(size)
    last = FIRST_PERSON + size - 1
    for person, work in await life.allotted():
        if person != last:
            await life.review(person, work - 7000, (5, 4, 5))
    await life.leave_group(last)
    await life.at(life.now + 1)
    for person, work in await life.allotted():
        await life.review(person, work - 7000, (4, 4, 4))
    works = {life.work(number) for number in range(1, size)}
    given = [one for one in await life.reviews() if one.kind == "allotted" and one.state == "done"]
    fewest = min(2, size - 2)
    assert all(
        sum(one.reflection_id == work and one.person_id != last for one in given) >= fewest for work in works
    )


async def test_who_comes_back_is_reviewed_again(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(4)
    await life.leave_group(ZHAO)
    await life.at(life.now + 1)
    assert ZHAO not in {person for person, _ in await life.allotted()}
    await life.database.transaction(leaving.come_back, life.group, ZHAO, life.now)
    await life.at(life.now + 1)
    assert sum(work == life.work(4) for _, work in await life.allotted()) == 2


async def test_somebody_in_two_groups_leaves_one_of_them(database: Database) -> None:
    life = Life(database)
    await life.begin()
    await database.transaction(found_group, 8, ())
    await database.transaction(settle, 8, LI, "李四")
    await life.leave(LI)
    assert await database.read(members.groups_of, LI) == [(8, "第8组")]
