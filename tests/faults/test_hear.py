"""A database that fails for a moment: what was said then comes again, and is not answered with an apology instead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, TypeVar

import pytest

from bot.core import Core, Given
from content.texts import Texts
from content.words import Words
from domain.incoming import Incoming
from storage.tx import Database, StorageError, Tx

T = TypeVar("T")
NOW = 1_772_409_600_000
HELP = Incoming(
    platform="telegram",
    account="4242",
    event_id="7",
    chat_id="1",
    sender_id="1",
    sender_name="张三",
    text="开始",
    is_group=False,
    addressed=True,
    sent_at=NOW,
)


class Stumbling:
    """A database whose next transaction fails, and whose others do not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read = database.read
        self.close = database.close
        self._fails = True

    async def transaction(self, fn: Callable[..., Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
        if self._fails:
            self._fails = False
            raise StorageError("the server is gone")
        return await self._database.transaction(fn, *args, **kwargs)


async def said(tx: Tx) -> list[str]:
    return [row[0] for row in await tx.all("SELECT body FROM outbox")]


async def test_what_the_database_could_not_take_for_a_moment_is_not_acknowledged(database: Database) -> None:
    given = Given(
        database=Stumbling(database),
        clock=lambda: NOW,
        rng=Random(1),
        key=b"k" * 32,
        new_token=lambda: "t",
        owner="one",
        worker=1,
        public_url="http://127.0.0.1:8000",
    )
    dispatcher = Core(given, Texts.load(), Words.load()).dispatcher
    with pytest.raises(StorageError):
        await dispatcher.hear(HELP)
    assert await database.read(said) == []
    await dispatcher.hear(HELP)
    [body] = await database.read(said)
    assert "error.ours" not in body
