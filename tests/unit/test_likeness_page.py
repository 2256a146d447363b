"""Two reflections side by side: the page and the picture in the chat, for a secretary who wrote neither of them and nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from content.beside import CELL
from domain.group import Role
from domain.ids import brief
from domain.message import File
from domain.outgoing import Made, Order
from domain.template import StageSpec, Template, When
from handlers.likeness_pair import KIND, makers
from scheduler import cycle
from storage import audit, cycles, groups, likenesses, members, pictures, reflections
from storage.likenesses import pair
from storage.media import FolderStore
from storage.reflections import Reflection
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.transcripts.sample_photos import photo
from tests.unit.browser_site import GROUP, LI, NOON, WANG, ZHANG, PlayedDemo, Rig, open_rig

CHAT = f"g{GROUP}"
ZHAO, QIAN = 501, 502
PLAN = Template(
    key="write",
    title="写心得",
    stages=(StageSpec(key="write", kind="reflection", title="心得", closes=When(days=9, at=18 * 60)),),
)
SHARED = "今天跟着志愿服务队去了柳林社区，给独居的老人打扫屋子，听她说了半个多小时的话。"
PRINT = "0123456789abcdef" * 4


class Everybody(PlayedDemo):
    async def personas(self) -> list[tuple[int, str, Role]]:
        return [*await super().personas(), (WANG, "王五", Role.MEMBER), (QIAN, "钱七", Role.SECRETARY)]


@dataclass
class Alike:
    rig: Rig
    store: FolderStore
    name: str
    """Of the pair of texts."""

    @property
    def path(self) -> str:
        return f"/chat/{CHAT}/alike/{self.name}"

    async def get(self, path: str = "", person: int = ZHANG) -> httpx.Response:
        async with self.rig.browser(person) as browser:
            return await browser.get(path or self.path)

    async def post(self, decision: str, person: int = ZHANG) -> httpx.Response:
        async with self.rig.browser(person) as browser:
            return await browser.post(self.path, data={"as": decision})

    async def states(self) -> list[str]:
        async def read(tx: Tx) -> list[str]:
            return [str(row[0]) for row in await tx.all("SELECT state FROM likenesses")]

        return await self.rig.site.database.read(read)

    async def made(self, person: int = ZHANG, arg: str = "", store: FolderStore | None = None) -> Made | None:
        order = Order(GROUP, person, File(KIND, arg or self.name), "zh")
        make = await self.rig.site.database.read(makers(store or self.store)[KIND], order, NOON)
        return await asyncio.to_thread(make, lambda said: said.key) if make else None


async def write(tx: Tx, rig: Rig, person: int, body: str, *photos: tuple[str, str]) -> Reflection:
    """``photos``: (hash, print)."""
    [made] = await cycles.running(tx, GROUP)
    [stage] = await cycles.stages(tx, made)
    one = await reflections.begin(tx, rig.site.ids, stage, person, person, NOON)
    one = await reflections.write(tx, one, body, NOON)
    shots = [
        pictures.Shot("photo", pictures.Source("browser", "site", CHAT, f"{person}-{n}"))
        for n in range(len(photos))
    ]
    await pictures.add(tx, GROUP, one.id, shots, NOON)
    for found, (hash, print) in zip(await pictures.of_reflection(tx, GROUP, one.id), photos, strict=True):
        await tx.run(
            """UPDATE pictures SET state = 'there', hash = :hash, print = :print, width = 320, height = 240
               WHERE reflection_id = :id AND place = :place""",
            hash=hash,
            print=print,
            id=one.id,
            place=found.place,
        )
    await reflections.hand_in(tx, one, NOON)
    return one


@pytest.fixture
async def alike(sqlite_database: SqliteDatabase, tmp_path: Path) -> Alike:
    store = FolderStore(tmp_path / "photos", lambda: NOON)
    rig = await open_rig(sqlite_database, demo=Everybody(), photos=store)
    walk, other = await store.put(photo(0.3)), await store.put(photo(0.9, (240, 320)))

    async def fill(tx: Tx) -> str:
        for person, name in ((ZHAO, "赵六"), (QIAN, "钱七")):
            await members.add_person(tx, person, name, NOON)
            await members.join(tx, GROUP, person, name, Role.MEMBER, NOON)
        group = await groups.find(tx, GROUP)
        assert group is not None
        await cycle.begin(tx, rig.site.ids, group, PLAN, date(2026, 3, 2), by=ZHANG, now=NOON)
        first = await write(tx, rig, LI, f"<b>我想：{SHARED}", (other, "f" * 64), (walk, PRINT))
        second = await write(tx, rig, ZHAO, f"{SHARED}我很受教育。", (walk, PRINT))
        found = pair(GROUP, first.id, second.id, "text", 44)
        await likenesses.replace(
            tx, GROUP, second.id, [found, pair(GROUP, first.id, second.id, "photo", 98)], NOON
        )
        return found.name

    return Alike(rig, store, await sqlite_database.transaction(fill))


async def test_both_stand_beside_each_other_with_what_they_share_marked(alike: Alike) -> None:
    page = (await alike.get()).text
    assert page.count(f"<mark>{SHARED[:-1]}</mark>") == 2
    assert "&lt;b&gt;我想" in page and "<b>我想" not in page
    assert "<b>A2</b> <bdi>赵六" in page and "<b>A1</b> <bdi>李四" in page
    assert "文字 44% 相同" in page and "照片 98% 相似" in page
    assert 'alt="A2 赵六，第 1 张照片"' in page and 'alt="A1 李四，第 2 张照片"' in page
    assert page.count('class="photo"') == 2 and "<script>" not in page and "style=" not in page


async def test_the_address_in_the_message_leads_to_the_page_in_the_readers_own_chat(alike: Alike) -> None:
    answer = await alike.get(f"/alike/{brief(GROUP)}-{alike.name}")
    assert (answer.status_code, answer.headers["location"]) == (303, alike.path)
    assert (await alike.get(f"/chat/p{ZHANG}/alike/{alike.name}")).status_code == 200
    for person, named in ((LI, f"{brief(GROUP)}-{alike.name}"), (WANG, f"{brief(GROUP)}-{alike.name}")):
        assert (await alike.get(f"/alike/{named}", person)).status_code == 404
    for odd in ("x", "1-2", "-", f"0-{alike.name}", "%2e%2e"):
        assert (await alike.get(f"/alike/{odd}")).status_code == 404


async def test_the_page_is_for_secretaries_alone_and_each_look_is_noted(alike: Alike) -> None:
    for person in (LI, WANG, QIAN):
        assert (await alike.get(person=person)).status_code == 404
        assert (await alike.post("fine", person)).status_code == 404
    for odd in ("0_0", alike.name + "0", "x", "%3Cb%3E"):
        assert (await alike.get(f"/chat/{CHAT}/alike/{odd}")).status_code == 404
    assert await alike.rig.site.database.read(audit.of_group, GROUP, audit.NEWEST, 9) == []
    await alike.get()
    [look] = await alike.rig.site.database.read(audit.of_group, GROUP, audit.NEWEST, 9)
    assert (look.by, look.what) == ("张三", "alike")


async def test_nobody_compares_what_they_wrote_themselves(alike: Alike) -> None:
    async def promote(tx: Tx) -> None:
        await tx.run("UPDATE members SET role = :role WHERE person_id = :p", role=int(Role.SECRETARY), p=LI)

    await alike.rig.site.database.transaction(promote)
    assert (await alike.get(person=LI)).status_code == 404
    assert await alike.made(LI) is None


async def test_what_is_decided_on_the_page_settles_words_and_photos_at_once(alike: Alike) -> None:
    assert (await alike.post("odd")).status_code == 400
    assert await alike.states() == ["open", "open"]
    answer = await alike.post("spoken")
    assert (answer.status_code, answer.headers["location"]) == (303, alike.path)
    assert await alike.states() == ["spoken", "spoken"]
    page = (await alike.get()).text
    assert "已经处理过了" in page and 'name="as"' not in page
    async with alike.rig.browser(ZHANG, **{"sec-fetch-site": "cross-site"}) as foreign:
        assert (await foreign.post(alike.path, data={"as": "fine"})).status_code == 403


async def test_in_the_chat_both_photos_are_one_picture_for_a_secretary_alone(alike: Alike) -> None:
    made = await alike.made()
    assert made is not None
    assert (made.name, made.kind, made.alt) == ("A2-A1.jpg", "photo", "alike.photos_alt")
    shown = Image.open(BytesIO(made.content))
    assert shown.format == "JPEG" and shown.height == CELL and 2 * CELL < shown.width < 2 * CELL + 100
    for person in (LI, WANG, ZHAO, 999):
        assert await alike.made(person) is None
    assert await alike.made(arg="0_0") is None

    async def withdrawn(tx: Tx) -> None:
        await tx.run("UPDATE reflections SET state = 'withdrawn' WHERE person_id = :p", p=LI)

    await alike.rig.site.database.transaction(withdrawn)
    assert await alike.made() is None and (await alike.get()).status_code == 404
