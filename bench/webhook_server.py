"""The program's own application in a process of its own, for bench/webhook.py: with a webhook, and with an address that does nothing."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bench.works import Works, opened
from bot.platforms.telegram.webhook import Webhook
from scheduler.wake import waking
from web.app import create_app
from web.hub import Hub
from web.site import Site

SECRET = "secret"
HOOK, NOTHING = "/telegram/bench", "/nothing"
_HEADERS = [(b"content-length", b"0")]


class Nothing:
    """Answers at once."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body"})


async def _serve(path: Path) -> None:
    """Tells its port on a line, and serves until SIGINT or SIGTERM."""
    async with opened(path) as works:
        app = create_app(_site(works), routes=[*_routes(works)])
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, server_header=False)
        scheduler = waking(works.core.tick.run, _nothing)
        scheduler.start()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            print(listening.getsockname()[1], flush=True)
            await uvicorn.Server(config).serve([listening])
        scheduler.shutdown(wait=False)


def _routes(works: Works) -> list[BaseRoute]:
    return [
        Route(HOOK, Webhook(works.ear, SECRET), methods=["POST"]),
        Route(NOTHING, Nothing(), methods=["POST"]),
    ]


def _site(works: Works) -> Site:
    core = works.core
    return Site(
        database=works.database,
        texts=core.texts,
        hear=core.dispatcher.hear,
        hub=Hub(),
        clock=works.clock,
        ids=core.ids,
        token=lambda: "token",
    )


async def _nothing() -> None:
    pass


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
