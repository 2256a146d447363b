"""A whole activity that is lived through by processes which die: a database, a clock that only the test moves, and deaths where it says."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from bot.core import Core, Given
from content.cycles import shipped_templates
from content.pictures import Kept
from content.points import shipped_rules
from content.texts import Texts
from content.words import Words
from domain.day import DAY
from domain.incoming import Attachment, Incoming, Mention
from domain.message import Message
from domain.outgoing import Outgoing
from storage import due, outbox
from storage.media import FolderStore
from storage.tx import Database, StorageError, Tx
from tests.faults.fake_transport import FakeTransport
from tests.storage.founding import ACCOUNT, FIRST_PERSON, NOW, PLATFORM, found_group

T = TypeVar("T")
TEXTS, WORDS, TEMPLATES, RULES = Texts.load(), Words.load(), shipped_templates(), shipped_rules()
NAMES = ("张三", "李四", "王五")
DOWN = 10_000
"""Milliseconds until it is started again, if nothing else is said: its lease of the lane has run out."""
MOST_DEATHS = 2_000
Dies = Callable[[str], bool]
"""Whether the process dies at this point of what it does; asked once each time it comes there."""


def never(point: str) -> bool:
    return False


class _Unwritten(BaseException):
    """The transaction that the death came into."""


class Process:
    """One life of the program. After its death nothing of it happens any more."""

    def __init__(self, life: Lives, number: int) -> None:
        self._life = life
        self._dead = asyncio.Event()
        self._stuck: set[asyncio.Task[Any]] = set()
        """What would go on if it lived."""
        self.transport = _Platform(self)
        core = Core(
            Given(
                database=_Disk(self, life.database),
                clock=lambda: life.now,
                rng=random.Random(1),
                key=b"k" * 32,
                new_token=lambda: "token",
                owner=f"process {number}",
                worker=number % 1024,
                public_url="https://xueban.example",
                templates=TEMPLATES,
                rules=RULES,
                facts={PLATFORM: _Facts(self)},
                photos=FolderStore(life.folder, lambda: life.now),
            ),
            TEXTS,
            WORDS,
        )
        core.fetcher._develop = _develop
        self.core = core
        self.sender = core.speak_through(self.transport)

    async def point(self, name: str) -> None:
        """It comes to a point at which it may die; if so, this never returns."""
        if self.dead or self._life.dies(name):
            self._dead.set()
            if me := asyncio.current_task():
                self._stuck.add(me)
            await asyncio.Event().wait()

    @property
    def dead(self) -> bool:
        return self._dead.is_set()

    async def do(self, work: Awaitable[T]) -> T | None:
        """None where it died in the middle."""
        doing, death = asyncio.ensure_future(work), asyncio.create_task(self._dead.wait())
        await asyncio.wait((doing, death), return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if not self.dead:
            return doing.result()
        doing.cancel()
        with suppress(asyncio.CancelledError, StorageError):
            await doing
        await asyncio.sleep(0)
        await self.bury()
        return None

    async def bury(self) -> None:
        """Nothing of it is left waiting."""
        for task in self._stuck:
            task.cancel()
        await asyncio.gather(*self._stuck, return_exceptions=True)


class _Disk:
    """The database as this process reaches it, which may die before its commit, or right after."""

    def __init__(self, process: Process, database: Database) -> None:
        self._process = process
        self._database = database
        self.read: Any = database.read
        self.busy = False

    async def transaction(self, fn: Callable[..., Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
        if self._process.dead:
            raise StorageError("this process is dead")
        name = getattr(fn, "__qualname__", "?")
        life = self._process._life
        if life.dies(f"before {name}"):

            async def unwritten(tx: Tx) -> None:
                await fn(tx, *args, **kwargs)
                raise _Unwritten

            with suppress(_Unwritten):
                await self._database.transaction(unwritten)
            life.die_next = True
        else:
            found = await self._database.transaction(fn, *args, **kwargs)
        await self._process.point(f"after {name}")
        return found

    async def close(self) -> None:
        """It is somebody else's."""


class _Platform(FakeTransport):
    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process = process

    async def send(self, out: Outgoing) -> Any:
        await self._process.point("send")
        self._process._life.shown.append((out.chat_id, out.text))
        found = await super().send(out)
        await self._process.point("sent")
        return found


class _Facts:
    def __init__(self, process: Process) -> None:
        self._process = process

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return False

    async def hears_everything(self, chat_id: str) -> bool | None:
        return True

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        await self._process.point("fetch")
        return f"picture {attachment.file_id}".encode()


def _develop(content: bytes) -> Kept:
    return Kept("photo", content, b"", 4, 3, "")


