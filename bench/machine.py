"""On what machine the figures came about."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path


def facts(folder: Path) -> list[tuple[str, str]]:
    """``folder`` is where the databases lay."""
    return [
        ("Date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("Processor", f"{os.cpu_count()} × {_processor()}"),
        ("Load when it began", f"{os.getloadavg()[0]:.2f}"),
        ("Python", f"{platform.python_version()} on {platform.system()} {platform.release()}"),
        ("SQLite", sqlite3.sqlite_version),
        ("File system", _filesystem(folder)),
    ]


def _processor() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _filesystem(folder: Path) -> str:
    """The type of the mount that holds the folder."""
    here, best = folder.resolve(), ("", "unknown")
    for line in _lines(Path("/proc/self/mounts")):
        _device, mount, kind, *_ = line.split()
        if here.is_relative_to(mount) and len(mount) >= len(best[0]):
            best = (mount, kind)
    return best[1]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
