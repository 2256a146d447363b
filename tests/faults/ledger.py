"""What the program left on disk, as a stranger reads it: by SQLite's own module, without any code of ours."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple


class Queued(NamedTuple):
    """A row of the outbox."""

    chat_id: int
    state: str
    error: str | None
    slot: str | None
    body: dict[str, Any]


class Ledger:
    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        [(value,)] = self.rows(sql)
        return value

    def count(self, source: str) -> int:
        return int(self.value(f"SELECT count(*) FROM {source}"))

    def notes(self) -> Counter[tuple[str, str]]:
        """(name, note) of every check-in."""
        return Counter(self.rows("SELECT p.name, c.note FROM checkins c JOIN people p ON p.id = c.person_id"))

    def outbox(self) -> list[Queued]:
        return [*self._outbox()]

    def unsent(self) -> int:
        return self.count("outbox WHERE state <> 'sent'")

    def _outbox(self) -> Iterator[Queued]:
        for chat, state, error, slot, body in self.rows(
            "SELECT chat_id, state, error, slot, body FROM outbox"
        ):
            yield Queued(int(chat), state, error, slot, json.loads(body))
