"""The ledger of points and its totals, on both engines."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.words import Words
from domain.errors import UserError
from domain.group import Group, Ranking, Role, Settings
from domain.ids import Ids
from domain.incoming import Incoming, Mention
from domain.message import Line
from domain.points import CORRECTION, CREDITED, SPENT
from handlers.call import Call, House
from handlers.correct import correct as correct_command
from handlers.rank import rank
from storage import installation, ledger, members, people
from storage.ledger import Placed, Standing
from storage.sqlite import SqliteDatabase
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, NOW, PLATFORM, chat_of, found_group, settle
from tests.storage.test_plans import Explaining

ZHANG, LI, WANG, ZHAO = 101, 102, 103, 104
NAMES = {ZHANG: "张三", LI: "李四", WANG: "王五", ZHAO: "赵六"}
MONDAY = date(2026, 3, 2)
MARCH = "2026-03"
IDS = Ids(1)


@pytest.fixture
async def group(database: Database) -> None:
    await database.transaction(found_group, 7, tuple(NAMES.values()))


async def award(
    tx: Tx,
    person: int,
    points: int = 10,
    *,
    rule: str = "checkin",
    cause: str = "2026-03-02",
    day: date = MONDAY,
    cap: int = 1000,
    group: int = 7,
) -> int:
    return await ledger.award(
        tx, IDS, group_id=group, person_id=person, rule=rule, cause=cause, day=day, points=points, cap=cap, now=NOW
    )  # fmt: skip


async def correct(
    tx: Tx, person: int, points: int, *, cause: str = "c1", day: date = MONDAY, by: int = ZHANG
) -> bool:
    return await ledger.correct(
        tx, IDS, group_id=7, person_id=person, cause=cause, day=day, points=points, now=NOW, by=by, reason="重复打卡"
    )  # fmt: skip


async def totals(tx: Tx, group: int = 7) -> dict[tuple[str, int], int]:
    rows = await tx.all("SELECT period, person_id, points FROM totals WHERE group_id = :g", g=group)
    return {(str(period), int(person)): int(points) for period, person, points in rows}


async def entries(tx: Tx, group: int = 7) -> list[tuple[int, str, str, int, str, int]]:
    rows = await tx.all(
        """SELECT person_id, rule, cause, points, reason, by_person FROM ledger
           WHERE group_id = :g ORDER BY id""",
        g=group,
    )
    return [(int(p), str(r), str(c), int(n), str(why), int(by)) for p, r, c, n, why, by in rows]


async def add_up(tx: Tx, group: int = 7) -> int:
    return sum(points for _, _, _, points, _, _ in await entries(tx, group))


async def test_points_count_in_every_period_of_their_day(database: Database, group: None) -> None:
    assert await database.transaction(award, LI) == 10
    assert await database.transaction(award, LI, 5, rule="study", day=date(2026, 4, 1)) == 5
    assert await database.read(totals) == {
        ("all", LI): 15,
        ("2026-03", LI): 10,
        ("2026-04", LI): 5,
        ("2026-W10", LI): 10,
        ("2026-W14", LI): 5,
        ("2026-Q1", LI): 10,
        ("2026-Q2", LI): 5,
    }


async def test_the_same_cause_never_counts_twice(database: Database, group: None) -> None:
    assert await database.transaction(award, LI) == 10
    assert await database.transaction(award, LI) == 0
    assert await database.transaction(award, LI, day=MONDAY + timedelta(days=1)) == 0
    assert await database.transaction(award, ZHANG) == 10
    assert await database.transaction(award, LI, 5, rule="study") == 5
    assert (await database.read(totals))["all", LI] == 15


async def test_the_cap_is_of_one_rule_and_one_day(database: Database, group: None) -> None:
    async def speak(cause: str, day: date = MONDAY, rule: str = "speaking") -> int:
        return await database.transaction(award, LI, 15, rule=rule, cause=cause, day=day, cap=40)

    assert [await speak(f"第{n}次") for n in range(5)] == [15, 15, 10, 0, 0]
    assert await speak("第6次", MONDAY + timedelta(days=1)) == 15
    assert await speak("第7次", rule="volunteering") == 15
    assert (await database.read(totals))["all", LI] == 70


async def test_many_awards_at_once_neither_pass_the_cap_nor_get_lost(database: Database, group: None) -> None:
    given_points = await asyncio.gather(
        *(database.transaction(award, LI, 10, cause=f"{n % 15}", cap=100) for n in range(30))
    )
    assert sum(given_points) == 100
    assert (await database.read(totals))["all", LI] == 100
    assert await database.read(ledger.recount, 7) == await database.read(totals)


async def test_a_correction_is_an_entry_of_its_own_with_reason_and_author(
    database: Database, group: None
) -> None:
    await database.transaction(award, LI)
    assert await database.transaction(correct, LI, -25)
    assert not await database.transaction(correct, LI, -25)
    assert await database.read(entries) == [
        (LI, "checkin", "2026-03-02", 10, "", 0),
        (LI, CORRECTION, "c1", -25, "重复打卡", ZHANG),
    ]
    assert await database.read(ledger.own, 7, MARCH, LI) == Standing(1, -15)
    assert await database.read(ledger.top, 7, MARCH, 10) == [], "nobody is shown below nothing"


async def test_a_correction_frees_no_room_below_the_cap(database: Database, group: None) -> None:
    assert await database.transaction(award, LI, 10, cap=10) == 10
    await database.transaction(correct, LI, -10)
    assert await database.transaction(award, LI, 10, cause="again", cap=10) == 0


async def test_equals_share_a_rank_on_the_board_and_by_themselves(database: Database, group: None) -> None:
    for person, points in ((ZHANG, 5), (LI, 20), (WANG, 30), (ZHAO, 20)):
        await database.transaction(award, person, points)
    assert await database.read(ledger.top, 7, MARCH, 10) == [
        Placed(1, WANG, "王五", 30),
        Placed(2, LI, "李四", 20),
        Placed(2, ZHAO, "赵六", 20),
        Placed(4, ZHANG, "张三", 5),
    ]
    assert [await database.read(ledger.own, 7, MARCH, p) for p in (ZHAO, ZHANG)] == [
        Standing(2, 20),
        Standing(4, 5),
    ]
    assert [p.person_id for p in await database.read(ledger.top, 7, MARCH, 1)] == [WANG]
    assert await database.read(ledger.own, 7, "2026-04", ZHAO) is None
    assert await database.read(ledger.top, 8, MARCH, 10) == []


async def test_who_left_the_group_stands_in_nobodys_way(database: Database, group: None) -> None:
    for person, points in ((WANG, 30), (LI, 20), (ZHAO, 10)):
        await database.transaction(award, person, points)
    await database.transaction(_leave, WANG)
    assert [p.name for p in await database.read(ledger.top, 7, MARCH, 10)] == ["李四", "赵六"]
    assert await database.read(ledger.own, 7, MARCH, ZHAO) == Standing(2, 10)


async def _leave(tx: Tx, person: int) -> None:
    await tx.run("UPDATE members SET left_at = :now WHERE person_id = :p", now=NOW, p=person)


async def test_the_ledger_of_an_erased_person_adds_up_and_names_nobody(
    database: Database, group: None
) -> None:
    await database.transaction(installation.keep, "key", "secret")
    for person in (LI, WANG):
        await database.transaction(award, person)
    await database.transaction(correct, LI, -3, by=WANG)
    await database.transaction(correct, WANG, 4, by=LI)
    before = await database.read(add_up)

    await database.transaction(people.erase, LI)

    assert await database.read(add_up) == before
    named = await database.read(entries)
    nobody = {person for person, *_ in named} - {WANG}
    assert len(nobody) == 1 and max(nobody) < 0
    assert [entry[1:] for entry in named if entry[0] in nobody] == [
        ("checkin", "2026-03-02", 10, "", 0),
        (CORRECTION, "c1", -3, "", 0),
    ], "the reason was about them"
    assert (WANG, CORRECTION, "c1", 4, "重复打卡", *nobody) in named
    assert {person for _, person in await database.read(totals)} == {WANG}
    assert await database.read(ledger.recount, 7) == await database.read(totals)
    assert [p.name for p in await database.read(ledger.top, 7, MARCH, 10)] == ["王五"]


async def test_an_erased_secretary_is_not_named_by_what_she_credited(database: Database, group: None) -> None:
    async def credit(tx: Tx, rule: str) -> None:
        await ledger.award(
            tx, IDS, group_id=7, person_id=LI, rule=rule, cause="said", day=MONDAY, points=5, cap=10, now=NOW, by=ZHANG
        )  # fmt: skip

    for rule in CREDITED:
        await database.transaction(credit, rule)
    assert {by for *_, by in await database.read(entries)} == {ZHANG}
    await database.transaction(people.erase, ZHANG)
    assert max(by for *_, by in await database.read(entries)) < 0


async def test_what_is_spent_is_summed_up_apart_and_forgotten_with_the_person(
    database: Database, group: None
) -> None:
    async def spend(tx: Tx, points: int, cause: str) -> bool:
        return await ledger.spend(
            tx, IDS, group_id=7, person_id=LI, cause=cause, day=MONDAY, points=points, now=NOW
        )

    await database.transaction(award, LI, 30)
    assert [await database.transaction(spend, 20, "a") for _ in "12"] == [True, False]
    assert await database.transaction(spend, -20, "a:back")
    assert await database.transaction(spend, 5, "b")
    assert await database.read(ledger.balance, 7, LI) == 25
    assert await database.read(ledger.balance, 7, WANG) == 0
    assert (await database.read(totals))[SPENT, LI] == -5
    assert await database.read(ledger.own, 7, MARCH, LI) == Standing(1, 30)
    await database.transaction(people.erase, LI)
    assert await database.read(totals) == {}
    assert await database.read(add_up) == 25


async def test_all_who_share_the_last_place_are_among_the_leading(database: Database, group: None) -> None:
    for person, points in ((ZHANG, 5), (LI, 20), (WANG, 30), (ZHAO, 20)):
        await database.transaction(award, person, points)
    assert [
        [p.person_id for p in await database.read(ledger.leading, 7, MARCH, places)]
        for places in (1, 2, 3, 9)
    ] == [[WANG], [WANG, LI, ZHAO], [WANG, LI, ZHAO], [WANG, LI, ZHAO, ZHANG]]


async def test_an_erased_person_cannot_be_found_again_from_group_to_group_or_by_guessing(
    database: Database, group: None
) -> None:
    await database.transaction(found_group, 8, ())
    await database.transaction(settle, 8, LI, "李四", Role.MEMBER, NOW)
    numbers = set()
    for key in ("secret", "other"):
        await database.transaction(installation.keep, "key", key)
        for group_id in (7, 8):
            await database.transaction(award, LI, group=group_id)
        await database.transaction(ledger.forget_person, LI)
        for group_id in (7, 8):
            numbers |= {person for person, *_ in await database.read(entries, group_id)}
    assert len(numbers) == 4, "each group and each installation has its own number"


@pytest.mark.parametrize("seed", range(6))
async def test_totals_equal_the_ledger_after_any_order_of_events(
    database: Database, group: None, seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        await database.transaction(_anything, rng.choice(list(NAMES)), rng)
        if rng.random() < 0.05:
            await database.transaction(_begin_anew, rng.choice(list(NAMES)))
    kept = await database.read(totals)
    assert await database.read(ledger.recount, 7) == kept
    for period in {period for period, _ in kept}:
        await _check_ranks(database, period, kept)


async def _anything(tx: Tx, person: int, rng: random.Random) -> None:
    day = MONDAY + timedelta(days=rng.randrange(0, 200, 7))
    if rng.random() < 0.2:
        await correct(tx, person, rng.randint(-40, 40), cause=str(rng.randrange(30)), day=day)
    else:
        rule, cause = rng.choice(("checkin", "speaking")), str(rng.randrange(10))
        await award(tx, person, rng.choice((5, 10, 15)), rule=rule, cause=cause, day=day, cap=20)


async def _begin_anew(tx: Tx, person: int) -> None:
    """Erased, and back under the same number: nothing of what was is found again."""
    await people.erase(tx, person)
    await settle(tx, 7, person, NAMES[person])
    assert person not in {p for _, p in await totals(tx)}
    # The same person erased again would have the same number; in the program nobody has the same id again.
    await installation.keep(tx, "key", f"key {IDS.next(NOW)}")


async def _check_ranks(database: Database, period: str, kept: dict[tuple[str, int], int]) -> None:
    """What a plain sort says, and what the index says."""
    mine = {person: points for (of, person), points in kept.items() if of == period}
    plain = sorted(((-n, p) for p, n in mine.items() if n > 0))
    best = await database.read(ledger.top, 7, period, 10)
    assert [(p.person_id, p.points) for p in best] == [(p, -n) for n, p in plain]
    for person, points in mine.items():
        rank = 1 + sum(other > points for other in mine.values())
        assert await database.read(ledger.own, 7, period, person) == Standing(rank, points)
    assert [p.rank for p in best] == [1 + sum(o > p.points for o in mine.values()) for p in best]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["award", "correct", "erase"]),
        st.sampled_from(list(NAMES)),
        st.integers(-30, 30),
        st.integers(0, 400),
        st.integers(0, 4),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
async def test_whatever_happens_no_point_is_lost_or_made_up(
    sqlite_database: SqliteDatabase, acts: list[tuple[str, int, int, int, int]]
) -> None:
    async def play(tx: Tx) -> tuple[int, int]:
        await tx.run("DELETE FROM ledger")
        await tx.run("DELETE FROM totals")
        given_out = 0
        for place, (act, person, points, later, cause) in enumerate(acts):
            await settle(tx, 7, person, NAMES[person])
            day = MONDAY + timedelta(days=later)
            if act == "award":
                given_out += await award(tx, person, abs(points), cause=str(cause), day=day, cap=35)
            elif act == "correct" and await correct(tx, person, points, cause=str(cause), day=day):
                given_out += points
            elif act == "erase":
                await installation.keep(tx, "key", str(place))
                await people.erase(tx, person)
            assert await ledger.recount(tx, 7) == await totals(tx)
        return given_out, await add_up(tx)

    given_out, entered = await sqlite_database.transaction(play)
    assert given_out == entered


STATEMENTS: dict[str, tuple[Callable[[Tx], Awaitable[object]], str]] = {
    "the board": (
        lambda tx: ledger.top(tx, 7, MARCH, 10),
        "SEARCH t USING COVERING INDEX totals_in_order (group_id=? AND period=? AND points>?)",
    ),
    "one's own place": (
        lambda tx: ledger.own(tx, 7, MARCH, LI),
        "SEARCH t USING COVERING INDEX totals_in_order (group_id=? AND period=? AND points>?)",
    ),
    "the leading ones": (
        lambda tx: ledger.leading(tx, 7, MARCH, 1),
        "SEARCH t USING COVERING INDEX totals_in_order (group_id=? AND period=? AND points>?)",
    ),
    "what is left to spend": (
        lambda tx: ledger.balance(tx, 7, LI),
        "SEARCH totals USING PRIMARY KEY (group_id=? AND period=? AND person_id=?)",
    ),
    "an award": (
        lambda tx: award(tx, LI),
        "SEARCH ledger USING COVERING INDEX ledger_of_day (group_id=? AND person_id=? AND day=? AND rule=?)",
    ),
    "an erased person": (
        lambda tx: ledger.forget_person(tx, LI),
        "SEARCH ledger USING COVERING INDEX ledger_of_day (group_id=? AND person_id=?)",
    ),
    "an erased secretary": (
        lambda tx: ledger.forget_person(tx, ZHANG),
        "SEARCH ledger USING COVERING INDEX ledger_causes (group_id=? AND person_id=? AND rule=?)",
    ),
}
WHOLE_GROUP = "SEARCH ledger USING PRIMARY KEY (group_id=?)"


@pytest.mark.parametrize("name", STATEMENTS)
async def test_points_are_found_by_index_and_the_board_in_its_order(
    sqlite_database: SqliteDatabase, name: str
) -> None:
    ask, expected = STATEMENTS[name]

    async def explain(tx: Tx) -> list[str]:
        await found_group(tx, 7, tuple(NAMES.values()))
        await award(tx, ZHANG)
        explaining = Explaining(tx)
        await ask(explaining)
        return explaining.steps

    steps = await sqlite_database.transaction(explain)
    assert expected in steps
    assert WHOLE_GROUP not in steps
    assert not [s for s in steps if s.startswith("SCAN") and "CONSTANT" not in s], steps
    assert "TEMP B-TREE" not in "; ".join(steps), "nothing is put in order that the index has in order"


HOUSE = House(IDS, str, "", Words.load(), lambda platform, account, payload: None)


async def said(
    tx: Tx, person: int, args: str, incoming: Mapping[str, object], ranking: Ranking = "off"
) -> Call:
    """A command with ``args`` in the group's chat."""
    event: dict[str, object] = {
        "platform": PLATFORM, "account": ACCOUNT, "event_id": "1", "chat_id": chat_of(7).chat_id, "sender_id": "u",
        "sender_name": NAMES[person], "is_group": True, "sent_at": NOW, "message_id": "m1",
    }  # fmt: skip
    group = Group(7, "第7组", Settings(points=True, ranking=ranking))
    me = await members.find(tx, 7, person)
    return Call(tx, NOW, Incoming.model_validate({**event, **incoming}), HOUSE, args, None, group, me)


