"""Saying messages in one chat, one after the other, and finding out what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import structlog

from bot.sending.renderer import Draft, Reaction, Renderer
from domain.incoming import Capabilities
from domain.outgoing import (
    MessageGone,
    Moved,
    Outgoing,
    Refused,
    RetryLater,
    SendError,
    Shown,
    Transport,
    Uncertain,
    Unreachable,
)
from storage.outbox import OutboxRow
from storage.tx import StorageError


class Kind(StrEnum):
    """What became of one row."""

    SENT = "sent"
    EDITED = "edited"
    DROPPED = "dropped"  # done without anything to see, and without harm
    LATER = "retry"  # the platform asked to wait
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    UNTOUCHED = "untouched"  # an earlier row of the chat must be said first


_GOES_ON = frozenset((Kind.SENT, Kind.EDITED, Kind.DROPPED, Kind.FAILED))


class Outcome(NamedTuple):
    row: OutboxRow
    kind: Kind
    detail: str = ""
    """Why; for `Kind.MOVED` the chat's new id. Nobody's words."""
    message_id: str | None = None
    poll_id: str = ""
    quiz_id: int = 0
    seconds: float = 0.0
    """How long the platform asked to wait."""


class Delivery:
    def __init__(self, transport: Transport, renderer: Renderer, clock: Callable[[], int]) -> None:
        self._transport = transport
        self._renderer = renderer
        self._clock = clock
        self._log = structlog.get_logger()

    async def speak(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """One outcome a draft, all of one chat. After one that must be tried again the rest stays untouched,
        and when cut off in the middle, what was not answered is uncertain."""
        outcomes: list[Outcome] = []
        try:
            for draft in drafts:
                outcomes.append(await self._one(draft))
                if outcomes[-1].kind not in _GOES_ON:
                    break
        except asyncio.CancelledError:
            outcomes.append(Outcome(drafts[len(outcomes)].row, Kind.UNCERTAIN, "cut off"))
        return outcomes + [Outcome(left.row, Kind.UNTOUCHED) for left in drafts[len(outcomes) :]]

    async def _one(self, draft: Draft) -> Outcome:
        row = draft.row
        try:
            able = self._transport.capabilities(row.chat_id)
            words = self._renderer.words(draft, able, self._clock())
        except StorageError as trouble:
            return self._unexpected(row, Kind.UNCERTAIN, trouble)
        except Exception as fault:
            return self._unexpected(row, Kind.FAILED, fault)
        try:
            return await self._show(row, words, able)
        except SendError as error:
            return _outcome(row, error)
        except Exception as fault:
            return self._unexpected(row, Kind.UNCERTAIN, fault)

    async def _show(self, row: OutboxRow, words: Outgoing | Reaction | None, able: Capabilities) -> Outcome:
        if words is None:
            return Outcome(row, Kind.DROPPED, "nothing to show any longer")
        if isinstance(words, Reaction):
            return await self._react(row, words, able)
        closes = words.poll is not None and words.poll.closed
        if row.shown is not None and able.edit:
            try:
                await self._transport.edit(words, row.shown)
                return Outcome(row, Kind.EDITED)
            except MessageGone:
                pass
        if closes:
            return Outcome(row, Kind.DROPPED, "no poll to close")
        shown = await self._send(words)
        if isinstance(shown, Shown) and words.poll is not None:
            return Outcome(
                row,
                Kind.SENT,
                message_id=shown.message_id,
                poll_id=shown.poll_id,
                quiz_id=words.poll.quiz_id,
            )
        return Outcome(row, Kind.SENT, message_id=shown if isinstance(shown, str) else shown.message_id)

    async def _react(self, row: OutboxRow, reaction: Reaction, able: Capabilities) -> Outcome:
        if not able.reactions:
            return Outcome(row, Kind.DROPPED, "no reactions in this chat")
        try:
            await self._transport.react(row.chat_id, reaction.message_id, reaction.emoji)
        except (Refused, MessageGone) as error:
            return Outcome(row, Kind.DROPPED, error.detail or type(error).__name__)
        return Outcome(row, Kind.SENT)

    async def _send(self, words: Outgoing) -> str | Shown:
        try:
            return await self._transport.send(words)
        except MessageGone:
            if words.reply_to is None:
                raise
        # The message it answers was deleted meanwhile; the answer is still worth saying.
        return await self._transport.send(replace(words, reply_to=None))

    def _unexpected(self, row: OutboxRow, kind: Kind, fault: Exception) -> Outcome:
        self._log.error(
            "sending went wrong",
            lane=self._transport.lane,
            group_id=row.group_id,
            ref=str(row.id),
            exc_info=fault,
        )
        return Outcome(row, kind, f"{type(fault).__name__}, see the log under {row.id}")


def _outcome(row: OutboxRow, error: SendError) -> Outcome:
    match error:
        case RetryLater():
            return Outcome(row, Kind.LATER, error.detail, seconds=error.seconds)
        case Moved():
            return Outcome(row, Kind.MOVED, error.chat_id)
        case Unreachable():
            return Outcome(row, Kind.UNREACHABLE, error.detail)
        case Uncertain():
            return Outcome(row, Kind.UNCERTAIN, error.detail or "no clear answer")
    return Outcome(row, Kind.FAILED, error.detail or type(error).__name__)
