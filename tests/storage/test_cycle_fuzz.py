"""Whatever is typed or pressed while every kind of stage is open is answered, never a fault of ours; on both engines."""

from __future__ import annotations

import random
from datetime import date

import pytest
import structlog

from bot.core import JOBS
from domain.cycle import Cycle
from domain.day import DAY, HOUR
from domain.ids import Ids, brief
from domain.incoming import Attachment, Mention
from domain.template import Kind, StageSpec, Template, When
from handlers import COMMANDS
from scheduler import cycle
from scheduler.tick import Tick
from storage import reflections
from storage.tx import Database
from tests.storage.founding import NOW
from tests.storage.test_dispatcher import LI, WORDS, ZHANG, Talk

WANG = ZHANG + 2
PEOPLE = (ZHANG, LI, WANG, 555)
_KINDS: tuple[Kind, ...] = (
    "notice", "preview", "seminar", "live", "practice", "reflection", "evaluation", "game", "study", "newsletter", "review",
)  # fmt: skip
EVERYTHING = Template(
    key="everything",
    title="样样都有",
    stages=tuple(
        StageSpec(
            key=kind,
            kind=kind,
            title=f"第{place + 1}步",
            opens=When(days=1 if kind == "review" else 0),
            closes=When(days=5),
            questions=("材料里哪一句话最要紧？", "接下来怎么做？"),
            seats=2,
            groups=2 if kind == "seminar" else 0,
            chars=5,
            photos=0,
            reviews=1,
            comment_chars=5,
        )
        for place, kind in enumerate(_KINDS)
    ),
)
_OF_CYCLES = (
    "cycle", "peer", "reflection", "preview", "question", "signup", "withdraw", "attend", "screen", "roll", "spoke", "teams",
    "liaison", "form", "minutes", "feedback", "newsletter", "consent", "withhold", "work", "vote", "module", "assess", "appeal",
    "mark", "apart", "respond", "handin_for", "evaluate", "overall", "alike",
)  # fmt: skip
_ODD = (
    "", "0", "1", "2", "11", "99", "-1", "5 4 5", "5", "6 6 6", "0 0 0", "4.5 4 5", "5 4 5 写得很实在",
    "A1", "A0", "A2 5", "Z9", "A99999999999999999999", "99999999999999999999", "9" * 5000,
    "1 "+"9" * 5000, "²", "٣", "１", "①", "½", "A²", "＃1", "#1", "第1步", "review", "@李四",
    "@王五 5 4 5", "@张三 @李四", "@", "＠王五", "3天", "-3天", "０天", "下一步", "跳过", "延期",
    "延期 3天", "延期 -3天", "取消", "负责", "负责 @李四", "负责 @李四 第2步",
    "链接 https://example.org", "链接 javascript:x", "每月", "新", "新 样样都有",
    "新 实践与线上总结 今天", "新 实践与线上总结 0001-01-01", "新 实践与线上总结 9999-12-31", "列表",
    "合并 1 2", "合并 1 1", "合并 99999999999999999999 1", "2 合并到 1", "看", "改", "改 换一句话说",
    "撤回", "交", "继续", "1 很好", "99999999999999999999 好", "一段写得足够长的心里话", "选 A1",
    "不选 A1", "同意", "发", "预览", "+1", "+9", "1.1 好", "1.9", "x" * 3000, "字" * 6000, "\n",
    "A1\n5 4 5", "\x00", "\ud800", "\u202e",
)  # fmt: skip


class Everything(Talk):
    """Every stage is open, two reflections are in, and reviewing has begun."""

    cycle: Cycle

    async def open(self) -> None:
        group = await self.begin("张三", "李四", "王五")
        ids = Ids(2)
        self.tick = Tick(self.database, ids, JOBS, lambda: self.now, lambda: None)
        self.cycle = await self.database.transaction(
            cycle.begin, ids, group, EVERYTHING, date(2026, 3, 2), by=ZHANG, now=NOW
        )
        await self.later(2 * HOUR)
        for person in (LI, WANG):
            await self.say(person, "心得 读到的道理，要做一件小事试试。", group=None)
            await self.say(person, "提问 书上说的第三点怎么做？")
        await self.later(DAY)

    async def later(self, passing: int) -> None:
        self.now += passing
        await self.tick.run()

    async def names(self) -> list[str]:
        """What buttons name things by."""
        works = await self.database.read(reflections.of_cycle, 7, self.cycle.id)
        stages = [f"{brief(self.cycle.id)}_{place}" for place in (*range(len(_KINDS)), 99)]
        return [*stages, brief(self.cycle.id), *(brief(one.id) for one in works), brief(LI)]


@pytest.fixture
async def everything(database: Database) -> Everything:
    found = Everything(database)
    await found.open()
    return found


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_that_is_typed_in_an_activity_is_a_fault_of_ours(
    everything: Everything, seed: int
) -> None:
    dice = random.Random(seed)
    words = [word for name in _OF_CYCLES for each in WORDS.commands.get(name, {}).values() for word in each]
    with structlog.testing.capture_logs() as logs:
        for _ in range(200):
            text = f"{dice.choice(words)} {dice.choice(_ODD)}{dice.choice(['', ' ' + dice.choice(_ODD)])}"
            mentions = (Mention(name="李四", user_id=f"u{LI}"),) if dice.random() < 0.1 else ()
            attached = (Attachment(kind=dice.choice(["photo", "document"]), file_id="f", name="a.x"),)
            await everything.hear(
                everything.event(
                    dice.choice(PEOPLE),
                    text,
                    group=dice.choice([7, None]),
                    mentions=mentions,
                    attachments=attached if dice.random() < 0.1 else (),
                )
            )
            await everything.later(dice.choice([0, 0, 0, 0, HOUR]))
    assert not logs, [(log["event"], repr(log.get("exc_info"))) for log in logs]


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_that_is_pressed_in_an_activity_is_a_fault_of_ours(
    everything: Everything, seed: int
) -> None:
    dice = random.Random(seed)
    actions = [command.name for command in COMMANDS]
    parts = [
        *await everything.names(),
        "",
        "0",
        "1",
        "5",
        "99",
        "-1",
        "9" * 19,
        "zzzzzzzzzzzzz",
        "x",
        "_",
        "+",
    ]
    with structlog.testing.capture_logs() as logs:
        for _ in range(300):
            letter = dice.choice(["", *"abcdefghijklmnopqrstuvwxyz"])
            arg = "_".join([letter, *(dice.choice(parts) for _ in range(dice.choice([0, 1, 1, 1, 2])))])[:30]
            payload = everything.button(dice.choice(actions), arg.strip("_" if dice.random() < 0.5 else " "))
            await everything.press(dice.choice(PEOPLE), payload, group=dice.choice([7, None]))
            await everything.later(dice.choice([0, 0, 0, 0, HOUR]))
    assert not logs, [(log["event"], repr(log.get("exc_info"))) for log in logs]
