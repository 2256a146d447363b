"""A site on a real port, with an activity as full as one gets: long names, long words, many photos, an English reflection."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import uvicorn

from bot.demo_pictures import HEIGHT, WIDTH, picture
from domain.attendance import Room, address
from domain.cycle import Cycle, Stage
from domain.day import DAY
from domain.group import Role
from domain.ids import brief
from domain.template import StageSpec, Template
from domain.works import WorkKind
from storage import cycles, installation, logins, members, newsletters, works
from storage.media import FolderStore
from storage.pictures import Source
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import GROUP, LI, NOON, ZHANG, open_rig

CYCLE, KEY = 900, "the installation's own"
TITLE = "三月：走出去，看一看，记下来"
SCENES = ("river", "square", "books", "window", "bicycles", "telephone")
NAMES = (
    "李四", "欧阳王五", "阿依古丽·麦麦提敏·赵六", "Maximilian-Alexander Featherstonehaugh the Younger", "孙七",
    "周八", "吴九", "郑十", "冯十一", "陈十二", "褚十三", "卫十四",
)  # fmt: skip
SENTENCES = (
    "周六上午我和邻居们一起去清河岸，远看水边很干净，蹲下来才发现草丛里都是烟头、绳子和碎玻璃。",
    "“最费工夫的”是缠在芦苇根上的旧渔网，剪了 30 分钟，里面还困着一只小螃蟹，放回水里的时候孩子们都拍手！",
    "我体会到，大家的地方要大家一起管；一个人弯腰，旁边就有人跟着弯腰——垃圾不是一天丢下的，也不会一天就捡完。",
)
ENGLISH = (
    "We read to them for an hour, and when we closed the book they asked for one more page. "
    "I had thought that we came to help; in truth we were the ones who were given something. "
)
STAGES = (
    StageSpec(key="publish", kind="notice", title="发布", text="本次活动分六步，每一步开始时我都会说。"),
    StageSpec(
        key="preview",
        kind="preview",
        title="预习",
        text="先读材料，再答两个问题。",
        materials=("https://example.org/a/very/long/address/" + "of-something-to-read/" * 4,),
        questions=("哪一句最触动您？",),
    ),
    StageSpec(key="seminar", kind="seminar", title="研讨", form="offline", text="地点：社区活动室二楼。"),
    StageSpec(key="reflection", kind="reflection", title="心得", text="写您自己做了什么、想了什么。"),
    StageSpec(key="works", kind="live", title="作品", own_questions=0, photos=1),
    StageSpec(key="newsletter", kind="newsletter", title="简报"),
)
STATES = ("closed", "skipped", "open", "open", "open", "planned")


@dataclass(frozen=True)
class SampleSite:
    url: str
    pages: dict[str, str]
    """Addresses by what they show; of the activity's pages those that 张三, the secretary, sees."""
    link: str
    """Lets 张三 in, once."""


