"""The program dies at every boundary of an activity's stages, and in every transaction of it: each stage still turns once, nobody is
reminded twice, and nobody's reflection is lost."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from time import time_ns

import pytest

from domain.day import HOUR
from storage import cycles
from storage.sqlite import SqliteDatabase
from storage.tx import Database
from tests.faults.lives import DOWN, NAMES, WRITTEN, Dies, Lives, never
from tests.faults.program import Program
from tests.platforms.fake_bot_api import FakeBotApi
from tests.storage.founding import FIRST_PERSON
from tests.transcripts.sample_photos import photo

STAGES = ("publish", "practice", "reflection", "review", "evaluation", "newsletter")
BOUNDARIES = tuple((stage, turn) for stage in STAGES for turn in ("opens", "closes"))
MOMENTS = {
    "before the due row is taken": "before Tick._take",
    "after the commit, before anything is sent": "after Tick._take",
    "in the middle of sending": "send",
    "when it was shown and not yet marked so": "sent",
}
"""Where in the work of a boundary the death comes; and, apart from these, in the middle of a picture being fetched."""
FEW = 6
"""More than a sender needs turns, or has messages in the air, to get anything said at all."""
REMINDERS = ("还在进行", "今天是最后一天", "提醒您", "请您读一读")


class EveryFew:
    """Dies whenever it comes to points of that name for the ``turn``-th time of `FEW`; between two deaths it gets a little further."""

    def __init__(self, *points: str, turn: int) -> None:
        self._points = points
        self._turn = turn
        self.seen: Counter[str] = Counter()

    def __call__(self, point: str) -> bool:
        if not point.startswith(self._points):
            return False
        self.seen[point] += 1
        return self.seen[point] % FEW == self._turn


class Once:
    """Dies at the first such point from that instant on, and is started again at another."""

    def __init__(self, point: str, at: int = 0, back_at: int = 0) -> None:
        self.point, self.at, self.back_at = point, at, back_at
        self.life: Lives
        self.died = False

    def __call__(self, point: str) -> bool:
        if self.died or not point.startswith(self.point) or self.life.now < self.at:
            return False
        self.died = True
        self.life.down = max(DOWN, self.back_at - self.life.now)
        return True


async def lived(database: Database, folder: Path, dies: Dies = never) -> Lives:
    life = Lives(database, folder, dies)
    if isinstance(dies, Once):
        dies.life = life
    await life.live_through()
    return life


@pytest.fixture(scope="module")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """The same activity without a death."""
    return asyncio.run(_undisturbed(sqlite_template, tmp_path_factory.mktemp("undisturbed")))


async def _undisturbed(template: Path, folder: Path) -> Lives:
    path = Path(shutil.copy(template, folder / "xueban.db"))
    database = await SqliteDatabase.open(path)
    life = await lived(database, folder / "media")
    life.said = await life.queued()
    life.times = await life.boundaries()
    await database.close()
    return life


async def check_that_nothing_is_lost(life: Lives) -> None:
    assert await life.stages() == [(stage, "closed", True) for stage in STAGES]
    handed = {person: (body, photo) for person, body, photo in (await life.reflections()).values()}
    assert handed == {FIRST_PERSON + n: (WRITTEN[who], "there") for n, who in enumerate(NAMES)}
    waiting = await life.database.read(cycles.running, 7)
    assert waiting == []


# --- in every transaction --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "turn"),
    [*((point, turn) for point in ("before ", "after ", "send", "sent") for turn in range(FEW)), ("fetch", 1), ("fetch", 2)],
)  # fmt: skip
async def test_everything_is_said_and_done_as_if_nobody_had_died(
    sqlite_database: SqliteDatabase, tmp_path: Path, undisturbed: Lives, point: str, turn: int
) -> None:
    """Over all turns every transaction was cut, every message was, and every picture."""
    life = await lived(sqlite_database, tmp_path / "media", EveryFew(point, turn=turn))
    assert life.deaths
    await check_that_nothing_is_lost(life)
    assert await life.queued() == undisturbed.said


async def test_the_same_wherever_it_can_die_on_both_engines(
    database: Database, tmp_path: Path, undisturbed: Lives
) -> None:
    dies = EveryFew("before ", "after ", "send", "sent", "fetch", turn=1)
    life = await lived(database, tmp_path / "media", dies)
    assert life.deaths > 30
    await check_that_nothing_is_lost(life)
    assert await life.queued() == undisturbed.said


# --- at every boundary, and started again much later -----------------------------------------------------------------------


@pytest.mark.parametrize(("stage", "turn"), BOUNDARIES)
async def test_killed_at_a_boundary_and_back_after_the_next_stage_should_have_opened(
    sqlite_template: Path, tmp_path: Path, undisturbed: Lives, stage: str, turn: str
) -> None:
    for number, point in enumerate(MOMENTS.values()):
        path = Path(shutil.copy(sqlite_template, tmp_path / f"{number}.db"))
        database = await SqliteDatabase.open(path)
        at = undisturbed.times[stage, turn]
        later = [opens for (_, turn), opens in undisturbed.times.items() if turn == "opens" and opens > at]
        life = await lived(
            database, tmp_path / f"media{number}", Once(point, at, min(later, default=at) + HOUR)
        )
        assert life.deaths == 1
        await check_that_nothing_is_lost(life)
        await check_that_nothing_is_doubled(life, undisturbed)
        await database.close()


async def test_killed_while_a_picture_is_fetched_and_back_after_the_review_has_opened(
    database: Database, tmp_path: Path, undisturbed: Lives
) -> None:
    back = undisturbed.times["review", "opens"] + HOUR
    life = await lived(database, tmp_path / "media", Once("fetch", 0, back))
    assert life.deaths == 1
    await check_that_nothing_is_lost(life)
    await check_that_nothing_is_doubled(life, undisturbed)


async def check_that_nothing_is_doubled(life: Lives, undisturbed: Lives) -> None:
    """Whatever is said is said once, and nobody is reminded of what they were not reminded of otherwise."""
    queued = await life.queued()
    assert set(queued.values()) == {1}
    for (person, text), _ in queued.items():
        if any(word in text for word in REMINDERS):
            assert (person, text) in undisturbed.said or "请您读一读" in text
    opened = Counter(text.split(" / ")[0] for (person, text) in queued if text.startswith("📌"))
    assert set(opened.values()) <= {1}


# --- the real program ------------------------------------------------------------------------------------------------------


def now() -> int:
    return time_ns() // 1_000_000


async def test_the_real_program_killed_as_stages_open_opens_each_once(
    program: Callable[..., Program],
) -> None:
    """While it is dead, the days until the next stage pass."""
    dice = Random(4)
    async with FakeBotApi(now) as fake:
        room, secretary = fake.group(-100, "一组"), fake.person(1, "张三")
        room.statuses[secretary.id] = "administrator"
        running = program().serve(fake, "polling")
        await running.start()
        for text in ("绑定", "设置 语言 中文", "设置 每日提醒 关", "活动 新 实践与线上总结 今天 三月实践"):
            fake.say(room, secretary, text)
            await fake.settled()
        running.kill()
        for stage in ("practice", "reflection", "review", "newsletter"):
            days_pass(running.folder / "data" / "xueban.db", stage)
            await running.start()
            await asyncio.sleep(dice.uniform(0, 1.2))
            if stage == "reflection":
                await until(lambda: state(running, "reflection") == "open")
                fake.fail("getFile", hang=True)
                fake.say(room, secretary, f"心得 {WRITTEN['张三']}", photo=fake.photo(photo(0.3)))
                await fake.settled()
            running.kill()
        days_pass(running.folder / "data" / "xueban.db", STAGES[-1])
        await running.start()
        await until(lambda: state(running, STAGES[-1]) == "open")
        await until(lambda: running.ledger.rows("SELECT state FROM pictures") == [("there",)])
        await running.stop()
    check_the_real_books(running)


def state(running: Program, stage: str) -> str:
    return str(running.ledger.value(f"SELECT state FROM stages WHERE key = '{stage}'"))


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 - another process has no event for us
            await asyncio.sleep(0.05)


def days_pass(path: Path, stage: str) -> None:
    """Everything that was planned comes nearer, until that stage is to open; and nobody sleeps, whatever the hour."""
    with closing(sqlite3.connect(path, timeout=5)) as connection, connection:
        [(opens_at,)] = connection.execute("SELECT opens_at FROM stages WHERE key = ?", (stage,)).fetchall()
        by = {"by": max(opens_at - now(), 0)}
        for sql in (
            "UPDATE stages SET opens_at = opens_at - :by, closes_at = closes_at - :by",
            "UPDATE due SET at = at - :by WHERE kind <> 'fetch'",
            "UPDATE due SET at = 0 WHERE kind = 'fetch'",
            "UPDATE outbox SET not_before = 0",
            "UPDATE groups SET settings = json_set(settings, '$.quiet_from', 0, '$.quiet_to', 0)",
        ):
            connection.execute(sql, by)


def check_the_real_books(running: Program) -> None:
    ledger = running.ledger
    states = [(stage, "closed") for stage in STAGES[:-1]] + [(STAGES[-1], "open")]
    assert ledger.rows("SELECT key, state FROM stages ORDER BY place") == states
    assert ledger.rows("SELECT body, state FROM reflections") == [(WRITTEN["张三"], "handed")]
    openings = Counter(row.slot for row in ledger.outbox() if (row.slot or "").startswith("stage:"))
    assert set(openings.values()) == {1}
    said = Counter((row.chat_id, str(row.body)) for row in ledger.outbox() if row.slot is None)
    assert set(said.values()) == {1}
    assert ledger.count("dead_letters") == 0
