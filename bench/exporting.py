"""Makes a month's export of a large group, in a process of its own so that its memory can be told; for bench/export.py."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

import orjson
from openpyxl import Workbook

from bench.push import Watch
from bench.rounds import in_rounds
from bench.town import NOW
from content.reports.tables import Cell, details, overview
from content.texts import Texts
from domain.group import Group
from domain.message import File
from domain.outgoing import Order, Say
from domain.report import Report
from handlers.export import make_export
from storage import groups, report
from storage.database import open_database
from storage.tx import Database, Tx

GROUP, SECRETARY = 7, 1000
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
ORDER = Order(GROUP, SECRETARY, File("export", f"xlsx {FIRST}..{LAST}"), "zh")
ALONE, ROUNDS = 3, 5


async def _measure(path: Path) -> dict[str, list[float]]:
    database = await open_database(f"sqlite:///{path}")
    say: Say = partial(Texts.load().say, "zh")
    try:
        alone = [await _watched(database, say) for _ in range(ALONE)]
        of = await database.read(_report)
        tables = (overview(of, say), *details(of, say))
        cells = [[table.heads, *table.rows] for table in tables]
        both = await in_rounds(
            {"ours": lambda: _export(database, say), "bare": lambda: _seconds_of_bare(cells)}, ROUNDS
        )
    finally:
        await database.close()
    count = sum(cell is not None for table in cells for row in table for cell in row)
    return {
        "seconds": [seconds for seconds, _ in alone],
        "megabytes": [most for _, most in alone],
        "cells": [count],
        **both,
    }


async def _watched(database: Database, say: Say) -> tuple[float, float]:
    """Seconds, and the most memory of the whole process in megabytes."""
    watch = Watch()
    watching = asyncio.create_task(watch.run())
    seconds = await _export(database, say)
    watching.cancel()
    return seconds, watch.most


async def _export(database: Database, say: Say) -> float:
    """As `bot.sending.making` does it."""
    start = perf_counter()
    make = await database.read(make_export, ORDER, NOW)
    if make is None:
        raise LookupError("nothing to export")
    await asyncio.to_thread(make, say)
    return perf_counter() - start


async def _report(tx: Tx) -> Report:
    group = await groups.find(tx, GROUP)
    if not isinstance(group, Group):
        raise LookupError("no such group")
    return await report.read(tx, group, FIRST, LAST, NOW)


async def _seconds_of_bare(tables: Sequence[Sequence[Sequence[Cell]]]) -> float:
    return await asyncio.to_thread(_bare, tables)


def _bare(tables: Sequence[Sequence[Sequence[Cell]]]) -> float:
    start = perf_counter()
    book = Workbook(write_only=True)
    for rows in tables:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(io.BytesIO())
    return perf_counter() - start


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(_measure(Path(sys.argv[1])))))