async def test_ones_own_place_is_told_in_private_or_not_at_all(database: Database, group: None) -> None:
    async def ask(tx: Tx, person: int) -> object:
        return await rank(await said(tx, person, "", {}, "own"))

    await database.transaction(award, LI)
    assert await database.transaction(ask, LI) == Line("private.sent")
    await database.transaction(_close_private_chat, LI)
    with pytest.raises(UserError) as refused:
        await database.transaction(ask, LI)
    assert refused.value.key == "private.first"


async def _close_private_chat(tx: Tx, person: int) -> None:
    await tx.run("UPDATE accounts SET chat_id = '' WHERE person_id = :p", p=person)


@pytest.mark.parametrize(
    ("args", "incoming"),
    [
        ("-3 重复打卡", {"reply_to_sender": Mention(name="李四")}),
        ("@李四 -3 重复打卡", {"mentions": (Mention(name="李四"),)}),
        ("李四 -3 重复打卡", {"mentions": (Mention(name="李四", user_id="u102"),)}),
        ("@li -3 重复打卡", {"mentions": (Mention(name="李四", user_id="u102"),)}),
        ("@李四 -3 重复打卡", {}),
        ("李四 -3 重复打卡", {}),
    ],
)
async def test_whoever_is_meant_is_corrected_however_they_are_named(
    database: Database, group: None, args: str, incoming: dict[str, object]
) -> None:
    async def say(tx: Tx) -> None:
        await correct_command(await said(tx, ZHANG, args, incoming))

    await database.transaction(say)
    [(person, _, _, points, reason, by)] = await database.read(entries)
    assert (person, points, reason, by) == (LI, -3, "重复打卡", ZHANG)


@pytest.mark.parametrize(
    ("args", "key"), [("@李四 -3 重复打卡", "points.several"), ("@钱九 -3 重复打卡", "person.unknown")]
)
async def test_nobody_is_corrected_by_guess(database: Database, group: None, args: str, key: str) -> None:
    async def say(tx: Tx) -> None:
        await settle(tx, 7, 105, "李四")
        await correct_command(await said(tx, ZHANG, args, {}))

    with pytest.raises(UserError) as refused:
        await database.transaction(say)
    assert refused.value.key == key
    assert await database.read(entries) == []
