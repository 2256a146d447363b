"""A month of a group of a thousand as a workbook: how long, how much memory, and how much of it is openpyxl's own."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import orjson

from bench.exporting import ALONE, GROUP, ROUNDS, SECRETARY
from bench.report import Need, Row, Section
from bench.town import NOW
from domain.day import DAY
from domain.question import Question
from storage.migrate import migrate

MEMBERS, DAYS = 1000, 31
HOW = (
    f"A month of {DAYS} days in a group of {MEMBERS:,}, of whom all check in every day, half of them with a note, all have "
    "studied, four of five answer the day's question, and all of it earns points. From the order to the bytes of the "
    f"workbook, reading included, {ALONE} times in a process of its own; memory is the whole process at its largest. Then "
    f"{ROUNDS} rounds against openpyxl alone, write-only, with the very same cells lying ready as lists."
)
_QUESTION = Question(
    key="often", kind="single", stem="读书贵在什么？", options=("一天读完", "每天一点"), right=(1,)
)
_PERSON = f"{SECRETARY} + n % {MEMBERS}"
_DAY = f"date('2026-03-01', '+' || (n / {MEMBERS}) || ' days')"
_FIRST = NOW - DAY
_AT = f"{_FIRST} + n / {MEMBERS} * {DAY} + n % {MEMBERS} * 1000"
_FILL = (
    f"INSERT INTO groups (id, name, settings, paused, next_item, created_at) VALUES ({GROUP}, '一支部', '{{}}', 0, 0, 0)",
    f"""INSERT INTO members (group_id, person_id, name, role, joined_at)
        SELECT {GROUP}, {SECRETARY} + n, '张三' || n, CASE n WHEN 0 THEN 2 ELSE 1 END, 0 FROM t WHERE n < {MEMBERS}""",
    f"""INSERT INTO days (group_id, day, minutes, checked, studied)
        SELECT {GROUP}, {_DAY}, 5, {MEMBERS}, {MEMBERS} FROM t WHERE n % {MEMBERS} = 0""",
    f"""INSERT INTO checkins (group_id, day, person_id, kind, note, at, by_person)
        SELECT {GROUP}, {_DAY}, {_PERSON}, 'self', CASE n % 2 WHEN 0 THEN '读完第' || n || '段' ELSE '' END, {_AT}, {_PERSON}
        FROM t""",
    f"""INSERT INTO quizzes (group_id, id, key, bank, question, asked_at)
        SELECT {GROUP}, 1 + n / {MEMBERS}, 'day:' || {_DAY}, 'bench', 'often', {_AT} FROM t WHERE n % {MEMBERS} = 0""",
    f"""INSERT INTO answers (group_id, quiz_id, person_id, given, verdict, at)
        SELECT {GROUP}, 1 + n / {MEMBERS}, {_PERSON}, n % 2, CASE n % 2 WHEN 1 THEN 'right' ELSE 'wrong' END, {_AT}
        FROM t WHERE n % 5 > 0""",
    f"""INSERT INTO ledger (group_id, id, person_id, rule, cause, day, points, at)
        SELECT {GROUP}, n * 3 + r.column1, {_PERSON}, r.column2, {_DAY}, {_DAY}, r.column3, {_AT}
        FROM t, (VALUES (0, 'checkin', 10), (1, 'study', 5), (2, 'quiz_right', 5)) r
        WHERE r.column1 < 2 OR n % 5 > 0 AND n % 2 = 1""",
)


async def measure(folder: Path) -> Section:
    path = folder / "export.db"
    _build(path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.exporting", str(path), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    found = orjson.loads(told)
    bare = Row(f"openpyxl alone, the same {found['cells'][0]:,} cells", found["bare"], "s")
    return Section(
        "Export",
        HOW,
        [
            Row(f"a month of {MEMBERS:,} members", found["seconds"], "s", need=Need("≤", 5, of_ratio=False)),
            Row("its memory", found["megabytes"], "MB", need=Need("≤", 200, of_ratio=False)),
            bare,
            Row("the same, ours in turn", found["ours"], "s", bare, Need("≤", 0.5)),
        ],
    )


def _build(path: Path) -> None:
    migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO questions (bank, key, position, kind, body) VALUES ('bench', 'often', 0, 'single', ?)",
            (_QUESTION.model_dump_json(),),
        )
        counted = (
            f"WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n + 1 < {MEMBERS * DAYS}) "
        )
        for sql in _FILL:
            into, select, rest = sql.partition("SELECT")
            connection.execute(f"{into}{counted}{select}{rest}" if select else into)
