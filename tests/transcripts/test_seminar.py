"""A seminar with few seats: who waits moves up, codes have their minute, and nobody's ten thousand characters do harm."""

from __future__ import annotations

from domain.attendance import Room, code
from domain.day import DAY, HOUR, MINUTE
from storage import cycles, groups, members, people, signups, templates
from storage.tx import Tx
from tests.transcripts.stage_direct import DirectStage
from tests.transcripts.works import START, Works

GROUP = "一支部"
PEOPLE = ("张三", "李四", "王五", "赵六", "钱七")
SMALL = """\
key: small
title: 小研讨
stages:
  - key: talk
    kind: seminar
    title: 研讨
    opens: {days: 0, at: "09:00"}
    closes: {days: 3, at: "18:00"}
    seats: 2
    groups: 2
    questions: [结论是什么？]
"""
NINE = START + 9 * HOUR
LONG = "长" * 10_000


class Meeting:
    """The group on its first morning, with a small seminar open."""

    def __init__(self, works: Works) -> None:
        self.works = works
        self.stage = DirectStage()

    async def begin(self, seats: int = 2) -> Meeting:
        works, stage = self.works, self.stage
        await works.load_pack()
        await stage.open(works, frozenset())
        await stage.enter(GROUP, PEOPLE, ())
        who = [(name, stage.user_id(name), stage.chat_id(name)) for name in PEOPLE]
        await works.found_group("direct", "bot", stage.chat_id(GROUP), GROUP, who, ("张三",))
        await works.database.transaction(_keep_template, seats)
        works.clock.restart(NINE)
        await self.said("张三", "设置 每日提醒 关")
        await self.said("张三", "活动 新 small 今天")
        return self

    async def said(self, who: str, text: str, chat: str = "") -> list[str]:
        """Said in private (or in ``chat``); what the bot said since, each with where."""
        await self.works.passage.until(self.works.now + 1000)
        await self.stage.say(chat or who, who, text, answers="")
        await self.works.passage.settle()
        return await self.seen()

    async def until(self, at: int) -> list[str]:
        await self.works.passage.until(at)
        return await self.seen()

    async def seen(self) -> list[str]:
        return [f"{one.chat}: {one.text}" for one in await self.stage.seen() if one.kind == "say"]

    async def signed(self) -> list[tuple[str, str]]:
        return [(one.name, one.state) for one in await self.works.database.read(_signed)]

    async def code(self, at: int) -> str:
        return code("", await self.works.database.read(_room), at)


async def _keep_template(tx: Tx, seats: int) -> None:
    [group] = await groups.all_groups(tx)
    await templates.keep(tx, group.id, "small", SMALL.replace("seats: 2", f"seats: {seats}"), 0, START)


async def _room(tx: Tx) -> Room:
    [group] = await groups.all_groups(tx)
    found = await cycles.open_stage(tx, group.id, "seminar")
    assert found is not None
    return Room(group.id, found[0].id, found[1].place)


async def _signed(tx: Tx) -> list[signups.Signup]:
    room = await _room(tx)
    found = await cycles.stage(tx, room.group_id, room.cycle_id, room.place)
    assert found is not None
    return await signups.of_stage(tx, found[1])


async def test_who_comes_after_the_seats_are_taken_waits_and_moves_up_in_order(works: Works) -> None:
    meeting = await Meeting(works).begin()
    for name in PEOPLE[:2]:
        assert await meeting.said(name, "报名") == [f"{name}: ✅ 「研讨」给您记上了。"]
    assert await meeting.said("王五", "报名") == [
        "王五: 「研讨」名额满了，您在候补第 1 位，有人让出名额我就告诉您。"
    ]
    await meeting.said("赵六", "报名")
    assert await meeting.said("赵六", "报名") == ["赵六: 您在候补第 2 位，有人让出名额我就告诉您。"]
    assert await meeting.said("李四", "取消报名") == [
        "李四: 已取消「研讨」的报名。下次再来。",
        "王五: 好消息：「研讨」有名额了，您可以来。3月5日 周四 18:00结束。",
    ]
    await meeting.said("李四", "报名")
    assert await meeting.signed() == [
        ("张三", "in"),
        ("王五", "in"),
        ("赵六", "waiting"),
        ("李四", "waiting"),
    ]
    assert await meeting.said("赵六", "取消报名") == ["赵六: 已取消「研讨」的报名。下次再来。"]
    assert await meeting.said("赵六", "取消报名") == ["赵六: 您没有报名，不用取消。"]


