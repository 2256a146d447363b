"""Long polling, for a machine the internet cannot reach: the offset moves only past what has been committed.

Updates of one chat are taken in order, chats side by side. An update that fails again and again is buried: it
must block nobody.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeVar

import httpx
import structlog
from pydantic import ValidationError

from bot.platforms.telegram.calls import UNKNOWN_TOKEN, TelegramUnusable, wait_of
from bot.platforms.telegram.ear import Ear
from bot.platforms.telegram.rules import BATCH, LONG_POLL_SECONDS, UPDATES
from bot.platforms.telegram.updates import parse

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds to wait after trouble: doubled each time, and spread so that many bots do not come back at once."""
GIVE_UP_AFTER: Final = 5
"""Times that one update may fail before it is buried."""
CONFLICTS: Final = 3
"""Times in a row that another poller may be met: one just stopped still holds its last call for a moment."""

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class PollingRefused(TelegramUnusable):
    """Telegram will not let this program poll, now or later."""


class _Trouble(Exception):
    def __init__(self, what: str, wait: float = 0.0, conflict: bool = False) -> None:
        super().__init__(what)
        self.wait = wait
        self.conflict = conflict


@dataclass(frozen=True, slots=True)
class _Raw:
    """One update as it came."""

    id: int | None
    order: int | None
    """`Update.order`."""
    raw: bytes


class Poller:
    """Fetches updates for one ear. ``client`` has the bot's address, token and all, as its base URL."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        ear: Ear,
        dice: Random,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._ear = ear
        self._dice = dice
        self._pause = pause
        self._offset: int | None = None
        self._failures: dict[int, int] = {}
        self._conflicts = 0
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Until stopped. Raises `PollingRefused` where going on is of no use."""
        trouble = 0
        while not self._over.is_set():
            wait = 0.0
            try:
                took_all = await self._take(await self._unless_over(self._fetch()) or ())
            except _Trouble as error:
                self._tolerate(error)
                took_all, wait = False, error.wait
            trouble = 0 if took_all else trouble + 1
            if trouble:
                await self._unless_over(self._pause(wait + self._backoff(trouble)))

    def stop(self) -> None:
        """Fetch no more. Updates already fetched are taken to their end, so that none of them has to come again."""
        self._over.set()

    async def _unless_over(self, waiting: Awaitable[T]) -> T | None:
        """What ``waiting`` gives, or None as soon as polling is to stop."""
        task = asyncio.ensure_future(waiting)
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            over.cancel()
            task.cancel()
            await asyncio.gather(over, task, return_exceptions=True)

    def _backoff(self, trouble: int) -> float:
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(trouble - 1, 16)) * (0.5 + self._dice.random() / 2)

    def _tolerate(self, error: _Trouble) -> None:
        _log.warning("telegram_polling_trouble", error=str(error))
        self._conflicts = self._conflicts + 1 if error.conflict else 0
        if self._conflicts >= CONFLICTS:
            raise PollingRefused(
                "another program is fetching this bot's updates; stop it, or give it a token of its own"
            ) from None

    async def _fetch(self) -> list[_Raw]:
        wanted = {"limit": BATCH, "timeout": LONG_POLL_SECONDS, "allowed_updates": UPDATES}
        if self._offset is not None:
            wanted["offset"] = self._offset
        try:
            answer = await self._client.post("getUpdates", json=wanted, timeout=LONG_POLL_SECONDS + 10)
        except httpx.HTTPError as error:
            raise _Trouble(type(error).__name__) from None  # its text may hold the address, and so the token
        updates = _result(answer)
        self._conflicts = 0
        if not updates:
            # All below the offset is forgotten now; after a quiet week numbers start anew, perhaps lower.
            self._offset = None
        return [_raw(update) for update in updates]

    async def _take(self, updates: Sequence[_Raw]) -> bool:
        """Whether all were taken. The offset then stands behind them, else before the first that was not."""
        chats: dict[object, list[_Raw]] = {}
        for update in updates:
            chats.setdefault(update.order, []).append(update)
        async with asyncio.TaskGroup() as group:
            lanes = [group.create_task(self._in_order(lane)) for lane in chats.values()]
        failed = [found for lane in lanes if (found := lane.result()) is not None]
        waiting = {update.id for update in failed if update.id is not None}
        self._failures = {id_: times for id_, times in self._failures.items() if id_ in waiting}
        numbers = [update.id for update in updates if update.id is not None]
        if numbers:
            self._offset = min(waiting) if waiting else max(numbers) + 1
        return not failed and len(numbers) == len(updates)

    async def _in_order(self, updates: Sequence[_Raw]) -> _Raw | None:
        """The update at which this chat has to wait, if any."""
        for update in updates:
            try:
                await self._ear.take(update.raw)
            except Exception as error:
                if not await self._give_up(update, error):
                    return update
        return None

    async def _give_up(self, update: _Raw, error: Exception) -> bool:
        """Whether the update has been buried. Where even that cannot be stored, everything rightly waits."""
        times = self._failures.get(update.id or 0, 0) + 1
        self._failures[update.id or 0] = times
        _log.warning("telegram_update_not_stored", error=type(error).__name__, times=times)
        if times < GIVE_UP_AFTER:
            return False
        try:
            await self._ear.bury(update.raw, f"failed {times} times: {type(error).__name__}")
        except Exception as worse:
            _log.error("telegram_update_not_buried", error=type(worse).__name__)
            return False
        return True


def _result(answer: httpx.Response) -> list[Any]:
    if answer.status_code in (401, 404):
        raise PollingRefused(UNKNOWN_TOKEN)
    if answer.status_code == 409:
        raise _Trouble("409: another program, or a webhook, receives this bot's updates", conflict=True)
    if answer.status_code == 429:
        raise _Trouble("429", wait=wait_of(answer.content))
    if answer.status_code != 200:
        raise _Trouble(str(answer.status_code))
    return _list(answer.content)


def _list(body: bytes) -> list[Any]:
    """The standard library reads JSON that stricter readers refuse: one bad update must hide no others."""
    try:
        result = json.loads(body.decode(errors="replace"))["result"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _Trouble(f"an answer that cannot be read: {type(error).__name__}") from None
    if not isinstance(result, list):
        raise _Trouble("an answer that holds no list")
    return result


def _raw(element: Any) -> _Raw:
    raw = json.dumps(element).encode()
    number = element.get("update_id") if isinstance(element, dict) else None
    try:
        order = parse(raw).order
    except ValidationError:
        order = None
    return _Raw(number if isinstance(number, int) else None, order, raw)
