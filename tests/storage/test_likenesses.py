"""What is alike is found on both engines, told to the secretaries once, and gone with its author."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from content.texts import Texts
from domain.cycle import Cycle
from domain.day import HOUR, MINUTE
from domain.group import Group, Settings
from domain.ids import Ids
from domain.message import Message
from domain.pack import Item, Pack
from domain.prints import DIGITS
from domain.template import StageSpec, Template, When
from scheduler import cycle, likeness
from scheduler.tick import Tick
from storage import cycles, days, due, likenesses, packs, people, prints, reflections, sketches
from storage.likenesses import LIKENESS, Pair, pair
from storage.reflections import Reflection
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

ZHANG, LI, WANG, ZHAO = range(FIRST_PERSON, FIRST_PERSON + 4)
TASK = "请写一写：最近一年里，哪一位同志的哪一句话让您改变了做事的方法，您后来又是怎样坚持下来的？"
PLAN = Template(
    key="write",
    title="写心得",
    stages=(
        StageSpec(key="write", kind="reflection", title="心得", closes=When(days=9, at=18 * 60), text=TASK),
    ),
)
WALK = (
    "今天跟着志愿服务队去了柳林社区，给独居的老人打扫屋子。李奶奶拉着我的手说了半个多小时的话，"
    "我才明白，老人缺的不是一袋米，而是有人坐下来听她说。下个月我想把每周四晚上空出来，固定去看看她。"
)
TREES = (
    "今天种了二十棵侧柏。挖坑的时候才知道山上的土有多硬，一镐下去只是一个白印。老护林员说，这片山他种了三十年，"
    "死了再补，补了再死，如今才看见绿。我们科的老档案数字化，也要三五年才看得见成效，不能急，一棵一棵来。"
)


class Life:
    """A group whose members hand in, and whose time is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.ids = Ids(1)
        self.tick = Tick(database, self.ids, {LIKENESS: likeness.check}, lambda: self.now, lambda: None)

    async def begin(self, group_id: int = 7, settings: Settings | None = None) -> tuple[Group, Cycle]:
        names = ("张三", "李四", "王五", "赵六")
        group = await self.database.transaction(found_group, group_id, names, settings)
        return group, await self.again(group)

    async def again(self, group: Group) -> Cycle:
        return await self.database.transaction(
            cycle.begin, self.ids, group, PLAN, date(2026, 3, 2), by=ZHANG, now=self.now
        )

    async def hand_in(self, made: Cycle, person: int, body: str) -> Reflection:
        return await self.database.transaction(_hand_in, self.ids, made, person, body, self.now)

    async def settle(self) -> None:
        self.now += MINUTE
        await self.tick.run()

    async def told(self, person: int) -> list[str]:
        return await self.database.read(_told, person)

    async def pairs(self, group_id: int = 7, secretary: int = ZHANG) -> list[tuple[int, int, str, int]]:
        found = await self.database.read(likenesses.open_pairs, group_id, secretary, 0, 50)
        return [(one.one, one.other, one.kind, one.percent) for one in found]


async def _hand_in(tx: Tx, ids: Ids, made: Cycle, person: int, body: str, now: int) -> Reflection:
    [stage] = await cycles.stages(tx, made)
    draft = await reflections.begin(tx, ids, stage, person, person, now)
    handed = await reflections.hand_in(tx, await reflections.write(tx, draft, body, now), now)
    assert handed is not None
    return handed


async def _told(tx: Tx, person: int) -> list[str]:
    rows = await tx.all("SELECT body FROM outbox WHERE person_id = :p ORDER BY id", p=person)
    texts = Texts.load()
    return [" / ".join(texts.say("zh", one) for one in Message.parse(str(row[0])).lines) for row in rows]


async def _rows(tx: Tx, table: str) -> int:
    row = await tx.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


