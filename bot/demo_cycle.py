"""The sample activity of the demonstration: what everybody but the visitor does in it, each in their own time.

Nothing is kept of who is to do what: it is read from where the activity stands, so a clock that jumps, a restart, or a visitor who
becomes somebody else in the middle are all the same.
"""

from __future__ import annotations

import asyncio
from typing import Final

from bot.core import Core
from bot.demo_pictures import picture
from bot.demo_turns import POSTED_AFTER, Turn, running, turns_of
from content.sample_activity import SampleActivity
from domain.group import Member
from domain.incoming import Attachment, Incoming
from storage import cycles, members, pictures, talk
from storage.media import MediaStore
from storage.pictures import Shot, Source
from storage.tx import Database, Tx

BEGIN: Final = "活动 新 实践与线上总结 今天"


class SamplePeople:
    """Speaks for everybody but the visitor, through the same door as everybody."""

    def __init__(self, database: Database, core: Core, uploads: MediaStore, sample: SampleActivity) -> None:
        self._database = database
        self._core = core
        self._uploads = uploads
        self._sample = sample
        self._tried: set[str] = set()

    def forget(self) -> None:
        """Everything begins anew."""
        self._tried.clear()

    async def offers(self, group_id: int) -> bool:
        """Whether one can be begun: there is a secretary to do it, and none runs."""
        return await self._database.read(_may_begin, group_id)

    async def begin(self, group_id: int, now: int) -> None:
        """The secretary says so, whoever the visitor is."""
        who = await self._database.read(_secretary, group_id)
        if who is not None:
            await self._say(group_id, Turn(now, "begin", who, BEGIN), now)

    async def next_stage(self, group_id: int, now: int) -> int | None:
        """When the next stage opens; where none is to come, when the last one closes."""
        return await self._database.read(_next_stage, group_id, now)

    async def act(self, group_id: int, now: int, visitor: int, *, leaping: bool = False) -> int | None:
        """Do all that somebody would have done by now; the next instant at which somebody does something.

        The visitor's own part is left to them; ``leaping`` to the next stage, what everybody waits for is done for them.
        """
        while True:
            turns = [
                one
                for one in await self._database.read(turns_of, group_id, self._sample)
                if (one.who.id != visitor or (leaping and one.awaited)) and one.key not in self._tried
            ]
            first = min(turns, key=lambda one: (one.at, one.key), default=None)
            if first is None or first.at > now:
                return first.at if first else None
            self._tried.add(first.key)  # whatever comes of it: what was refused once would be again
            await self._say(group_id, first, now)

    async def _say(self, group_id: int, turn: Turn, now: int) -> None:
        """As a browser would post it: kept in the talk first, then heard."""
        chat = f"p{turn.who.id}" if turn.private else f"g{group_id}"
        attached = await self._attached(turn.picture)
        said = talk.Said(
            chat_id=chat,
            id=self._core.ids.next(now),
            sender_id=str(turn.who.id),
            sender_name=turn.who.name,
            at=now,
            version=self._core.ids.next(now),
            body=talk.Body(text=turn.words, photos=tuple(talk.Photo("photo", name=x.name) for x in attached)),
        )
        shots = [
            Shot("photo", Source("browser", "site", chat, x.file_id, x.kind, x.size, x.name))
            for x in attached
        ]
        await self._database.transaction(_keep, group_id, said, shots)
        await self._core.dispatcher.hear(
            Incoming(
                platform="browser",
                account="site",
                event_id=f"sample-{said.id}",
                chat_id=chat,
                message_id=str(said.id),
                sender_id=said.sender_id,
                sender_name=turn.who.name,
                text=turn.words,
                is_group=not turn.private,
                addressed=turn.private,
                attachments=attached,
                sent_at=now,
            )
        )

    async def _attached(self, name: str) -> tuple[Attachment, ...]:
        if not name:
            return ()
        content = await asyncio.to_thread(picture, name)
        key = await self._uploads.put(content)
        return (Attachment(kind="photo", file_id=key, size=len(content), name=f"{name}.jpg"),)


async def _keep(tx: Tx, group_id: int, said: talk.Said, shots: list[Shot]) -> None:
    await talk.append(tx, said)
    if shots:
        await pictures.add(tx, group_id, said.id, shots, said.at)


async def _secretary(tx: Tx, group_id: int) -> Member | None:
    return next(iter(await members.secretaries(tx, group_id)), None)


async def _may_begin(tx: Tx, group_id: int) -> bool:
    return not await running(tx, group_id) and await _secretary(tx, group_id) is not None


async def _next_stage(tx: Tx, group_id: int, now: int) -> int | None:
    """When the next stage opens; after the last, when its newsletter is posted, and then when it closes."""
    stages = [stage for cycle in await running(tx, group_id) for stage in await cycles.stages(tx, cycle)]
    opening = [stage.opens_at for stage in stages if stage.state == "planned"]
    opened = [stage for stage in stages if stage.state == "open"]
    posting = [
        (one.opened_at or one.opens_at) + POSTED_AFTER for one in opened if one.spec.kind == "newsletter"
    ]
    closing = [stage.closes_at for stage in opened]
    coming = opening or [at for at in posting if at > now] or closing
    return min((at for at in coming if at > now), default=None)
