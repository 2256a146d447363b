"""Marks on messages and messages have different limits in a group: neither may use up the other's, or hide it."""

from __future__ import annotations

from bot.platforms.telegram.rules import LIMITS
from bot.sending.lane import Lane
from domain.day import MINUTE
from domain.limits import SECOND
from domain.message import Message, Priority, line
from storage.outbox import OutboxRow

MARK = Message(react="✅", reply_to="1").dump()
WORDS = Message((line("checkin.done", days=1),)).dump()


def row(body: str) -> OutboxRow:
    return OutboxRow(7, 1, "-100", "", 1, 0, Priority.REPLY, None, "zh", body, 0, None)


def test_a_mark_that_comes_first_does_not_lift_the_limit_for_messages() -> None:
    lane, said = Lane(LIMITS), 0
    lane.spend(row(MARK), 0, reaction=True)
    for now in range(SECOND, MINUTE, SECOND):
        for one in lane.choose([row(WORDS)], (), now).rows:
            lane.spend(one, now, reaction=False)
            said += 1
    assert said == LIMITS.group_per_minute


def test_many_marks_leave_room_for_messages() -> None:
    lane = Lane(LIMITS)
    lane.spend(row(WORDS), 0, reaction=False)
    for now in range(SECOND, 31 * SECOND, SECOND):
        lane.spend(row(MARK), now, reaction=True)
    assert lane.choose([row(WORDS)], (), 31 * SECOND).rows
