"""What a group no longer wants to keep is forgotten; what was counted stays counted."""

from __future__ import annotations

from datetime import date, timedelta

from domain.day import DAY, instant
from domain.group import Group, Settings
from domain.ids import Ids
from scheduler.forgetting import forget_details
from scheduler.housekeeping import tidy
from storage import archive, checkins, days, groups, leaves, ledger, members, retention
from storage.tx import Database, Tx
from tests.storage.everywhere import live_everywhere
from tests.storage.founding import NOW, found_group

ZHANG, LI, WANG = 101, 102, 103
LATER = instant(date(2027, 1, 15), 600, "Asia/Shanghai")
"""In a group that keeps six months, what is older than July 2026 goes."""
SINCE = date(2026, 7, 1)
LAST = date(2027, 1, 14)
FORGOTTEN = (
    "checkins", "studies", "leaves", "answers", "rounds", "tries", "contests", "looks", "looked",
    "signups", "handins", "inquiries", "voices", "votes", "guesses", "reflections", "versions", "pictures", "likenesses",
    "reviews_given", "appeals", "evaluations", "consents",
)  # fmt: skip
KEPT = (
    "profile", "accounts", "memberships", "cards", "points", "totals", "honours", "decisions", "cycles", "stages",
)  # fmt: skip


async def _found(tx: Tx, months: int) -> Group:
    return await found_group(tx, people=("张三", "李四", "王五"), settings=Settings(keep_months=months))


async def _forget(database: Database, now: int = LATER) -> None:
    """Two days on end: the first time it is only noted."""
    await forget_details(database, now - DAY)
    await forget_details(database, now)


async def _parts(database: Database, person: int) -> dict[str, int]:
    return {part.name: len(part.rows) for part in await database.read(archive.of_person, person)}


async def test_details_of_a_year_ago_go_and_sums_stay(database: Database) -> None:
    await database.transaction(_found, 6)
    await database.transaction(live_everywhere, LI)
    before = await _parts(database, LI)
    await _forget(database)
    after = await _parts(database, LI)
    assert [name for name in FORGOTTEN if before[name] and after[name]] == []
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    day = await database.read(days.find, 7, "2026-03-02")
    assert day and day.checked == 55


async def test_what_stands_in_a_newsletter_stays_with_its_photos(database: Database) -> None:
    await database.transaction(_found, 6)
    await database.transaction(live_everywhere, LI)
    await database.transaction(_publish)
    await _forget(database)
    kept = await _parts(database, LI)
    assert [kept[name] for name in ("reflections", "pictures", "consents")] == [1, 1, 1]
    assert [kept[name] for name in ("versions", "reviews_given", "appeals", "handins")] == [0, 0, 0, 0]


async def _publish(tx: Tx) -> None:
    await tx.run("UPDATE newsletters SET state = 'posted'")
    await tx.run("UPDATE newsletter_picks SET consent = 'yes'")
    await tx.run("UPDATE handins SET id = id + 1")


async def test_of_an_activity_that_is_not_over_nothing_goes(database: Database) -> None:
    await database.transaction(_found, 6)
    await database.transaction(live_everywhere, LI)
    await database.transaction(_still_running)
    await _forget(database)
    kept = await _parts(database, LI)
    names = (
        "signups",
        "handins",
        "inquiries",
        "votes",
        "reflections",
        "pictures",
        "reviews_given",
        "evaluations",
    )
    assert [name for name in names if not kept[name]] == []


async def _still_running(tx: Tx) -> None:
    await tx.run("UPDATE cycles SET ended_at = NULL, state = 'running'")


async def test_points_still_add_up(database: Database) -> None:
    await database.transaction(_found, 6)
    await database.transaction(_award)
    await _forget(database)
    standing = await database.read(ledger.own, 7, "all", LI)
    assert standing and standing.points == 10
    assert (await database.read(ledger.recount, 7))["all", LI] == 10


async def _award(tx: Tx) -> None:
    await ledger.award(
        tx, Ids(1), group_id=7, person_id=LI, rule="checkin", cause="a", day=date(2026, 3, 2), points=10, cap=10, now=NOW
    )  # fmt: skip


