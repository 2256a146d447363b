"""The real program around a stage: real dispatcher, database, scheduler and senders, on a clock that only the transcript moves."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from bot.clock import VirtualClock
from bot.core import MAKERS, Core, Given
from bot.ingress import Answer, Facts
from bot.passage import Passage
from bot.sending.making import Maker
from bot.sending.sender import Sender
from content.cycles import parse_template, shipped_templates
from content.texts import Texts
from content.words import Words
from domain.group import Chat, Group, Role, Settings
from domain.incoming import Incoming
from domain.outgoing import Transport
from domain.pack import Item, Pack
from domain.question import Bank, Question
from handlers import COMMANDS
from handlers.call import Command
from scheduler import rhythm
from storage import banks, groups, members, packs, setup_codes, templates
from storage.tx import Database, Tx
from tests.transcripts.exchange import EXCHANGE
from tests.transcripts.shelf import MemoryStore

START = 1_772_380_800_000  # 2026-03-02T00:00+08:00
PUBLIC_URL = "https://xueban.example"
PACK = Pack(
    id="sample",
    title="三日小读",
    language="zh",
    description="",
    items=tuple(
        Item(key=f"day-{n}", title=title, body=body, source="《试读》", minutes=5)
        for n, title, body in (
            (1, "读书贵恒", "每天读一点，胜过一天读很多。"),
            (2, "温故知新", "昨天读过的，今天先想一想。"),
            (3, "学以致用", "读到的道理，做一件小事试试。"),
        )
    ),
)

BANK = Bank(
    id=PACK.id,
    title=PACK.title,
    language="zh",
    questions=(
        Question(
            key="often",
            kind="single",
            stem="读书贵在什么？",
            options=("一天读完", "每天一点", "只读一遍"),
            right=(1,),
            explanation="每天读一点，胜过一天读很多。",
            source="《试读》",
            topic="读书",
            item="day-1",
        ),
        Question(
            key="again", kind="truefalse", stem="温故可以知新。", right=(0,), topic="读书", item="day-2"
        ),
        Question(
            key="year",
            kind="fill",
            stem="中国共产党成立于____年。",
            answers=("1921",),
            explanation="1921年7月。",
            source="《试读》",
            topic="党史",
            item="day-3",
        ),
        Question(
            key="both",
            kind="multiple",
            stem="读书可以怎样读？",
            options=("独自读", "和大家一起读", "不读"),
            right=(0, 1),
            topic="读书",
        ),
        Question(
            key="who",
            kind="fill",
            stem="《共产党宣言》首个中文全译本的译者是____。",
            answers=("陈望道",),
            topic="党史",
        ),
    ),
)

READING = parse_template(
    """\
key: reading
title: 读书分享
about: 一起读一本书，读完说一说。
stages:
  - {key: announce, kind: notice, title: 发布, closes: {days: 2, at: "18:00"}, text: 这个月读《矛盾论》。}
  - key: share
    kind: notice
    title: 分享
    opens: {after: announce, days: 1, at: "19:00"}
    closes: {after: announce, days: 1, at: "21:00"}
  - key: thanks
    kind: notice
    title: 收尾
    opens: {after: share, days: 1}
    closes: {after: thanks, days: 1}
"""
)
"""An activity of notices, in which nobody owes anything: for what is the same for every kind of stage."""


class Works:
    def __init__(
        self,
        database: Database,
        texts: Texts,
        words: Words,
        *,
        commands: Sequence[Command] = COMMANDS,
        makers: Mapping[str, Maker] = MAKERS,
    ) -> None:
        self.database = database
        self.clock = VirtualClock(START)
        self._codes = random.Random(7)
        self._tokens = 0
        self._facts: dict[str, Facts] = {}
        self.photos = MemoryStore(self.clock)
        self.invitation: Callable[[str], str | None] = lambda payload: None
        """What the platform played on has for a link into a private chat."""
        self.core = Core(
            Given(
                database=database,
                clock=self.clock,
                rng=random.Random(1),
                key=b"transcript",
                new_token=self._new_token,
                owner="transcript",
                worker=1,
                public_url=PUBLIC_URL,
                invitation=lambda platform, account, payload: self.invitation(payload),
                facts=self._facts,
                photos=self.photos,
                templates=(*shipped_templates(), READING),
            ),
            texts,
            words,
            commands=commands,
            makers=makers,
        )
        self.passage = Passage(self.clock, self.core.run_due, self._delivered)

    @property
    def now(self) -> int:
        return self.clock()

    def _new_token(self) -> str:
        self._tokens += 1
        return f"token-{self._tokens}"

    def speak_through(self, transport: Transport, facts: Facts | None) -> Sender:
        if facts is not None:
            platform = transport.lane.partition(":")[0]
            self._facts[platform] = facts
        return self.core.speak_through(transport)

    async def hear(self, incoming: Incoming) -> Answer:
        return await self.core.dispatcher.hear(incoming)

    async def load_pack(self) -> None:
        await self.database.transaction(packs.save, PACK, self.now)

    async def load_template(self) -> None:
        await self.database.transaction(_keep_template, self.now)

    async def load_bank(self) -> None:
        await self.database.transaction(banks.save, BANK, self.now)

    async def _delivered(self) -> int | None:
        later = [at for sender in self.core.senders if (at := await sender.drain()) is not None]
        return min(later, default=None)

    async def code(self) -> str:
        shown = setup_codes.shown(self._codes.randrange(10**8))
        await self.database.transaction(setup_codes.make, setup_codes.digest(shown), self.now)
        return shown

    async def found_group(
        self,
        platform: str,
        account: str,
        chat_id: str,
        name: str,
        people: Sequence[tuple[str, str, str]],
        secretaries: Sequence[str],
    ) -> None:
        """A bound group with members; ``people`` are (name, user id, private chat id)."""
        await self.database.transaction(
            self._found, platform, account, chat_id, name, people, frozenset(secretaries)
        )

    async def _found(
        self,
        tx: Tx,
        platform: str,
        account: str,
        chat_id: str,
        name: str,
        people: Sequence[tuple[str, str, str]],
        secretaries: frozenset[str],
    ) -> None:
        group = Group(self.core.ids.next(self.now), name, Settings(pack=PACK.id))
        await groups.add(tx, group, self.now)
        chat = Chat(platform, account, chat_id)
        await groups.bind(tx, chat, group.id, name, self.now, hears_all=True)
        await rhythm.plan(tx, group, self.now)
        for person_name, user, private in people:
            person = await members.person_of(tx, platform, account, user)
            if person is None:
                person = self.core.ids.next(self.now)
                await members.add_person(tx, person, person_name, self.now)
                await members.know_account(tx, platform, account, user, person, chat_id=private)
            await members.note_told(tx, person, self.now)
            await members.know_account(tx, platform, account, user, person, group_id=group.id)
            role = Role.SECRETARY if person_name in secretaries else Role.MEMBER
            await members.join(tx, group.id, person, person_name, role, self.now)


async def _keep_template(tx: Tx, now: int) -> None:
    for (group_id,) in await tx.all("SELECT id FROM groups"):
        await templates.keep(tx, group_id, "exchange", EXCHANGE, 0, now)
