"""Bare sqlite3 in a loop: the fastest that Python gets out of SQLite, with the commits shared and checkpoints beside it as we do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from bench.peers.script import Script
from storage.sqlite import CHECKPOINT_AFTER

_CACHE_KIB = 64 * 1024


class Raw:
    def __init__(self, path: Path) -> None:
        self._connection = _connect(path)
        self._connection.execute("PRAGMA wal_autocheckpoint=0")
        self._keeper = _connect(path)
        self._beside = ThreadPoolExecutor(1)
        self._checkpoint: Future[object] | None = None
        self._checkpointed = 0

    def work_off(self, scripts: Sequence[Script], together: int) -> int:
        """Run them, so many to a commit and each in its own savepoint; how many that were."""
        for start in range(0, len(scripts), together):
            self._commit(scripts[start : start + together])
            self._keep_log_short()
        return len(scripts)

    def close(self) -> None:
        self._beside.shutdown()
        self._keeper.close()
        self._connection.close()

    def _commit(self, scripts: Sequence[Script]) -> None:
        cursor = self._connection.cursor()
        execute, fetchall = cursor.execute, cursor.fetchall
        execute("BEGIN IMMEDIATE")
        for script in scripts:
            execute("SAVEPOINT one")
            for sql, params, reads in script:
                execute(sql, params)
                if reads:
                    fetchall()
            execute("RELEASE one")
        execute("COMMIT")

    def _keep_log_short(self) -> None:
        changes = self._connection.total_changes
        idle = self._checkpoint is None or self._checkpoint.done()
        if idle and changes - self._checkpointed >= CHECKPOINT_AFTER:
            self._checkpointed = changes
            self._checkpoint = self._beside.submit(self._keeper.execute, "PRAGMA wal_checkpoint(PASSIVE)")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"cache_size=-{_CACHE_KIB}", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
