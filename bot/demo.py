"""The demonstration: a sample group of six with some days behind it, and a clock that visitors move.

Its history is lived, not written: the same program hears six people for six days, on a clock that runs through them.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import VirtualClock
from bot.core import Core
from bot.demo_cycle import SamplePeople
from bot.passage import Delivered, Passage
from domain.day import HOUR, instant
from domain.group import Chat, Group, Role, Settings
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line, line
from scheduler import cycle, review, rhythm
from storage import due, groups, installation, members, outbox, talk
from storage.tx import Database, Tx
from web.demo import Step
from web.hub import Hub

ZONE = "Asia/Shanghai"
TODAY = date(2026, 3, 2)
"""A Monday; the group has studied since the Tuesday before, so that a seventh day in a row comes with today's closing."""
OPENS_AT = 7 * 60 + 20
"""Minutes: the visitor arrives ten minutes before the morning's item."""
DAYS_BEHIND = 6
PEOPLE = ("张三", "李四", "王五", "赵六", "孙七", "周八")
SECRETARY = "张三"
GROUP = "一支部学习群"
NOTES = ("读完了", "这一段以前不知道，记下了", "和家里人也讲了讲", "今天读了两遍", "想一想的问题很有意思", "")
_EVENTS = {
    rhythm.PUSH: line("demo.push"),
    rhythm.QUIZ: line("demo.quiz"),
    rhythm.REMIND: line("demo.remind"),
    rhythm.CLOSE: line("demo.close"),
    rhythm.RESUME: line("demo.resume"),
    review.REVIEW: line("demo.review"),
    cycle.STAGE: line("demo.stage"),
}
"""What time brings, by the kind of its due row."""
_LOOKS, _LOOK_SECONDS = 600, 0.005


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did on one of the days behind."""

    at: int
    who: int
    words: str


class Demonstration:
    def __init__(
        self,
        database: Database,
        core: Core,
        clock: VirtualClock,
        hub: Hub,
        pack: str,
        rng: random.Random,
        people: SamplePeople,
    ) -> None:
        self._database = database
        self._core = core
        self._clock = clock
        self._hub = hub
        self._pack = pack
        self._rng = rng
        self._people = people
        self._group = 0
        self._moving = asyncio.Lock()

    @property
    def now(self) -> int:
        return self._clock()

    async def open(self) -> None:
        """Carry on where the demonstration was left, or begin it."""
        known = await self._database.read(groups.all_groups)
        shift = await self._database.read(installation.value, installation.DEMO_SHIFT)
        if known and shift is not None:
            self._group = known[0].id
            self._clock.set_shift(int(shift))
        else:
            await self._database.transaction(installation.wipe_groups)
            await self._begin(self._sent)

    async def personas(self) -> list[tuple[int, str, Role]]:
        everybody = await self._database.read(members.in_group, self._group)
        return [(m.id, m.name, m.role) for m in everybody]

    async def advance(self, step: Step, visitor: int) -> Line | None:
        """Move the clock, living through everything on the way. Whoever is pressed meanwhile waits."""
        async with self._moving:
            coming = await self.next_event()
            target = await self._target(step, coming)
            if target is None:
                return line("demo.nothing_planned")
            await self._passage(self._flushed, visitor, leaping=step == "stage").until(target)
            await self._keep_clock()
            return coming[1] if step == "event" and coming else None

    async def next_event(self) -> tuple[int, Line] | None:
        planned = await self._database.read(due.upcoming, self._group)
        held = await self._database.read(outbox.next_waiting)
        if held is not None and held > self.now and (planned is None or held < planned.at):
            return held, line("demo.held")
        return (planned.at, _EVENTS.get(planned.kind, line("demo.other"))) if planned else None

    async def offers_activity(self) -> bool:
        return await self._people.offers(self._group)

    async def begin_activity(self) -> None:
        async with self._moving:
            if await self._people.offers(self._group):
                await self._people.begin(self._group, self.now)
                self._core.wake_senders()

    async def start_over(self) -> None:
        """Forget everything and live through the sample days again."""
        async with self._moving:
            await self._database.transaction(installation.wipe_groups)
            self._people.forget()
            await self._begin(self._flushed)
        self._hub.renewed()

    async def _target(self, step: Step, coming: tuple[int, Line] | None) -> int | None:
        if step == "event":
            return coming[0] if coming else None
        if step == "stage":
            return await self._people.next_stage(self._group, self.now)
        if step == "hour":
            return self.now + HOUR
        tomorrow = Settings().day(self.now) + timedelta(days=1)
        return instant(tomorrow, OPENS_AT, ZONE)

    async def _begin(self, delivered: Delivered) -> None:
        first = TODAY - timedelta(days=DAYS_BEHIND)
        self._clock.restart(instant(first, 7 * 60, ZONE))
        group, people = await self._database.transaction(self._found)
        self._group = group.id
        passage = self._passage(delivered)
        for act in self._acts(first):
            await passage.until(act.at)
            await self._do(group, people[act.who], PEOPLE[act.who], act)
        await passage.until(instant(TODAY, OPENS_AT, ZONE))
        await self._keep_clock()

    def _passage(self, delivered: Delivered, visitor: int = 0, *, leaping: bool = False) -> Passage:
        """``visitor`` is whom somebody plays, who does nothing by themselves."""

        async def live() -> int | None:
            await self._core.run_due()
            acts_at = await self._people.act(self._group, self.now, visitor, leaping=leaping)
            later = [at for at in (await self._core.run_due(), acts_at) if at is not None]
            return min(later, default=None)

        return Passage(self._clock, live, delivered)

    async def _keep_clock(self) -> None:
        await self._database.transaction(installation.keep, installation.DEMO_SHIFT, str(self._clock.shift))

    async def _sent(self) -> int | None:
        """Before the program runs, the senders are driven from here."""
        later = [at for sender in self._core.senders if (at := await sender.drain()) is not None]
        return min(later, default=None)

    async def _flushed(self) -> int | None:
        """While it runs, they are waited for: until nothing may be said that has not been."""
        self._core.wake_senders()
        for _ in range(_LOOKS):
            waiting = await self._database.read(outbox.next_waiting)
            if waiting is None or waiting > self.now:
                return waiting
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    def _acts(self, first: date) -> list[Act]:
        """Six days, told in the order of their minutes: most take part on most days, one never misses."""
        acts = []
        for n in range(DAYS_BEHIND):
            day = first + timedelta(days=n)
            for who in range(len(PEOPLE)):
                if who == 1 or self._rng.random() < 0.7:
                    at = instant(day, self._rng.randrange(7 * 60 + 32, 21 * 60), ZONE)
                    note = self._rng.choice(NOTES)
                    acts.append(Act(at, who, f"打卡 {note}".strip()))
        return sorted(acts, key=lambda act: act.at)

    async def _do(self, group: Group, person: int, name: str, act: Act) -> None:
        chat = f"g{group.id}"
        said = self._core.ids.next(act.at)
        words = talk.Said(
            chat_id=chat,
            id=said,
            sender_id=str(person),
            sender_name=name,
            at=act.at,
            version=said,
            body=talk.Body(text=act.words),
        )
        await self._database.transaction(talk.append, words)
        await self._core.dispatcher.hear(
            Incoming(
                platform="browser",
                account="site",
                event_id=f"sample-{said}",
                chat_id=chat,
                message_id=str(said),
                sender_id=str(person),
                sender_name=name,
                text=act.words,
                is_group=True,
                sent_at=act.at,
            )
        )

    async def _found(self, tx: Tx) -> tuple[Group, list[int]]:
        now, ids = self.now, self._core.ids
        group = Group(ids.next(now), GROUP, Settings(pack=self._pack))
        await groups.add(tx, group, now)
        chat = Chat("browser", "site", f"g{group.id}")
        await groups.bind(tx, chat, group.id, GROUP, now, hears_all=True)
        await rhythm.plan(tx, group, now)
        return group, [await _settle_in(tx, ids, group, name, now + n) for n, name in enumerate(PEOPLE)]


async def _settle_in(tx: Tx, ids: Ids, group: Group, name: str, now: int) -> int:
    person = ids.next(now)
    await members.add_person(tx, person, name, now)
    await members.know_account(tx, "browser", "site", str(person), person, chat_id=f"p{person}")
    await members.know_account(tx, "browser", "site", str(person), person, group_id=group.id)
    role = Role.SECRETARY if name == SECRETARY else Role.MEMBER
    await members.join(tx, group.id, person, name, role, now)
    return person
