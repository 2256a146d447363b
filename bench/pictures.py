"""Photos: how soon a reflection with three of them is answered, how long one takes to develop, and whether anybody notices meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

import httpx

from bench.null import UNLIMITED
from bench.report import Need, Row, Section
from bench.rounds import in_rounds
from bench.town import NOW, build
from bench.works import Works, opened
from bot.fetching import Fetcher
from bot.platforms.browser import BrowserFacts, BrowserTransport
from content.pictures import darkroom, develop
from domain.cycle import Cycle
from domain.group import Chat, Group, Role, Settings
from domain.template import StageSpec, Template, When
from scheduler import cycle
from storage import groups, logins, members, pictures
from storage.media import FolderStore
from storage.tx import Tx
from web.app import create_app
from web.hub import Hub
from web.site import Site

MEMBERS = 1_000
PHOTOS, AT_ONCE, ROUNDS = 3, 10, 5
WIDE, HIGH, QUALITY = 4000, 3000, 90
BREATH = 0.002
WORDS = "心得 " + "我们去社区帮老人打扫屋子，听他们讲从前的事，也想好了下个月再去看他们。" * 7
HERE = "http://127.0.0.1"
PLAN = Template(
    key="bench",
    title="三月实践",
    stages=(StageSpec(key="reflection", kind="reflection", title="心得", closes=When(days=3, at=1080)),),
)
HOW = (
    f"A photo: {WIDE} × {HIGH} pixels, made by libvips of smooth shapes with an even grain, as JPEG of about 3 MB; each is another. "
    f"Accepted and answered: the browser chat's posting of {PHOTOS} of them with 245 characters, in parts, from the first byte read to "
    "the answer, in this process: the files kept and synced, the message kept, the reflection numbered, the answer and the board "
    "queued. Developed: processor time of one photo, from its bytes to the picture, its thumbnail and its print. "
    f"Stall: the longest the event loop answered nobody while the worker fetched and developed {AT_ONCE} of them."
)


async def measure(folder: Path) -> Section:
    shots = [photo(seed) for seed in range(AT_ONCE)]
    town = build(folder / "town.db", MEMBERS)
    async with AsyncExitStack() as stack:
        works = await stack.enter_async_context(opened(town.path, limits=UNLIMITED))
        room = Room(works, folder)
        await works.database.transaction(room.found)
        client = await stack.enter_async_context(room.browser())
        figures = await in_rounds(
            {
                "answered": lambda: room.answered(client, shots[:PHOTOS]),
                "developed": lambda: _developed(shots),
                "stall": lambda: room.stall(shots),
            },
            ROUNDS,
        )
    megabytes = sum(map(len, shots)) / len(shots) / 1_000_000
    return Section(
        "Photos",
        f"{HOW} The photos had {megabytes:.1f} MB each.",
        [
            Row(
                f"a reflection with {PHOTOS} photos, accepted and answered",
                figures["answered"],
                "ms",
                need=Need("≤", 300, of_ratio=False),
            ),
            Row(
                "a photo developed, on one core",
                figures["developed"],
                "ms",
                need=Need("≤", 250, of_ratio=False),
            ),
            Row(
                f"longest stall of the event loop, {AT_ONCE} photos",
                figures["stall"],
                "ms",
                need=Need("≤", 50, of_ratio=False),
            ),
        ],
    )


def photo(seed: int) -> bytes:
    vips = darkroom()
    layers = [vips.Image.perlin(WIDE, HIGH, cell_size=160 * n, seed=seed + n) for n in (1, 2, 3)]
    grain = vips.Image.gaussnoise(WIDE, HIGH, sigma=9, seed=seed)
    bands = [((layer + 1) * 110 + grain).cast("uchar") for layer in layers]
    shown = bands[0].bandjoin(bands[1:]).copy(interpretation="srgb")
    content: bytes = shown.jpegsave_buffer(Q=QUALITY)
    return content


async def _developed(shots: list[bytes]) -> float:
    """Milliseconds of the processor a photo."""
    begun = process_time()
    await asyncio.to_thread(lambda: [develop(shot) for shot in shots])
    return (process_time() - begun) * 1000 / len(shots)


class Room:
    """A group in the browser in which reflections are written, each by another of its members."""

    def __init__(self, works: Works, folder: Path) -> None:
        core = works.core
        self._works = works
        self._uploads = FolderStore(folder / "uploads", works.clock)
        self._photos = FolderStore(folder / "photos", works.clock)
        self._group = core.ids.next(NOW)
        self._people = [core.ids.next(NOW) for _ in range(ROUNDS + 2)]
        self._tokens = iter(range(1_000_000))
        hub = Hub()
        core.speak_through(BrowserTransport(works.database, hub, works.clock, core.ids))
        self._site = Site(
            database=works.database,
            texts=core.texts,
            hear=core.dispatcher.hear,
            hub=hub,
            clock=works.clock,
            ids=core.ids,
            token=lambda: f"token-{next(self._tokens):026d}",
            uploads=self._uploads,
            photos=self._photos,
        )
        self._fetcher = Fetcher(
            works.database,
            {"browser": BrowserFacts(self._uploads)},
            self._photos,
            core.ids,
            works.clock,
            core.wake_senders,
            hub.changed,
        )

    async def found(self, tx: Tx) -> None:
        group = Group(self._group, "一支部", Settings())
        await groups.add(tx, group, NOW)
        await groups.bind(tx, Chat("browser", "site", f"g{group.id}"), group.id, group.name, NOW)
        for person in self._people:
            await members.add_person(tx, person, f"第{person}人", NOW)
            await members.know_account(tx, "browser", "site", str(person), person, chat_id=f"p{person}")
            await members.know_account(tx, "browser", "site", str(person), person, group_id=group.id)
            await members.join(tx, group.id, person, f"第{person}人", Role.MEMBER, NOW)
            await logins.invite(tx, f"link-{person}", person, NOW + 3_600_000)
        await _open(tx, self._works, group)

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(create_app(self._site))
        ours = {"origin": HERE, "accept": "application/json"}
        return httpx.AsyncClient(transport=transport, base_url=HERE, headers=ours)

    async def answered(self, client: httpx.AsyncClient, shots: list[bytes]) -> float:
        """Milliseconds."""
        person = self._people.pop()
        client.cookies.clear()
        await client.post(f"/enter/link-{person}")
        sent = client.build_request(
            "POST",
            f"/chat/g{self._group}/messages",
            data={"key": f"key-{person}", "text": WORDS},
            files=[("photos", (f"{n}.jpg", shot)) for n, shot in enumerate(shots)],
        )
        await sent.aread()
        begun = perf_counter()
        answer = await client.send(sent)
        took = (perf_counter() - begun) * 1000
        assert answer.status_code == 200, answer.text
        assert await self._works.database.read(_pending) >= len(shots)
        await self._fetcher.run_due()
        return took

    async def stall(self, shots: list[bytes]) -> float:
        """Milliseconds: the longest of a round."""
        keys = [await self._uploads.put(shot) for shot in shots]
        where = ("browser", "site", f"g{self._group}")
        sent = [pictures.Shot("photo", pictures.Source(*where, key)) for key in keys]
        clock, ids = self._works.clock, self._works.core.ids
        await self._works.database.transaction(pictures.add, self._group, ids.next(clock()), sent, clock())
        longest = await _longest_stall(self._fetcher.run_due())
        assert await self._works.database.read(_pending) == 0
        return longest * 1000


async def _longest_stall(work: Awaitable[object]) -> float:
    """Seconds by which the loop was late to turn to somebody who waits all the time."""
    working, longest = asyncio.ensure_future(work), 0.0
    while not working.done():
        begun = perf_counter()
        await asyncio.sleep(BREATH)
        longest = max(longest, perf_counter() - begun - BREATH)
    await working
    return longest


async def _open(tx: Tx, works: Works, group: Group) -> Cycle:
    begun = await cycle.begin(
        tx, works.core.ids, group, PLAN, group.settings.day(NOW) - timedelta(days=1), by=0, now=NOW
    )
    await tx.run(
        "UPDATE stages SET state = 'open', opened_at = :now WHERE cycle_id = :id", now=NOW, id=begun.id
    )
    return begun


async def _pending(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM pictures WHERE state = 'pending'")
    return int(row[0]) if row else 0
