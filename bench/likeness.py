"""Texts that are alike: which threshold catches copies without naming those who only did the same thing, and how long it takes.

`python -m bench.likeness` prints the table of docs/decisions/0012. The texts are ones we may use: reflections written for this
purpose (reflections.yaml), the project's own study packs, and copies of the former, edited by dice.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import yaml

from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from content.packs import read_pack
from domain.group import Group, Settings
from domain.ids import Ids, brief
from domain.likeness import Likeness, bands, likeness, own_grams
from domain.prints import DIGITS, chunks
from domain.template import StageSpec, Template
from scheduler import cycle
from scheduler import likeness as job
from storage import groups, prints
from storage.due import Due
from storage.migrate import migrate
from storage.sketches import PICTURES
from storage.sqlite import SqliteDatabase
from storage.tx import Tx

HERE = Path(__file__).parent
PACKS = HERE.parent / "content" / "packs"
THRESHOLDS = range(30, 100, 10)
EDITED = (10, 20, 40)
OPENING = "这次活动内容丰富、形式新颖，通过参加这次活动，我深受教育，收获很大。"
CLOSING = "今后我要立足本职岗位，认真学习，踏实工作，为单位的发展贡献自己的一份力量。"
"""What many a reflection begins and ends with: 33 and 36 characters that mean little and prove nothing."""
AMONG = 100_000
CHECKS = 20
"""A round, of each kind."""
_CLAUSE = re.compile(r"[^，。；：？！]*[，。；：？！]")
_CLAUSES = 16
"""Of a made-up reflection: about 190 characters."""
_GROUP, _CYCLE, _NOW = 7, 1, 1_772_409_600_000
_NOTHING: frozenset[str] = frozenset()
HOW = (
    f"{AMONG:,} reflections of one group, put together from {_CLAUSES} clauses of bench/reflections.yaml each, every third with the "
    "same stock beginning and end; a photo each. The check is scheduler.likeness.check in a transaction of its own: keep the sketch, "
    "find those that share a band, compare at most 50 with it, look for its photo among all photos, note the pairs. On SQLite."
)


class Pair(NamedTuple):
    what: str
    one: str
    other: str


def written() -> list[tuple[str, str]]:
    """(one member's, another's of the same day out)."""
    found = yaml.safe_load((HERE / "reflections.yaml").read_text("utf-8"))
    return [(one["one"], one["again"]) for one in found]


def pairs(dice: random.Random) -> Iterator[Pair]:
    yield from _unlike()
    everybody = [text for two in written() for text in two]
    for text in everybody:
        others = [one for one in everybody if one != text]
        yield Pair("copied as it is", text, text)
        for percent in EDITED:
            yield Pair(
                f"copied, {percent} % of the clauses others", text, reworded(text, percent, others, dice)
            )
        for percent in EDITED:
            yield Pair(
                f"copied, {percent} % of the characters others", text, scattered(text, percent, others, dice)
            )
        around = "".join(dice.sample(others, 3))
        yield Pair("copied into a text four times as long", text, around[:200] + text + around[200:])


def _unlike() -> Iterator[Pair]:
    told = written()
    for one, again in told:
        yield Pair("same day out, own words", one, again)
        yield Pair("same day out, stock beginning and end", _stock(one), _stock(again))
    for (one, _), (other, _) in combinations(told, 2):
        yield Pair("different days out", one, other)
        yield Pair("different days out, stock beginning and end", _stock(one), _stock(other))
    items = [item.body for folder in sorted(PACKS.iterdir()) for item in read_pack(folder).items]
    for one, other in combinations(items, 2):
        yield Pair("items of the packs", one, other)


def _stock(text: str) -> str:
    return OPENING + text + CLOSING


def scattered(text: str, percent: int, source: Sequence[str], dice: random.Random) -> str:
    """So many characters replaced, left out or added, wherever they stand: nobody edits so thoroughly by hand."""
    letters = "".join(source)

    def edited(c: str) -> str:
        return dice.choice((dice.choice(letters), "", c + dice.choice(letters)))

    return "".join(edited(c) if dice.random() * 100 < percent else c for c in text)


def reworded(text: str, percent: int, source: Sequence[str], dice: random.Random) -> str:
    """So many clauses replaced by somebody else's, as people edit what they copied."""
    clauses, others = _CLAUSE.findall(text), _CLAUSE.findall("".join(source))
    for place in dice.sample(range(len(clauses)), round(len(clauses) * percent / 100)):
        clauses[place] = dice.choice(others)
    return "".join(clauses)


