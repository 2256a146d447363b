"""A group in whose activity reflections are written, spoken to through the dispatcher."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.core import JOBS
from content.texts import Texts
from domain.cycle import Cycle, Stage
from domain.day import HOUR
from domain.group import Group
from domain.ids import Ids, brief
from domain.incoming import Attachment
from domain.message import Message
from domain.template import StageSpec, Template, When
from handlers.reflection_board import compose_reflections
from scheduler import cycle
from scheduler.tick import Tick
from storage import cycles, pictures, reflections
from storage.pictures import Picture
from storage.reflections import Reflection
from storage.tx import Tx
from tests.storage.founding import NOW
from tests.storage.test_dispatcher import LI, ZHANG, Talk

TEXTS = Texts.load()
BODY = "我们去社区帮老人打扫屋子，听他们讲从前的事，也想好了下个月再去看他们。"
ENOUGH = 30
START = date(2026, 3, 2)
PLAN = Template(
    key="writing",
    title="三月实践",
    stages=(
        StageSpec(
            key="reflection",
            kind="reflection",
            title="心得",
            closes=When(days=2, at=18 * 60),
            chars=ENOUGH,
        ),
        StageSpec(
            key="review",
            kind="notice",
            title="互评",
            opens=When(after="reflection", days=1),
            closes=When(after="review", days=1),
        ),
    ),
)


REVIEWED = PLAN.model_copy(
    update={"stages": (PLAN.stages[0], PLAN.stages[1].model_copy(update={"kind": "review"}))}
)
"""With a real review to come."""


class Writing(Talk):
    """`stage` is the open stage of reflections; it closes on the third day, and `lock` opens what stands for the review."""

    group: Group
    cycle: Cycle

    async def open(self, plan: Template = PLAN) -> None:
        self.group = await self.begin("张三", "李四", "王五")
        self.ids = Ids(2)
        self.tick = Tick(self.database, self.ids, JOBS, lambda: self.now, lambda: None)
        self.cycle = await self.database.transaction(
            cycle.begin, self.ids, self.group, plan, START, by=ZHANG, now=NOW
        )
        await self.at(NOW + 2 * HOUR)
        await self.said()

    async def at(self, now: int) -> None:
        self.now = now
        await self.tick.run()

    async def later(self, passing: int) -> None:
        await self.at(self.now + passing)

    async def lock(self) -> None:
        """The review of the cycle has opened."""
        await self.database.transaction(_turn_review, self.cycle, "open")

    async def end(self) -> None:
        """The review of the cycle is over."""
        await self.database.transaction(_turn_review, self.cycle, "closed")

    async def stages(self) -> tuple[Stage, ...]:
        return await self.database.read(cycles.stages, self.cycle)

    async def tell(self, person: int, text: str = "", *, group: int | None = 7, **more: Any) -> list[str]:
        """What is said in answer, in words; boards and marks by their sign."""
        self.now += 1000
        await self.hear(self.event(person, text, group=group, **more))
        return await self.words()

    async def tap(self, person: int, message: Message, label: str, *, group: int | None = None) -> list[str]:
        """Press the button of that label; the passing note it is answered with comes first."""
        [found] = [one for row in message.buttons for one in row if one.label.key == label]
        self.now += 1000
        answer = await self.press(person, self.button(found.action, found.arg, only=found.only), group=group)
        return [*([answer.toast] if answer.toast else []), *await self.words()]

    async def words(self) -> list[str]:
        self.last = await self.messages()
        return [said for message in self.last for said in _words(message)]

    async def own(self, person: int = LI) -> list[Reflection]:
        return await self.database.read(reflections.of_person, 7, person, self.cycle.id)

    async def only(self, person: int = LI) -> Reflection:
        [one] = await self.own(person)
        return one

    async def photos(self, one: Reflection) -> list[Picture]:
        return await self.database.read(pictures.of_reflection, 7, one.id)

    async def board(self) -> list[str]:
        arg = f"{brief(self.cycle.id)}_0"
        board = await self.database.read(compose_reflections, 7, arg, self.now)
        assert board is not None and board.title is not None
        return [TEXTS.say("zh", board.title), *_words(board)]


def photo(name: str, album: str | None = None, kind: Any = "photo") -> tuple[Attachment, ...]:
    file_name = name if "." in name else ""
    return (Attachment(kind=kind, file_id=name, size=1000, album_id=album, name=file_name),)


def _words(message: Message) -> list[str]:
    if message.live:
        return [f"<{message.live.kind}>"]
    if message.react:
        return [message.react]
    return [TEXTS.say("zh", one) for one in message.lines]


async def _turn_review(tx: Tx, cycle: Cycle, state: str) -> None:
    await tx.run(
        "UPDATE stages SET kind = 'review', state = :state WHERE group_id = 7 AND cycle_id = :c AND place = 1",
        state=state,
        c=cycle.id,
    )
