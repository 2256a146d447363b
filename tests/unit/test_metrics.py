"""What machines hear when they ask how the program is."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette

from bot.operation.metrics import Check, Metrics, Refresh, routes


async def ask(path: str, metrics: Metrics, refresh: Refresh, **ready: Check) -> httpx.Response:
    app = Starlette(routes=routes(metrics, refresh, ready))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
        return await web.get(path)


async def nothing() -> None: ...


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def broken() -> bool:
    raise OSError("gone")


async def test_counters_are_shown_with_what_they_count() -> None:
    metrics = Metrics()
    metrics.heard.labels("telegram", "done").inc()
    metrics.sent.labels("browser", "sent").inc(2)
    text = (await ask("/metrics", metrics, nothing)).text
    for line in (
        'xueban_events_total{outcome="done",platform="telegram"} 1.0',
        'xueban_messages_total{outcome="sent",platform="browser"} 2.0',
    ):
        assert line in text


async def test_gauges_are_brought_up_to_date_as_they_are_asked_for() -> None:
    metrics = Metrics()

    async def refresh() -> None:
        metrics.waiting.labels("queued").set(3)
        metrics.overdue.set(1.5)

    answer = await ask("/metrics", metrics, refresh)
    assert 'xueban_outbox{state="queued"} 3.0' in answer.text
    assert "xueban_due_overdue_seconds 1.5" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_gauge_that_cannot_be_brought_up_to_date_is_not_shown() -> None:
    metrics = Metrics()
    metrics.waiting.labels("queued").set(3)

    async def refresh() -> None:
        raise OSError("gone")

    answer = await ask("/metrics", metrics, refresh)
    assert answer.status_code == 200 and 'state="queued"' not in answer.text


async def test_two_programs_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.heard.labels("telegram", "done").inc()
    assert b'platform="telegram"' not in second.text()


async def test_who_is_alive_says_so() -> None:
    assert (await ask("/healthz", Metrics(), nothing, database=no)).status_code == 200


async def test_ready_is_who_has_everything_it_needs() -> None:
    answer = await ask("/readyz", Metrics(), nothing, database=yes, sender=yes)
    assert (answer.status_code, answer.json()) == (200, {"database": True, "sender": True})
    answer = await ask("/readyz", Metrics(), nothing, database=broken, sender=yes, tick=no)
    assert (answer.status_code, answer.json()) == (503, {"database": False, "sender": True, "tick": False})


async def test_a_check_that_does_not_answer_counts_as_not_ready() -> None:
    metrics = Metrics()

    async def hangs() -> bool:
        await asyncio.Event().wait()
        return True

    app = Starlette(routes=routes(metrics, nothing, {"database": hangs}, patience=0.01))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
        assert (await web.get("/readyz")).json() == {"database": False}
