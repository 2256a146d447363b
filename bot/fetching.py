"""Fetches what people sent by reference, makes what is kept of it, and marks it there: beside the senders, outside of transactions.

A due row of kind `storage.due.FETCH` is leased before anything is fetched and settled with the mark: two workers never mark one
picture both, and what a killed worker held is due again when its lease ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import structlog

from bot.ingress import Facts
from content.pictures import MOST_BYTES, Kept, NotKept, develop, keep_file
from domain.day import DAY, HOUR, MINUTE
from domain.errors import UserError
from domain.file import shown_size
from domain.group import Group
from domain.ids import Ids
from domain.incoming import Attachment, Incoming
from domain.message import Line, Message, Priority, line
from domain.outgoing import Refused, RetryLater, SendError
from scheduler import likeness
from storage import due, groups, members, pictures, reflection_windows, reflections, talk, works
from storage.due import Due
from storage.media import MediaStore
from storage.pictures import Picture, Source
from storage.telling import tell_person
from storage.tx import Database, StorageError, Tx

AT_ONCE: Final = 4
"""Files being fetched beside each other, each held in memory while it is."""
DEVELOPED_AT_ONCE: Final = 2
"""A photo of the most pixels takes half a gigabyte while it is unpacked."""
LEASE: Final = 10 * MINUTE
"""Longer than fetching and developing ever take (`bot.platforms.telegram.rules.FETCH_SECONDS`)."""
FIRST_PAUSE, LONGEST_PAUSE = MINUTE // 2, HOUR
GIVE_UP: Final = DAY
_SOON: Final = HOUR
"""So long after somebody sent a picture they may hear of it at any hour."""
_LOOKS_EVERY = 1.0

Develop: TypeAlias = Callable[[bytes], Kept]
_log = structlog.get_logger()


class Broken(Exception):
    """The file will never be there; ``key`` is the sentence that tells its sender."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Fetcher:
    """``said`` is called when messages may have been queued, ``seen`` with a chat of the browser in which a picture now shows."""

    def __init__(
        self,
        database: Database,
        facts: Mapping[str, Facts],
        store: MediaStore | None,
        ids: Ids,
        clock: Callable[[], int],
        said: Callable[[], None],
        seen: Callable[[str], None],
        develop: Develop = develop,
        keep_file: Develop = keep_file,
    ) -> None:
        self._database = database
        self._facts = facts
        self._store = store
        self._ids = ids
        self._clock = clock
        self._said = said
        self._seen = seen
        self._develop = develop
        self._keep_file = keep_file
        self._room = asyncio.Semaphore(DEVELOPED_AT_ONCE)
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stopped.is_set():
            try:
                await self.run_due()
            except StorageError as fault:
                _log.error("pictures_wait", exc_info=fault)
            try:
                await asyncio.wait_for(self._stopped.wait(), _LOOKS_EVERY)
            except TimeoutError:
                continue

    def stop(self) -> None:
        self._stopped.set()

    async def run_due(self) -> int | None:
        """Fetch everything that is due now; returns the instant at which the next will be, None for never."""
        if self._store is None:
            return None
        while leased := await self._lease():
            await asyncio.gather(*(self._fetch(row) for row in leased))
        return await self._database.read(due.first_at, due.FETCH)

    async def _lease(self) -> list[Due]:
        """Looked up before it is taken: most of the time there is nothing, and nothing is written then."""
        now = self._clock()
        if not await self._database.read(due.is_due, due.FETCH, now):
            return []
        return await self._database.transaction(due.lease, due.FETCH, now, now + LEASE, AT_ONCE)

    async def _fetch(self, row: Due) -> None:
        picture = await self._database.read(pictures.of_fetch, row.group_id, row.key)
        if picture is None:
            await self._database.transaction(due.settle, row)
            return
        try:
            kept = await self._kept(picture)
        except Broken as broken:
            await self._give_up(row, picture, broken.key)
        except Exception as fault:
            await self._later(row, picture, fault)
        else:
            if await self._database.transaction(self._mark, row, *kept):
                self._seen(picture.source.chat_id)
        self._said()

    async def _kept(self, picture: Picture) -> tuple[Picture, str]:
        """The picture as it will be marked, its files in the store already; and its print. Raises `Broken`, and what may pass by itself."""
        assert self._store is not None
        try:
            content = await self._content(picture.source)
            async with self._room:
                kept = await asyncio.to_thread(self._how(picture), content)
        except UserError as gone:
            raise Broken("picture.too_big" if gone.key == "file.too_big" else "picture.lost") from gone
        except Refused as refused:
            raise Broken("picture.lost") from refused
        except NotKept as useless:
            too_big = useless.wrong in ("too_big", "too_many_pixels")
            raise Broken("picture.too_big" if too_big else "picture.broken") from useless
        small = await self._store.put(kept.small) if kept.small else ""
        hash = await self._store.put(kept.content)
        there = replace(
            picture,
            state="there",
            kind=kept.kind,
            hash=hash,
            small=small,
            width=kept.width,
            height=kept.height,
            source=replace(picture.source, size=len(kept.content))
            if kept.kind == "document"
            else picture.source,
        )
        return there, kept.print

    def _how(self, picture: Picture) -> Develop:
        """Where a photo or a film was asked for, nothing else is kept."""
        return self._develop if picture.kind in ("photo", "video") else self._keep_file

    async def _content(self, source: Source) -> bytes:
        facts = self._facts.get(source.platform)
        if facts is None:
            raise SendError("nobody to fetch it from")
        attached = Attachment.model_validate(
            {"kind": source.attached, "file_id": source.file_id, "size": source.size, "name": source.name}
        )
        return await facts.fetch(_as_heard(source, self._clock()), attached, MOST_BYTES)

    async def _later(self, row: Due, picture: Picture, fault: Exception) -> None:
        """Whatever it was may pass; after a day it is given up."""
        now = self._clock()
        if now - picture.at >= GIVE_UP:
            await self._give_up(row, picture, "picture.lost")
            return
        pause = min(FIRST_PAUSE << min(row.attempts - 1, 10), LONGEST_PAUSE)
        if isinstance(fault, RetryLater):
            pause = max(pause, round(fault.seconds * 1000))
        known = isinstance(fault, SendError)
        _log.warning("picture_waits", error=type(fault).__name__, exc_info=None if known else fault)
        await self._database.transaction(due.settle, row, now + pause)

    async def _mark(self, tx: Tx, row: Due, picture: Picture, print: str) -> bool:
        """It is there. False where it was taken back in the meantime, or somebody else has marked it."""
        await tx.lock(row.group_id)
        if not (await due.settle(tx, row) and await pictures.become(tx, picture, print)):
            return False
        if print and await reflections.find(tx, picture.group_id, picture.reflection_id):
            await likeness.on_picture(tx, picture.group_id, picture.reflection_id, self._clock())
        return await self._show(tx, picture)

    async def _show(self, tx: Tx, picture: Picture) -> bool:
        """In the message of the browser chat that it came with, if it came so."""
        version = self._ids.next(self._clock())
        return await talk.show_picture(
            tx, picture.source.chat_id, picture.reflection_id, picture.place, _shown(picture), version
        )

    async def _give_up(self, row: Due, picture: Picture, key: str) -> None:
        if await self._database.transaction(self._mark_broken, row, replace(picture, state="broken"), key):
            self._seen(picture.source.chat_id)

    async def _mark_broken(self, tx: Tx, row: Due, picture: Picture, key: str) -> bool:
        await tx.lock(row.group_id)
        if not (await due.settle(tx, row) and await pictures.become(tx, picture)):
            return False
        await self._tell(tx, picture, key)
        return await self._show(tx, picture)

    async def _tell(self, tx: Tx, picture: Picture, key: str) -> None:
        """Whoever sent it, once and in private; nobody where it can no longer be changed, or was only said in a chat."""
        one = await reflections.find(tx, picture.group_id, picture.reflection_id)
        group = await groups.find(tx, picture.group_id)
        if group is not None and one is None:
            await self._tell_author(tx, group, picture, key)
        if one is None or group is None:
            return
        sender = await members.find(tx, group.id, one.by)
        if sender is None or not await reflection_windows.may_change(tx, one):
            return
        now = self._clock()
        not_before = 0 if now - picture.at < _SOON else group.settings.after_quiet(now)
        said = Message((_told(picture, key),))
        await tell_person(
            tx, self._ids, now, group, sender, said, priority=Priority.REPLY, not_before=not_before
        )

    async def _tell_author(self, tx: Tx, group: Group, picture: Picture, key: str) -> None:
        """Of a work: which one it is, and how another file takes the place of this."""
        found = await works.sender(tx, group.id, picture.reflection_id)
        author = await members.find(tx, group.id, found[0]) if found and found[2] else None
        if found is None or author is None:
            return
        now = self._clock()
        not_before = 0 if now - picture.at < _SOON else group.settings.after_quiet(now)
        most = shown_size(MOST_BYTES)
        told = line("works.too_big", number=found[1], most=most) if key == "picture.too_big" else None
        said = Message((told or line("works.broken", number=found[1]),))
        await tell_person(tx, self._ids, now, group, author, said, not_before=not_before)


def _told(picture: Picture, key: str) -> Line:
    what = line("picture.film" if picture.kind == "video" else "picture.photo", place=picture.place + 1)
    return line(key, what=what, most=shown_size(MOST_BYTES))


def _shown(picture: Picture) -> talk.Photo:
    return talk.Photo(
        picture.kind, picture.state, picture.hash, picture.width, picture.height, picture.source.name
    )


def _as_heard(source: Source, now: int) -> Incoming:
    """The event it came with, as far as a platform needs it to find the file."""
    return Incoming(
        platform=source.platform,
        account=source.account,
        event_id="fetch",
        chat_id=source.chat_id,
        sender_id="",
        sender_name="",
        is_group=False,
        sent_at=now,
    )