async def _add_picture(tx: Tx, one: Reflection, place: int, print: str) -> None:
    await tx.run(
        """INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, print, at)
           VALUES (:group, :id, :place, 'there', 'photo', '{}', :print, 0)""",
        group=one.group_id,
        id=one.id,
        place=place,
        print=print,
    )
    await likeness.on_picture(tx, one.group_id, one.id, NOW)


async def test_a_copy_is_found_and_told_to_the_secretary_alone_and_once(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    first = await life.hand_in(made, LI, WALK)
    await life.hand_in(made, WANG, TREES)
    await life.settle()
    assert await life.pairs() == [] and await life.told(ZHANG) == []
    copy = await life.hand_in(made, ZHAO, WALK.replace("柳林社区", "红旗社区") + "我很受教育。")
    await life.settle()
    [(one, other, kind, percent)] = await life.pairs()
    assert (one, other, kind) == (copy.id, first.id, "text") and percent > 80
    [said] = await life.told(ZHANG)
    assert said.startswith(f"A3 与 A1 有 {percent}% 相同，请您看看。")
    assert await life.told(LI) == await life.told(ZHAO) == []
    await database.transaction(reflections.edit, copy, copy.body + "还要坚持。", life.now)
    await life.settle()
    assert len(await life.told(ZHANG)) == 1 and len(await life.pairs()) == 1


async def test_a_pair_that_is_no_longer_alike_is_gone_and_a_settled_one_stays_settled(
    database: Database,
) -> None:
    life = Life(database)
    _, made = await life.begin()
    copies = [await life.hand_in(made, person, WALK) for person in (LI, WANG, ZHAO)]
    await life.settle()
    assert len(await life.pairs()) == 3
    [newest] = await database.read(likenesses.of_reflection, 7, ZHANG, copies[1].id)
    assert await database.transaction(likenesses.settle, newest, "fine")
    assert not await database.transaction(likenesses.settle, newest, "spoken")
    await database.transaction(reflections.edit, copies[1], WALK + "谢谢。", life.now)
    await database.transaction(reflections.edit, copies[2], TREES, life.now)
    await life.settle()
    assert await life.pairs() == []
    [kept] = await database.read(likenesses.of_reflection, 7, ZHANG, copies[1].id)
    assert kept.state == "fine"


async def test_earlier_activities_count_and_other_groups_do_not(database: Database) -> None:
    life = Life(database)
    group, made = await life.begin()
    _, elsewhere = await life.begin(8)
    await life.hand_in(elsewhere, LI, WALK)
    before = await life.hand_in(made, LI, WALK)
    life.now += HOUR
    later = await life.hand_in(await life.again(group), WANG, WALK)
    await life.settle()
    assert [(one, other) for one, other, _, _ in await life.pairs()] == [(later.id, before.id)]
    assert await life.pairs(8) == []
    assert (await life.told(ZHANG))[0].startswith("B1 与 A1 有 100% 相同")


async def test_quoting_what_everybody_was_given_is_not_likeness(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    item = Item(key="one", title="一", body=WALK, source="《试读》")
    await database.transaction(packs.save, Pack("sample", "试读", "zh", "", (item,)), NOW)
    await database.transaction(days.set_item, 7, "2026-03-01", pack="sample", item="one", minutes=5)
    await life.hand_in(made, LI, WALK + TASK + TREES[:60])
    await life.hand_in(made, WANG, TASK + WALK + TREES[60:])
    await life.settle()
    assert await life.pairs() == []


async def test_what_was_withdrawn_is_compared_with_nothing_and_its_sketch_goes(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    first = await life.hand_in(made, LI, WALK)
    await life.settle()
    assert await database.transaction(reflections.withdraw, first, life.now)
    await life.hand_in(made, WANG, WALK)
    await life.settle()
    assert await life.pairs() == []
    await database.transaction(likenesses.look_at, 7, first.id, life.now)
    await life.settle()
    assert await database.read(_rows, "sketches") == 32


async def test_a_photo_that_was_used_before_is_found(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    first, second, third = [
        await life.hand_in(made, who, words) for who, words in ((LI, WALK), (WANG, TREES), (ZHAO, ""))
    ]
    print = "0123456789abcdef" * 4
    near = f"{int(print, 16) ^ (1 << 31) - 1:0{DIGITS}x}"
    far = f"{int(print, 16) ^ (1 << 32) - 1:0{DIGITS}x}"
    for one, place, shown in ((first, 0, "f" * DIGITS), (first, 1, print), (third, 0, far)):
        await database.transaction(_add_picture, one, place, shown)
    await life.settle()
    assert await life.pairs() == []
    await database.transaction(_add_picture, second, 0, near)
    await life.settle()
    assert await life.pairs() == [
        (third.id, second.id, "photo", 99),
        (second.id, first.id, "photo", 87),
    ]
    assert await database.read(prints.same, 7, second.id, first.id) == [(0, 1)]
    assert await database.read(prints.same, 7, third.id, first.id) == []
    assert [one.bits for one in await database.read(prints.near, 7, print, 5)] == [0, 31]
    # Each picture stands in one pair only, however many are like it.
    await database.transaction(_add_picture, second, 4, print)
    assert await database.read(prints.same, 7, second.id, first.id) == [(4, 1)]
    await database.transaction(_add_picture, first, 2, near)
    assert await database.read(prints.same, 7, second.id, first.id) == [(0, 2), (4, 1)]


async def test_no_secretary_is_shown_what_she_wrote_herself(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    await life.hand_in(made, ZHANG, WALK)
    await life.hand_in(made, LI, WALK)
    await life.settle()
    assert await life.told(ZHANG) == [] and await life.pairs() == []
    assert len(await life.pairs(secretary=WANG)) == 1


async def test_many_pairs_found_at_once_are_one_message_after_the_quiet_hours(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin(settings=Settings(quiet_from=8 * 60, quiet_to=12 * 60))
    for _ in range(7):
        await life.hand_in(made, LI, WALK)
        await database.transaction(due.cancel, 7, [LIKENESS])
    older = await database.read(reflections.of_stage, 7, made.id, 0)
    for one in older:
        await database.transaction(sketches.keep, 7, one.id, await _bands(database, one), ())
    await life.hand_in(made, WANG, WALK)
    await life.settle()
    [said] = await life.told(ZHANG)
    assert said.count("请您看看") == likeness.TOLD and "另外还有 2 对" in said
    assert await database.read(_waits_until) == [NOW + 4 * HOUR]


async def _bands(database: Database, one: Reflection) -> Sequence[str]:
    from domain.likeness import bands, own_grams

    return bands(own_grams(one.body, await database.read(likeness.quoted, one)))


async def _waits_until(tx: Tx) -> list[int]:
    return [int(row[0]) for row in await tx.all("SELECT not_before FROM outbox")]


async def test_who_is_erased_leaves_no_sketch_and_no_pair(database: Database) -> None:
    life = Life(database)
    _, made = await life.begin()
    for person in (LI, WANG, ZHAO):
        await life.hand_in(made, person, WALK)
    await life.settle()
    assert len(await life.pairs()) == 3
    await database.transaction(people.erase, WANG)
    assert len(await life.pairs()) == 1
    assert await database.read(_rows, "likenesses") == 1
    assert await database.read(_rows, "sketches") == 64
    await database.transaction(likenesses.forget, 7, (await life.pairs())[0][0])
    assert await database.read(_rows, "likenesses") == 0


def test_a_pair_has_a_name_that_fits_into_a_button_and_tells_kinds_apart() -> None:
    ids = Ids(1023)
    one, other = ids.next(NOW), ids.next(NOW * 2)
    text, photo = (pair(7, one, other, kind, 50) for kind in ("text", "photo"))
    assert (text.one, text.other) == (other, one) and text == Pair(7, other, one, "text", 50)
    assert text.name != photo.name
    assert len("alike") + len("s_") + len(text.name) <= 30
