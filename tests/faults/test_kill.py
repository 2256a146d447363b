"""The program is killed in the middle of its work, again and again, and nothing it accepted is lost or done twice."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from time import time_ns

from aiogram.methods import GetUpdates

from tests.faults.crowd import Caller, Crowd
from tests.faults.program import Program
from tests.platforms.fake_bot_api import FakeBotApi

PATIENCE = 45.0
"""Seconds for everything that was queued to be sent, at Telegram's pace."""


def now() -> int:
    return time_ns() // 1_000_000


async def test_killed_twenty_times_under_a_load_of_checkins_nothing_is_lost_and_nothing_is_done_twice(
    program: Callable[..., Program],
) -> None:
    dice, kills, in_the_air = Random(20), 20, 0
    async with FakeBotApi(now) as fake:
        running = program().serve(fake, "webhook")
        crowd = Crowd(fake, groups=6, size=50)
        await running.start()
        await crowd.found()
        caller = Caller(fake, fake.webhook.url)
        for kill in range(kills):
            starting = kill % 5 == 4
            if starting:
                running.spawn()
            elif kill:
                await running.start()
            comers = crowd.members[kill::kills]
            for member in comers:
                caller.deliver(partial(crowd.check_in, member), partial(crowd.add_a_note, member))
            with unanswered(fake):
                if starting or dice.random() < 0.5:
                    await asyncio.sleep(dice.uniform(0, 0.6))
                else:
                    await caller.until_accepted(dice.randrange(2 * len(comers)))
                running.kill()
            in_the_air += running.ledger.count("outbox WHERE state = 'flying'")
        await running.start()
        await caller.done()
        await all_is_sent(running)
        await running.stop()
        assert len(caller.accepted) == 2 * len(crowd.members) < caller.tries
        assert in_the_air
        check_the_books(running, crowd)
        check_what_was_shown(running, fake, crowd)


@contextmanager
def unanswered(fake: FakeBotApi) -> Iterator[None]:
    """A few messages are shown, but Telegram does not come to say so."""
    fault = fake.fail("sendMessage", times=3, hang=True, after=True)
    yield
    fault.times = 0


async def test_killed_while_polling_nothing_is_lost_and_nothing_is_done_twice(
    program: Callable[..., Program],
) -> None:
    dice = Random(3)
    async with FakeBotApi(now) as fake:
        running = program().serve(fake, "polling")
        crowd = Crowd(fake, groups=3, size=30)
        await running.start()
        await crowd.found()
        for act, members in (
            (crowd.check_in, crowd.members[::2]),
            (crowd.check_in, crowd.members[1::2]),
            (crowd.add_a_note, crowd.members),
        ):
            for member in members:
                act(member)
            await asyncio.sleep(dice.uniform(0, 0.2))
            running.kill()
            await running.start()
            await fake.settled()
        await all_is_sent(running)
        await running.stop()
        assert any(isinstance(call, GetUpdates) and call.offset for call in fake.calls)
        check_the_books(running, crowd)
        check_what_was_shown(running, fake, crowd)


async def all_is_sent(running: Program) -> None:
    async with asyncio.timeout(PATIENCE):
        while running.ledger.unsent():  # noqa: ASYNC110 - another process has no event for us
            await asyncio.sleep(0.1)


def check_the_books(running: Program, crowd: Crowd) -> None:
    """Every check-in is there once, and counted once wherever it is counted."""
    ledger, everybody = running.ledger, len(crowd.members) + len(crowd.secretaries)
    assert ledger.value("PRAGMA integrity_check") == "ok"
    assert ledger.notes() == crowd.expected()
    assert ledger.value("SELECT sum(checked) FROM days") == everybody
    assert ledger.rows("SELECT DISTINCT total, streak, best_streak FROM members") == [(1, 1, 1)]
    assert ledger.count("members") == everybody
    assert ledger.count("people") == everybody
    assert ledger.count("dead_letters") == 0


def check_what_was_shown(running: Program, fake: FakeBotApi, crowd: Crowd) -> None:
    """Nothing was queued twice, the boards' news aside, and whatever was queued was shown at least once."""
    outbox = running.ledger.outbox()
    answers = Counter((row.chat_id, str(row.body)) for row in outbox if row.slot is None)
    assert set(answers.values()) == {1}
    assert {(row.state, row.error) for row in outbox} == {("sent", None)}
    asked = Counter(getattr(call, "chat_id", None) for call in fake.calls)
    for chat, rows in Counter(row.chat_id for row in outbox).items():
        assert asked[chat] >= rows
    for row in outbox:
        if row.body.get("react"):
            assert fake.chats.rooms[row.chat_id].shown[int(row.body["reply_to"])].reactions
    for room in crowd.rooms:
        assert boards_tell(fake, room.id) == 1 + sum(member.room is room for member in crowd.members)


def boards_tell(fake: FakeBotApi, chat_id: int) -> int:
    """How many have checked in, as the boards say; there are two where the test ran over midnight."""
    found = [re.search(r"(\d+)/\d+", shown.text) for shown in fake.said(chat_id) if "▓" in shown.text]
    return sum(int(one[1]) for one in found if one)
