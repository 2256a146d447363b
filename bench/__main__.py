"""`python -m bench` measures everything and writes bench/RESULTS.md; `python -m bench NAME …` measures those sections and prints them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import (
    allocation,
    cycle,
    event,
    export,
    growth,
    likeness,
    machine,
    pictures,
    quiz,
    start,
    transaction,
    webhook,
)
from bench.report import Section, page, table
from bot import garbage

HERE = Path(__file__).parent
SECTIONS: dict[str, Callable[[Path], Awaitable[Section]]] = {
    "transaction": transaction.measure,
    "event": event.measure,
    "webhook": webhook.measure,
    "growth": growth.measure,
    "quiz": quiz.measure,
    "export": export.measure,
    "likeness": likeness.measure,
    "allocation": allocation.measure,
    "cycle": cycle.measure,
    "pictures": pictures.measure,
    "start": start.measure,
}


def main(names: Sequence[str]) -> int:
    """0 where every need is met, else how many are not."""
    if unknown := [name for name in names if name not in SECTIONS]:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    about = machine.facts(HERE)
    garbage.settle()  # as the running program does; everybody measured here has the good of it
    sections = [_measured(name) for name in names or SECTIONS]
    print(table(sections))
    if not names:
        (HERE / "RESULTS.md").write_text(page(sections, about), "utf-8")
    return 0


def _measured(name: str) -> Section:
    """In a folder of its own, beside this file: a temporary folder might lie in memory, where a sync costs nothing."""
    start = perf_counter()
    with TemporaryDirectory(prefix="scratch-", dir=HERE) as folder:
        section = asyncio.run(_run(SECTIONS[name], Path(folder)))
    print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr)
    return section


async def _run(measure: Callable[[Path], Awaitable[Section]], folder: Path) -> Section:
    return await measure(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
