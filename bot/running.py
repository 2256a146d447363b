"""The running program: its server, its senders and its scheduler, started together and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from types import FrameType
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.clock import Clock
from bot.core import Core
from bot.demo import Demonstration
from bot.metrics import Metrics, routes
from bot.platforms.telegram.account import TelegramIngress
from bot.settings import Config
from content.texts import Texts
from content.words import Words
from domain.group import LANGUAGES
from domain.message import line
from handlers import COMMANDS
from scheduler.housekeeping import tidy
from scheduler.wake import waking
from storage import due, outbox
from storage.tx import Database
from web.hub import Hub

LEAVING_SECONDS = 2
"""How long open connections are given at the end; with the senders' own grace it stays within five seconds."""
log = structlog.get_logger()


class Running:
    def __init__(
        self,
        config: Config,
        database: Database,
        core: Core,
        hub: Hub,
        metrics: Metrics,
        ingresses: Sequence[TelegramIngress],
        demo: Demonstration | None,
        clock: Clock,
    ) -> None:
        self.config = config
        self.database = database
        self.core = core
        self.metrics = metrics
        self.app = Starlette()
        self._hub = hub
        self._ingresses = ingresses
        self._demo = demo
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises what stopped it, where that was not a signal."""
        server = _Server(self._server_config(), self._hub)
        scheduler = waking(self._tick, self._tidy)
        self._start([sender.run() for sender in self.core.senders])
        serving = asyncio.create_task(server.serve())
        try:
            scheduler.start()
            for ingress in self._ingresses:
                await ingress.open()
            self._start([ingress.run() for ingress in self._ingresses])
            log.info("running", url=self.config.site)
            await asyncio.wait([serving, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.should_exit = True
            scheduler.shutdown(wait=False)
            await self._stop(serving)

    async def ready(self) -> bool:
        """The database answers and nothing that should run has ended."""
        await self.database.read(due.next_at)
        return not any(task.done() for task in self._tasks)

    async def refresh(self) -> None:
        """Figures that are only looked up when somebody asks."""
        counts = await self.database.read(outbox.counts)
        self.metrics.waiting.clear()
        for (_, state), count in counts.items():
            self.metrics.waiting.labels(state).inc(count)
        first = await self.database.read(due.next_at)
        late = max(0, self._clock() - first) / 1000 if first is not None else 0
        self.metrics.overdue.set(late)

    def _start(self, jobs: Sequence[Coroutine[Any, Any, None]]) -> None:
        self._tasks += [asyncio.create_task(job) for job in jobs]

    async def _stop(self, serving: asyncio.Task[None]) -> None:
        for sender in self.core.senders:
            sender.stop()
        for ingress in self._ingresses:
            await ingress.close()
        await serving
        _, late = await asyncio.wait(self._tasks, timeout=LEAVING_SECONDS) if self._tasks else ((), ())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for task in self._tasks:
            if not task.cancelled() and (fault := task.exception()):
                raise fault

    async def _tick(self) -> None:
        await self.core.tick.run()

    async def _tidy(self) -> None:
        await tidy(self.database, self._clock())

    def _server_config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.app,
            host=self.config.http_host,
            port=self.config.http_port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LEAVING_SECONDS,
        )


class _Server(uvicorn.Server):
    """Ends the pages' streams before it waits for connections: an open page would otherwise hold up every stop."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hub.close()
        super().handle_exit(sig, frame)


def operation_routes(running: Running) -> Sequence[BaseRoute]:
    return routes(running.metrics, running.refresh, {"running": running.ready})


def menu(words: Words, texts: Texts) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Language → (command, what it does), for a platform's command menu; names are Latin there in every language."""
    names = [command.name for command in COMMANDS if command.listed]
    return {
        language: [(words.word("en", name), texts.say(language, line(f"help.{name}"))) for name in names]
        for language in LANGUAGES
    }
