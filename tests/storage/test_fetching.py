"""What people sent by reference is fetched once, whoever is killed and however often the platform is silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.fetching import FIRST_PAUSE, GIVE_UP, LEASE, LONGEST_PAUSE, Fetcher
from content.pictures import Kept, NotKept
from domain.day import HOUR
from domain.errors import UserError
from domain.incoming import Attachment, Incoming
from domain.outgoing import Refused, RetryLater, Uncertain
from scheduler import housekeeping
from storage import due, people, pictures, reflections, talk
from storage.pictures import Picture, Shot, Source
from storage.tx import Database
from tests.storage.founding import PLATFORM
from tests.storage.test_dispatcher import LI
from tests.storage.writing import BODY, Writing, photo
from tests.transcripts.shelf import MemoryStore

PRINT = "ab" * 32


@dataclass
class Far:
    """A platform that keeps files, unless it is to fail; everything it is asked for is noted."""

    faults: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.answers.set()

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        return False

    async def hears_everything(self, chat_id: str) -> bool | None:
        return True

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        self.asked.append(attachment.file_id)
        self.reached.set()
        await self.answers.wait()
        if self.faults:
            raise self.faults.pop(0)
        return attachment.file_id.encode()


def develop(content: bytes) -> Kept:
    if content == b"broken":
        raise NotKept("broken")
    if content == b"wall":
        raise NotKept("too_many_pixels")
    return Kept("photo", b"kept " + content, b"small " + content, 4, 3, PRINT)


class Killed(BaseException):
    """The power is gone."""


class Last(MemoryStore):
    """The last that the program did was to keep both files of a photo."""

    def __init__(self, clock: Callable[[], int], kept: dict[str, tuple[int, bytes]]) -> None:
        super().__init__(clock)
        self.kept = kept

    async def put(self, content: bytes) -> str:
        key = await super().put(content)
        if len(self.kept) == 2:
            raise Killed
        return key


class Darkroom:
    """A group in which reflections are written, and what is fetched for them."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.far = Far()
        self.store = MemoryStore(lambda: writing.now)
        self.seen: list[str] = []
        self.fetcher = self.worker()

    def worker(self, make: Callable[[bytes], Kept] = develop) -> Fetcher:
        now = self.writing
        return Fetcher(
            now.database,
            {PLATFORM: self.far},
            self.store,
            now.ids,
            lambda: now.now,
            lambda: None,
            self.seen.append,
            make,
        )

    async def send(self, *names: str) -> None:
        shots = tuple(one for name in names for one in photo(name))
        await self.writing.tell(LI, f"心得 {BODY}", attachments=shots)

    async def states(self) -> list[str]:
        return [one.state for one in await self.photos()]

    async def photos(self) -> list[Picture]:
        return await self.writing.photos(await self.writing.only())

    async def after(self, passing: int) -> int | None:
        self.writing.now += passing
        return await self.fetcher.run_due()


@pytest.fixture
async def room(database: Database) -> Darkroom:
    writing = Writing(database)
    await writing.open()
    return Darkroom(writing)


async def test_every_picture_is_fetched_once_and_kept_with_its_thumbnail(room: Darkroom) -> None:
    await room.send("p1", "p2", "p3", "p4", "p5", "p6")
    assert await room.states() == ["pending"] * 6
    assert await room.fetcher.run_due() is None
    assert sorted(room.far.asked) == ["p1", "p2", "p3", "p4", "p5", "p6"]
    first = (await room.photos())[0]
    assert (first.state, first.width, first.height) == ("there", 4, 3)
    assert await room.store.get(first.hash) == b"kept p1" and await room.store.get(first.small) == b"small p1"
    assert await room.writing.words() == []
    assert await room.fetcher.run_due() is None and len(room.far.asked) == 6


async def test_its_print_is_written_down_and_compared(room: Darkroom) -> None:
    await room.send("p1")
    await room.writing.later(HOUR)  # what was handed in is compared, and not once more without a reason
    await room.fetcher.run_due()
    row = await room.writing.database.read(lambda tx: tx.one("SELECT print FROM pictures"))
    assert row is not None and row[0] == PRINT
    assert await room.writing.database.read(due.is_due, "likeness", 1 << 62)


async def test_the_tick_leaves_what_is_to_be_fetched_to_its_worker(room: Darkroom) -> None:
    await room.send("p1")
    await room.writing.later(HOUR)
    assert await room.states() == ["pending"]
    assert await room.fetcher.run_due() is None and await room.states() == ["there"]