def compared(pair: Pair) -> tuple[Likeness, bool]:
    """How alike they are, and whether they share a band."""
    one, other = own_grams(pair.one, _NOTHING), own_grams(pair.other, _NOTHING)
    return likeness(one, other), any(a == b for a, b in zip(bands(one), bands(other), strict=False))


def thresholds() -> str:
    """Of each sort of pair, how many percent have at least so much in common; how many are shown; how many the index finds."""
    found: dict[str, list[tuple[Likeness, bool]]] = {}
    for pair in pairs(random.Random(5)):
        found.setdefault(pair.what, []).append(compared(pair))
    head = "| | pairs | " + " | ".join(f"≥ {t} %" for t in THRESHOLDS) + " | shown | in the index |"
    return "\n".join([head, "|---" * (len(THRESHOLDS) + 4) + "|", *(_line(*one) for one in found.items())])


def _line(what: str, found: list[tuple[Likeness, bool]]) -> str:
    shares = [sum(one.whole >= t for one, _ in found) for t in THRESHOLDS]
    shares += [sum(one.percent > 0 for one, _ in found), sum(banded for _, banded in found)]
    cells = [f"{100 * share / len(found):.3g}" for share in shares]
    return f"| {what} | {len(found)} | {' | '.join(cells)} |"


# --- how long it takes ---------------------------------------------------------------------------------------------------


async def measure(folder: Path) -> Section:
    texts = list(made_up(random.Random(1), AMONG))
    path = folder / "likeness.db"
    await _fill(path, texts)
    database = await SqliteDatabase.open(path)
    try:
        figures = await in_rounds(_variants(Check(database, texts)))
    finally:
        await database.close()
    need = Need("≤", 50, of_ratio=False)
    return Section("Likeness", HOW, [Row(what, found, "ms", need=need) for what, found in figures.items()])


def made_up(dice: random.Random, number: int) -> Iterator[str]:
    clauses = _CLAUSE.findall("".join(text for two in written() for text in two))
    for n in range(number):
        text = "".join(dice.choices(clauses, k=_CLAUSES))
        yield text if n % 3 else _stock(text)


async def _fill(path: Path, texts: list[str]) -> None:
    migrate(f"sqlite:///{path}")
    database = await SqliteDatabase.open(path)
    await database.transaction(_found)
    await database.close()
    with ProcessPoolExecutor() as pool:
        sketched = list(pool.map(_sketch, texts, chunksize=500))
    dice = random.Random(2)
    photos = [f"{dice.getrandbits(256):0{DIGITS}x}" for _ in texts]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in _FAST:
            connection.execute(sql)
        connection.executemany(_REFLECTION, [(_id(n), n + 1, text) for n, text in enumerate(texts)])
        connection.executemany(_PICTURE, [(_id(n), photo) for n, photo in enumerate(photos)])
        rows = [(band, value, _id(n)) for n, found in enumerate(sketched) for band, value in enumerate(found)]
        rows += [
            (PICTURES + place, chunk, _id(n))
            for n, photo in enumerate(photos)
            for place, chunk in enumerate(chunks(photo))
        ]
        connection.executemany(
            f"INSERT OR IGNORE INTO sketches (group_id, band, value, reflection_id) VALUES ({_GROUP}, ?, ?, ?)",
            sorted(rows),
        )
        connection.execute("CREATE INDEX sketches_of_reflection ON sketches (group_id, reflection_id)")
        connection.execute("COMMIT")


