"""APScheduler does one thing here: it wakes the tick. What is due, and when, is in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 1
TIDY_SECONDS = 3600


def waking(tick: Callable[[], Awaitable[object]], tidy: Callable[[], Awaitable[object]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that runs ``tick`` every second and ``tidy`` every hour, never two of one at a time."""
    scheduler = AsyncIOScheduler(
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(tick, "interval", seconds=TICK_SECONDS, id="tick")
    scheduler.add_job(tidy, "interval", seconds=TIDY_SECONDS, id="tidy")
    return scheduler