async def test_a_silent_platform_is_asked_again_after_longer_and_longer(room: Darkroom) -> None:
    await room.send("p1")
    room.far.faults += [Uncertain("late")] * 3 + [RetryLater(90)]
    begun = room.writing.now
    with capture_logs() as logs:
        waits = [(await room.fetcher.run_due() or 0) - begun]
        for _ in range(3):
            passing = waits[-1] - (room.writing.now - begun)
            waits.append((await room.after(passing) or 0) - begun)
    assert [log["event"] for log in logs] == ["picture_waits"] * 4
    pauses = [later - earlier for earlier, later in zip([0, *waits], waits, strict=False)]
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    await room.after(HOUR)
    assert await room.states() == ["there"] and await room.writing.words() == []


async def test_after_a_day_it_is_given_up_and_its_sender_is_told_once(room: Darkroom) -> None:
    await room.send("p1")
    room.far.faults += [Uncertain("down")] * 200
    begun = room.writing.now
    with capture_logs():
        while (at := await room.fetcher.run_due()) is not None:
            assert at - room.writing.now <= LONGEST_PAUSE
            room.writing.now = at
    assert GIVE_UP <= room.writing.now - begun <= GIVE_UP + LONGEST_PAUSE
    assert await room.states() == ["broken"]
    [told] = await room.writing.words()
    assert told.startswith("心得里的第 1 张照片没能取到")


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("broken", None, "心得里的第 2 张照片打不开"),
        ("wall", None, "心得里的第 2 张照片太大了"),
        ("p2", UserError("file.too_big", most="20 MB"), "心得里的第 2 张照片太大了"),
        ("p2", UserError("file.gone"), "心得里的第 2 张照片没能取到"),
        ("p2", Refused("no such file"), "心得里的第 2 张照片没能取到"),
    ],
)
async def test_what_never_will_be_a_picture_is_told_at_once_and_the_rest_is_kept(
    room: Darkroom, name: str, fault: Exception | None, told: str
) -> None:
    await room.send("p1")
    await room.fetcher.run_due()
    one = await room.writing.only()
    shot = Shot("photo", Source(PLATFORM, "study_bot", "-1007", name))
    await room.writing.database.transaction(pictures.add, 7, one.id, [shot], room.writing.now)
    room.far.faults += [fault] if fault else []
    assert await room.fetcher.run_due() is None
    assert await room.states() == ["there", "broken"]
    [said] = await room.writing.words()
    assert said.startswith(told)
    assert await room.writing.database.read(pictures.count, 7, one.id) == 1


async def test_what_cannot_be_changed_any_more_troubles_nobody(room: Darkroom) -> None:
    await room.send("broken")
    await room.writing.lock()
    await room.fetcher.run_due()
    assert await room.states() == ["broken"] and await room.writing.words() == []


async def test_two_workers_never_mark_one_picture_both(room: Darkroom) -> None:
    await room.send("p1", "p2", "p3")
    await asyncio.gather(room.fetcher.run_due(), room.worker().run_due(), room.worker().run_due())
    assert sorted(room.far.asked) == ["p1", "p2", "p3"]
    assert await room.states() == ["there"] * 3


async def test_what_a_killed_worker_held_is_fetched_when_its_lease_ends(room: Darkroom) -> None:
    await room.send("p1")
    room.far.answers.clear()
    dying = asyncio.create_task(room.fetcher.run_due())
    await room.far.reached.wait()
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    room.far.answers.set()
    assert await room.worker().run_due() == room.writing.now + LEASE and await room.states() == ["pending"]
    await room.after(LEASE)
    assert await room.states() == ["there"] and room.far.asked == ["p1", "p1"]


async def test_killed_between_fetching_and_marking_nothing_is_lost_or_doubled(room: Darkroom) -> None:
    """Its files lie in the store; another worker finds the same ones there and marks them."""

    await room.send("p1")
    whole = room.store
    room.store = Last(lambda: room.writing.now, whole.kept)
    with pytest.raises(Killed):
        await room.worker().run_due()
    room.store = whole
    assert len(room.store.kept) == 2 and await room.states() == ["pending"]
    await room.after(LEASE)
    assert await room.states() == ["there"] and len(room.store.kept) == 2


async def test_a_worker_that_comes_too_late_marks_nothing(room: Darkroom) -> None:
    """It slept longer than its lease; another has marked the picture in the meantime."""
    await room.send("p1")
    room.far.answers.clear()
    late = asyncio.create_task(room.fetcher.run_due())
    await room.far.reached.wait()
    room.writing.now += LEASE
    room.far.answers.set()
    assert await room.worker(lambda content: Kept("photo", b"first", b"", 1, 1)).run_due() is None
    first = (await room.photos())[0].hash
    await late
    assert [one.hash for one in await room.photos()] == [first]


