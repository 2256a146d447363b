"""Chats that were closed to the bot, or have a new id: each is put right in a transaction of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

import structlog

from bot.sending.delivery import Kind, Outcome
from bot.sending.landing import MAX_ATTEMPTS, SORTED_OUT
from domain.group import Chat
from storage import groups, outbox, outbox_chats
from storage.outbox import OutboxRow
from storage.tx import Database, StorageError, Tx

OnUnreachable: TypeAlias = Callable[[Tx, int, int, Chat], Awaitable[None]]
"""(tx, now, group_id, chat): tell those whom it concerns that the chat has just been found closed."""


class Closing:
    def __init__(self, database: Database, lane: str, on_unreachable: OnUnreachable) -> None:
        self._database = database
        self._lane = lane
        self._platform, _, self._account = lane.partition(":")
        self._on_unreachable = on_unreachable
        self._log = structlog.get_logger()

    async def sort_out(self, outcomes: Iterable[Outcome], now: int) -> list[Outcome]:
        """Deal with those that closed or moved their chat. All of them, as failed where that did not work."""
        sorted_out = []
        for outcome in outcomes:
            if outcome.kind in SORTED_OUT and not await self._dealt_with(outcome, now):
                outcome = outcome._replace(kind=Kind.FAILED)
            sorted_out.append(outcome)
        return sorted_out

    async def _dealt_with(self, outcome: Outcome, now: int) -> bool:
        try:
            if outcome.kind is Kind.UNREACHABLE:
                await self._database.transaction(self._close, outcome.row, now)
                return True
            if (
                outcome.row.attempts + 1 < MAX_ATTEMPTS
            ):  # a chat that moves in circles is not followed for ever
                await self._database.transaction(self._move, outcome.row, outcome.detail)
                return True
        except StorageError:
            raise
        except Exception as fault:
            self._log.error(
                "chat not put right",
                lane=self._lane,
                group_id=outcome.row.group_id,
                ref=str(outcome.row.id),
                exc_info=fault,
            )
        return False

    async def _close(self, tx: Tx, row: OutboxRow, now: int) -> None:
        if await outbox_chats.close_chat(tx, self._lane, row, now):
            chat = Chat(self._platform, self._account, row.chat_id, row.thread_id, bool(row.is_group))
            await self._on_unreachable(tx, now, row.group_id, chat)

    async def _move(self, tx: Tx, row: OutboxRow, chat_id: str) -> None:
        await outbox.put_back(tx, row, attempts=row.attempts + 1, error=None)
        await groups.rename_chat(tx, self._platform, self._account, row.chat_id, chat_id)
