"""Peer review in the database: who is asked, what is made up for, and what is left of somebody who was erased; on both engines."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from domain.day import DAY, HOUR
from domain.group import Settings
from domain.marks import summed
from storage import appeals, due, exclusions, groups, leaves, people, review_marks, reviews
from storage.reviews import REPAIR
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW
from tests.storage.reviewing import Reviewing, keys, plan

ZHANG, LI, WANG, ZHAO = range(FIRST_PERSON, FIRST_PERSON + 4)


async def test_everybody_is_asked_for_as_many_as_they_get_and_told_in_private(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(5)
    asked = await life.allotted()
    assert set(Counter(who for who, _ in asked).values()) == {2}
    assert set(Counter(work for _, work in asked).values()) == {2}
    assert all(work != life.work(who - FIRST_PERSON + 1) for who, work in asked)
    [told] = [one for one in await life.told(LI) if "peer.asked" in keys([one])]
    mine = sorted(work - life.work(0) for who, work in asked if who == LI)
    assert [str(one.label.params["code"]) for row in told.buttons for one in row] == [f"A{n}" for n in mine]
    assert "peer.opened" in keys(await life.told())


async def test_the_same_activity_is_always_allotted_in_the_same_way(database: Database) -> None:
    found = []
    for group_id in (7, 8):
        life = Reviewing(database, group_id)
        life.ids._last = 5  # the same clock and the same worker give the same number
        await life.begin(("一", "二", "三", "四", "五", "六"), plan())
        for n in range(6):
            await life.hand_in(FIRST_PERSON + n, n + 1)
        await life.at((await life.stage()).opens_at)
        found.append({(who, work - life.work(0)) for who, work in await life.allotted()})
    assert found[0] == found[1]


async def test_looked_through_a_second_time_nothing_changes_and_nobody_hears_anything(
    database: Database,
) -> None:
    life = Reviewing(database)
    await life.begin_and_open(6)
    before, said = await life.reviews(), len(await life.told(LI))
    await database.transaction(reviews.repair_soon, 7, life.now)
    await life.at(life.now + 1)
    assert await life.reviews() == before
    assert len(await life.told(LI)) == said


async def test_when_a_lease_runs_out_somebody_else_is_asked_and_the_late_one_still_counts(
    database: Database,
) -> None:
    life = Reviewing(database)
    await life.begin_and_open(5)
    asked = await life.allotted()
    for who, work in asked:
        if who != LI:
            await life.review(who, work - life.work(0), (5, 4, 5))
    await life.at((await life.stage()).opens_at + 3 * DAY)
    more = await life.allotted() - asked
    assert {work for _, work in more} == {work for who, work in asked if who == LI}
    assert LI not in {who for who, _ in more}
    late = next(work for who, work in asked if who == LI)
    await life.review(LI, late - life.work(0), (1, 1, 1))
    [marked] = [one for one in await database.read(review_marks.marks_of, life.cycle) if one.entry.id == late]
    assert marked.summary is not None and marked.summary.count == 2


async def test_leave_hands_what_is_undone_to_others_and_asks_nothing_of_whoever_is_away(
    database: Database,
) -> None:
    life = Reviewing(database)
    await life.begin_and_open(6)
    before = await life.allotted()
    await database.transaction(_take_leave, life, LI)
    await life.at(life.now + 1)
    more = await life.allotted() - before
    assert {work for _, work in more} >= {work for who, work in before if who == LI}
    assert LI not in {who for who, _ in more}


async def _take_leave(tx: Tx, life: Reviewing, person: int) -> None:
    today = Settings().day(life.now)
    await leaves.take(tx, life.group_id, person, today, today + timedelta(days=9))
    await reviews.repair_soon(tx, life.group_id, life.now)


async def test_leave_that_begins_later_is_noticed_on_its_day(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(6)
    before = await life.allotted()
    today = Settings().day(life.now)
    await database.transaction(leaves.take, 7, LI, today + timedelta(days=1), today + timedelta(days=9))
    await life.at(life.now + DAY)
    assert await life.allotted() - before


async def test_the_last_reviewer_leaving_is_told_to_the_secretary_once(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(2, 1)
    assert len(await life.allotted()) == 2
    await life.leave_group(LI)
    await life.at(life.now + 1)
    await life.at(life.now + DAY)
    assert keys(await life.told(ZHANG)).count("peer.bare") == 1
    assert await life.allotted() == set(), "nobody reviews what somebody left behind"


async def test_alone_there_is_nothing_to_review(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(1)
    assert await life.allotted() == set()
    assert "peer.too_few" in keys(await life.told())


async def test_who_hands_in_late_gives_and_gets_as_many_as_everybody(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(6)
    await life.join(200, "钱八")
    await life.hand_in(200, 7)
    await life.at(life.now + 1)
    asked = await life.allotted()
    assert set(Counter(who for who, _ in asked).values()) == {2}
    assert set(Counter(work for _, work in asked).values()) == {2}
    assert "peer.handed_on" in [key for n in range(6) for key in keys(await life.told(FIRST_PERSON + n))]


async def test_a_pair_kept_apart_never_meets_and_one_that_has_is_parted(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(3, 2)
    assert (ZHANG, life.work(2)) in await life.allotted()
    await database.transaction(_part, ZHANG, LI)
    await life.at(life.now + 1)
    asked = await life.allotted()
    assert (ZHANG, life.work(2)) not in asked and (LI, life.work(1)) not in asked
    assert await database.read(exclusions.apart, 7, LI, ZHANG)
    await database.transaction(exclusions.remove, 7, LI, ZHANG)
    await database.transaction(reviews.repair_soon, 7, life.now)
    await life.at(life.now + 1)
    assert (ZHANG, life.work(2)) in await life.allotted()


async def _part(tx: Tx, one: int, other: int) -> None:
    assert await exclusions.add(tx, 7, one, other, ZHANG)
    assert not await exclusions.add(tx, 7, other, one, ZHANG)
    await reviews.repair_soon(tx, 7, NOW)


async def test_reviews_come_from_other_sub_groups_where_there_were_any(database: Database) -> None:
    life = Reviewing(database)
    await life.begin(tuple(f"同志{n}" for n in range(12)), plan())
    for n in range(12):
        await life.hand_in(FIRST_PERSON + n, n + 1)
        await database.transaction(_sit, life.cycle.id, FIRST_PERSON + n, 1 + n % 4)
    await life.at((await life.stage()).opens_at)
    asked = await life.allotted()
    same = [1 for who, work in asked if (who - FIRST_PERSON) % 4 == (work - life.work(1)) % 4]
    assert len(asked) == 24 and len(same) <= 2


async def _sit(tx: Tx, cycle_id: int, person: int, side: int) -> None:
    await tx.run(
        """INSERT INTO signups (group_id, cycle_id, place, person_id, state, side, at)
           VALUES (7, :cycle, 0, :person, 'in', :side, :now)""",
        cycle=cycle_id,
        person=person,
        side=side,
        now=NOW,
    )


async def test_whom_an_author_names_is_invited_and_never_counts(database: Database) -> None:
    life = Reviewing(database)
    await life.begin(("张三", "李四", "王五", "赵六"), plan(1))
    await life.hand_in(ZHANG, 1, "读书贵恒，请 @赵六 和 @张三 看看。")
    await life.hand_in(LI, 2)
    await life.at((await life.stage()).opens_at)
    assert keys(await life.told(ZHAO)) == ["peer.invited"]
    await life.review(ZHAO, 1, (1, 1, 1), kind="invited")
    await life.review(LI, 1, (5, 5, 5))
    [first, _] = await database.read(review_marks.marks_of, life.cycle)
    assert first.summary is not None and first.summary.mean == 5
    assert [one.person_id for one in first.invited] == [ZHAO]


async def test_an_invitation_becomes_an_allotted_review_when_somebody_is_needed(database: Database) -> None:
    life = Reviewing(database)
    await life.begin(("张三", "李四", "王五"), plan(2))
    await life.hand_in(ZHANG, 1, "请 @王五 看看")
    await life.hand_in(LI, 2)
    await life.at((await life.stage()).opens_at)
    assert (WANG, life.work(1)) not in await life.allotted()
    await life.hand_in(WANG, 3)
    await life.at(life.now + 1)
    assert (WANG, life.work(1)) in await life.allotted()
    assert [one.kind for one in await life.reviews() if one.person_id == WANG and one.state == "asked"] == [
        "allotted",
        "allotted",
    ]


async def test_marks_are_ranked_by_their_mean_and_works_without_reviews_stand_last(
    database: Database,
) -> None:
    life = Reviewing(database)
    await life.begin_and_open(4, 2)
    for who, number, scores in ((LI, 1, (3, 3, 3)), (WANG, 1, (5, 5, 5)), (ZHANG, 2, (5, 4, 5))):
        await life.review(who, number, scores)
    await life.review(LI, 2, (4, 4, 4), kind="self")
    await database.transaction(
        reviews.set_by_secretary, life.cycle, life.work(2), ZHANG, (5, 5, 5), "说到做到", life.now
    )
    await database.transaction(
        reviews.set_by_secretary, life.cycle, life.work(2), WANG, (4, 5, 5), "再看一遍", life.now
    )
    marked = await database.read(review_marks.marks_of, life.cycle)
    assert [(one.rank, one.entry.number) for one in marked] == [(1, 2), (2, 1), (3, 3), (4, 4)]
    assert marked[0].own == (4, 4, 4) and (marked[0].secretary, marked[0].reason) == ((4, 5, 5), "再看一遍")
    assert marked[1].summary == summed([(3, 3, 3), (5, 5, 5)])
    assert marked[3].summary is None
    assert len(marked[0].reviews) == 1, "the secretary's own review is one thing, her mark another"


async def test_an_activity_without_reviews_has_no_marks(database: Database) -> None:
    life = Reviewing(database)
    template = plan()
    await life.begin(("张三",), template.model_copy(update={"stages": template.stages[:1]}))
    assert await database.read(review_marks.marks_of, life.cycle) == []


async def test_who_owes_a_review_is_known_until_it_is_given(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(2, 1)
    assert await database.read(reviews.owing, life.cycle, 1) == {ZHANG, LI}
    await life.review(ZHANG, 2, (5, 5, 5))
    assert await database.read(reviews.owing, life.cycle, 1) == {LI}


async def test_at_the_end_authors_hear_in_private_and_the_group_hears_no_marks(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(3, 1)
    for who, work in await life.allotted():
        await life.review(who, work - life.work(0), (5, 4, 5), "写得实在，学到了")
    await life.at((await life.stage()).closes_at)
    assert "peer.overall" in keys(await life.told(LI))
    assert "peer.said_by" not in keys(await life.told(LI))
    group = keys(await life.told())
    assert "peer.closed" in group and "peer.overall" not in group


async def test_in_an_open_review_the_names_stand_there(database: Database) -> None:
    life = Reviewing(database)
    await life.begin(("张三", "李四"), plan(1, blind=False))
    await life.hand_in(ZHANG, 1)
    await life.hand_in(LI, 2)
    await life.at((await life.stage()).opens_at)
    await life.review(LI, 1, (5, 4, 5))
    await life.at((await life.stage()).closes_at)
    [said] = [one for message in await life.told(ZHANG) for one in message.lines if one.key == "peer.said_by"]
    assert said.params["name"] == "李四"
    assert "peer.no_reviews" in keys(await life.told(LI))


async def test_whoever_marks_unlike_the_others_is_shown_to_the_secretary_alone(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(5, 3)
    for who, work in await life.allotted():
        await life.review(who, work - life.work(0), (1, 1, 1) if who == WANG else (5, 5, 5))
    await life.at((await life.stage()).closes_at)
    [odd] = [one for message in await life.told(ZHANG) for one in message.lines if one.key == "peer.odd"]
    assert odd.params == {"name": "同志2", "reviews": 3, "apart": "4"}
    assert "peer.odd" not in keys(await life.told(WANG)) + keys(await life.told())


async def test_after_a_stop_beyond_the_end_nobody_is_asked_any_more(database: Database) -> None:
    life = Reviewing(database)
    await life.begin(("张三", "李四"), plan())
    await life.hand_in(ZHANG, 1)
    await life.hand_in(LI, 2)
    await life.at((await life.stage()).closes_at + DAY)
    assert await life.allotted() == set()
    assert "peer.asked" not in keys(await life.told(LI))


async def test_a_group_that_rests_is_looked_through_when_it_is_back(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(4, 1)
    before = await life.allotted()
    await database.transaction(_set_paused, True)
    await life.leave_group(ZHAO)
    await life.at(life.now + HOUR)
    assert await life.allotted() == before
    await database.transaction(_set_paused, False)
    await life.at(life.now + DAY + HOUR)
    assert ZHAO not in {who for who, _ in await life.allotted()}


async def _set_paused(tx: Tx, paused: bool) -> None:
    await groups.set_paused(tx, 7, paused)


async def test_a_row_of_a_review_that_is_over_does_nothing(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(3, 1)
    stage = await life.stage()
    await life.at(stage.closes_at)
    before = await life.reviews()
    await database.transaction(due.plan, 7, REPAIR, stage.arg, life.now)
    await database.transaction(due.plan, 7, REPAIR, "0_1", life.now)
    await life.at(life.now + 1)
    assert await life.reviews() == before


async def test_of_an_erased_reviewer_the_marks_stay_and_everything_else_goes(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(4, 2)
    given = sorted(work for who, work in await life.allotted() if who == LI)
    await life.review(LI, given[0] - life.work(0), (2, 3, 4), "这是我的话")
    await life.review(WANG, 2, (5, 5, 5), "说的是他的心得")
    await database.transaction(appeals.make, 7, life.work(2), LI, "我有话说", life.now)
    await database.transaction(appeals.make, 7, life.work(1), ZHANG, "我也有话说", life.now)
    await database.transaction(appeals.answer, 7, life.work(1), "看过了", LI, life.now)
    await database.transaction(exclusions.add, 7, LI, ZHAO, ZHANG)
    await database.transaction(people.erase, LI)
    left = [one for one in await life.reviews() if one.reflection_id == given[0] and one.state == "done"]
    [kept] = left
    assert kept.person_id < 0 and kept.name == "" and kept.scores == (2, 3, 4) and kept.comment == ""
    assert not [one for one in await life.reviews() if one.person_id == LI]
    assert await database.read(appeals.find, 7, life.work(2)) is None
    answered = await database.read(appeals.find, 7, life.work(1))
    assert answered and answered.answer == "看过了"
    assert await database.read(exclusions.pairs, 7) == set()
    await life.at(life.now + 1)
    marked = await database.read(review_marks.marks_of, life.cycle)
    assert [one.summary.count for one in marked if one.entry.id == given[0] and one.summary] == [1]
    assert {who for who, _ in await life.allotted()} == {kept.person_id, ZHANG, WANG, ZHAO}


async def test_an_appeal_and_its_answer_are_kept_and_a_new_one_waits_again(database: Database) -> None:
    life = Reviewing(database)
    await life.begin_and_open(2, 1)
    await database.transaction(appeals.make, 7, life.work(1), ZHANG, "分数低了", life.now)
    await database.transaction(appeals.answer, 7, life.work(1), "看过了", LI, life.now)
    found = await database.read(appeals.find, 7, life.work(1))
    assert found and (found.body, found.answer, found.answered_at) == ("分数低了", "看过了", life.now)
    await database.transaction(appeals.make, 7, life.work(1), ZHANG, "还是低了", life.now)
    found = await database.read(appeals.find, 7, life.work(1))
    assert found and (found.body, found.answer, found.answered_at) == ("还是低了", "", None)


SIZES = (2, 3, 4, 5, 7, 10, 16, 25, 40, 60)


@pytest.mark.parametrize("size", SIZES)
async def test_whatever_happens_at_close_every_work_had_its_reviewers(database: Database, size: int) -> None:
    """Leave, late hand-ins, leavers and reviews in any order, over the days of a review."""
    dice = random.Random(size)
    life = Reviewing(database)
    await life.begin_and_open(size, 2)
    closes = (await life.stage()).closes_at
    people_in, authors = list(range(FIRST_PERSON, FIRST_PERSON + size)), size
    away: set[int] = set()
    while life.now < closes - DAY:
        for _ in range(dice.randrange(4)):
            match dice.randrange(5):
                case 0 if len(people_in) - len(away) > 2:
                    away.add(person := dice.choice(people_in))
                    await database.transaction(_take_leave, life, person)
                case 1 if len(people_in) - len(away) > 2:
                    gone = dice.choice(people_in[1:])
                    people_in.remove(gone)
                    away.discard(gone)
                    await life.leave_group(gone)
                case 2:
                    authors += 1
                    people_in.append(new := 1000 + authors)
                    await life.join(new, f"后来的{authors}")
                    await life.hand_in(new, authors)
                case _:
                    asked = sorted(
                        (one.person_id, one.reflection_id)
                        for one in await life.reviews()
                        if one.state == "asked" and one.person_id in people_in
                    )
                    if asked:
                        who, work = dice.choice(asked)
                        await life.review(who, work - life.work(0), (5, 4, 5))
        await life.at(life.now + dice.randrange(6, 40) * HOUR)
    await database.transaction(reviews.repair_soon, 7, life.now)
    await life.at(life.now + 1)
    await _check_coverage(life, set(people_in), away)


async def _check_coverage(life: Reviewing, people_in: set[int], away: set[int]) -> None:
    entries = {one.id: one.author for one in await life.database.read(reviews.entries, life.cycle, 1)}
    assert set(entries.values()) == people_in
    held: dict[int, set[int]] = {work: set() for work in entries}
    for one in await life.reviews():
        if one.kind == "allotted" and one.state != "dropped" and one.reflection_id in entries:
            held[one.reflection_id].add(one.person_id)
    for work, author in entries.items():
        assert author not in held[work]
        could = held[work] | (people_in - away - {author})
        assert len(held[work]) >= min(2, len(could))
