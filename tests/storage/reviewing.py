"""A group whose reflections are being reviewed, with its time moved by hand."""

from __future__ import annotations

from datetime import date

from bot.core import JOBS
from domain.cycle import Cycle, Stage
from domain.group import Group
from domain.ids import Ids
from domain.message import Message
from domain.peer import ReviewKind
from domain.template import StageSpec, Template, When
from scheduler import cycle as time_of
from scheduler import leaving
from scheduler.tick import Tick
from storage import cycles, members, reviews
from storage.reviews import Review
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, found_group, settle

START = date(2026, 3, 2)


def plan(each: int = 2, comment: int = 0, *, blind: bool = True) -> Template:
    """Reflections on the first day, reviews from the second at nine to the seventh at eight in the evening."""
    return Template(
        key="exchange",
        title="读后互评",
        stages=(
            StageSpec(key="reflection", kind="reflection", title="心得", closes=When(days=0, at=20 * 60)),
            StageSpec(
                key="review",
                kind="review",
                title="互评",
                opens=When(days=1, at=9 * 60),
                closes=When(days=6, at=20 * 60),
                reviews=each,
                comment_chars=comment,
                blind=blind,
                remind=False,
            ),
        ),
    )


class Reviewing:
    def __init__(self, database: Database, group_id: int = 7) -> None:
        self.database = database
        self.group_id = group_id
        self.now = NOW
        self.ids = Ids(1)
        self.tick = Tick(database, self.ids, JOBS, lambda: self.now, lambda: None)
        self.group: Group
        self.cycle: Cycle

    async def begin(self, names: tuple[str, ...], template: Template) -> None:
        self.group = await self.database.transaction(found_group, self.group_id, names)
        self.cycle = await self.database.transaction(
            time_of.begin, self.ids, self.group, template, START, by=FIRST_PERSON, now=self.now
        )

    async def begin_and_open(self, size: int, each: int = 2) -> None:
        """Everybody has handed in, and reviewing has begun. The works are 1 … size, of the people in their order."""
        await self.begin(tuple(f"同志{n}" for n in range(size)), plan(each))
        for n in range(size):
            await self.hand_in(FIRST_PERSON + n, n + 1)
        stage = await self.stage()
        await self.at(stage.opens_at)

    async def stage(self) -> Stage:
        return (await self.database.read(cycles.stages, self.cycle))[1]

    async def at(self, now: int) -> None:
        self.now = now
        await self.tick.run()

    async def hand_in(self, person: int, number: int, body: str = "读书贵恒。") -> None:
        await self.database.transaction(self._hand_in, person, number, body)

    async def _hand_in(self, tx: Tx, person: int, number: int, body: str) -> None:
        await tx.run(
            """INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person,
                                        at, changed_at, handed_at)
               VALUES (:group, :id, :cycle, 0, :number, :person, 'handed', :body, :person, :now, :now, :now)""",
            group=self.group_id,
            id=self.work(number),
            cycle=self.cycle.id,
            number=number,
            person=person,
            body=body,
            now=self.now,
        )
        await reviews.repair_soon(tx, self.group_id, self.now)

    def work(self, number: int) -> int:
        return self.group_id * 1000 + number

    async def join(self, person: int, name: str) -> None:
        await self.database.transaction(settle, self.group_id, person, name, now=self.now)

    async def leave_group(self, person: int) -> None:
        await self.database.transaction(self._leave_group, person)

    async def _leave_group(self, tx: Tx, person: int) -> None:
        member = await members.find(tx, self.group_id, person)
        assert member is not None
        await leaving.leave(tx, self.ids, self.group, member, self.now)

    async def review(
        self,
        person: int,
        number: int,
        scores: tuple[int, ...],
        comment: str = "写得实在",
        kind: ReviewKind = "allotted",
    ) -> None:
        await self.database.transaction(self._review, person, number, scores, comment, kind)

    async def _review(
        self, tx: Tx, person: int, number: int, scores: tuple[int, ...], comment: str, kind: ReviewKind
    ) -> None:
        await reviews.write(
            tx,
            self.cycle,
            self.work(number),
            person,
            kind,
            scores=scores,
            comment=comment,
            done=True,
            now=self.now,
        )

    async def reviews(self) -> list[Review]:
        return await self.database.read(reviews.of_stage, self.cycle, 1)

    async def allotted(self) -> set[tuple[int, int]]:
        """(reviewer, work) of those asked for or done."""
        return {
            (one.person_id, one.reflection_id)
            for one in await self.reviews()
            if one.kind == "allotted" and one.state != "dropped"
        }

    async def told(self, person: int = 0) -> list[Message]:
        """What was said to this person in private, or to the group."""
        return await self.database.read(_told, self.group_id, person)


async def _told(tx: Tx, group_id: int, person: int) -> list[Message]:
    rows = await tx.all(
        "SELECT body FROM outbox WHERE group_id = :group AND person_id = :person ORDER BY id",
        group=group_id,
        person=person,
    )
    return [Message.parse(row[0]) for row in rows]


def keys(messages: list[Message]) -> list[str]:
    return [one.key for message in messages for one in message.lines]
