"""温故: every so many study days the day's question is the one the group remembers least, instead of a new one."""

from __future__ import annotations

from datetime import date, timedelta

from domain.group import Group, Settings
from domain.memory import RETENTION
from domain.question import Question
from scheduler import rhythm
from storage import banks, recalls
from storage.days import Day
from storage.tx import Tx

REST_DAYS = 7
"""A question is not asked again within a week, however many missed it."""


def is_review_day(settings: Settings, day: date, today: Day | None) -> bool:
    """A look at what is there already, so that it costs nothing on the other days."""
    number = _number(settings, day, today)
    return number > 0 and settings.review_every > 0 and number % settings.review_every == 0


def _number(settings: Settings, day: date, today: Day | None) -> int:
    """Which study day it is, 0 for none. Where the item comes after the question, or never, days of the calendar are counted."""
    if today is not None and today.number:
        return today.number
    comes_later = rhythm.when(settings, rhythm.PUSH, day) >= rhythm.when(settings, rhythm.QUIZ, day)
    return day.toordinal() if comes_later or not settings.pack else 0


async def least_remembered(tx: Tx, group: Group, day: date, now: int) -> Question | None:
    """The question with the lowest mean recall, of those the group had a week ago or longer; None where all are well known."""
    bank = group.settings.questions
    rest_begins = rhythm.begins(group.settings, day - timedelta(days=REST_DAYS - 1))
    rested = await recalls.asked_before(tx, group.id, bank, rest_begins)
    if not rested:
        return None
    for recalled in await recalls.means(tx, group.id, bank, now):
        if recalled.mean < RETENTION and recalled.question in rested:
            return await banks.question(tx, bank, recalled.question)
    return None