_FAST = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA cache_size=-400000",
    "BEGIN",
    "DROP INDEX sketches_of_reflection",
)
_REFLECTION = f"""INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person, at, changed_at)
  VALUES ({_GROUP}, ?, {_CYCLE}, 0, ?, 1, 'handed', ?, 1, 0, 0)"""
_PICTURE = f"""INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, print, at)
  VALUES ({_GROUP}, ?, 0, 'there', 'photo', '', ?, 0)"""


async def _found(tx: Tx) -> None:
    group = Group(_GROUP, "第7组", Settings())
    await groups.add(tx, group, _NOW)
    plan = Template(
        key="write", title="写心得", stages=(StageSpec(key="write", kind="reflection", title="心得"),)
    )
    await cycle.begin(tx, Ids(1), group, plan, date(2026, 3, 2), by=0, now=_NOW)


def _id(n: int) -> int:
    return (n + 1) << 22


def _sketch(text: str) -> tuple[str, ...]:
    return bands(own_grams(text, _NOTHING))


class Check:
    """One more reflection each time, compared with all the others."""

    def __init__(self, database: SqliteDatabase, texts: list[str]) -> None:
        self._database = database
        self._texts = texts
        self._group = Group(_GROUP, "第7组", Settings())
        self._dice = random.Random(3)
        self._next = AMONG

    async def of(self, make: Callable[[], str]) -> float:
        """Milliseconds a check, the middle one of some."""
        return median([await self._one(make()) for _ in range(CHECKS)])

    async def _one(self, text: str) -> float:
        id = _id(self._next)
        self._next += 1
        await self._database.transaction(_hand_in, id, text, f"{self._dice.getrandbits(256):0{DIGITS}x}")
        row = Due(_GROUP, job.LIKENESS, brief(id), _NOW)
        start = perf_counter()
        await self._database.transaction(job.check, Ids(1), self._group, row, _NOW)
        return (perf_counter() - start) * 1e3

    async def photo(self) -> float:
        """Milliseconds to look for one photo, the middle one of some."""
        return median([await self._photo() for _ in range(CHECKS)])

    async def _photo(self) -> float:
        print = f"{self._dice.getrandbits(256):0{DIGITS}x}"
        start = perf_counter()
        await self._database.read(prints.near, _GROUP, print, 5)
        return (perf_counter() - start) * 1e3

    def new(self) -> str:
        return next(made_up(self._dice, 2))[len(OPENING) : -len(CLOSING)]

    def stock(self) -> str:
        return next(made_up(self._dice, 1))

    def copied(self) -> str:
        return reworded(self._dice.choice(self._texts), 20, self._texts[:100], self._dice)


async def _hand_in(tx: Tx, id: int, text: str, print: str) -> None:
    await tx.run(
        f"""INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person, at, changed_at)
            VALUES ({_GROUP}, :id, {_CYCLE}, 0, :id, 1, 'handed', :text, 1, 0, 0)""",
        id=id,
        text=text,
    )
    await tx.run(
        f"""INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, print, at)
            VALUES ({_GROUP}, :id, 0, 'there', 'photo', '', :print, 0)""",
        id=id,
        print=print,
    )


def _variants(check: Check) -> dict[str, Callable[[], Awaitable[float]]]:
    among = f"among {AMONG:,}"
    return {
        f"a reflection {among}, unlike any": partial(check.of, check.new),
        f"one with a stock beginning and end {among}": partial(check.of, check.stock),
        f"a copy with a fifth changed {among}": partial(check.of, check.copied),
        f"a photo {among} photos": check.photo,
    }


if __name__ == "__main__":
    sys.stdout.write(thresholds() + "\n")
