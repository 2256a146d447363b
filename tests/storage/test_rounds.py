"""Rounds and contests on both engines: what happens at once counts once, and who leaves in the middle leaves the sums right."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from content.texts import Texts
from content.words import Words
from domain.contest import SIDES_MOST, Side
from domain.day import HOUR, MINUTE
from domain.ids import brief
from domain.incoming import Incoming
from domain.message import Button, line
from domain.question import Bank, Question
from domain.seal import Sealer
from scheduler import contest as time_of
from storage import banks, contests, due, people, rounds
from storage.contests import Contest
from storage.rounds import Best, Round
from storage.sqlite import SqliteDatabase
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, chat_of, found_group, settle
from tests.storage.test_plans import Explaining
from tests.transcripts.works import BANK, PACK, Works

ZHANG, LI, WANG = FIRST_PERSON, FIRST_PERSON + 1, FIRST_PERSON + 2
CONTEST = Contest(7, 9000, 7, "党史赛", BANK.id, 3, "open", NOW + HOUR, NOW + 2 * HOUR)


async def begin(
    tx: Tx, id: int, person: int, kind: str = "challenge", about: str = "", now: int = NOW
) -> Round:
    return await rounds.begin(
        tx, group_id=7, id=id, person_id=person, kind=kind, about=about, bank="b", place=0, now=now
    )


async def play(tx: Tx, id: int, person: int, right: int, now: int = NOW) -> None:
    """A challenge with so many right, and then one wrong."""
    round = await begin(tx, id, person, now=now)
    for place in range(right + 1):
        await rounds.attempt(
            tx,
            replace(round, place=place, question=f"q{place}"),
            "0",
            "right" if place < right else "wrong",
            now,
        )
    await rounds.end(tx, 7, id, now)


async def test_one_round_is_open_a_person_and_group(database: Database) -> None:
    await database.transaction(found_group)
    round = await database.transaction(begin, 1, LI)
    assert await database.read(rounds.open_of, 7, LI) == round
    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.transaction(begin, 2, LI)
    await database.transaction(rounds.end, 7, 1, NOW + 1)
    await database.transaction(begin, 2, LI)
    assert await database.read(rounds.open_of, 7, ZHANG) is None


async def test_an_answer_to_a_place_counts_once(database: Database) -> None:
    await database.transaction(found_group)
    round = replace(await database.transaction(begin, 1, LI), question="q")
    counted = await asyncio.gather(
        *(database.transaction(rounds.attempt, round, "0", "right", NOW) for _ in range(5))
    )
    assert sorted(counted) == [False, False, False, False, True]
    found = await database.read(rounds.find, 7, 1)
    assert found is not None
    assert (found.place, found.right) == (1, 1)


async def test_the_best_of_the_week_is_of_this_week_and_of_members(database: Database) -> None:
    await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    for id, (person, right, now) in enumerate(
        [(LI, 9, NOW - 1), (LI, 2, NOW), (LI, 4, NOW), (ZHANG, 4, NOW), (WANG, 0, NOW)], 1
    ):
        await database.transaction(play, id, person, right, now)
    assert await database.read(rounds.bests, 7, "challenge", NOW) == [
        Best(ZHANG, "张三", 4),
        Best(LI, "李四", 4),
    ]


async def test_who_is_erased_leaves_no_round_and_no_name_but_the_sums_of_the_side(database: Database) -> None:
    await database.transaction(found_group, 7, ("张三", "李四", "王五"))
    await database.transaction(enter)
    for person in (LI, WANG):
        await database.transaction(begin, person, person, "contest", "9000")
        await database.transaction(answer_in_contest, person)
    before = await database.read(contests.sides, 7, CONTEST.id)
    assert before == [Side(1, "红队", 0, 2, 2, 2), Side(2, "蓝队", 0, 0, 0, 0)]
    await database.transaction(people.erase, LI)
    await database.transaction(people.erase, WANG)
    assert await database.read(contests.sides, 7, CONTEST.id) == before
    assert await database.read(rounds.find, 7, LI) is None
    assert await database.read(rounds.tries, 7, LI) == []
    assert await database.read(contests.player, 7, CONTEST.id, LI) is None


async def enter(tx: Tx) -> None:
    await contests.add(tx, CONTEST)
    for name in ("红队", "蓝队"):
        await contests.add_side(tx, 7, CONTEST.id, name)
    for person in (LI, WANG):
        assert await contests.join(tx, 7, CONTEST.id, person, 1)
        assert not await contests.join(tx, 7, CONTEST.id, person, 2)


async def answer_in_contest(tx: Tx, person: int) -> None:
    round = await rounds.find(tx, 7, person)
    assert round is not None
    await rounds.attempt(tx, replace(round, question="q"), "0", "right", NOW)
    await contests.count(tx, CONTEST, person, True, NOW)


async def test_a_guest_of_another_group_is_erased_from_the_host_as_well(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(found_group, 8, ())
    await database.transaction(settle, 8, 201, "赵六")
    await database.transaction(contests.add, CONTEST)
    await database.transaction(contests.add, replace(CONTEST, group_id=8))
    await database.transaction(contests.add_side, 7, CONTEST.id, "第8组", 8)
    await database.transaction(contests.join, 7, CONTEST.id, 201, 1)
    await database.transaction(people.erase, 201)
    assert await database.read(contests.player, 7, CONTEST.id, 201) is None
    [side] = await database.read(contests.sides, 7, CONTEST.id)
    assert side.joined == 1


async def test_a_code_lets_in_one_group_until_the_start(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(contests.add, CONTEST)
    assert await database.transaction(contests.invite, "1234-5678", CONTEST, NOW)
    assert not await database.transaction(contests.invite, "1234-5678", CONTEST, NOW)
    let_in = await asyncio.gather(
        *(database.transaction(contests.redeem, "１２３４ 5678", NOW) for _ in range(3))
    )
    assert [one for one in let_in if one] == [CONTEST]
    assert await database.transaction(contests.invite, "8765-4321", CONTEST, NOW)
    assert await database.transaction(contests.redeem, "8765-4321", CONTEST.starts_at) is None


async def test_groups_that_accept_at_once_are_a_side_each_and_no_more_than_there_is_room_for(
    database: Database,
) -> None:
    await database.transaction(found_group)
    await database.transaction(contests.add, CONTEST)
    added = await asyncio.gather(
        *(
            database.transaction(contests.add_side, 7, CONTEST.id, f"{n}", n)
            for n in range(11, 11 + SIDES_MOST + 3)
        )
    )
    assert sum(added) == SIDES_MOST
    sides = await database.read(contests.sides, 7, CONTEST.id)
    assert [side.number for side in sides] == list(range(1, SIDES_MOST + 1))
    assert len({side.of_group for side in sides}) == SIDES_MOST


class People:
    """The whole program, spoken to by many at once."""

    def __init__(self, database: Database, texts: Texts, words: Words) -> None:
        self.works = Works(database, texts, words)
        self.works.clock.restart(NOW)
        self.database = database
        self._events = 0

    async def begin(self, groups: int, members: int) -> None:
        await self.works.load_pack()
        await self.works.load_bank()
        for place in range(groups):
            group = 7 + place
            found = await self.database.transaction(found_group, group, ())
            settings = found.settings.model_copy(update={"pack": PACK.id, "remind": False})
            await self.database.transaction(_set, group, settings.dump())
            for n in range(members):
                await self.database.transaction(settle, group, 1000 * group + n, f"{group}-{n}")

    async def say(self, person: int, text: str) -> str | None:
        return await self._hear(person, text=text)

    async def press(self, person: int, payload: str) -> str | None:
        return await self._hear(person, action=payload)

    async def _hear(self, person: int, **what: str) -> str | None:
        self._events += 1
        chat = chat_of(person // 1000)
        event = Incoming(
            platform=chat.platform, account=chat.account, event_id=str(self._events), chat_id=f"private{person}",
            sender_id=f"u{person}", sender_name="?", is_group=False, addressed=True, sent_at=NOW, **what,
        )  # fmt: skip
        return (await self.works.hear(event)).toast


async def _set(tx: Tx, group: int, settings: str) -> None:
    await tx.run("UPDATE groups SET settings = :s WHERE id = :g", s=settings, g=group)


@pytest.fixture
def crowd(database: Database) -> People:
    return People(database, Texts.load(), Words.load())


async def test_presses_of_one_button_at_once_count_once(
    crowd: People,
) -> None:
    await crowd.begin(1, 1)
    await crowd.say(7000, "专项 读书")
    round = await crowd.database.read(rounds.open_of, 7, 7000)
    assert round is not None
    button = Button(line("quiz.true"), "answer", f"{brief(round.id)}_0_0")
    payload = Sealer(b"transcript").seal(button, 7, NOW)
    await asyncio.gather(*(crowd.press(7000, payload) for _ in range(4)))
    after = await crowd.database.read(rounds.open_of, 7, 7000)
    assert after is not None
    assert after.place == 1


async def test_a_bank_that_changes_in_the_middle_asks_nothing_twice(crowd: People) -> None:
    await crowd.begin(1, 1)
    await crowd.say(7000, "专项 读书")
    for n in range(2):
        extra = tuple(
            Question(key=f"new{n}{m}", kind="truefalse", stem=f"{m}", right=(0,), topic="读书")
            for m in range(3)
        )
        bank = Bank(BANK.id, BANK.title, "zh", (*extra, *BANK.questions))
        await crowd.database.transaction(banks.save, bank, NOW)
        await crowd.say(7000, "答 A")
    round = await crowd.database.read(rounds.open_of, 7, 7000)
    assert round is not None
    while (now := await crowd.database.read(rounds.open_of, 7, 7000)) is not None:
        assert now.place < 10
        await crowd.say(7000, "答 A")
    asked = [one.question for one in await crowd.database.read(rounds.tries, 7, round.id)]
    assert len(asked) == len(set(asked))


async def test_groups_that_play_at_once_are_all_counted(crowd: People) -> None:
    await crowd.begin(4, 5)
    await crowd.database.transaction(_contest_of, range(7, 11))
    crowd.works.clock.move_to(CONTEST.starts_at)
    await crowd.works.core.tick.run()
    everybody = [1000 * group + n for group in range(7, 11) for n in range(5)]
    await asyncio.gather(*(crowd.say(person, "竞赛 开始") for person in everybody))
    for _ in range(3):
        await asyncio.gather(*(crowd.say(person, "答 A") for person in everybody))
    sides = await crowd.database.read(contests.sides, 7, CONTEST.id)
    assert [side.players for side in sides] == [5, 5, 5, 5]
    for person in everybody:
        player = await crowd.database.read(contests.player, 7, CONTEST.id, person)
        assert player is not None
        assert player.place > 0


async def _contest_of(tx: Tx, groups: range) -> None:
    for group in groups:
        here = replace(CONTEST, group_id=group)
        await contests.add(tx, here)
        await contests.add_side(tx, 7, CONTEST.id, f"{group}", group)
        await time_of.plan(tx, here)


async def test_a_contest_opens_and_closes_once_also_after_a_stop(crowd: People) -> None:
    await crowd.begin(2, 1)
    await crowd.database.transaction(_contest_of, range(7, 9))
    crowd.works.clock.move_to(CONTEST.starts_at + MINUTE)
    await asyncio.gather(crowd.works.core.tick.run(), crowd.works.core.tick.run())
    assert await _states(crowd) == ["running", "running"]
    assert await _said(crowd, "contest.begun") == 2
    await crowd.database.transaction(_pause, 8)
    crowd.works.clock.move_to(CONTEST.ends_at + MINUTE)
    await asyncio.gather(crowd.works.core.tick.run(), crowd.works.core.tick.run())
    assert await _states(crowd) == ["over", "over"]
    assert await _said(crowd, "contest_result") == 1  # the other group rests by now
    assert await crowd.database.read(due.overdue, CONTEST.ends_at + HOUR) == 0


async def test_a_group_that_rests_takes_no_part_and_the_others_do(crowd: People) -> None:
    await crowd.begin(2, 1)
    await crowd.database.transaction(_contest_of, range(7, 9))
    await crowd.database.transaction(_pause, 8)
    crowd.works.clock.move_to(CONTEST.starts_at)
    await crowd.works.core.tick.run()
    assert await _states(crowd) == ["running", "open"]
    crowd.works.clock.move_to(CONTEST.ends_at)
    await crowd.works.core.tick.run()
    assert await _states(crowd) == ["over", "cancelled"]
    assert await _said(crowd, "contest.missed") == 0


async def _pause(tx: Tx, group: int) -> None:
    await tx.run("UPDATE groups SET paused = 1 WHERE id = :g", g=group)


async def _states(crowd: People) -> list[str]:
    found = [await crowd.database.read(contests.find, group, CONTEST.id) for group in (7, 8)]
    return [one.state for one in found if one]


async def _said(crowd: People, key: str) -> int:
    return len(await crowd.database.read(_rows_with, f'%"{key}"%'))


async def _rows_with(tx: Tx, pattern: str) -> list[object]:
    return list(await tx.all("SELECT id FROM outbox WHERE body LIKE :p", p=pattern))


async def test_an_answer_finds_its_rows_by_index(sqlite_database: SqliteDatabase) -> None:
    await sqlite_database.transaction(found_group)
    await sqlite_database.transaction(enter)
    steps = await sqlite_database.transaction(_explain)
    assert [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step] == []


async def _explain(tx: Tx) -> list[str]:
    asking = Explaining(tx)
    round = await begin(asking, 1, LI, "contest", "9000")
    await rounds.open_of(asking, 7, LI)
    await rounds.touched_at(asking, round)
    await rounds.put(asking, round, "b", "q")
    await rounds.attempt(asking, round, "0", "right", NOW)
    await rounds.nth(asking, "b", 3)
    await rounds.size_of(asking, "b")
    await rounds.withdraw(asking, 7, "contest", "9000")
    await rounds.bests(asking, 7, "challenge", NOW)
    await contests.find(asking, 7, CONTEST.id)
    await contests.current(asking, 7)
    await contests.count(asking, CONTEST, LI, True, NOW)
    await contests.sides(asking, 7, CONTEST.id)
    await contests.groups_in(asking, CONTEST.id)
    return asking.steps
