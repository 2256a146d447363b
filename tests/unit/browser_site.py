"""A browser chat over a fresh database, with an ear in the bot's place that only notes what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette

from content.texts import Texts
from domain.group import Chat, Group, Role, Settings
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line, line
from storage import groups, logins, members
from storage.tx import Database, StorageError, Tx
from web.app import create_app
from web.demo import Step
from web.hub import Hub
from web.site import Site

NOON = 1_772_424_000_000
"""2026-03-02 12:00 in Shanghai, a Monday."""
HERE = "http://127.0.0.1"
OURS = {"origin": HERE, "accept": "application/json"}
"""What a browser says of itself when one of our scripts posts."""
GROUP, OTHER_GROUP = 100, 200
ZHANG, LI, WANG = 11, 12, 13
"""张三 is the secretary of the group, 李四 a member; 王五 belongs to the other group."""


@dataclass(frozen=True)
class Toast:
    toast: str = ""


@dataclass
class Ear:
    heard: list[Incoming] = field(default_factory=list)
    answer: str = ""
    fault: bool = False

    async def hear(self, incoming: Incoming) -> Toast:
        if self.fault:
            raise StorageError("disk full")
        self.heard.append(incoming)
        return Toast(self.answer)


@dataclass
class PlayedDemo:
    """A demonstration that only notes what it was asked for."""

    now: int = NOON
    steps: list[str] = field(default_factory=list)
    visitors: list[int] = field(default_factory=list)

    async def personas(self) -> list[tuple[int, str, Role]]:
        return [(ZHANG, "张三", Role.SECRETARY), (LI, "李四", Role.MEMBER)]

    async def advance(self, step: Step, visitor: int) -> Line | None:
        self.steps.append(step)
        self.visitors.append(visitor)
        return line("page.coming_remind")

    async def offers_activity(self) -> bool:
        return "activity" not in self.steps

    async def begin_activity(self) -> None:
        self.steps.append("activity")

    async def start_over(self) -> None:
        self.steps.append("over")

    async def next_event(self) -> tuple[int, Line] | None:
        return NOON + 8 * 3_600_000, line("page.coming_remind")


@dataclass
class Rig:
    """The site and what stands around it."""

    site: Site
    app: Starlette
    hub: Hub
    ear: Ear
    now: list[int]
    passed: list[float]
    """Seconds that really passed, for rate limits."""

    def browser(self, person: int | None = None, **headers: str) -> httpx.AsyncClient:
        """A browser on this machine; in the demonstration, one that has chosen to be that person."""
        cookies = {"persona": str(person)} if person else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=HERE, headers=OURS | headers, cookies=cookies)


async def open_rig(database: Database, *, demo: PlayedDemo | None = None, **more: Any) -> Rig:
    await database.transaction(_fill)
    ear, hub, now, passed, tokens = Ear(), Hub(), [NOON], [0.0], count()
    site = Site(
        database=database,
        texts=Texts.load(),
        hear=ear.hear,
        hub=hub,
        clock=lambda: now[0],
        ids=Ids(1),
        token=lambda: f"token-{next(tokens):026d}",
        demo=demo,
        passing=lambda: passed[0],
        **more,
    )
    return Rig(site, create_app(site, poll=0.01), hub, ear, now, passed)


async def _fill(tx: Tx) -> None:
    for group_id, name in ((GROUP, "一组"), (OTHER_GROUP, "二组")):
        await groups.add(tx, Group(group_id, name, Settings()), NOON)
        await groups.bind(tx, Chat("browser", "site", f"g{group_id}"), group_id, name, NOON)
    for person, name, group_id, role in (
        (ZHANG, "张三", GROUP, Role.SECRETARY),
        (LI, "李四", GROUP, Role.MEMBER),
        (WANG, "王五", OTHER_GROUP, Role.MEMBER),
    ):
        await members.add_person(tx, person, name, NOON)
        await members.join(tx, group_id, person, name, role, NOON)


async def log_in(rig: Rig, client: httpx.AsyncClient, person: int) -> None:
    """Come in by a one-time link."""
    link = f"link-for-{person}"
    await rig.site.database.transaction(logins.invite, link, person, rig.now[0] + 60_000)
    answer = await client.post(f"/enter/{link}")
    assert answer.status_code == 303


async def say(client: httpx.AsyncClient, text: str, key: str = "key-00000001", **more: Any) -> httpx.Response:
    chat = more.pop("chat", f"g{GROUP}")
    return await client.post(f"/chat/{chat}/messages", json={"text": text, "key": key, **more})


@dataclass
class Stream:
    """An open stream of events, as the browser takes them in."""

    chunks: list[bytes] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.grown.set()

    @property
    def text(self) -> str:
        return b"".join(self.chunks).decode()

    async def until(self, words: str) -> str:
        async with asyncio.timeout(5):
            while words not in self.text:
                self.grown.clear()
                await self.grown.wait()
        return self.text


@asynccontextmanager
async def streaming(rig: Rig, path: str, person: int, **headers: str) -> AsyncIterator[Stream]:
    """The stream at ``path`` (with its query), read as it comes; httpx would wait for its end."""
    stream, gone = Stream(), asyncio.Event()
    path, _, query = path.partition("?")
    sent = {"host": "127.0.0.1", "cookie": f"persona={person}", **headers}

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        stream.take(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    serving = asyncio.create_task(rig.app(scope, receive, send))
    try:
        yield stream
    finally:
        gone.set()
        await serving
