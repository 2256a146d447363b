"""What outcomes mean for the rows: said, to be tried again after a while, or given up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sending.delivery import Kind, Outcome
from storage import outbox, outbox_chats, polls
from storage.outbox import OutboxRow, Sent
from storage.polls import Polled
from storage.tx import Tx

MAX_ATTEMPTS = 8
"""Tries without a clear answer before a message is given up: a little over four minutes of waiting in all."""
FIRST_BACKOFF = 2_000
"""Milliseconds; each further wait is twice as long."""
SORTED_OUT = frozenset((Kind.UNREACHABLE, Kind.MOVED))
"""Outcomes whose rows are dealt with elsewhere (bot/sending/closing.py), before the others."""
JITTER = 0.25
"""Each wait is lengthened by up to this share, so that chats held together do not come back together."""


@dataclass(slots=True)
class Landing:
    """The changes to rows that a set of outcomes asks for."""

    sent: list[Sent] = field(default_factory=list)
    failed: list[tuple[OutboxRow, str]] = field(default_factory=list)
    back: list[tuple[OutboxRow, int, str | None]] = field(default_factory=list)
    """(row, attempts, error)"""
    held: dict[str, int] = field(default_factory=dict)
    """Chats that must wait, and until when."""
    too_fast: dict[str, int] = field(default_factory=dict)
    """Those of them that the platform asked to wait."""
    tally: Counter[str] = field(default_factory=Counter)
    """How many calls ended how."""

    async def settle(self, tx: Tx, lane: str, now: int) -> None:
        if self.sent:
            await outbox.landed(tx, lane, now, self.sent)
            await polls.keep(tx, _polled(lane, self.sent))
        if self.failed:
            await outbox.failed(tx, now, self.failed)
        for row, attempts, error in self.back:
            await outbox.put_back(tx, row, attempts=attempts, error=error)
        for chat, until in self.held.items():
            await outbox_chats.hold(tx, lane, chat, until)


def land(outcomes: Iterable[Outcome], now: int, rng: random.Random) -> Landing:
    landing = Landing()
    for outcome in outcomes:
        row, kind = outcome.row, outcome.kind
        if kind in (Kind.SENT, Kind.EDITED, Kind.DROPPED):
            landing.sent.append(
                Sent(row, outcome.message_id, outcome.detail or None, outcome.poll_id, outcome.quiz_id)
            )
            landing.tally[kind] += 1
        elif kind is Kind.LATER:
            until = now + _with_jitter(outcome.seconds * 1000, rng)
            landing.back.append((row, row.attempts, outcome.detail))
            landing.held[row.chat_id] = landing.too_fast[row.chat_id] = until
            landing.tally["retry"] += 1
        elif kind in SORTED_OUT:
            landing.tally[kind] += 1
        elif kind is Kind.UNTOUCHED:
            landing.back.append((row, row.attempts, None))
        elif kind is Kind.UNCERTAIN and row.attempts + 1 < MAX_ATTEMPTS:
            landing.back.append((row, row.attempts + 1, outcome.detail))
            landing.held[row.chat_id] = now + _with_jitter(FIRST_BACKOFF * 2.0**row.attempts, rng)
            landing.tally["retry"] += 1
        else:
            landing.failed.append((row, outcome.detail))
            landing.tally["failed"] += 1
    return landing


def _polled(lane: str, sent: Iterable[Sent]) -> list[Polled]:
    platform, _, account = lane.partition(":")
    return [
        Polled(platform, account, x.poll_id, x.row.group_id, x.quiz_id, x.row.chat_id, x.message_id)
        for x in sent
        if x.poll_id and x.message_id
    ]


def _with_jitter(ms: float, rng: random.Random) -> int:
    return round(ms * (1 + JITTER * rng.random()))