@asynccontextmanager
async def sample_site(database: SqliteDatabase, folder: Path) -> AsyncIterator[SampleSite]:
    photos = FolderStore(folder / "photos", lambda: NOON)
    rig = await open_rig(database, photos=photos, uploads=FolderStore(folder / "uploads", lambda: NOON))
    hashes = [await photos.put(picture(name)) for name in SCENES]
    await database.transaction(_fill, hashes)
    await database.transaction(logins.invite, "a-link-for-zhang", ZHANG, NOON + DAY)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(rig.app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    chat, cycle = f"/chat/g{GROUP}", brief(CYCLE)
    pages = {
        "chat": chat,
        "cycle": f"{chat}/cycle/{cycle}?who",
        "gallery": f"{chat}/gallery/{cycle}",
        "gallery, second page": f"{chat}/gallery/{cycle}?page=2",
        "newsletter": f"/newsletter/{brief(GROUP)}-{cycle}",
        "newsletter by its link": f"/newsletter/{brief(GROUP)}-{cycle}/open/a-secret-token",
        "attendance": f"/attend/{address(KEY, Room(GROUP, CYCLE, 2), ZHANG)}",
        "trouble": "/nowhere",
    }
    try:
        yield SampleSite(url, pages, f"{url}/enter/a-link-for-zhang")
    finally:
        rig.hub.renewed()
        server.should_exit = server.force_exit = True
        await serving


async def _fill(tx: Tx, hashes: list[str]) -> None:
    await installation.keep(tx, "key", KEY)
    plan = Template(key="x", title=TITLE, about="一起出门，做一件小事，再写下来。", stages=STAGES)
    cycle = Cycle(GROUP, CYCLE, TITLE, plan, "running", date(2026, 3, 1))
    stages = [
        Stage(GROUP, CYCLE, n, spec, state, NOON + (n - 3) * DAY, NOON + (n - 1) * DAY)  # type: ignore[arg-type]
        for n, (spec, state) in enumerate(zip(STAGES, STATES, strict=True))
    ]
    await cycles.add(tx, cycle, stages, NOON)
    await tx.run("UPDATE stages SET opened_at = opens_at WHERE state IN ('open', 'closed')")
    await tx.run("UPDATE stages SET closed_at = closes_at WHERE state = 'closed'")
    people = [LI, *range(500, 500 + len(NAMES) - 1)]
    for person, name in zip(people[1:], NAMES[1:], strict=True):
        await members.add_person(tx, person, name, NOON)
        await members.join(tx, GROUP, person, name, Role.MEMBER, NOON)
    letter = await newsletters.begin(tx, cycle, ZHANG, NOON)
    for n, person in enumerate(people):
        await _reflection(tx, 9000 + n, n + 1, person, body(n), hashes[: (6, 1, 2, 3, 0)[n % 5]])
        await newsletters.pick(tx, letter, 9000 + n, NOON)
        await newsletters.set_consent(tx, GROUP, 9000 + n, "yes")
    for n in range(14):
        kind: WorkKind = "photo" if n % 2 else "text"
        title = "三月的风" if n else "一个很长的题目：" + "从城南走到城北" * 4
        await works.add(
            tx, stages[4], 9500 + n, people[n % 12], works.packed(kind, title, SENTENCES[n % 3]), NOON
        )
        await _photos(tx, 9500 + n, hashes[n % 6 : n % 6 + n % 2])
    await newsletters.turn(tx, letter, "posted", NOON)
    await newsletters.set_token(tx, letter, "a-secret-token")


def body(n: int) -> str:
    """Fifteen hundred characters in paragraphs; the fifth in English, with one word that has no end."""
    if n == 4:
        return "\n".join([ENGLISH * 3, "A" + "a" * 90 + "!", ENGLISH * 4])
    paragraphs = ["".join(SENTENCES[(n + k + m) % 3] for m in range(4)) for k in range(7)]
    return "\n".join(paragraphs)


async def _reflection(tx: Tx, id: int, number: int, person: int, body: str, hashes: list[str]) -> None:
    await tx.run(
        """INSERT INTO reflections
               (group_id, id, cycle_id, place, number, person_id, state, body, by_person, at, changed_at)
           VALUES (:group, :id, :cycle, 3, :number, :person, 'handed', :body, :person, 0, 0)""",
        group=GROUP,
        id=id,
        cycle=CYCLE,
        number=number,
        person=person,
        body=body,
    )
    await _photos(tx, id, hashes)


async def _photos(tx: Tx, id: int, hashes: list[str]) -> None:
    await tx.many(
        """INSERT INTO pictures
               (group_id, reflection_id, place, state, kind, source, hash, small, width, height, at)
           VALUES (:group, :id, :place, 'there', 'photo', :source, :hash, :hash, :width, :height, 0)""",
        [
            {
                "group": GROUP,
                "id": id,
                "place": n,
                "source": Source("browser", "site", f"g{GROUP}", f"{id}-{n}").dump(),
                "hash": hash,
                "width": WIDTH,
                "height": HEIGHT,
            }
            for n, hash in enumerate(hashes)
        ],
    )
