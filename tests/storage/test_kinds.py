"""Practice, talk, works, game and class, from opening to closing, on both engines; also after a stop of any length."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core import COMPOSERS, JOBS, jobs
from content.texts import Texts
from domain.agenda import Inquiry
from domain.cycle import Stage
from domain.day import DAY, HOUR
from domain.grading import Verdict
from domain.group import Settings
from domain.ids import Ids
from domain.message import Line, Message
from domain.points import Rule, Rules
from domain.template import StageSpec, Template, When
from scheduler import cycle
from scheduler.stages import KINDS
from scheduler.stages.kind import Firing
from scheduler.tick import Tick
from storage import (
    cycles,
    games,
    inquiries,
    ledger,
    modules,
    people,
    pictures,
    quizzes,
    rounds,
    signups,
    votes,
    works,
)
from storage.pictures import Shot, Source
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

ZHANG, LI, WANG, ZHAO = range(FIRST_PERSON, FIRST_PERSON + 4)
PEOPLE = ("张三", "李四", "王五", "赵六")
START = date(2026, 3, 2)
OPENS = When(at=9 * 60)
CLOSES = When(days=4, at=20 * 60)


class Life:
    """One stage in a group of four, its time moved by hand."""

    def __init__(
        self,
        database: Database,
        spec: StageSpec,
        settings: Settings | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.database = database
        self.spec = spec
        self.settings = settings
        self.now = NOW
        self.ids = Ids(1)
        what = JOBS if rules is None else jobs(rules)
        self.tick = Tick(database, self.ids, what, lambda: self.now, lambda: None)

    async def begin(self) -> Stage:
        self.group = await self.database.transaction(found_group, 7, PEOPLE, self.settings)
        plan = Template(key="try", title="活动", stages=(self.spec,))
        self.cycle = await self.database.transaction(
            cycle.begin, self.ids, self.group, plan, START, by=ZHANG, now=self.now
        )
        await self.at(NOW + HOUR)
        return await self.stage()

    async def stage(self) -> Stage:
        [one] = await self.database.read(cycles.stages, self.cycle)
        return one

    async def at(self, now: int) -> list[str]:
        """Let it become ``now``; what was said to the group and to people since, boards left out."""
        before = await self.database.read(_bodies)
        self.now = now
        await self.tick.run()
        after = await self.database.read(_bodies)
        return [said for row in after if row not in before and (said := _shown(row[1]))]

    async def board(self) -> str:
        return await self.database.read(self._board)

    async def _board(self, tx: Tx) -> str:
        at = await self._firing(tx)
        message = await COMPOSERS["stage"](tx, 7, at.arg, self.now)
        return _said(message) if message else ""

    async def _firing(self, tx: Tx) -> Firing:
        group, made = self.group, self.cycle
        [stage] = await cycles.stages(tx, made)
        return Firing(tx, self.ids, group, made, stage, self.now)

    async def owing(self) -> list[str]:
        async def ask(tx: Tx) -> list[str]:
            at = await self._firing(tx)
            return [one.name for one in await KINDS[self.spec.kind].owing(at)]

        return await self.database.read(ask)


async def _bodies(tx: Tx) -> list[tuple[int, str]]:
    return [(int(id), str(body)) for id, body in await tx.all("SELECT id, body FROM outbox ORDER BY id")]


def _shown(body: str) -> str:
    return _said(Message.parse(body))


def _said(message: Message) -> str:
    lines: list[Line] = [message.title] if message.title else []
    return " / ".join(Texts.load().say("zh", one) for one in (*lines, *message.lines))


async def _sign_up(tx: Tx, stage: Stage, *persons: int) -> None:
    for place, person in enumerate(persons):
        await signups.sign_up(tx, stage, person, "in", 0, NOW + place)


PRACTICE = StageSpec(key="practice", kind="practice", title="实践", opens=OPENS, closes=CLOSES)


async def test_whoever_was_at_a_practice_earns_the_points_once_and_who_only_signed_up_none(
    database: Database,
) -> None:
    life = Life(database, PRACTICE, Settings(points=True))
    stage = await life.begin()
    await database.transaction(_sign_up, stage, LI, WANG, ZHAO)
    await database.transaction(signups.attend, stage, LI, "code", NOW)
    await database.transaction(signups.attend, stage, WANG, "roll", NOW)
    said = await life.at(NOW + 5 * DAY)
    assert "🏁 活动 · 实践结束 / 报名 3 位，到场 2 位。 / 到场的同志每人记 20 分。" in said
    standings = [await database.read(ledger.own, 7, "all", one) for one in (LI, WANG, ZHAO)]
    assert [one and one.points for one in standings] == [20, 20, None]
    assert await life.owing() == []


@pytest.mark.parametrize(
    ("rules", "given"), [({"volunteering": Rule(7, 7)}, 7), ({"checkin": Rule(5, 5)}, None)]
)
async def test_what_a_practice_is_worth_stands_in_the_rules_of_the_installation(
    database: Database, rules: Rules, given: int | None
) -> None:
    life = Life(database, PRACTICE, Settings(points=True), rules)
    stage = await life.begin()
    await database.transaction(signups.attend, stage, LI, "code", NOW)
    await life.at(NOW + 5 * DAY)
    earned = await database.read(ledger.own, 7, "all", LI)
    assert (earned and earned.points) == given


async def test_a_group_without_points_gives_none(database: Database) -> None:
    life = Life(database, PRACTICE)
    stage = await life.begin()
    await database.transaction(signups.attend, stage, LI, "code", NOW)
    assert "🏁 活动 · 实践结束 / 报名 1 位，到场 1 位。" in await life.at(NOW + 5 * DAY)
    assert await database.read(ledger.own, 7, "all", LI) is None


async def test_a_practice_that_was_slept_through_is_closed_without_a_word_of_its_opening(
    database: Database,
) -> None:
    life = Life(database, PRACTICE)
    life.group = await database.transaction(found_group, 7, PEOPLE)
    plan = Template(key="try", title="活动", stages=(PRACTICE,))
    life.cycle = await database.transaction(cycle.begin, life.ids, life.group, plan, START, by=ZHANG, now=NOW)
    said = await life.at(NOW + 9 * DAY)
    assert said == ["🏁 活动 · 实践结束 / 报名 0 位，到场 0 位。"]


TALK = StageSpec(key="live", kind="live", title="直播", form="live", opens=OPENS, closes=CLOSES, groups=2)


async def _asked(tx: Tx, stage: Stage, ids: Ids, *asked: tuple[int, str]) -> list[Inquiry]:
    for person, body in asked:
        await inquiries.add(tx, stage, ids.next(NOW), person, body, NOW)
    return await inquiries.of_stage(tx, stage)


async def test_those_who_took_part_in_a_talk_are_divided_and_its_questions_handed_out(
    database: Database,
) -> None:
    life = Life(database, TALK)
    stage = await life.begin()
    asked = await database.transaction(_asked, stage, life.ids, (LI, "甲？"), (WANG, "乙？"))
    await database.transaction(inquiries.raise_voice, 7, asked[1].id, ZHAO)
    said = await life.at(NOW + 5 * DAY)
    coming = await database.read(signups.of_stage, stage, "in")
    assert sorted(one.person_id for one in coming) == [LI, WANG, ZHAO]
    assert sorted({one.side for one in coming}) == [1, 2]
    assert sum(one.liaison for one in coming) == 2
    after = await database.read(inquiries.of_stage, stage)
    assert {one.body: one.side for one in after} == {"乙？": 1, "甲？": 2}
    assert any(one.startswith("🏁 活动 · 直播结束 / 一共 2 个问题") for one in said)
    assert sum(one.startswith("📋 活动 · 第 ") for one in said) == 2


async def test_sub_groups_that_were_drawn_keep_who_is_in_them(database: Database) -> None:
    life = Life(database, TALK)
    stage = await life.begin()
    await database.transaction(_sign_up, stage, LI, WANG)
    await database.transaction(signups.divide, stage, {LI: 1, WANG: 1}, frozenset((WANG,)))
    await database.transaction(_asked, stage, life.ids, (ZHAO, "甲？"))
    await life.at(NOW + 5 * DAY)
    coming = await database.read(signups.of_stage, stage, "in")
    assert {one.person_id: one.side for one in coming} == {LI: 1, WANG: 1}
    [only] = await database.read(inquiries.of_stage, stage)
    assert only.side == 1


async def test_without_sub_groups_the_questions_are_only_put_in_order(database: Database) -> None:
    life = Life(database, TALK.model_copy(update={"groups": 0}))
    stage = await life.begin()
    await database.transaction(_asked, stage, life.ids, (LI, "甲？"))
    assert "🏁 活动 · 直播结束 / 一共 1 个问题，想问的人多的在前： / 1. 甲？（1 人想问）" in await life.at(
        NOW + 5 * DAY
    )
    assert await database.read(signups.of_stage, stage) == []


async def test_a_talk_in_which_nobody_asked_ends_without_tasks(database: Database) -> None:
    life = Life(database, TALK)
    await life.begin()
    assert await life.at(NOW + 5 * DAY) == [
        "🏁 活动 · 直播结束 / 这次没有人提问。以后想到了，在群里说一声就好。"
    ]


WORKS = StageSpec(
    key="works", kind="live", title="作品", opens=OPENS, closes=CLOSES, photos=1, own_questions=0
)


async def _hand_in(tx: Tx, stage: Stage, ids: Ids, *authors: int) -> list[int]:
    for author in authors:
        id = ids.next(NOW)
        body = works.packed("photo", f"作品{author}", "")
        await works.add(tx, stage, id, author, body, NOW)
        await pictures.add(tx, 7, id, [Shot("photo", Source("telegram", "bot", "1", f"f{id}"))], NOW)
    return [one.id for one in await works.of_stage(tx, stage)]


async def test_a_number_is_given_once_and_a_withdrawn_work_leaves_nothing_but_it(database: Database) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    first, second = await database.transaction(_hand_in, stage, life.ids, LI, WANG)
    await database.transaction(works.withdraw, 7, second)
    await database.transaction(_hand_in, stage, life.ids, ZHAO)
    shown = await database.read(works.of_stage, stage)
    assert [(one.number, one.person_id, one.kind) for one in shown] == [(1, LI, "photo"), (3, ZHAO, "photo")]
    assert await database.read(pictures.of_reflection, 7, second) == []
    assert len(await database.read(pictures.of_reflection, 7, first)) == 1


async def test_the_vote_is_announced_once_and_its_counts_only_at_the_end(database: Database) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    one, other = await database.transaction(_hand_in, stage, life.ids, LI, WANG)
    [begun] = [said for said in await life.at(NOW + 2 * DAY + 13 * HOUR) if "请投票" in said]
    assert "W1《作品102》 李四" in begun
    await database.transaction(votes.cast, stage, ZHAO, other)
    await database.transaction(votes.cast, stage, ZHAO, one)
    await database.transaction(votes.cast, stage, ZHANG, one)
    assert await database.read(votes.of_stage, stage) == {ZHAO: one, ZHANG: one}
    assert (await life.board()).endswith("已有 2 位投票，结果截止时公布。")
    [result] = await life.at(NOW + 5 * DAY)
    assert result.endswith("第 1 名　📷 W1《作品102》 李四：2 票 / 📷 W2《作品103》 王五")
    assert "第 1 名" in await life.board()


async def test_a_vote_that_was_slept_through_is_not_announced_and_the_exhibition_is(
    database: Database,
) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    await database.transaction(_hand_in, stage, life.ids, LI, WANG)
    [result] = await life.at(NOW + 9 * DAY)
    assert result.startswith("🏁 活动 · 作品结束 / 一共 2 件作品") and result.endswith(
        "这次没有人投票，作品都在这里。"
    )


async def test_a_stage_that_is_extended_votes_later(database: Database) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    await database.transaction(_hand_in, stage, life.ids, LI, WANG)
    longer = replace(stage, closes_at=stage.closes_at + 3 * DAY)
    await database.transaction(cycles.change, [longer])
    assert not any("请投票" in said for said in await life.at(NOW + 2 * DAY + 13 * HOUR))
    assert any("请投票" in said for said in await life.at(NOW + 5 * DAY + 13 * HOUR))


async def test_with_one_work_there_is_nothing_to_vote_for_and_with_none_nothing_to_show(
    database: Database,
) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    assert "还没有作品" in await life.board()
    await database.transaction(_hand_in, stage, life.ids, LI)
    assert await life.at(NOW + 2 * DAY + 13 * HOUR) == []
    [id] = [one.id for one in await database.read(works.of_stage, stage)]
    await database.transaction(works.withdraw, 7, id)
    assert await life.at(NOW + 5 * DAY) == ["🏁 活动 · 作品结束 / 这次没有收到作品。"]


GAME = StageSpec(key="game", kind="game", title="闯关", opens=OPENS, closes=CLOSES, goal=3)


async def _answers(tx: Tx, ids: Ids, person: int, at: int, *verdicts: Verdict) -> None:
    for verdict in verdicts:
        id = ids.next(NOW)
        await quizzes.ask(tx, group_id=7, id=id, key=f"day:{id}", bank="b", question=f"q{id}", now=at)
        await quizzes.answer(
            tx,
            group_id=7,
            quiz_id=id,
            person_id=person,
            given="0",
            verdict=verdict,
            now=at,
        )


async def _round(tx: Tx, ids: Ids, person: int, kind: str, at: int, *questions: str) -> None:
    one = await rounds.begin(
        tx, group_id=7, id=ids.next(NOW), person_id=person, kind=kind, about="", bank="b", place=0, now=at
    )
    for place, question in enumerate(questions):
        here = rounds.Round(7, one.id, person, kind, "", "b", question, place)
        await rounds.attempt(tx, here, "0", "right", at)
    await rounds.end(tx, 7, one.id, at)


async def test_right_answers_within_the_time_count_whatever_way_they_were_asked(database: Database) -> None:
    life = Life(database, GAME)
    stage = await life.begin()
    during, before = NOW + 2 * HOUR, NOW
    await database.transaction(_answers, life.ids, LI, during, "right", "wrong", "doubtful", "right")
    await database.transaction(_answers, life.ids, LI, before, "right")
    await database.transaction(_answers, life.ids, LI, stage.closes_at, "right")
    assert await database.read(games.right, stage) == {LI: 2}
    await database.transaction(_round, life.ids, LI, "challenge", during, "a", "b", "a")
    await database.transaction(_round, life.ids, LI, "topic", during, "a", "c")
    await database.transaction(_round, life.ids, LI, "review", during, "d")
    assert await database.read(games.right, stage) == {LI: 5}
    assert await database.read(games.right_of, stage, LI) == 5
    assert await database.read(games.right_of, stage, WANG) == 0


async def test_who_passed_is_told_once_and_named_only_where_the_group_ranks_openly(
    database: Database,
) -> None:
    life = Life(database, GAME, Settings(points=True, ranking="own"))
    await life.begin()
    await database.transaction(_answers, life.ids, LI, NOW + HOUR, "right", "right", "right", "right")
    await database.transaction(_answers, life.ids, WANG, NOW + HOUR, "right")
    assert await life.owing() == ["张三", "王五", "赵六"]
    said = await life.at(NOW + 5 * DAY)
    assert sum("过关了" in one for one in said) == 1
    assert "⭐ 您是「闯关」答对最多的同志之一，一共 4 题。" in said
    [summed_up] = [one for one in said if one.startswith("🏁")]
    assert summed_up.endswith("已过关 1 位（答对 3 题） / 答对最多的有 4 题。")
    assert await database.read(games.passed, await life.stage()) == [(LI, "李四")]
    assert not await database.transaction(games.note_passed, await life.stage(), 1, LI, NOW)


async def test_where_everybody_is_ranked_the_star_is_named(database: Database) -> None:
    life = Life(database, GAME, Settings(points=True, ranking="all"))
    await life.begin()
    await database.transaction(_answers, life.ids, LI, NOW + HOUR, "right", "right", "right")
    [summed_up] = [one for one in await life.at(NOW + 5 * DAY) if one.startswith("🏁")]
    assert "过关的同志：李四" in summed_up and "⭐ 学习之星：李四，答对 3 题。" in summed_up
    assert "过关的同志：李四" in await life.board()


async def test_a_game_that_nobody_played_says_so_and_praises_nobody(database: Database) -> None:
    life = Life(database, GAME)
    await life.begin()
    assert await life.at(NOW + 5 * DAY) == ["🏁 活动 · 闯关结束 / 已过关 0 位（答对 3 题）"]


CLASS = StageSpec(
    key="study", kind="study", title="学习", opens=OPENS, closes=CLOSES, questions=("导学", "案例")
)


async def _done(tx: Tx, stage: Stage, ids: Ids, person: int, *numbers: int) -> list[bool]:
    return [await modules.finish(tx, stage, ids.next(NOW), number, person, NOW) for number in numbers]


async def test_who_signed_up_owes_their_modules_and_who_did_not_owes_nothing(database: Database) -> None:
    life = Life(database, CLASS)
    stage = await life.begin()
    await database.transaction(_sign_up, stage, LI, WANG)
    assert await life.owing() == ["李四", "王五"]
    assert await database.transaction(_done, stage, life.ids, LI, 2, 1, 1) == [True, True, False]
    assert await life.owing() == ["王五"]
    assert await database.transaction(modules.take_back, stage, 1, LI)
    assert not await database.transaction(modules.take_back, stage, 1, LI)
    assert await database.read(modules.of_person, stage, LI) == {2}
    assert await life.owing() == ["李四", "王五"]


async def test_at_the_end_of_a_class_counts_are_public_and_names_the_secretarys(database: Database) -> None:
    life = Life(database, CLASS)
    stage = await life.begin()
    await database.transaction(_sign_up, stage, LI, WANG)
    await database.transaction(_done, stage, life.ids, LI, 1, 2)
    await database.transaction(_done, stage, life.ids, WANG, 1)
    await database.transaction(_done, stage, life.ids, ZHAO, 1)
    said = await life.at(NOW + 5 * DAY)
    assert (
        "🏁 活动 · 学习结束 / 报名 2 位。 / 1. 导学：2/2 位学完 / 2. 案例：1/2 位学完 / 学完全部模块的 1 位。"
        in said
    )
    assert "🎓 「学习」的各个模块您都学完了，辛苦了！" in said
    assert "「学习」学完全部模块的 1 位：李四" in said
    assert "李四" not in (await life.board()).partition("导学")[2]


async def test_a_class_without_modules_counts_who_signed_up_and_came(database: Database) -> None:
    life = Life(database, CLASS.model_copy(update={"questions": ()}))
    stage = await life.begin()
    await database.transaction(signups.attend, stage, LI, "code", NOW)
    assert await life.owing() == []
    assert await life.at(NOW + 5 * DAY) == ["🏁 活动 · 学习结束 / 报名 1 位。 / 到场 1 人。"]


async def test_nothing_of_an_erased_member_is_left_in_any_of_them(database: Database) -> None:
    life = Life(database, WORKS)
    stage = await life.begin()
    mine, other = await database.transaction(_hand_in, stage, life.ids, LI, WANG)
    await database.transaction(votes.cast, stage, LI, other)
    await database.transaction(votes.cast, stage, WANG, mine)
    await database.transaction(votes.cast, stage, ZHAO, other)
    await database.transaction(_done, stage, life.ids, LI, 1)
    await database.transaction(games.note_passed, stage, life.ids.next(NOW), LI, NOW)
    await database.transaction(people.erase, LI)
    assert [one.person_id for one in await database.read(works.of_stage, stage)] == [WANG]
    assert await database.read(pictures.of_reflection, 7, mine) == []
    assert len(await database.read(pictures.of_reflection, 7, other)) == 1
    assert await database.read(votes.of_stage, stage) == {ZHAO: other}
    assert await database.read(modules.of_stage, stage) == {}
    assert await database.read(games.passed, stage) == []
