"""What the program counts of itself, and the three addresses by which machines ask how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

PATIENCE = 2.0
"""Seconds a check of readiness may take; whoever asks is itself impatient."""

Refresh = Callable[[], Awaitable[None]]
Check = Callable[[], Awaitable[bool]]


class Metrics:
    """One set of counters, handed to whoever has something to count."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.heard = Counter(
            "xueban_events",
            "Events heard, by how they ended (done, refused, ignored, failed).",
            ["platform", "outcome"],
            registry=self.registry,
        )
        self.sent = Counter(
            "xueban_messages",
            "Calls to show a message, by how they ended (sent, edited, retry, unreachable, failed).",
            ["platform", "outcome"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "xueban_outbox", "Messages in the outbox, by state.", ["state"], registry=self.registry
        )
        self.overdue = Gauge(
            "xueban_due_overdue_seconds",
            "How late the oldest due row is; 0 when nothing is late.",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All of them, in Prometheus' text format."""
        return generate_latest(self.registry)


def routes(
    metrics: Metrics, refresh: Refresh, ready: Mapping[str, Check], patience: float = PATIENCE
) -> list[Route]:
    """``/metrics`` (its gauges by ``refresh``), ``/healthz``, and ``/readyz`` (all of ``ready`` hold)."""

    async def show_metrics(_request: Request) -> Response:
        try:
            await asyncio.wait_for(refresh(), patience)
        except Exception:
            metrics.waiting.clear()  # no figure is better than an old one
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readiness(_request: Request) -> Response:
        held = await asyncio.gather(*(_holds(check, patience) for check in ready.values()))
        return JSONResponse(dict(zip(ready, held, strict=True)), 200 if all(held) else 503)

    return [Route("/metrics", show_metrics), Route("/healthz", alive), Route("/readyz", readiness)]


async def _holds(check: Check, patience: float) -> bool:
    try:
        return await asyncio.wait_for(check(), patience)
    except Exception:
        return False
