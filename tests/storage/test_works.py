"""Works with files, as they are said to the bot: photo, film, document, and what is none of them; on both engines."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.fetching import Develop, Fetcher
from content.pictures import Kept, NotKept
from content.points import shipped_rules
from domain.cycle import Stage
from domain.day import DAY, HOUR
from domain.ids import Ids
from domain.incoming import Attachment, Incoming
from domain.message import File
from domain.outgoing import Made, Order
from domain.template import StageSpec, Template, When
from domain.works import Work
from handlers.work_file import KIND, first_file, makers
from scheduler import cycle
from storage import cycles, pictures, votes, works
from storage.tx import Database, Tx
from tests.storage.founding import FIRST_PERSON, NOW, PLATFORM
from tests.storage.test_dispatcher import LI, ZHANG, Talk
from tests.transcripts.sample_photos import photo
from tests.transcripts.shelf import MemoryStore

PLAN = Template(
    key="try",
    title="活动",
    stages=(
        StageSpec(
            key="works",
            kind="live",
            title="作品",
            opens=When(at=8 * 60),
            closes=When(days=4, at=20 * 60),
            own_questions=0,
        ),
    ),
)
PHOTO = Attachment(kind="photo", file_id="p1")


class Exhibition:
    """A group in which works are handed in."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.talk = Talk(database)
        self.ids = Ids(2)

    async def open(self) -> Exhibition:
        group = await self.talk.begin()

        async def begin(tx: Tx) -> None:
            made = await cycle.begin(
                tx, self.ids, group, PLAN, date(2026, 3, 2), by=FIRST_PERSON, now=self.talk.now
            )
            await cycle.advance(tx, self.ids, group, made, self.talk.now, rules=shipped_rules())

        await self.database.transaction(begin)
        await self.talk.said()
        return self

    async def say(self, person: int, text: str, *files: Attachment) -> list[str]:
        return await self.talk.say(person, text, group=None, attachments=files)

    async def stage(self) -> Stage:
        [made] = await self.database.read(cycles.running, 7)
        [stage] = await self.database.read(cycles.stages, made)
        return stage

    async def shown(self) -> list[Work]:
        return await self.database.read(works.of_stage, await self.stage())

    async def files(self, work: Work) -> list[tuple[str, str]]:
        return [
            (one.kind, one.source.file_id)
            for one in await self.database.read(pictures.of_reflection, 7, work.id)
        ]


async def test_a_photo_with_a_title_is_a_work_and_waits_to_be_fetched(database: Database) -> None:
    here = await Exhibition(database).open()
    assert "works.noted" in await here.say(LI, "作品 春到社区\n台账一本", PHOTO)
    [one] = await here.shown()
    assert (one.number, one.kind, one.title, one.text) == (1, "photo", "春到社区", "台账一本")
    assert await here.files(one) == [("photo", "p1")]


async def test_a_picture_sent_as_a_document_is_a_picture_and_every_file_is_fetched(
    database: Database,
) -> None:
    here = await Exhibition(database).open()
    await here.say(LI, "作品 一", Attachment(kind="document", file_id="d1", name="A.JPG"))
    await here.say(LI, "作品 二", Attachment(kind="document", file_id="d2", name="诗.docx"))
    await here.say(LI, "作品 三", Attachment(kind="document", file_id="d3", name="片.mov"))
    await here.say(ZHANG, "作品 四", Attachment(kind="voice", file_id="v1"))
    await here.say(ZHANG, "作品 五", Attachment(kind="video", file_id="v2"), PHOTO)
    shown = await here.shown()
    assert [one.kind for one in shown] == ["photo", "document", "video", "audio", "video"]
    assert [await here.files(one) for one in shown] == [
        [("photo", "d1")],
        [("document", "d2")],
        [("video", "d3")],
        [("audio", "v1")],
        [("video", "v2"), ("photo", "p1")],
    ]


async def test_a_new_file_takes_the_place_of_the_old_and_new_words_leave_it(database: Database) -> None:
    here = await Exhibition(database).open()
    await here.say(LI, "作品 一", PHOTO)
    assert "works.changed" in await here.say(LI, "作品 W1 二")
    [one] = await here.shown()
    assert (one.title, await here.files(one)) == ("二", [("photo", "p1")])
    await here.say(LI, "作品 W1", Attachment(kind="photo", file_id="p2"))
    [one] = await here.shown()
    assert (one.title, await here.files(one)) == ("二", [("photo", "p2")])


async def test_bad_input_changes_nothing(database: Database) -> None:
    here = await Exhibition(database).open()
    await here.say(LI, "作品 一", PHOTO)
    assert await here.say(LI, "作品", PHOTO) == ["works.untitled"]
    assert await here.say(LI, "作品 只有题目") == ["works.nothing"]
    assert await here.say(LI, "作品 " + "长" * 41, PHOTO) == ["works.title_too_long"]
    assert await here.say(LI, "作品 题\n" + "长" * 2001) == ["works.text_too_long"]
    assert await here.say(ZHANG, "作品 W1 我的了") == ["works.not_yours"]
    assert await here.say(ZHANG, "作品 撤回 W1") == ["works.not_yours"]
    assert await here.say(ZHANG, "作品 撤回 W77") == ["works.unknown"]
    assert await here.say(ZHANG, "投 W1") == ["vote.not_yet"]
    assert [one.title for one in await here.shown()] == ["一"]


