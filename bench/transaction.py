"""The check-in transaction beside bare SQLite, and beside the usual ways from asyncio to SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from pathlib import Path

from bench.peers.aiosqlite_way import AiosqliteWay
from bench.peers.core_way import CoreWay
from bench.peers.raw import Raw
from bench.peers.script import Script, take_down
from bench.report import Need, Row, Section
from bench.rounds import Measure, in_rounds, rate, taken, waiting_at_once
from bench.town import ACCOUNT, NOW, TODAY, Somebody, Town, build
from domain.group import Chat
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Live, Message, Priority
from storage import checkins, days, events, members, outbox
from storage.sqlite import SqliteDatabase
from storage.tx import Tx

MEMBERS = 100_000
WAITING = {1: 400, 64: 2048, 512: 4096}
"""How many wait at a time → transactions a round."""
CORE, IN_TURN, TOGETHER = 250, 400, 800
"""Transactions a round of the slow ones."""
HOW = (
    f"Five statements through the program's own storage functions: note the event, find group and member, write the "
    f"check-in, count it in the group's day, queue the board; {MEMBERS:,} members in groups of fifty, members at random. "
    "The peers get the same statements with parameters ready made. Bare sqlite3 runs in one thread, a savepoint a "
    "transaction, as many to a commit as wait, and checkpoints on a second connection in a second thread. SQLAlchemy "
    "has one connection; so has aiosqlite, with a commit after each change: in turn, as a bot handles its updates, or all "
    "at once, where a commit carries along what others have half done. All on WAL with synchronous=FULL."
)
_BOARD = Message(live=Live("board", TODAY), silent=True, pin=True).dump()


async def measure(folder: Path) -> Section:
    town = build(folder / "town.db", MEMBERS)
    async with AsyncExitStack() as stack:
        variants = await _variants(town, stack)
        figures = await in_rounds(variants)
    return Section("Check-in transaction", HOW, _rows(figures))


def _rows(figures: dict[str, list[float]]) -> list[Row]:
    rows: list[Row] = []
    for waiting in WAITING:
        raw = Row(f"bare sqlite3, {waiting} to a commit", figures[f"raw {waiting}"], "/s")
        need = Need("≥", 0.65) if waiting == 512 else None
        rows += [raw, Row(f"db.transaction, {waiting} waiting", figures[f"ours {waiting}"], "/s", raw, need)]
    core = Row("SQLAlchemy Core async, 64 waiting", figures["core"], "/s")
    in_turn = Row("aiosqlite, a commit a change, 64 waiting in turn", figures["in turn"], "/s")
    together = Row("aiosqlite, a commit a change, 64 at once", figures["together"], "/s")
    better = max(core, in_turn, key=lambda row: row.middle)
    ours = figures["ours 64"]
    return [
        *rows,
        core,
        in_turn,
        together,
        Row("db.transaction, 64 waiting (again)", ours, "/s", better, Need("≥", 5)),
        Row("db.transaction, 64 waiting (once more)", ours, "/s", together),
    ]


async def _variants(town: Town, stack: AsyncExitStack) -> dict[str, Measure]:
    source = Source(town, await _open(_copy(town, "source"), stack))
    ours = await _open(_copy(town, "ours"), stack)
    raw = Raw(_copy(town, "raw"))
    stack.callback(raw.close)
    core = CoreWay(_copy(town, "core"))
    stack.push_async_callback(core.close)
    aiosqlite = await AiosqliteWay.open(_copy(town, "aiosqlite"))
    stack.push_async_callback(aiosqlite.close)
    return {
        **{f"ours {n}": partial(_ours, ours, source, n) for n in WAITING},
        **{f"raw {n}": partial(_raw, raw, source, n) for n in WAITING},
        "core": partial(_peer, core, source, CORE),
        "in turn": partial(_peer, aiosqlite, source, IN_TURN, 1),
        "together": partial(_peer, aiosqlite, source, TOGETHER),
    }


async def _open(path: Path, stack: AsyncExitStack) -> SqliteDatabase:
    database = await SqliteDatabase.open(path)
    stack.push_async_callback(database.close)
    return database


def _copy(town: Town, name: str) -> Path:
    path = town.path.with_stem(name)
    shutil.copy(town.path, path)
    return path


async def _ours(database: SqliteDatabase, source: Source, waiting: int) -> float:
    todo = source.events("ours", WAITING[waiting])

    async def do(event: Incoming) -> None:
        await database.transaction(source.check_in, event)

    return await rate(waiting_at_once(waiting, todo, do))


async def _raw(raw: Raw, source: Source, waiting: int) -> float:
    scripts = await source.scripts("raw", WAITING[waiting])

    async def work() -> int:
        return raw.work_off(scripts, waiting)

    return await rate(work())


async def _peer(peer: CoreWay | AiosqliteWay, source: Source, number: int, at_once: int = 64) -> float:
    scripts = await source.scripts(type(peer).__name__, number)
    return await rate(waiting_at_once(at_once, scripts, peer.do))


class Source:
    """Check-ins to do. Everybody gets the same ones, in the same order."""

    def __init__(self, town: Town, database: SqliteDatabase) -> None:
        self._town = town
        self._database = database
        self._ids = Ids(1)
        self._late: dict[str, Iterator[Incoming]] = {}

    def events(self, whose: str, number: int) -> list[Incoming]:
        if whose not in self._late:
            self._late[whose] = map(_event, count(), self._town.late(1, self._town.members // 2))
        return taken(self._late[whose], number)

    async def scripts(self, whose: str, number: int) -> list[Script]:
        return [await take_down(self._database, self.check_in, event) for event in self.events(whose, number)]

    async def check_in(self, tx: Tx, event: Incoming) -> None:
        assert await events.first_time(tx, event, NOW)
        speaker = await members.speaker_in_group(tx, event)
        group, me = speaker.group, speaker.member
        assert group and me
        await checkins.add(
            tx, group_id=group.id, day=TODAY, person_id=me.id, kind="self", note="", by=me.id, now=NOW
        )
        await days.count_checkin(tx, group.id, TODAY)
        await outbox.queue(
            tx,
            self._ids,
            NOW,
            group_id=group.id,
            chat=Chat(event.platform, event.account, event.chat_id),
            language=group.settings.language,
            body=_BOARD,
            priority=Priority.REPLY,
            slot=f"board:{TODAY}",
        )


def _event(number: int, who: Somebody) -> Incoming:
    return Incoming(
        platform="telegram",
        account=ACCOUNT,
        event_id=str(number),
        chat_id=str(who.chat),
        message_id=str(number),
        sender_id=str(who.user),
        sender_name=who.name,
        text="打卡",
        is_group=True,
        sent_at=NOW,
    )