async def test_sub_groups_are_drawn_by_themselves_the_day_before_the_end(works: Works) -> None:
    meeting = await Meeting(works).begin(4)
    for name in PEOPLE[:4]:
        await meeting.said(name, "报名")
    assert not any("分组" in one for one in await meeting.until(NINE + 2 * DAY + 8 * HOUR))
    told = await meeting.until(NINE + 2 * DAY + 10 * HOUR)
    assert any(one.startswith(f"{GROUP}: 👥") or "联络员请" in one for one in told)
    before = await meeting.works.database.read(_signed)
    assert sorted(one.side for one in before) == [1, 1, 2, 2]
    assert sorted(one.side for one in before if one.liaison) == [1, 2]


async def test_an_extended_seminar_is_divided_the_day_before_its_new_end(works: Works) -> None:
    meeting = await Meeting(works).begin(4)
    for name in PEOPLE[:4]:
        await meeting.said(name, "报名")
    await meeting.said("张三", "活动 延期 2天", GROUP)
    await meeting.stage.press(GROUP, "张三", "延长")
    await meeting.until(NINE + 2 * DAY + 10 * HOUR)
    assert {one.side for one in await works.database.read(_signed)} == {0}
    await meeting.until(NINE + 4 * DAY + 10 * HOUR)
    assert {one.side for one in await works.database.read(_signed)} == {1, 2}


async def test_a_code_counts_in_its_minute_and_the_next_and_yesterdays_does_not(works: Works) -> None:
    meeting = await Meeting(works).begin()
    now = works.now
    wrong = "签到码不对，可能刚刚换过。请看屏幕上现在的六位数字再发一次。"
    for given in (
        await meeting.code(now - DAY),
        await meeting.code(now - 2 * MINUTE),
        await meeting.code(now + 2 * MINUTE),
    ):
        assert await meeting.said("李四", f"签到 {given}") == [f"李四: {wrong}"]
    last = await meeting.code(works.now + 1000 - MINUTE)
    assert await meeting.said("李四", f"签到 {last}") == ["李四: ✅ 「研讨」签到成功，欢迎您。"]
    assert await meeting.signed() == [("李四", "in")], "coming is signing up"


async def test_after_five_wrong_codes_one_waits_ten_minutes_and_a_right_one_counts_then(works: Works) -> None:
    meeting = await Meeting(works).begin()
    good = {await meeting.code(works.now + n * MINUTE) for n in range(-2, 3)}
    bad = next(one for one in ("000000", "000001", "000002", "000003", "000004", "000005") if one not in good)
    for _ in range(5):
        await meeting.said("李四", f"到场 {bad}")
    right = await meeting.code(works.now + 1000)
    assert await meeting.said("李四", f"到场 {right}") == [
        "李四: 错的次数多了一点，请过 10 分钟再试，或者请书记点名。"
    ]
    await meeting.until(works.now + 11 * MINUTE)
    right = await meeting.code(works.now + 1000)
    assert await meeting.said("李四", f"到场 {right}") == ["李四: ✅ 「研讨」签到成功，欢迎您。"]