async def test_a_group_that_keeps_everything_keeps_everything(database: Database) -> None:
    await database.transaction(_found, 0)
    await database.transaction(live_everywhere, LI)
    before = await _parts(database, LI)
    await _forget(database)
    assert await _parts(database, LI) == before
    assert await database.read(retention.groups_that_forget) == []


async def test_who_turns_it_on_has_a_day_to_think_again(database: Database) -> None:
    group = await database.transaction(_found, 24)
    await database.transaction(live_everywhere, LI)
    await forget_details(database, LATER - DAY)
    await database.transaction(groups.change_settings, group.id, Settings(keep_months=6))
    await forget_details(database, LATER - 1)
    await forget_details(database, LATER)
    assert (await _parts(database, LI))["checkins"] == 1, "six months are asked for since today"
    await tidy(database, LATER + DAY)
    assert (await _parts(database, LI))["checkins"] == 0


async def test_it_is_done_once_a_day(database: Database) -> None:
    await database.transaction(_found, 6)
    await _forget(database)
    await database.transaction(live_everywhere, LI)
    await forget_details(database, LATER + 1)
    assert (await _parts(database, LI))["checkins"] == 1


async def test_what_is_younger_stays_whole(database: Database) -> None:
    await database.transaction(_found, 6)
    for day in (SINCE - timedelta(days=1), SINCE):
        await database.transaction(_check_in, LI, [day])
    await _forget(database)
    assert await database.read(checkins.days_of, 7, LI) == [SINCE]
    kept = {part.name: part for part in await database.read(archive.of_person, LI)}["checkins"]
    assert [(row[1], row[3], row[4]) for row in kept.rows] == [("2026-07-01", "读完了", NOW)]


async def _check_in(tx: Tx, person: int, span: list[date]) -> None:
    for day in span:
        await checkins.add(
            tx,
            group_id=7,
            day=day.isoformat(),
            person_id=person,
            kind="proxy",
            note="读完了",
            by=ZHANG,
            now=NOW,
        )


async def test_of_a_streak_that_lasts_the_days_stay_without_notes_and_times(database: Database) -> None:
    await database.transaction(_found, 6)
    first = date(2026, 5, 1)
    span = [first + timedelta(days=n) for n in range((LAST - first).days + 1)]
    away = date(2026, 6, 10)
    await database.transaction(_check_in, LI, [date(2026, 3, 1), *(day for day in span if day != away)])
    await database.transaction(leaves.take, 7, LI, away, away)
    await database.transaction(leaves.take, 7, LI, date(2026, 2, 1), date(2026, 2, 3))
    await database.transaction(
        members.set_streak, 7, LI, last_day=LAST.isoformat(), streak=258, best=258, total=259
    )
    await _forget(database)
    history = await database.read(checkins.days_of, 7, LI)
    assert (history[0], len(history)) == (first, len(span) - 1)
    parts = {part.name: part for part in await database.read(archive.of_person, LI)}
    assert [row[1:] for row in parts["checkins"].rows][:1] == [("2026-05-01", "proxy", "", 0, None)]
    assert [row[1] for row in parts["leaves"].rows] == [away.isoformat()]
    member = await database.read(members.find, 7, LI)
    assert member and (member.streak, member.best_streak, member.total) == (258, 258, 259)


async def test_more_than_a_bite_goes_bite_by_bite(database: Database) -> None:
    await database.transaction(_found, 6)
    await database.transaction(_study_long)
    until = instant(SINCE, 0, "Asia/Shanghai")
    bites = []
    while gone := await database.transaction(retention.forget, 7, SINCE, until):
        bites.append(gone)
    assert bites == [retention.BITE, 600 - retention.BITE + 1]


async def _study_long(tx: Tx) -> None:
    for n in range(600):
        await checkins.study(tx, 7, (date(2024, 1, 1) + timedelta(days=n)).isoformat(), WANG, NOW)
    await leaves.take(tx, 7, WANG, date(2024, 1, 1), date(2024, 1, 2))