async def test_what_was_taken_back_meanwhile_is_not_fetched(room: Darkroom) -> None:
    await room.send("p1")
    one = await room.writing.only()
    await room.writing.database.transaction(
        lambda tx: tx.run("DELETE FROM pictures WHERE reflection_id = :id", id=one.id)
    )
    assert await room.fetcher.run_due() is None and room.far.asked == []
    assert await room.writing.database.read(due.first_at, due.FETCH) is None


async def test_a_fault_of_ours_is_logged_without_a_word_of_anybodys_and_tried_again(room: Darkroom) -> None:
    def full(content: bytes) -> Kept:
        raise OSError("No space left on device")

    await room.send("p1")
    with capture_logs() as logs:
        assert await room.worker(full).run_due() is not None
    assert [(log["event"], log["error"]) for log in logs] == [("picture_waits", "OSError")]
    await room.after(HOUR)
    assert await room.states() == ["there"]


async def test_where_nothing_is_kept_nothing_is_fetched(room: Darkroom) -> None:
    await room.send("p1")
    writing = room.writing
    nowhere = Fetcher(
        writing.database, {}, None, writing.ids, lambda: writing.now, lambda: None, room.seen.append
    )
    assert await nowhere.run_due() is None and await room.states() == ["pending"]


async def test_it_runs_beside_the_senders_until_it_is_stopped(room: Darkroom) -> None:
    await room.send("p1")
    running = asyncio.create_task(room.fetcher.run())
    async with asyncio.timeout(10):
        await room.far.reached.wait()
        room.fetcher.stop()
        await running
    assert await room.states() == ["there"]


async def test_the_picture_shows_in_the_message_it_was_sent_with(room: Darkroom) -> None:
    database, now = room.writing.database, room.writing.now
    body = talk.Body(text="看", photos=(talk.Photo("photo"), talk.Photo("photo")))
    said = talk.Said("g7", 900, str(LI), "李四", now, 900, body)
    await database.transaction(talk.append, said)
    shots = [Shot("photo", Source(PLATFORM, "site", "g7", name)) for name in ("p1", "broken")]
    await database.transaction(pictures.add, 7, 900, shots, now)
    await room.fetcher.run_due()
    [shown] = await database.read(talk.page, "g7", None, 9)
    assert [one.state for one in shown.body.photos] == ["there", "broken"]
    assert shown.body.photos[0].hash and shown.version > 900 and room.seen == ["g7", "g7"]
    assert await room.writing.words() == []  # whoever only talked is told by what they see
    hash = shown.body.photos[0].hash
    assert await database.read(pictures.shown_in_chat, [7], "g7", LI, hash) is not None
    assert await database.read(pictures.shown_in_chat, [7], "g8", LI, hash) is None
    await database.transaction(people.erase, LI)
    assert await database.read(pictures.of_reflection, 7, 900) == []


async def test_files_that_belong_to_nobody_any_more_are_swept_away_after_a_day(room: Darkroom) -> None:
    await room.send("p1", "p2")
    await room.fetcher.run_due()
    kept = set(room.store.kept)
    stray = await room.store.put(b"of somebody who has left")
    database, now = room.writing.database, room.writing.now
    await housekeeping.tidy(database, now, None, room.store)
    assert stray in room.store.kept
    await housekeeping.tidy(database, now + 2 * GIVE_UP, None, room.store)
    assert set(room.store.kept) == kept
    await database.transaction(people.erase, LI)
    await housekeeping.tidy(database, now + 2 * GIVE_UP, None, room.store)
    assert room.store.kept == {}


async def test_a_draft_is_seen_by_its_author_alone_and_what_was_handed_in_by_the_group(
    room: Darkroom,
) -> None:
    await room.send("p1")
    await room.fetcher.run_due()
    database, hash = room.writing.database, (await room.photos())[0].hash

    async def seen(person: int, *groups: int) -> bool:
        found = await database.read(pictures.shown_in_chat, groups, "g7", person, hash)
        return found is not None

    assert await seen(LI + 1, 7) and not await seen(LI, 8) and not await seen(LI)
    one = await room.writing.only()
    assert await database.transaction(reflections.withdraw, one, room.writing.now)
    assert await seen(LI, 7) and not await seen(LI + 1, 7)