async def test_one_vote_each_never_for_ones_own_and_nothing_is_handed_in_any_more(database: Database) -> None:
    here = await Exhibition(database).open()
    await here.say(LI, "作品 一", PHOTO)
    await here.say(ZHANG, "作品 二", PHOTO)
    here.talk.now = NOW + 3 * DAY
    assert await here.say(LI, "作品 三", PHOTO) == ["works.voting"]
    assert await here.say(LI, "投 W1") == ["vote.own"]
    assert await here.say(LI, "投 W9") == ["works.unknown"]
    assert "vote.noted" in await here.say(LI, "投 W2")
    assert await here.say(LI, "投 W2") == ["vote.already"]
    first, second = await here.shown()
    assert await database.read(votes.of_stage, await here.stage()) == {LI: second.id}
    assert first.person_id == LI


async def test_nobody_signs_up_for_an_exhibition_or_asks_in_it(database: Database) -> None:
    here = await Exhibition(database).open()
    assert await here.say(LI, "报名") == ["seminar.none_open"]
    assert await here.say(LI, "提问 为什么？") == ["inquiry.none_open"]


class Far:
    def __init__(self, content: bytes = b"no picture") -> None:
        self.content = content

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return False

    async def hears_everything(self, chat_id: str) -> bool | None:
        return True

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        return self.content


def refuse(content: bytes) -> Kept:
    raise NotKept("broken")


def too_big(content: bytes) -> Kept:
    raise NotKept("too_big")


def fetcher(here: Exhibition, store: MemoryStore, far: Far, **develop: Develop) -> Fetcher:
    clock = lambda: here.talk.now  # noqa: E731
    return Fetcher(
        here.database,
        {PLATFORM: far},
        store,
        here.ids,
        clock,
        lambda: None,
        lambda chat: None,
        **develop,
    )


@pytest.mark.parametrize(("develop", "said"), [(refuse, "works.broken"), (too_big, "works.too_big")])
async def test_the_author_of_a_file_that_cannot_be_kept_hears_of_it_while_it_can_be_changed(
    database: Database, develop: Develop, said: str
) -> None:
    here = await Exhibition(database).open()
    await here.say(LI, "作品 一", PHOTO)
    here.talk.now += HOUR
    await fetcher(here, MemoryStore(lambda: here.talk.now), Far(), develop=develop).run_due()
    assert await here.talk.said() == [said]
    [one] = await here.shown()
    [sent] = await database.read(pictures.of_reflection, 7, one.id)
    assert sent.state == "broken"
    assert "works.lost" in await here.say(LI, "作品 W1")


async def test_a_document_is_kept_with_its_name_and_size_and_shown_to_the_group_alone(
    database: Database,
) -> None:
    here = await Exhibition(database).open()
    store = MemoryStore(lambda: here.talk.now)
    far = Far(b"PK\3\4 words")
    await here.say(LI, "作品 诗", Attachment(kind="document", file_id="d1", name="诗.docx"))
    assert "works.coming" in await here.say(ZHANG, "作品 W1")
    await fetcher(here, store, far).run_due()
    [work] = await here.shown()
    found = await database.read(pictures.of_reflection, 7, work.id)
    assert [(one.state, one.kind, one.source.size) for one in found] == [("there", "document", 10)]
    assert "works.coming" not in await here.say(ZHANG, "作品 W1")
    file = first_file(found)
    assert file is not None

    async def made(person: int, file: File, kept: MemoryStore | None = store) -> Made | None:
        make = await database.read(makers(kept)[KIND], Order(7, person, file, "zh"), here.talk.now)
        return await asyncio.to_thread(make, lambda said: said.key) if make else None

    assert await made(ZHANG, file) == await made(0, file) == Made("诗.docx", b"PK\3\4 words")
    assert await made(999, file) is None and await made(ZHANG, file, None) is None
    assert await made(ZHANG, File(KIND, f"{file.arg[:-1]}8")) is None
    far.content = photo(0.2)
    await here.say(LI, "作品 W1", PHOTO)
    await fetcher(here, store, far).run_due()
    shown = await made(ZHANG, file)
    assert shown is not None and (shown.name, shown.kind, shown.alt) == (
        "W1-1.jpg",
        "photo",
        "works.photo_of",
    )
    far.content = b"OggS"
    await here.say(LI, "作品 W1", Attachment(kind="voice", file_id="v1"))
    await fetcher(here, store, far).run_due()
    assert await made(ZHANG, file) == Made("W1-1.ogg", b"OggS")
    await here.say(LI, "作品 撤回 W1")
    assert await made(ZHANG, file) is None
