"""The real program, started as a newcomer would, with nothing configured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 60.0
"""Seconds; the sample group's six days are lived through at the first start."""
XUEBAN = Path(sys.executable).with_name("xueban")


@dataclass(frozen=True)
class Demonstration:
    url: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """What ``xueban …`` prints, run beside the program on the same data."""
        run = subprocess.run(
            [XUEBAN, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return run.stdout.strip()


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XUEBAN_")}
    environment |= {"XUEBAN_DATA_DIR": str(folder), "XUEBAN_HTTP_PORT": str(port)}
    log = (folder / "log").open("w")
    program = subprocess.Popen([XUEBAN, "run"], env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_until_ready(program, f"http://127.0.0.1:{port}", folder / "log")
        yield Demonstration(f"http://127.0.0.1:{port}", environment)
    finally:
        program.terminate()
        program.wait(timeout=10)
        log.close()


def _wait_until_ready(program: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if program.poll() is not None:
            raise RuntimeError(f"the program ended:\n{log.read_text()}")
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the program did not get ready:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
