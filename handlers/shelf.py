"""The banks and packs a group may use: its own and everybody's, named by id, by title, or on a button by a short code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from domain.ids import brief
from domain.message import Line, line
from storage import banks, packs
from storage.banks import Shelved
from storage.tx import Tx, key_of

LABEL_CHARS = 20
"""More of a title does not fit on a button."""


class _Shelved(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...


Any = TypeVar("Any", bound=_Shelved)


def code(id: str) -> str:
    """An id of any length in eight characters."""
    return "~" + brief(key_of(id))


async def bank_named(tx: Tx, group_id: int, name: str) -> Shelved | None:
    return _named(await banks.offered(tx, group_id), name)


async def pack_named(tx: Tx, group_id: int, name: str) -> packs.Shelved | None:
    return _named(await packs.offered(tx, group_id), name)


def _named(offered: Iterable[Any], name: str) -> Any | None:
    return next((one for one in offered if name in (one.id, code(one.id), one.title)), None)


def label(title: str) -> Line:
    return line("raw", text=title if len(title) <= LABEL_CHARS else title[: LABEL_CHARS - 1] + "…")
