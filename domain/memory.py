"""How well somebody remembers a question, and when it should come back: the FSRS schedule of the ``fsrs`` library, in whole days.

Days are the group's own. There are no steps within a day, but one of a day: what was missed comes back the day after, never
sooner, so that nobody is examined on the spot, and what a night has not taken is worth more than what a minute has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.day import DAY

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

RETENTION = 0.9
"""A question is due when it would be recalled nine times in ten."""
LONGEST_DAYS = 365
"""However well it is known, within a year it is asked once more."""
SHAKY_DAYS = 3.0
"""A question whose stability is less is not yet safe: right once, by luck perhaps (2.3 days), or missed not long ago."""
_DECAY = -0.1542
"""The library's own (`fsrs.scheduler.FSRS_DEFAULT_DECAY`), stated here too: thousands of recalls need not load it."""
_FACTOR = RETENTION ** (1 / _DECAY) - 1

Judged = Literal["right", "wrong"]


@dataclass(frozen=True, slots=True)
class Memory:
    card: str
    """JSON, as the library keeps it."""
    stability: float
    """Days after which it is recalled nine times in ten."""
    due: date


class _Kept(BaseModel):
    """What of a card the schedule needs. The rest follows from it, or belongs to steps that are not used."""

    model_config = ConfigDict(extra="ignore")

    state: Literal[2, 3]
    """Of `fsrs.State`: reviewed, or missed and to be learnt again."""
    stability: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
    difficulty: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)]
    last_review: AwareDatetime


@lru_cache(maxsize=1024)
def rate(card: str | None, verdict: Judged, day: date) -> Memory:
    """What is remembered after an answer on that day. A card that cannot be read is as good as none: the question is new.

    Hundreds answer the day's question within minutes, and to most of them it is new: that is reckoned once.
    """
    from fsrs import Rating

    rating = Rating.Good if verdict == "right" else Rating.Again
    after, _ = _scheduler().review_card(_read(card), rating, _noon(day))
    return Memory(orjson.dumps(after.to_dict()).decode(), float(after.stability or 0), after.due.date())


def recall(stability: float, seen_at: int, now: int) -> float:
    """How likely it is recalled ``now``, 0 … 1; instants in UTC epoch milliseconds."""
    return float((1 + _FACTOR * max(now - seen_at, 0) / DAY / stability) ** _DECAY)


@cache
def _scheduler() -> Scheduler:
    """Without fuzzing: the same answers always make the same plan."""
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(timedelta(days=1),),
        maximum_interval=LONGEST_DAYS,
        enable_fuzzing=False,
    )


def _read(card: str | None) -> Card:
    # With an id and a due date of its own, a card neither asks for the time nor waits for the next millisecond.
    from fsrs import Card, State

    new = Card(card_id=0, due=datetime.min.replace(tzinfo=UTC))
    if card is None:
        return new
    try:
        kept = _Kept.model_validate_json(card)
        seen = kept.last_review.astimezone(UTC)
    except (ValidationError, OverflowError):
        return new
    state = State(kept.state)
    step = 0 if state is State.Relearning else None
    return Card(0, state, step, kept.stability, kept.difficulty, new.due, seen)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
