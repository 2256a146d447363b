"""统计: how the group is doing, in figures that name nobody, with a picture where the chat shows pictures."""

from __future__ import annotations

from domain.group import Role
from domain.message import Line, Message, line, on
from handlers.call import Call, Command, Reply
from handlers.charts import SPAN, Figures, figures, picture_of
from storage import days, leaves, outbox_care

WEEK = 7


async def stats(call: Call) -> Reply:
    """Today, the last seven and the last thirty days, today included."""
    found = await figures(call.tx, call.group, call.today)
    away = len(await leaves.away(call.tx, call.group.id, call.today))
    today = await days.find(call.tx, call.group.id, call.today.isoformat())
    return Message(
        (
            line("stats.today", done=today.checked if today else 0, of=found.of - away, away=away),
            line("stats.studied", count=today.studied if today else 0),
            _average(found, WEEK),
            _average(found, SPAN),
            *_quizzes(found),
            *_minutes(found),
            *await _unsaid(call),
        ),
        title=line("stats.title", group=call.group.name, day=on(call.today)),
        file=picture_of(found),
    )


def _average(found: Figures, length: int) -> Line:
    counted = len(found.study_days(length))
    return line("stats.average", days=length, share=found.share(length), counted=counted)


def _quizzes(found: Figures) -> list[Line]:
    if not found.verdicts:
        return []
    right, wrong = found.answered("right"), found.answered("wrong")
    return [line("stats.quiz", days=SPAN, right=right, wrong=wrong, doubtful=found.answered("doubtful"))]


def _minutes(found: Figures) -> list[Line]:
    return [line("stats.minutes", days=SPAN, minutes=found.mean_minutes)] if any(found.minutes) else []


async def _unsaid(call: Call) -> list[Line]:
    """What could not be said is the secretary's to know."""
    failed = await outbox_care.failed_in_group(call.tx, call.group.id)
    return [line("stats.failed", count=failed)] if failed else []


COMMAND = Command("stats", stats, Role.SECRETARY)
