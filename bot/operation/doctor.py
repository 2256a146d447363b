"""What may be wrong with an installation, found out one by one, each with what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bot.operation.redact import scrub
from bot.settings import Config
from content.pictures import darkroom
from domain.message import Line, line
from storage.tx import StorageError

State = Literal["ok", "warn", "fail"]
OLDEST_PYTHON = (3, 11)
LITTLE_SPACE, TOO_LITTLE_SPACE = 1_000, 100
"""Megabytes free: a year of a thousand groups takes some hundreds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``about``: what was looked at; ``said``: what was found; ``advice``: what to do if it is not well."""

    state: State
    about: Line
    said: Line
    advice: Line | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """What the database holds, as far as it tells of the installation's health."""

    packs: int
    groups: int
    failed: int
    """Messages that could not be sent."""


Standing = Literal["absent", "behind", "ready"]
"""There is no database yet; its migrations wait; it can be worked with."""


class Storage(Protocol):
    """The database, as the doctor sees it."""

    async def standing(self) -> Standing:
        """Raises `StorageError` where it cannot be reached."""
        ...

    async def stock(self) -> Stock: ...


Inspect = Callable[[], Awaitable[list[Finding]]]


async def examine(
    config: Config,
    strangers: Iterable[tuple[str, str]],
    text_faults: Iterable[str],
    storage: Storage,
    inspect_platforms: Iterable[Inspect],
) -> list[Finding]:
    """Every check, in the order in which their answers build on one another."""
    found = [
        python(sys.version_info[:3]),
        settings(strangers),
        data_dir(config.data_dir),
        space(config.data_dir),
    ]
    found += await database(storage)
    found += [texts(text_faults), photos(darkroom), port(config.http_host, config.http_port)]
    for inspect in inspect_platforms:
        found += await inspect()
    return found


def python(version: tuple[int, ...]) -> Finding:
    about = line("doctor.python")
    said = line("doctor.version", version=".".join(map(str, version)))
    if version < OLDEST_PYTHON:
        return Finding("fail", about, said, line("doctor.python_do"))
    return Finding("ok", about, said)


def settings(strangers: Iterable[tuple[str, str]]) -> Finding:
    about = line("doctor.settings")
    odd = tuple(
        line("doctor.stranger_like", name=name, meant=meant) if meant else line("doctor.stranger", name=name)
        for name, meant in strangers
    )
    if odd:
        return Finding("warn", about, line("doctor.settings_odd", names=odd), line("doctor.settings_do"))
    return Finding("ok", about, line("doctor.settings_ok"))


def data_dir(path: Path) -> Finding:
    about = line("doctor.data_dir")
    advice = line("doctor.data_dir_do", path=str(path))
    try:
        if path.exists():
            with tempfile.TemporaryFile(dir=path):
                return Finding("ok", about, line("doctor.data_dir_ok", path=str(path)))
        if os.access(_nearest(path), os.W_OK):
            return Finding("ok", about, line("doctor.data_dir_new", path=str(path)))
    except OSError:
        pass
    return Finding("fail", about, line("doctor.data_dir_bad", path=str(path)), advice)


def space(path: Path) -> Finding:
    free = shutil.disk_usage(_nearest(path)).free // 1_000_000
    about, said = line("doctor.space"), line("doctor.space_free", megabytes=free)
    if free >= LITTLE_SPACE:
        return Finding("ok", about, said)
    return Finding("fail" if free < TOO_LITTLE_SPACE else "warn", about, said, line("doctor.space_do"))


async def database(storage: Storage) -> list[Finding]:
    about = line("doctor.database")
    try:
        standing = await storage.standing()
        if standing == "absent":
            return [Finding("ok", about, line("doctor.database_absent"))]
        if standing == "behind":
            return [Finding("warn", about, line("doctor.database_behind"), line("doctor.database_behind_do"))]
        stock = await storage.stock()
    except StorageError as trouble:
        said = line("doctor.database_bad", reason=scrub(str(trouble)))
        return [Finding("fail", about, said, line("doctor.database_do"))]
    return [
        Finding("ok", about, line("doctor.database_ok", groups=stock.groups)),
        _packs(stock),
        _outbox(stock),
    ]


def _packs(stock: Stock) -> Finding:
    about = line("doctor.packs")
    if stock.packs:
        return Finding("ok", about, line("doctor.packs_ok", count=stock.packs))
    return Finding("warn", about, line("doctor.packs_none"), line("doctor.packs_do"))


def _outbox(stock: Stock) -> Finding:
    about = line("doctor.outbox")
    if stock.failed:
        return Finding("warn", about, line("doctor.outbox_bad", count=stock.failed), line("doctor.outbox_do"))
    return Finding("ok", about, line("doctor.outbox_ok"))


def texts(faults: Iterable[str]) -> Finding:
    about = line("doctor.texts")
    if found := list(faults):
        return Finding(
            "fail", about, line("doctor.texts_bad", faults="\n".join(found)), line("doctor.texts_do")
        )
    return Finding("ok", about, line("doctor.texts_ok"))


def photos(darkroom: Callable[[], object]) -> Finding:
    """Whether what makes people's photos fit to be kept can be loaded; nothing else needs it."""
    about = line("doctor.photos")
    try:
        darkroom()
    except (ImportError, OSError) as fault:
        said = line("doctor.photos_bad", reason=scrub(str(fault)))
        return Finding("fail", about, said, line("doctor.photos_do"))
    return Finding("ok", about, line("doctor.photos_ok"))


def port(host: str, number: int) -> Finding:
    about = line("doctor.port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, number))
    except OSError as taken:
        said = line("doctor.port_bad", host=host, port=number, reason=taken.strerror or type(taken).__name__)
        return Finding("warn", about, said, line("doctor.port_do"))
    return Finding("ok", about, line("doctor.port_ok", host=host, port=number))


def worst(findings: Iterable[Finding]) -> State:
    states = {finding.state for finding in findings}
    return "fail" if "fail" in states else "warn" if "warn" in states else "ok"


def _nearest(path: Path) -> Path:
    """The path, or the first folder above it that exists."""
    path = path.absolute()
    return next(p for p in (path, *path.parents) if p.exists())
