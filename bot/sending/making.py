"""Files that are made when somebody is to see them: read in the database, then put together off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

import structlog

from content.texts import Texts
from domain.file import file_name, shown_size
from domain.message import Line, line
from domain.outgoing import Made, Make, NotMade, Order, Outgoing
from storage.tx import Database, Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]
"""(tx, order, now) → how to make the file, None when there is nothing to show any longer or it is not theirs to see."""
AT_ONCE: Final = 2
"""Files being made beside each other: each may keep a core busy and hold a month's figures in memory."""

_log = structlog.get_logger()


class Makers:
    """`domain.outgoing.Makes`, by the file's kind."""

    def __init__(
        self, makers: Mapping[str, Maker], database: Database, texts: Texts, clock: Callable[[], int]
    ) -> None:
        self._makers = makers
        self._database = database
        self._texts = texts
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, order: Order, /) -> Made | None:
        try:
            make = await self._database.read(self._makers[order.file.kind], order, self._clock())
            if make is None:
                return None
            async with self._room:
                made = await asyncio.to_thread(make, partial(self._texts.say, order.language))
        except Exception as fault:
            _log.error("file_not_made", kind=order.file.kind, group_id=order.group_id, exc_info=fault)
            raise NotMade(type(fault).__name__) from fault
        return replace(made, name=file_name(made.name))

    async def for_showing(self, out: Outgoing, most: int) -> tuple[Outgoing, Made | None]:
        """``out`` and its file, of at most so many bytes. Where there is none to show, the words say why."""
        if out.file is None:
            return out, None
        try:
            made = await self(out.file)
        except NotMade:
            return self._noted(out, out.file, line("file.not_made")), None
        if made is None or len(made.content) <= most:
            return out, made
        size = shown_size(len(made.content))
        return self._noted(out, out.file, line("file.too_big_to_show", name=made.name, size=size)), None

    def _noted(self, out: Outgoing, order: Order, note: Line) -> Outgoing:
        said = self._texts.say(order.language, note)
        return replace(out, text="\n".join(filter(None, (out.text, said))))