class Lives:
    """An activity in a group of three, and the processes that carry it. ``dies`` decides where each of them ends."""

    def __init__(self, database: Database, folder: Path, dies: Dies = never, down: int = DOWN) -> None:
        self.database = database
        self.folder = folder
        self.now = NOW
        self.down = down
        self.shown: list[tuple[str, str]] = []
        """(chat, text) of all that the platform has shown."""
        self.said: Counter[tuple[int, str]] = Counter()
        self.times: dict[tuple[str, str], int] = {}
        """What was queued in the end, and when its stages turned, for whoever looks after its database is closed."""
        self.deaths = 0
        self.die_next = False
        self._dies: Dies = never
        self._planned = dies
        self._events = 0
        self._dead: list[Process] = []
        self.process = Process(self, 0)

    def dies(self, point: str) -> bool:
        found, self.die_next = self.die_next or self._dies(point), False
        return found

    async def found(self) -> None:
        """The group, and its activity; nobody dies before."""
        await self.database.transaction(found_group, 7, NAMES)
        await self.hear("张三", "活动 新 实践与线上总结 今天 三月实践")
        self._dies = self._planned

    # --- time ------------------------------------------------------------------------------------------------------------

    async def until(self, then: int) -> None:
        """Through every instant at which something is to be done."""
        while (at := await self._next()) is not None and at <= then:
            self.now = max(self.now, at)
            await self._settle()
        self.now = max(self.now, then)
        await self._settle()

    async def _next(self) -> int | None:
        found = [
            await self.database.read(due.next_at),
            await self.database.read(due.first_at, due.FETCH),
            await self.database.read(outbox.next_waiting),
        ]
        return min((at for at in found if at is not None), default=None)

    async def _settle(self) -> None:
        while True:
            await self._do(lambda process: process.core.run_due())
            await self._do(lambda process: process.sender.drain())
            at = await self._next()
            if at is None or at > self.now:
                return

    async def _do(self, work: Callable[[Process], Awaitable[T]]) -> T | None:
        """By this process, or by one of those after it."""
        while True:
            done = await self.process.do(work(self.process))
            if not self.process.dead:
                return done
            self.deaths += 1
            assert self.deaths < MOST_DEATHS, "it gets nowhere"
            self.now += self.down
            self._dead.append(self.process)
            self.process = Process(self, self.deaths)

    # --- people ----------------------------------------------------------------------------------------------------------

    async def hear(self, who: str, text: str, *, group: bool = False, photo: str = "") -> None:
        """Said once, and delivered by the platform until somebody has heard it."""
        self._events += 1
        number = FIRST_PERSON + NAMES.index(who)
        said = Incoming(
            platform=PLATFORM,
            account=ACCOUNT,
            event_id=f"e{self._events}",
            message_id=f"m{self._events}",
            chat_id="-1007" if group else f"private{number}",
            sender_id=f"u{number}",
            sender_name=who,
            text=text,
            is_group=group,
            addressed=not group,
            sent_at=self.now,
            attachments=(Attachment(kind="photo", file_id=photo, size=10),) if photo else (),
            mentions=tuple(
                Mention(name=name, user_id=f"u{FIRST_PERSON + place}")
                for place, name in enumerate(NAMES)
                if f"@{name}" in text
            ),
        )
        await self._do(lambda process: process.core.dispatcher.hear(said))
        await self._settle()

    async def live_through(self) -> None:
        """From the first day to the end of it, as a group does."""
        await self.found()
        await self.until(NOW + 2 * 3_600_000)
        for who in ("李四", "王五"):
            await self.hear(who, "报名")
        await self.until(NOW + 5 * DAY)
        await self.hear("张三", "点名 @李四 @王五")
        await self.until(NOW + 6 * DAY)
        for who in NAMES:
            await self.hear(who, f"心得 {WRITTEN[who]}", group=True, photo=f"of {who}")
        await self.until(NOW + 10 * DAY + 3_600_000)
        for who, works in (("张三", "23"), ("李四", "13"), ("王五", "12")):
            for work in works:
                await self.hear(who, f"评 A{work} 5 4 5 写得很实在，读了很受启发，接下来怎么做也说清楚了。")
        await self.until(NOW + 13 * DAY + 2 * 3_600_000)
        await self.hear("李四", "反馈 1 5")
        await self.until(NOW + 40 * DAY)
        for process in self._dead:
            await process.bury()

    # --- what came of it -------------------------------------------------------------------------------------------------

    async def queued(self) -> Counter[tuple[int, str]]:
        """(person, keys) of everything that was queued to be said; boards, which are edited, aside."""
        return await self.database.read(_queued)

    async def stages(self) -> list[tuple[str, str, bool]]:
        """(key, state, whether it opened and closed in order) of every stage."""
        return await self.database.read(_stages)

    async def boundaries(self) -> dict[tuple[str, str], int]:
        """(key of a stage, ``opens`` or ``closes``) → when."""
        return await self.database.read(_boundaries)

    async def reflections(self) -> dict[int, tuple[int, str, str]]:
        """number → author, words, state of the photo."""
        return await self.database.read(_reflections)


WRITTEN = {
    who: f"{who}写："
    + "周六我们去了社区，帮独居的老人打扫屋子、换灯泡，听他们讲从前的事，也约好了下个月再去。" * 6
    for who in NAMES
}


async def _queued(tx: Tx) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for person, body in await tx.all("SELECT person_id, body FROM outbox"):
        said = Message.parse(body)
        if said.live is None and not said.react:
            lines = [*((said.title,) if said.title else ()), *said.lines]
            found[int(person), " / ".join(TEXTS.say("zh", one) for one in lines)] += 1
    return found


async def _stages(tx: Tx) -> list[tuple[str, str, bool]]:
    rows = await tx.all("SELECT key, state, opened_at, closed_at FROM stages ORDER BY cycle_id, place")
    return [
        (str(key), str(state), bool(opened and closed and opened <= closed))
        for key, state, opened, closed in rows
    ]


async def _boundaries(tx: Tx) -> dict[tuple[str, str], int]:
    rows = await tx.all("SELECT key, opens_at, closes_at FROM stages ORDER BY place")
    return {
        (str(key), turn): int(at)
        for key, opens, closes in rows
        for turn, at in (("opens", opens), ("closes", closes))
    }


async def _reflections(tx: Tx) -> dict[int, tuple[int, str, str]]:
    rows = await tx.all(
        """SELECT r.number, r.person_id, r.body, p.state FROM reflections r
           LEFT JOIN pictures p ON p.group_id = r.group_id AND p.reflection_id = r.id WHERE r.state = 'handed'"""
    )
    return {int(number): (int(person), str(body), str(photo)) for number, person, body, photo in rows}
