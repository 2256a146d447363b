"""Many do the same thing of an activity in the same moment, and two workers wake at once: everything happens once; on both engines."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.core import JOBS
from domain.cycle import Stage
from domain.day import DAY
from domain.ids import Ids, brief
from handlers.cycle_show import extending
from scheduler.tick import Tick
from storage import cycles, inquiries, reflections, signups
from storage.tx import Database
from tests.storage.test_cycle_fuzz import Everything
from tests.storage.test_dispatcher import ZHANG

CROWD = range(1000, 1012)


@pytest.fixture
async def everything(database: Database) -> Everything:
    found = Everything(database)
    await found.open()
    return found


async def stage(everything: Everything, kind: str) -> Stage:
    found = await everything.database.read(cycles.stages, everything.cycle)
    return next(one for one in found if one.spec.kind == kind)


async def all_say(everything: Everything, text: str, *, group: int | None = 7) -> None:
    events = [everything.event(person, text, group=group) for person in CROWD]
    await asyncio.gather(*(everything.hear(event) for event in events))


async def test_a_dozen_sign_up_for_two_seats_at_once(everything: Everything) -> None:
    study = await stage(everything, "study")
    pressed = everything.button("signup", f"{brief(everything.cycle.id)}_{study.place}")
    await asyncio.gather(*(everything.press(person, pressed) for person in CROWD))
    signed = await everything.database.read(signups.of_stage, study)
    assert Counter(one.state for one in signed) == {"in": 2, "waiting": len(CROWD) - 2}


async def test_those_who_sit_give_their_seats_back_at_once_and_as_many_move_up(
    everything: Everything,
) -> None:
    study = await stage(everything, "study")
    arg = f"{brief(everything.cycle.id)}_{study.place}"
    come, go = everything.button("signup", arg), everything.button("withdraw", arg)
    for person in CROWD:
        await everything.press(person, come)
    await asyncio.gather(*(everything.press(person, go) for person in (*CROWD[:2], *CROWD[:2])))
    signed = await everything.database.read(signups.of_stage, study)
    assert Counter(one.state for one in signed) == {"in": 2, "waiting": len(CROWD) - 4}


async def test_one_button_to_go_on_pressed_by_five_hands_goes_one_step(everything: Everything) -> None:
    before = await everything.database.read(cycles.stages, everything.cycle)
    preview = await stage(everything, "preview")
    pressed = everything.button("cycle", f"x_{brief(everything.cycle.id)}_{preview.place}")
    await asyncio.gather(*(everything.press(ZHANG, pressed) for _ in range(5)))
    after = await everything.database.read(cycles.stages, everything.cycle)
    turned = [one.spec.kind for one, was in zip(after, before, strict=True) if one.state != was.state]
    assert turned == ["preview"]


async def test_one_more_day_pressed_by_five_hands_is_one_day(everything: Everything) -> None:
    study = await stage(everything, "study")
    pressed = everything.button("cycle", extending(study, 1))
    await asyncio.gather(*(everything.press(ZHANG, pressed) for _ in range(5)))
    assert (await stage(everything, "study")).closes_at == study.closes_at + DAY


async def test_everybody_cares_about_a_question_at_once_and_is_counted(everything: Everything) -> None:
    preview = await stage(everything, "preview")
    asked = (await everything.database.read(inquiries.of_stage, preview))[0]
    await all_say(everything, f"+1 {asked.number}")
    found = await everything.database.read(inquiries.of_stage, preview)
    voices = next(one.voices for one in found if one.number == asked.number)
    assert len(voices - asked.voices) == len(CROWD)


async def test_reflections_that_come_at_once_have_numbers_of_their_own(everything: Everything) -> None:
    await all_say(everything, "心得 读到的道理，要做一件小事试试。")
    found = await everything.database.read(reflections.of_cycle, 7, everything.cycle.id)
    numbers = sorted(one.number for one in found)
    assert len(set(numbers)) == len(numbers) == len(CROWD) + 2


async def test_the_same_reflection_sent_five_times_at_once_is_one(everything: Everything) -> None:
    events = [everything.event(1000, "心得 读到的道理，要做一件小事试试。") for _ in range(5)]
    await asyncio.gather(*(everything.hear(event) for event in events))
    found = await everything.database.read(reflections.of_cycle, 7, everything.cycle.id)
    assert len(found) == 3


async def test_three_workers_that_wake_at_once_close_every_stage_once(everything: Everything) -> None:
    await everything.messages()
    others = [Tick(everything.database, Ids(n), JOBS, lambda: everything.now, lambda: None) for n in (3, 4)]
    everything.now += 4 * DAY
    await asyncio.gather(*(one.run() for one in (everything.tick, *others)))
    found = await everything.database.read(cycles.stages, everything.cycle)
    assert Counter(one.state for one in found) == {"closed": 11}
    titles = [one.title for one in await everything.messages() if one.title]
    said = Counter(title.params["stage"] for title in titles if title.key == "stage.closed")
    assert said and set(said.values()) == {1}
