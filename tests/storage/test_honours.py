"""What a month's end brings, on both engines: who is honoured, who is told, and of whom nothing is said."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from domain.group import Group, Role, Settings
from domain.ids import Ids
from domain.message import Message
from scheduler import honours as month_end
from scheduler import rhythm
from storage import due, groups, honours, leaves, ledger, people
from storage.due import Due
from storage.honours import STAR, WINNER
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, found_group, settle

NAMES = ("张三", "李四", "王五", "赵六", "孙七")
ZHANG, LI, WANG, ZHAO, SUN = range(FIRST_PERSON, FIRST_PERSON + 5)
ON = Settings(points=True, ranking="all")
IDS = Ids(1)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text + "+08:00").timestamp() * 1000)


FIRST_OF_APRIL = at("2026-04-01T09:00")


async def earn(tx: Tx, points: dict[int, int], day: date = date(2026, 3, 20)) -> None:
    for person, count in points.items():
        await ledger.award(
            tx, IDS, group_id=7, person_id=person, rule="checkin", cause=str(day), day=day, points=count,
            cap=10_000, now=FIRST_OF_APRIL,
        )  # fmt: skip


async def end_of_march(tx: Tx, settings: Settings, points: dict[int, int], now: int = FIRST_OF_APRIL) -> None:
    await found(tx, settings)
    await earn(tx, points)
    await end(tx, "2026-03", now)


async def found(tx: Tx, settings: Settings) -> None:
    await tx.run("DELETE FROM members")
    await found_group(tx, 7, NAMES, settings)
    await tx.run("UPDATE members SET joined_at = :at", at=at("2026-02-01T08:00"))


async def end(tx: Tx, month: str, now: int) -> None:
    group = await groups.find(tx, 7)
    assert group
    await month_end.award(tx, IDS, group, Due(7, month_end.KIND, month, now), now)


async def told(tx: Tx) -> dict[str, list[Message]]:
    """Chat → what was queued for it."""
    found: dict[str, list[Message]] = {}
    for chat, body in await tx.all("SELECT chat_id, body FROM outbox ORDER BY id"):
        found.setdefault(str(chat), []).append(Message.parse(body))
    return found


async def planned(tx: Tx) -> list[tuple[str, int]]:
    rows = await tx.all("SELECT key, at FROM due WHERE kind = :k ORDER BY key", k=month_end.KIND)
    return [(str(key), int(when)) for key, when in rows]


async def stars(tx: Tx, year: int = 2026) -> list[tuple[str, str, str, int]]:
    return [(h.period, h.title, h.name, h.rank) for h in await honours.of_year(tx, 7, year)]


async def test_the_first_of_the_month_and_of_the_quarter_are_honoured_with_shared_ranks(
    database: Database,
) -> None:
    await database.transaction(end_of_march, ON, {LI: 90, WANG: 70, ZHAO: 70, SUN: 20})
    assert await database.read(stars) == [
        ("2026-Q1", WINNER, "李四", 1),
        ("2026-Q1", WINNER, "王五", 2),
        ("2026-Q1", WINNER, "赵六", 2),
        ("2026-03", STAR, "李四", 1),
        ("2026-03", STAR, "王五", 2),
        ("2026-03", STAR, "赵六", 2),
        ("2026-03", STAR, "孙七", 4),
    ]
    assert await database.read(planned) == [("2026-04", at("2026-05-01T09:00"))]


async def test_who_has_the_fewest_is_not_named_where_all_would_be(database: Database) -> None:
    everybody = {ZHANG: 80, LI: 90, WANG: 70, ZHAO: 20, SUN: 20}
    await database.transaction(end_of_march, ON, everybody)
    of_month = [name for period, _, name, _ in await database.read(stars) if period == "2026-03"]
    assert of_month == ["李四", "张三", "王五"]


async def test_where_all_are_equal_all_are_first(database: Database) -> None:
    await database.transaction(end_of_march, ON, dict.fromkeys((ZHANG, LI, WANG, ZHAO, SUN), 10))
    of_month = [rank for period, _, _, rank in await database.read(stars) if period == "2026-03"]
    assert of_month == [1] * 5


async def test_more_than_ten_are_honoured_where_the_tenth_place_is_shared(database: Database) -> None:
    async def crowd(tx: Tx) -> None:
        await found(tx, ON)
        for n in range(20):
            await settle(tx, 7, 200 + n, f"成员{n}")
        await earn(tx, {200 + n: 100 - min(n, 9) for n in range(12)} | {215: 1})
        await end(tx, "2026-03", FIRST_OF_APRIL)

    await database.transaction(crowd)
    of_month = [rank for period, _, _, rank in await database.read(stars) if period == "2026-03"]
    assert of_month == [*range(1, 10), 10, 10, 10]


@pytest.mark.parametrize(("ranking", "group_hears"), [("off", False), ("own", False), ("all", True)])
async def test_the_group_hears_of_it_only_where_everybody_sees_the_ranking(
    database: Database, ranking: str, group_hears: bool
) -> None:
    rules = Settings.model_validate({"points": True, "ranking": ranking})
    await database.transaction(end_of_march, rules, {LI: 90, WANG: 70, ZHAO: 60})
    said = await database.read(told)
    assert ("-1007" in said) is group_hears
    assert {f"private{LI}", f"private{WANG}", f"private{ZHAO}"} <= said.keys()
    assert f"private{SUN}" not in said


async def test_with_fewer_than_three_who_have_points_nothing_is_said_to_anybody(database: Database) -> None:
    await database.transaction(end_of_march, ON, {LI: 90, WANG: 70})
    assert await database.read(told) == {}
    assert await database.read(stars) == []
    assert [key for key, _ in await database.read(planned)] == ["2026-04"]


async def test_the_secretary_alone_hears_who_has_few_and_not_of_those_long_away_or_newly_come(
    database: Database,
) -> None:
    async def prepare(tx: Tx) -> None:
        await found(tx, ON.model_copy(update={"ranking": "off", "low_points": 60}))
        await settle(tx, 7, 300, "周八", Role.MEMBER, at("2026-03-15T08:00"))
        await settle(tx, 7, 301, "吴九", Role.MEMBER, at("2026-02-15T08:00"))
        await leaves.take(tx, 7, SUN, date(2026, 3, 1), date(2026, 3, 10))
        await leaves.take(tx, 7, SUN, date(2026, 3, 8), date(2026, 3, 15))
        await leaves.take(tx, 7, 301, date(2026, 3, 25), date(2026, 4, 20))
        await earn(tx, {LI: 90, WANG: 60, ZHAO: 59})
        await end(tx, "2026-03", FIRST_OF_APRIL)

    await database.transaction(prepare)
    said = await database.read(told)
    [note] = [m for m in said[f"private{ZHANG}"] if m.lines[0].key == "honours.below"]
    names = note.lines[0].params["names"]
    assert isinstance(names, tuple)
    assert [one.params["name"] for one in names] == ["赵六", "吴九"]
    of_month = [name for period, _, name, _ in await database.read(stars) if period == "2026-03"]
    assert of_month == ["李四", "王五"], "who has too few for the secretary's liking is no star"
    assert all(
        m.lines[0].key != "honours.below"
        for chat, ms in said.items()
        if chat != f"private{ZHANG}"
        for m in ms
    )


async def test_a_long_list_of_names_is_cut_and_says_how_many_more(database: Database) -> None:
    async def crowd(tx: Tx) -> list[Message]:
        await found(tx, ON.model_copy(update={"low_points": 60}))
        for n in range(40):
            await settle(tx, 7, 200 + n, f"成员{n}", now=at("2026-02-15T08:00"))
        await earn(tx, {LI: 90, WANG: 70, ZHAO: 70, SUN: 60})
        await end(tx, "2026-03", FIRST_OF_APRIL)
        return (await told(tx))[f"private{ZHANG}"]

    [note] = await database.transaction(crowd)
    names = note.lines[0].params["names"]
    assert isinstance(names, tuple)
    assert len(names) == month_end.NAMES_SHOWN + 1
    assert (names[-1].key, names[-1].params) == ("honours.more", {"count": 40 - month_end.NAMES_SHOWN})


async def test_after_a_long_stop_every_month_is_made_up_for_and_only_the_latest_spoken_of(
    database: Database,
) -> None:
    late = at("2026-05-03T11:00")

    async def sleep(tx: Tx) -> None:
        await found(tx, ON)
        await earn(tx, {LI: 90, WANG: 70, ZHAO: 60})
        await earn(tx, {LI: 9, WANG: 17, ZHAO: 6}, date(2026, 4, 2))
        await end(tx, "2026-03", late)
        assert await told(tx) == {}
        assert await planned(tx) == [("2026-04", at("2026-05-01T09:00"))]
        await end(tx, "2026-04", late)
        assert "-1007" in await told(tx)

    await database.transaction(sleep)
    assert [n for p, _, n, _ in await database.read(stars) if p == "2026-04"] == ["王五", "李四", "赵六"]


async def test_a_month_is_honoured_once_however_often_it_comes(database: Database) -> None:
    async def twice(tx: Tx) -> None:
        await end_of_march(tx, ON, {LI: 90, WANG: 70, ZHAO: 60})
        before = await told(tx), await stars(tx)
        await end(tx, "2026-03", FIRST_OF_APRIL)
        assert (await told(tx), await stars(tx)) == before

    await database.transaction(twice)


async def test_it_waits_out_the_quiet_hours_and_a_pause_is_kept(database: Database) -> None:
    async def at_night(tx: Tx) -> int:
        await end_of_march(tx, ON, {LI: 90, WANG: 70, ZHAO: 60}, at("2026-04-01T23:00"))
        row = await tx.one("SELECT min(not_before) FROM outbox")
        return int(row[0]) if row else 0

    async def in_a_pause(tx: Tx) -> None:
        await tx.run("DELETE FROM outbox")
        await earn(tx, {LI: 9, WANG: 17, ZHAO: 6}, date(2026, 4, 2))
        await groups.set_paused(tx, 7, True)
        await end(tx, "2026-04", at("2026-05-01T09:00"))
        assert await told(tx) == {}

    assert await database.transaction(at_night) == at("2026-04-02T07:00")
    await database.transaction(in_a_pause)
    assert [p for p, *_ in await database.read(stars)].count("2026-04") == 3


async def test_a_months_end_is_planned_where_points_are_on_and_cancelled_where_they_are_not(
    database: Database,
) -> None:
    def group(**rules: object) -> Group:
        return Group(7, "一支部", Settings.model_validate(rules))

    on = group(points=True)
    await database.transaction(rhythm.plan, on, at("2026-03-30T12:00"))
    assert await database.read(planned) == [("2026-03", FIRST_OF_APRIL)]
    await database.transaction(rhythm.plan, on, at("2026-04-01T08:59"))
    assert [key for key, _ in await database.read(planned)] == ["2026-03", "2026-04"]
    await database.transaction(rhythm.plan, group(points=True, timezone="UTC"), at("2026-04-01T08:59"))
    assert (await database.read(planned))[0] == ("2026-03", FIRST_OF_APRIL + 8 * 3_600_000)
    await database.transaction(rhythm.plan, group(), at("2026-04-01T08:59"))
    assert await database.read(planned) == []


async def test_what_is_overdue_is_still_done_when_a_setting_is_changed_first(database: Database) -> None:
    """The program was down over the month's end, and somebody's message came before the tick."""
    on = Group(7, "一支部", Settings(points=True))
    await database.transaction(due.plan, 7, month_end.KIND, "2026-03", FIRST_OF_APRIL)
    await database.transaction(rhythm.plan, on, at("2026-04-01T12:00"))
    assert [key for key, _ in await database.read(planned)] == ["2026-03", "2026-04"]


async def test_turned_off_in_the_meantime_nothing_is_honoured_or_planned(database: Database) -> None:
    await database.transaction(end_of_march, Settings(), {LI: 90, WANG: 70, ZHAO: 60})
    assert (await database.read(stars), await database.read(planned), await database.read(told)) == (
        [],
        [],
        {},
    )


async def test_titles_are_given_taken_back_and_forgotten_with_the_person(database: Database) -> None:
    async def give(tx: Tx, person: int, title: str) -> bool:
        return await honours.give(tx, 7, "2026-03", person, title, FIRST_OF_APRIL)

    await database.transaction(found, ON)
    assert [await database.transaction(give, LI, "热心伙伴") for _ in "12"] == [True, False]
    assert await database.transaction(give, WANG, "热心伙伴")
    assert not await database.transaction(honours.take_back, 7, 2025, LI, "热心伙伴")
    assert await database.transaction(honours.take_back, 7, 2026, LI, "热心伙伴")
    assert await database.read(stars) == [("2026-03", "热心伙伴", "王五", 0)]
    assert await database.read(stars, 2025) == []
    await database.transaction(people.erase, WANG)
    assert await database.read(stars) == []
