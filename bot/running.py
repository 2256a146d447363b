"""The running program: its server, its senders and its scheduler, started together and stopped together."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Coroutine, Mapping, Sequence
from types import FrameType
from typing import Any

import structlog
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import garbage
from bot.clock import Clock
from bot.core import Core
from bot.operation.banner import greet
from bot.operation.metrics import Metrics, routes
from bot.platforms.telegram.account import TelegramIngress
from bot.settings import Config
from content.texts import Texts
from content.words import Words
from domain.group import LANGUAGES
from domain.message import line
from handlers import COMMANDS
from scheduler.housekeeping import tidy
from scheduler.wake import waking
from storage import due, outbox_care
from storage.media import MediaStore
from storage.tx import Database
from web.hub import Hub

CONNECTIONS_SECONDS = 2
"""How long open connections are given at the end."""
LEAVING_SECONDS = 4
"""How long everything is given: connections, calls in the air (`bot.sending.sender.GRACE`), answers to buttons. With closing
the database it stays within the five seconds that are promised."""
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
        clock: Clock,
        listening: socket.socket,
        uploads: MediaStore | None = None,
        photos: MediaStore | None = None,
    ) -> None:
        self._uploads = uploads
        self._photos = photos
        self.config = config
        self.database = database
        self.core = core
        self.metrics = metrics
        self.app = Starlette()
        self._hub = hub
        self._ingresses = ingresses
        self._clock = clock
        self._listening = listening
        self._opened = False
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises what stopped it, where that was not a signal."""
        garbage.settle()
        server = _Server(self._server_config(), self._hub)
        scheduler = waking(self._tick, self._tidy)
        self._start([*(sender.run() for sender in self.core.senders), self.core.fetcher.run()])
        serving = asyncio.create_task(server.serve([self._listening]))
        opening = asyncio.create_task(self._open(server))
        try:
            scheduler.start()
            await self._first_of(serving, opening)
            if self._opened:
                self._start([ingress.run() for ingress in self._ingresses])
                await self._first_of(serving)
        finally:
            server.should_exit = True
            scheduler.shutdown(wait=False)
            await self._stop(serving, opening)

    async def ready(self) -> bool:
        """People are heard, the database answers, and nothing that should run has ended."""
        await self.database.read(due.next_at)
        return self._opened and not any(task.done() for task in self._tasks)

    async def refresh(self) -> None:
        """Figures that are only looked up when somebody asks."""
        counts = await self.database.read(outbox_care.counts)
        self.metrics.waiting.clear()
        for (_, state), count in counts.items():
            self.metrics.waiting.labels(state).inc(count)
        first = await self.database.read(due.next_at)
        late = max(0, self._clock() - first) / 1000 if first is not None else 0
        self.metrics.overdue.set(late)

    def _start(self, jobs: Sequence[Coroutine[Any, Any, None]]) -> None:
        self._tasks += [asyncio.create_task(job) for job in jobs]

    async def _open(self, server: _Server) -> None:
        """A platform is told where to call only once somebody answers there."""
        await server.up.wait()
        for ingress in self._ingresses:
            await ingress.open()
        self._opened = True
        log.info("running", url=self.config.site)
        greet(self.config, self.core.texts, self._ingresses, Console())

    async def _first_of(self, *others: asyncio.Task[None]) -> None:
        await asyncio.wait([*others, *self._tasks], return_when=asyncio.FIRST_COMPLETED)

    async def _stop(self, serving: asyncio.Task[None], opening: asyncio.Task[None]) -> None:
        """All at the same time, so that it takes no longer than the slowest. Raises what had gone wrong, if anything."""
        opening.cancel()
        for sender in self.core.senders:
            sender.stop()
        self.core.fetcher.stop()
        self._start([ingress.close() for ingress in self._ingresses])
        ending = [serving, opening, *self._tasks]
        _, late = await asyncio.wait(ending, timeout=LEAVING_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for task in ending:
            if not task.cancelled() and (fault := task.exception()):
                raise fault

    async def _tick(self) -> None:
        await self.core.tick.run()

    async def _tidy(self) -> None:
        await tidy(self.database, self._clock(), self._uploads, self._photos)

    def _server_config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=CONNECTIONS_SECONDS,
        )


class _Server(uvicorn.Server):
    """Tells when it is up, and on a signal ends the pages' streams: an open page would otherwise hold up every stop."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """uvicorn's own would raise the signal once more after the server's end, and the rest would be cut off."""
        self._hub.close()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def operation_routes(running: Running) -> Sequence[BaseRoute]:
    return routes(running.metrics, running.refresh, {"running": running.ready})


def menu(words: Words, texts: Texts) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Language → (command, what it does), for a platform's command menu; names are Latin there in every language."""
    names = [command.name for command in COMMANDS if command.listed]
    return {
        language: [(words.word("en", name), texts.say(language, line(f"help.{name}"))) for name in names]
        for language in LANGUAGES
    }