async def test_whoever_comes_though_the_seats_are_taken_has_come(works: Works) -> None:
    meeting = await Meeting(works).begin()
    for name in PEOPLE[:3]:
        await meeting.said(name, "报名")
    await meeting.said("张三", "分组 2", GROUP)
    await meeting.said("张三", "点名 @王五 @赵六", GROUP)
    assert [name for name, state in await meeting.signed() if state == "in"] == [
        "张三",
        "李四",
        "王五",
        "赵六",
    ]
    sides = [one.side for one in await works.database.read(_signed)]
    assert sorted(sides) == [1, 1, 2, 2]


async def test_when_a_liaison_withdraws_the_next_of_the_sub_group_is_told(works: Works) -> None:
    meeting = await Meeting(works).begin()
    for name in PEOPLE[:2]:
        await meeting.said(name, "报名")
    await meeting.said("张三", "分组 1", GROUP)
    await meeting.said("张三", "讨论表 先写一句")
    told = await meeting.said("张三", "取消报名")
    assert any(one.startswith("李四: 「研讨」请您做第1组的联络员") for one in told)
    shown = await meeting.said("李四", "讨论表")
    assert any("先写一句" in one for one in shown)
    await meeting.said("李四", "讨论表 1 接着写")
    assert any("接着写" in one for one in await meeting.said("李四", "讨论表"))


async def test_only_the_liaison_writes_and_the_others_read(works: Works) -> None:
    meeting = await Meeting(works).begin()
    for name in PEOPLE[:2]:
        await meeting.said(name, "报名")
    await meeting.said("张三", "分组 1", GROUP)
    assert await meeting.said("李四", "讨论表 我来写") == [
        "李四: 讨论表由联络员 张三 来填。发「讨论表」可以看写了什么。"
    ]
    await meeting.said("张三", "讨论表 结论在此")
    assert await meeting.said("张三", "讨论表 再写") == [
        "张三: 1 栏都写好了。想改哪一栏，请写上编号，如：讨论表 1 新的内容"
    ]
    assert any("结论在此" in one for one in await meeting.said("李四", "讨论表"))


async def test_ten_thousand_characters_get_a_sentence_and_leave_nothing(works: Works) -> None:
    meeting = await Meeting(works).begin()
    await meeting.said("张三", "报名")
    await meeting.said("张三", "分组 1", GROUP)
    assert await meeting.said("李四", f"提问 {LONG}") == [
        "李四: 问题最长 200 个字，现在是 10000 个。请说得短一点。"
    ]
    assert await meeting.said("张三", f"讨论表 {LONG}") == [
        "张三: 最长 1000 个字，现在是 10000 个。请精简一下再发。"
    ]
    assert await meeting.said("李四", f"到场 {'1' * 10_000}") == [
        "李四: 请写上屏幕上的六位数字，如：签到 123456"
    ]
    assert await meeting.said("李四", f"+1 {'1' * 10_000}") == ["李四: 请写上是第几个问题，如：+1 3"]
    assert await meeting.said("张三", f"分组 {'9' * 10_000}") == ["张三: 请写上分几组（1 到 50），如：分组 3"]


async def test_of_an_erased_person_nothing_stays_in_a_seminar(works: Works) -> None:
    meeting = await Meeting(works).begin()
    await meeting.said("李四", "报名")
    await meeting.said("李四", "提问 怎样做？")
    await meeting.said("王五", "+1 1")
    await meeting.said("李四", "到场 000000")
    [li] = [one for one in await works.database.read(_people) if one.name == "李四"]
    await works.database.transaction(people.erase, li.id)
    assert await works.database.read(_traces, li.id) == 0
    assert await works.database.read(_voices) == 0


async def _people(tx: Tx) -> list[members.Member]:
    [group] = await groups.all_groups(tx)
    return await members.in_group(tx, group.id)


async def _traces(tx: Tx, person: int) -> int:
    found = 0
    for table in ("signups", "inquiries", "voices", "handins", "guesses"):
        row = await tx.one(f"SELECT count(*) FROM {table} WHERE person_id = :p", p=person)
        found += int(row[0]) if row else 0
    return found


async def _voices(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM voices")
    return int(row[0]) if row else 0
