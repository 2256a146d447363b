"""The composition root: the one place that builds the object graph, and the only one that reads the clock or throws dice."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from bot.cli import commands
from bot.clock import VirtualClock
from bot.core import Core, Given
from bot.demo import Demonstration
from bot.demo_cycle import SamplePeople
from bot.operation import log
from bot.operation.desk import World
from bot.operation.errands import load_pack
from bot.operation.listening import listen
from bot.operation.metrics import Metrics
from bot.platforms.browser import BrowserFacts, BrowserTransport
from bot.platforms.telegram.account import TelegramAccount, TelegramIngress, WebhookAddress
from bot.running import Running, menu, operation_routes
from bot.settings import Config
from content.points import read_rules, shipped_rules
from content.sample_activity import sample_activity
from content.texts import Texts
from content.words import Words
from scheduler.overlooked import plan_overlooked
from storage import installation, packs
from storage.database import open_database
from storage.media import FolderStore, MediaStore
from storage.migrate import migrate
from storage.tx import Database
from web.app import create_app
from web.chat import PRIVATE
from web.hub import Hub
from web.site import Site

SAMPLE_PACK = Path(__file__).parents[1] / "content" / "packs" / "dangshi"
SERVERS = 1023
"""Worker numbers 0 … 1022 are servers'; `bot.cli.WORKER` is the command line's."""


def now() -> int:
    """UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


def new_token() -> str:
    return secrets.token_urlsafe(24)


def app() -> None:
    """The command ``xueban``."""
    commands(World(clock=now, new_token=new_token, dice=secrets.randbelow, serve=serve))()


def serve(config: Config) -> None:
    """Run until told to stop."""
    with listen(config.http_host, config.http_port) as listening:
        config = config.model_copy(update={"http_port": listening.getsockname()[1]})
        migrate(config.database)
        asyncio.run(_serve(config, listening))


async def _serve(config: Config, listening: socket.socket) -> None:
    database = await open_database(config.database)
    try:
        key = await database.transaction(installation.value_or, "key", secrets.token_hex(32))
        log.configure(config.log_level, config.log_json, bytes.fromhex(key))
        await _load_sample_pack(database, config)
        await plan_overlooked(database, now())
        running = await _build(config, database, bytes.fromhex(key), listening)
        await running.run()
    finally:
        await database.close()


async def _load_sample_pack(database: Database, config: Config) -> None:
    if not await database.read(packs.offered, 0):
        await load_pack(database, SAMPLE_PACK, config.media_dir, now())


async def _build(config: Config, database: Database, key: bytes, listening: socket.socket) -> Running:
    texts, words, metrics, hub = Texts.load(), Words.load(), Metrics(), Hub()
    clock = VirtualClock(now(), now) if config.demonstration else None
    ingresses: list[TelegramIngress] = []
    given = Given(
        database=database,
        clock=clock or now,
        rng=random.Random(),
        key=key,
        new_token=new_token,
        owner=f"{os.getpid()}-{secrets.token_hex(4)}",
        worker=secrets.randbelow(SERVERS),
        public_url=config.site,
        language=config.language,
        rules=read_rules(config.points_file) if config.points_file else shipped_rules(),
        media=config.media_dir,
        invitation=lambda *where: _invitation(config, ingresses, *where),
        photos=FolderStore(config.photos_dir, clock or now),
        seen=hub.changed,
        sent=lambda platform, outcome: metrics.sent.labels(platform, outcome).inc(),
        heard=lambda platform, outcome: metrics.heard.labels(platform, outcome).inc(),
    )
    core = Core(given, texts, words)
    uploads = FolderStore(config.uploads_dir, given.clock)
    given.facts["browser"] = BrowserFacts(uploads)
    core.speak_through(BrowserTransport(database, hub, given.clock, core.ids, makers=core.makers))
    if config.telegram_token:
        ingresses.append(_telegram(config, core, given))
    demo = await _demonstration(database, core, clock, hub, uploads) if clock else None
    site = Site(
        database=database,
        texts=texts,
        hear=core.dispatcher.hear,
        hub=hub,
        clock=given.clock,
        ids=core.ids,
        token=new_token,
        demo=demo,
        media=config.media_dir,
        uploads=uploads,
        photos=given.photos,
        makes=core.makers,
    )
    running = Running(
        config, database, core, hub, metrics, ingresses, given.clock, listening, uploads, given.photos
    )
    routes = [*operation_routes(running), *(route for one in ingresses for route in one.routes)]
    running.app = create_app(site, routes=routes)
    return running


def _invitation(
    config: Config, ingresses: Sequence[TelegramIngress], platform: str, account: str, payload: str
) -> str | None:
    """A link that opens a private chat with the bot."""
    if platform == "browser":
        return config.site + PRIVATE
    there = (one for one in ingresses if (platform, account) == ("telegram", one.account))
    return next((one.invitation(payload) for one in there), None)


def _telegram(config: Config, core: Core, given: Given) -> TelegramIngress:
    assert config.telegram_token
    account = TelegramAccount(
        config.telegram_token.get_secret_value(),
        config.media_dir,
        config.telegram_api_url,
        makers=core.makers,
    )
    webhook = None
    if config.telegram_webhook_url and config.telegram_webhook_secret:
        webhook = WebhookAddress(
            config.telegram_webhook_url, config.telegram_webhook_secret.get_secret_value()
        )
    given.facts["telegram"] = account.facts
    core.speak_through(account.transport)
    return TelegramIngress(
        account,
        core.dispatcher,
        clock=given.clock,
        dice=given.rng,
        commands=menu(core.words, core.texts),
        webhook=webhook,
    )


async def _demonstration(
    database: Database, core: Core, clock: VirtualClock, hub: Hub, uploads: MediaStore
) -> Demonstration:
    pack = (await database.read(packs.offered, 0))[0].id
    people = SamplePeople(database, core, uploads, sample_activity())
    demo = Demonstration(database, core, clock, hub, pack, random.Random(12), people)
    await demo.open()
    return demo
