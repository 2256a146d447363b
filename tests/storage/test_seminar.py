"""Sign-ups, questions, answers and guesses, on both engines; and what a preview and a seminar owe, sum up and put down in minutes."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from content.points import shipped_rules
from content.texts import Texts
from domain.cycle import Cycle, Stage
from domain.day import DAY, HOUR
from domain.group import Group, Role
from domain.ids import Ids, brief
from domain.message import File, Line
from domain.outgoing import Order
from domain.template import StageSpec, Template, When
from handlers.minutes import make_minutes
from scheduler import cycle, teams
from scheduler.stages.kind import Firing
from scheduler.stages.preview import Preview
from scheduler.stages.seminar import Seminar
from storage import cycles, handins, inquiries, members, people, signups
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

ZHANG, LI, WANG, ZHAO = (FIRST_PERSON + n for n in range(4))
PEOPLE = ("张三", "李四", "王五", "赵六")
PLAN = Template(
    key="talk",
    title="三月研讨",
    stages=(
        StageSpec(
            key="preview",
            kind="preview",
            title="预习",
            closes=When(days=30),
            questions=("为什么？", "怎么做？"),
        ),
        StageSpec(
            key="talk",
            kind="seminar",
            title="研讨",
            closes=When(days=30),
            groups=2,
            questions=("结论？",),
            seats=3,
        ),
    ),
)
IDS = Ids(1)


async def begin(tx: Tx, group: Group | None = None, now: int = NOW) -> tuple[Firing, Firing]:
    """The preview and the seminar of an activity, both open."""
    group = group or await found_group(tx, 7, PEOPLE)
    made = await cycle.begin(tx, IDS, group, PLAN, date(2026, 3, 2), by=ZHANG, now=now)
    await cycle.advance(tx, IDS, group, made, now + 2 * HOUR, shipped_rules())
    preview, seminar = await cycles.stages(tx, made)
    return firing(tx, group, made, preview, now), firing(tx, group, made, seminar, now)


def firing(tx: Tx, group: Group, made: Cycle, stage: Stage, now: int) -> Firing:
    assert stage.state == "open"
    return Firing(tx, IDS, group, made, stage, now)


async def ask(at: Firing, person: int, body: str) -> int:
    return await inquiries.add(at.tx, at.stage, IDS.next(NOW), person, body, NOW)


def say(one: Line) -> str:
    return Texts.load().say("zh", one)


async def test_questions_are_numbered_and_voices_add_up_when_they_are_merged(database: Database) -> None:
    async def lived(tx: Tx) -> list[tuple[int, int, int]]:
        at, _ = await begin(tx)
        assert [await ask(at, who, f"问题{who}") for who in (LI, WANG, ZHAO)] == [1, 2, 3]
        one, two, three = await inquiries.of_stage(tx, at.stage)
        assert await inquiries.raise_voice(tx, 7, two.id, ZHANG)
        assert not await inquiries.raise_voice(tx, 7, two.id, ZHANG)
        await inquiries.raise_voice(tx, 7, three.id, ZHANG)
        await inquiries.raise_voice(tx, 7, three.id, LI)
        await inquiries.take_back_voice(tx, 7, three.id, ZHANG)
        one, two, three = await inquiries.of_stage(tx, at.stage)
        await inquiries.merge(tx, 7, two, [three])
        one, two, three = await inquiries.of_stage(tx, at.stage)
        assert two.voices == {ZHANG, LI, ZHAO} and three.merged_into == two.id
        await inquiries.merge(tx, 7, one, [two])
        return [(i.number, i.people, i.merged_into) for i in await inquiries.of_stage(tx, at.stage)]

    found = await database.transaction(lived)
    assert [(number, people) for number, people, _ in found] == [(1, 4), (2, 4), (3, 2)]
    assert found[0][2] == 0 and found[1][2] == found[2][2] != 0


async def test_a_question_is_found_with_its_stage_and_none_elsewhere(database: Database) -> None:
    async def lived(tx: Tx) -> None:
        at, _ = await begin(tx)
        await ask(at, LI, "为什么？")
        [one] = await inquiries.of_cycle(tx, 7, at.cycle.id)
        assert await inquiries.find(tx, 7, one.id) == (at.cycle.id, 0, 1)
        assert await inquiries.find(tx, 8, one.id) is None

    await database.transaction(lived)


async def test_an_answer_takes_the_place_of_the_one_before_and_works_stand_beside_each_other(
    database: Database,
) -> None:
    async def lived(tx: Tx) -> None:
        at, _ = await begin(tx)
        for body, changed in (("一", False), ("二", True)):
            assert await handins.hand_in(tx, at.stage, IDS.next(NOW), "answer", "1", LI, body, NOW) is changed
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "answer", "2", LI, "三", NOW)
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "answer", "1", WANG, "四", NOW)
        assert await handins.own(tx, at.stage, "answer", LI) == {"1": "二", "2": "三"}
        for _ in range(2):
            await handins.hand_in(tx, at.stage, IDS.next(NOW), "work", "", LI, "画", NOW)
        assert [one.name for one in await handins.of_stage(tx, at.stage, "work")] == ["李四", "李四"]
        await handins.hand_over(tx, at.stage, "answer", "2", ZHAO)
        assert await handins.own(tx, at.stage, "answer", ZHAO) == {"2": "三"}

    await database.transaction(lived)


async def test_who_has_answered_nothing_is_reminded_and_nobody_of_a_seminar(database: Database) -> None:
    async def lived(tx: Tx) -> tuple[list[str], list[str]]:
        at, seminar = await begin(tx)
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "answer", "2", LI, "三", NOW)
        await signups.sign_up(tx, seminar.stage, WANG, "in", 0, NOW)
        owing = [one.name for one in await Preview().owing(at)]
        assert await Seminar().owing(seminar) == []
        return owing, [say(one) for one in await Preview().close(at)]

    owing, summed_up = await database.transaction(lived)
    assert owing == ["张三", "王五", "赵六"]
    assert summed_up == ["回答思考题的有 1 人。"]


async def test_sign_ups_keep_their_order_and_who_comes_back_stands_last(database: Database) -> None:
    async def lived(tx: Tx) -> None:
        _, at = await begin(tx)
        for place, who in enumerate((LI, WANG, ZHAO)):
            await signups.sign_up(tx, at.stage, who, "in", 0, NOW + place)
        await signups.set_state(tx, at.stage, LI, "out")
        await signups.sign_up(tx, at.stage, LI, "waiting", 0, NOW + 9)
        assert [one.name for one in await signups.of_stage(tx, at.stage)] == ["王五", "赵六", "李四"]
        assert [one.name for one in await signups.of_stage(tx, at.stage, "waiting")] == ["李四"]
        found = await signups.find(tx, at.stage, LI)
        assert found is not None and found.state == "waiting"
        assert await signups.find(tx, at.stage, 999) is None

    await database.transaction(lived)


async def test_being_there_and_speaking_are_noted_once_and_can_be_struck(database: Database) -> None:
    async def lived(tx: Tx) -> None:
        _, at = await begin(tx)
        assert not await signups.spoke(tx, at.stage, LI)
        assert await signups.attend(tx, at.stage, LI, "code", NOW)
        assert not await signups.attend(tx, at.stage, LI, "roll", NOW)
        assert await signups.spoke(tx, at.stage, LI)
        assert not await signups.spoke(tx, at.stage, LI)
        found = await signups.find(tx, at.stage, LI)
        assert found is not None and (found.attended, found.spoke) == ("code", True)
        assert await signups.strike(tx, at.stage, LI)
        assert not await signups.strike(tx, at.stage, LI)

    await database.transaction(lived)


async def test_who_shared_a_sub_group_last_time_is_parted_this_time(database: Database) -> None:
    async def lived(tx: Tx) -> None:
        _, first = await begin(tx)
        sides = {ZHANG: 1, LI: 1, WANG: 2, ZHAO: 2}
        for place, who in enumerate(sides):
            await signups.sign_up(tx, first.stage, who, "in", 0, NOW + place)
        await signups.divide(tx, first.stage, sides, frozenset({ZHANG, WANG}))
        assert await signups.met_before(tx, first.stage) == []
        _, second = await begin(tx, first.group, NOW + DAY)
        assert sorted(await signups.met_before(tx, second.stage)) == [(ZHANG, LI), (WANG, ZHAO)]
        for place, who in enumerate(sides):
            await signups.sign_up(tx, second.stage, who, "in", 0, NOW + DAY + place)
        await teams.draw_up(second, 2)
        drawn = {one.person_id: one.side for one in await signups.of_stage(tx, second.stage)}
        assert drawn[ZHANG] != drawn[LI] and drawn[WANG] != drawn[ZHAO]
        await signups.name_liaison(tx, second.stage, drawn[LI], LI)
        named = [one.name for one in await signups.of_stage(tx, second.stage) if one.liaison]
        assert len(named) == 2 and "李四" in named
        liaison = await teams.liaison_of(second, drawn[LI])
        assert liaison is not None and liaison.name == "李四"

    await database.transaction(lived)


async def test_the_agenda_is_handed_to_the_sub_groups_and_the_closing_counts(database: Database) -> None:
    async def lived(tx: Tx) -> list[str]:
        preview, at = await begin(tx)
        for who in (LI, WANG, ZHAO):
            await ask(preview, who, f"问题{who}")
        for place, who in enumerate((LI, WANG)):
            await signups.sign_up(tx, at.stage, who, "in", 0, NOW + place)
        await teams.draw_up(at, 2)
        assert [one.side for one in await teams.agenda_of(tx, at.stage)] == [1, 2, 1]
        await signups.attend(tx, at.stage, LI, "code", NOW)
        await signups.spoke(tx, at.stage, LI)
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "form", "1.1", LI, "结论", NOW)
        return [say(one) for one in await Seminar().close(at)]

    assert await database.transaction(lived) == ["到场 1 人。", "发言 1 人。", "讨论表交齐 1/2 组。"]


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_the_minutes_are_made_for_a_secretary_and_for_nobody_else(
    database: Database, kind: str
) -> None:
    async def lived(tx: Tx) -> str:
        preview, at = await begin(tx)
        await ask(preview, LI, "怎样做？")
        await signups.sign_up(tx, at.stage, LI, "in", 0, NOW)
        await teams.draw_up(at, 1)
        await signups.attend(tx, at.stage, LI, "code", NOW)
        await signups.spoke(tx, at.stage, LI)
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "form", "1.1", LI, "结论在此", NOW)
        return f"{brief(at.cycle.id)}_1_{kind}"

    file = File("minutes", await database.transaction(lived))
    make = await database.read(make_minutes, Order(7, ZHANG, file, "zh"), NOW)
    assert make is not None
    made = make(say)
    assert made.name == f"三月研讨 研讨纪要.{kind}"
    if kind == "docx":
        document = Document(io.BytesIO(made.content))
        text = "\n".join(one.text for one in document.paragraphs)
        assert "结论在此" in text and "怎样做？（1 人关心）" in text and "第1组" in text
        assert any("1 人：李四" in cell.text for row in document.tables[0].rows for cell in row.cells)
    else:
        assert made.content.startswith(b"%PDF-")
    assert await database.read(make_minutes, Order(7, LI, file, "zh"), NOW) is None
    assert (
        await database.read(make_minutes, Order(7, ZHANG, File("minutes", f"zz_0_{kind}"), "zh"), NOW) is None
    )
    await database.transaction(members.set_role, 7, ZHANG, Role.MEMBER)
    assert await database.read(make_minutes, Order(7, ZHANG, file, "zh"), NOW) is None


async def test_guesses_are_counted_within_their_time(database: Database) -> None:
    async def lived(tx: Tx) -> None:
        for count in (1, 2, 3):
            await signups.guessed_wrong(tx, 7, LI, count, NOW + count)
        assert await signups.wrong_guesses(tx, 7, LI, NOW) == 3
        assert await signups.wrong_guesses(tx, 7, LI, NOW + 1) == 0
        assert await signups.wrong_guesses(tx, 7, WANG, NOW) == 0
        await signups.guessed_wrong(tx, 7, LI, 1, NOW + 9)
        assert await signups.wrong_guesses(tx, 7, LI, NOW + 8) == 1

    await database.transaction(lived)


async def test_of_an_erased_person_nothing_stays_and_what_was_merged_into_theirs_stands_by_itself(
    database: Database,
) -> None:
    async def lived(tx: Tx) -> list[tuple[str, int, int]]:
        at, seminar = await begin(tx)
        await ask(at, LI, "甲")
        await ask(at, WANG, "乙")
        await ask(at, ZHAO, "丙")
        one, two, three = await inquiries.of_stage(tx, at.stage)
        await inquiries.raise_voice(tx, 7, three.id, LI)
        await inquiries.merge(tx, 7, one, [two])
        await handins.hand_in(tx, at.stage, IDS.next(NOW), "answer", "1", LI, "三", NOW)
        await signups.sign_up(tx, seminar.stage, LI, "in", 0, NOW)
        await signups.guessed_wrong(tx, 7, LI, 1, NOW)
        await people.erase(tx, LI)
        for table in ("inquiries", "voices", "handins", "signups", "guesses"):
            row = await tx.one(f"SELECT count(*) FROM {table} WHERE person_id = :p", p=LI)
            assert row is not None and row[0] == 0, table
        return [(i.body, i.merged_into, i.people) for i in await inquiries.of_stage(tx, at.stage)]

    assert await database.transaction(lived) == [("乙", 0, 1), ("丙", 0, 1)]
