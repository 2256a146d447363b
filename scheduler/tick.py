"""One tick: take what is due, do it once, plan what comes next. After a stop of any length it catches up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from domain.day import MINUTE
from domain.group import Group
from domain.ids import Ids
from storage import due, groups
from storage.due import Due
from storage.tx import Database, Tx

Job = Callable[[Tx, Ids, Group, Due, int], Awaitable[None]]
"""Does what one due row asks for, and plans what follows, in the transaction that took the row."""

BITE = 200
"""Rows a transaction: some milliseconds, so that a person's answer never waits behind a great push."""
LONGEST_WAIT = 60 * MINUTE
GIVES_WAY = 3.0
"""While others use the database: so many times as long as a bite took, they have it to themselves."""
log = structlog.get_logger()


class JobFailed(Exception):
    """A job failed; its transaction is rolled back whole, and its row is to be tried again later, alone."""

    def __init__(self, row: Due) -> None:
        super().__init__(row.kind)
        self.row = row


class Tick:
    """``said`` is called after each transaction that may have queued messages."""

    def __init__(
        self,
        database: Database,
        ids: Ids,
        jobs: Mapping[str, Job],
        clock: Callable[[], int],
        said: Callable[[], None],
    ) -> None:
        self._database = database
        self._ids = ids
        self._jobs = jobs
        self._clock = clock
        self._said = said

    async def run(self) -> int | None:
        """Do everything that is due now; returns the instant at which the next row will be, None for never."""
        time = asyncio.get_running_loop().time
        while (at := await self._database.read(due.next_at)) is not None and at <= self._clock():
            began = time()
            await self._bite()
            if self._database.busy:
                await asyncio.sleep(GIVES_WAY * (time() - began))
        return at

    async def _bite(self) -> None:
        now = self._clock()
        try:
            await self._database.transaction(self._take, now)
        except JobFailed as failed:
            log.error(
                "due_failed", kind=failed.row.kind, group_id=failed.row.group_id, exc_info=failed.__cause__
            )
            wait = min(MINUTE << min(failed.row.attempts, 10), LONGEST_WAIT)
            await self._database.transaction(due.postpone, failed.row, now + wait)
        else:
            self._said()

    async def _take(self, tx: Tx, now: int) -> None:
        rows = await due.take(tx, now, BITE)
        for group_id in sorted({row.group_id for row in rows}):
            await tx.lock(group_id)
        for row in rows:
            await self._do(tx, row, now)

    async def _do(self, tx: Tx, row: Due, now: int) -> None:
        group = await groups.find(tx, row.group_id)
        if group is None or row.kind not in self._jobs:
            return  # the group is gone, or the kind belongs to a version that is
        try:
            await self._jobs[row.kind](tx, self._ids, group, row, now)
        except Exception as fault:
            raise JobFailed(row) from fault
