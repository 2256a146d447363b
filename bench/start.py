"""How long `xueban run` takes until it is ready, on a database that is already there."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

import httpx

from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from bench.town import build

MEMBERS = 100_000
PATIENCE = 30.0
COMPILES = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, nothing stays compiled and every start compiles the program again."""
COMMAND = (str(Path(sys.executable).with_name("xueban")), "run")
HOW = (
    f"From starting the process to the first 200 of /readyz, asked for every 10 ms; {MEMBERS:,} members, SQLite, "
    "no demonstration. Once before, unmeasured, so that everything is compiled and the sample pack is loaded."
)


async def measure(folder: Path) -> Section:
    build(folder / "xueban.db", MEMBERS)
    await _start(folder)
    figures = await in_rounds({"start": partial(_start, folder)})
    return Section(
        "Start",
        HOW,
        [Row("xueban run until ready", figures["start"], "s", need=Need("≤", 2, of_ratio=False))],
    )


async def _start(folder: Path) -> float:
    port = _free_port()
    start = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=folder, env=_environment(folder, port), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await asyncio.wait_for(_ready(f"http://127.0.0.1:{port}/readyz", process), PATIENCE)
        return perf_counter() - start
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        while process.returncode is None:
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.01)
    raise RuntimeError(f"it ended with {process.returncode}")


def _environment(folder: Path, port: int) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XUEBAN_", COMPILES))}
    ours = {"DATA_DIR": str(folder), "HTTP_PORT": str(port), "DEMO": "false", "LOG_LEVEL": "warning"}
    return kept | {f"XUEBAN_{name}": value for name, value in ours.items()}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
