"""An activity with reflections, reviews, an evaluation and a newsletter, its rows written directly and its time moved by hand."""

from __future__ import annotations

from datetime import date

import orjson

from bot.core import JOBS
from content.texts import Texts
from domain.cycle import Cycle, Stage
from domain.group import Group
from domain.ids import Ids
from domain.message import Line, Message
from domain.newsletter import Consent, Newsletter
from domain.template import StageSpec, Template, When
from scheduler import cycle as time_of
from scheduler.tick import Tick
from storage import cycles, newsletters
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group

ZHANG, LI, WANG = FIRST_PERSON, FIRST_PERSON + 1, FIRST_PERSON + 2
START = date(2026, 3, 2)
ASKED = ("这次活动对您有多大帮助？（1–5）", "哪个环节最好？", "下次希望怎么改？")
NAMES = ("张三", "李四", "王五")
TEXTS = Texts.load()
EVALUATION = StageSpec(
    key="evaluation",
    kind="evaluation",
    title="评价",
    opens=When(days=1),
    closes=When(days=4, at=20 * 60),
    questions=ASKED,
)


def plan(*, reviewed: bool = True, asked: tuple[str, ...] = ASKED) -> Template:
    """On the first day something is written, from the second to the fifth it is evaluated, then comes the newsletter."""
    kinds = ("reflection", "review") if reviewed else ("reflection",)
    stages = [
        StageSpec.model_validate({"key": kind, "kind": kind, "title": kind, "closes": {"at": 20 * 60}})
        for kind in kinds
    ]
    letter = StageSpec(
        key="newsletter",
        kind="newsletter",
        title="简报",
        opens=When(after="evaluation", days=1),
        closes=When(after="newsletter", days=2),
    )
    evaluation = EVALUATION.model_copy(update={"questions": asked})
    return Template(key="round", title="三月实践", stages=(*stages, evaluation, letter))


class RoundingUp:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.ids = Ids(1)
        self.tick = Tick(database, self.ids, JOBS, lambda: self.now, lambda: None)
        self.group: Group
        self.cycle: Cycle

    async def begin(self, template: Template | None = None, names: tuple[str, ...] = NAMES) -> None:
        self.group = await self.database.transaction(found_group, 7, names)
        await self.again(template)

    async def again(self, template: Template | None = None) -> None:
        self.cycle = await self.database.transaction(
            time_of.begin,
            self.ids,
            self.group,
            template or plan(),
            self.group.settings.day(self.now),
            by=ZHANG,
            now=self.now,
        )

    async def at(self, now: int) -> list[tuple[int, str]]:
        """Let it become ``now``: (person, 0 for the group; what was said) since."""
        before = await self.database.read(_newest)
        self.now = now
        await self.tick.run()
        return [
            (person, shown(body)) for id, person, body in await self.database.read(_bodies) if id > before
        ]

    async def stage(self, kind: str) -> Stage:
        return next(
            one for one in await self.database.read(cycles.stages, self.cycle) if one.spec.kind == kind
        )

    async def write(self, number: int, person: int, body: str = "今天去看望老人。", *hashes: str) -> int:
        """A reflection that was handed in, with photos that are there."""
        return await self.database.transaction(
            _write, self.cycle, self.ids.next(self.now), number, person, body, hashes
        )

    async def review(self, reflection: int, person: int, *scores: int, kind: str = "allotted") -> None:
        await self.database.transaction(_review, self.cycle, reflection, person, kind, scores)

    async def letter(self) -> Newsletter:
        return await self.database.transaction(newsletters.begin, self.cycle, ZHANG, self.now)

    async def agree(self, *reflections: int, consent: Consent = "yes") -> None:
        letter = await self.letter()
        for one in reflections:
            await self.database.transaction(newsletters.pick, letter, one, self.now)
            await self.database.transaction(newsletters.set_consent, 7, one, consent)


def shown(body: str) -> str:
    message = Message.parse(body)
    lines: list[Line] = [message.title] if message.title else []
    return " / ".join(TEXTS.say("zh", one) for one in (*lines, *message.lines))


async def _newest(tx: Tx) -> int:
    row = await tx.one("SELECT coalesce(max(id), 0) FROM outbox")
    return int(row[0]) if row else 0


async def _bodies(tx: Tx) -> list[tuple[int, int, str]]:
    rows = await tx.all("SELECT id, person_id, body FROM outbox ORDER BY id")
    return [(int(id), int(person), str(body)) for id, person, body in rows]


async def _write(
    tx: Tx, cycle: Cycle, id: int, number: int, person: int, body: str, hashes: tuple[str, ...]
) -> int:
    await tx.run(
        """INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person,
             at, changed_at, handed_at)
           VALUES (:group, :id, :cycle, 0, :number, :person, 'handed', :body, :person, :now, :now, :now)""",
        group=cycle.group_id,
        id=id,
        cycle=cycle.id,
        number=number,
        person=person,
        body=body,
        now=NOW,
    )
    await tx.many(
        """INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, hash, width, height, at)
           VALUES (:group, :id, :place, 'there', 'photo', '{}', :hash, 800, 600, :now)""",
        [
            {"group": cycle.group_id, "id": id, "place": place, "hash": hash, "now": NOW}
            for place, hash in enumerate(hashes)
        ],
    )
    return id


async def _review(
    tx: Tx, cycle: Cycle, reflection: int, person: int, kind: str, scores: tuple[int, ...]
) -> None:
    await tx.run(
        """INSERT INTO reviews (group_id, reflection_id, person_id, cycle_id, kind, state, scores, asked_at, done_at)
           VALUES (:group, :reflection, :person, :cycle, :kind, 'done', :scores, :now, :now)""",
        group=cycle.group_id,
        reflection=reflection,
        person=person,
        cycle=cycle.id,
        kind=kind,
        scores=orjson.dumps(list(scores)).decode(),
        now=NOW,
    )
