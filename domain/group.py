"""A study group, its settings and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.day import LATEST_DAY_END, day_of, quiet_until, zone

Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Ranking = Literal["off", "own", "all"]


class Role(IntEnum):
    """What a person may do; each includes the ones before it."""

    GUEST = 0
    MEMBER = 1
    SECRETARY = 2
    SUPERVISOR = 3
    OPERATOR = 4


class Settings(BaseModel):
    """What a secretary can change about her group's day. Times are minutes from midnight in the group's zone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = "zh"
    timezone: str = "Asia/Shanghai"
    push_at: Minutes = 7 * 60 + 30
    remind_at: Minutes = 20 * 60
    day_end: Annotated[int, Field(ge=24 * 60, le=LATEST_DAY_END)] = 24 * 60
    quiet_from: Minutes = 22 * 60
    quiet_to: Minutes = 7 * 60
    weekend_off: bool = False
    """No item and no reminder on days off work; 调休 working Saturdays count as working days."""
    remind: bool = True
    mention: bool = False
    """Reminders call the missing by name. Off until the secretary turns it on."""
    list_missing: bool = False
    """The closing message names who was missing. Off until the secretary turns it on."""
    weekly_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 90
    """Minutes of study a week that may be pushed unasked; 0 turns the limit off."""
    makeup_per_month: Annotated[int, Field(ge=0, le=31)] = 2
    makeup_days_back: Annotated[int, Field(ge=0, le=31)] = 3
    pack: str = ""
    quiz: bool = True
    """A question a day, where the pack brings a bank."""
    quiz_at: Minutes = 12 * 60 + 30
    bank: str = ""
    """The bank that questions come from; "" for the pack's own."""
    review_every: Annotated[int, Field(ge=0, le=30)] = 7
    """Every so many study days the day's question is the one the group remembers least; 0 for never."""
    points: bool = False
    """What members do earns points. Off until the secretary turns it on."""
    ranking: Ranking = "off"
    """Who sees where they stand: nobody, each their own place, or all the first ten. Off until the secretary turns it on."""
    low_points: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Who has fewer at the month's end is named to the secretary, in private, never to the group; 0 for never."""
    keep_months: Annotated[int, Field(ge=0, le=120)] = 0
    """How long the details of days are kept (who, when, notes, answers); sums stay. 0 keeps them until somebody erases them."""

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        zone(name)
        return name

    @staticmethod
    @lru_cache(maxsize=4096)
    def parse(text: str) -> Settings:
        """Settings from their stored JSON. Most groups keep the defaults, so equal texts share one object."""
        return Settings.model_validate_json(text)

    def dump(self) -> str:
        """JSON of what differs from the defaults; the inverse of `parse`."""
        return self.model_dump_json(exclude_defaults=True)

    @property
    def questions(self) -> str:
        """Id of the bank that questions are drawn from."""
        return self.bank or self.pack

    def day(self, now: int) -> date:
        """The group's day at that instant."""
        return day_of(now, self.timezone, self.day_end)

    def after_quiet(self, now: int) -> int:
        """``now``, or the end of the quiet hours it falls into."""
        return quiet_until(now, self.timezone, self.quiet_from, self.quiet_to)


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a message can be said: one chat of one bot account, and the topic within it where there is one."""

    platform: str
    account: str
    chat_id: str
    thread_id: str = ""
    is_group: bool = True

    @property
    def lane(self) -> str:
        return f"{self.platform}:{self.account}"


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    name: str
    settings: Settings
    paused: bool = False
    """The whole group rests: nothing is pushed, no streak breaks."""
    next_item: int = 0
    """Place in the pack of the item that comes next."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one group. Days are the group's days as ISO text, compared as text."""

    group_id: int
    id: int
    """The person's id, the same in every group."""
    name: str
    role: Role = Role.MEMBER
    language: Language | None = None
    last_day: str = ""
    """The latest day with a check-in, "" before the first."""
    streak: int = 0
    best_streak: int = 0
    total: int = 0
