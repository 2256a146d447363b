"""The attendance screen: the code of the minute for the secretary's wall, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from content.points import shipped_rules
from domain.attendance import Room, address, code
from domain.day import MINUTE
from domain.group import Role
from domain.ids import Ids
from domain.template import StageSpec, Template, When
from scheduler import cycle
from storage import cycles, groups, installation, members, signups
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import GROUP, LI, NOON, ZHANG, Rig, log_in, open_rig

PLAN = Template(
    key="talk",
    title="三月研讨<b>",
    stages=(StageSpec(key="talk", kind="seminar", title="研讨", closes=When(days=1, at=18 * 60)),),
)
KEY = "the installation's own"


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> AsyncIterator[Rig]:
    yield await open_rig(sqlite_database)


async def begin(rig: Rig) -> Room:
    return await rig.site.database.transaction(_begin)


async def _begin(tx: Tx) -> Room:
    await installation.keep(tx, "key", KEY)
    group = await groups.find(tx, GROUP)
    assert group is not None
    made = await cycle.begin(tx, Ids(2), group, PLAN, date(2026, 3, 2), by=ZHANG, now=NOON)
    await cycle.advance(tx, Ids(2), group, made, NOON, shipped_rules())
    [stage] = await cycles.stages(tx, made)
    await signups.attend(tx, stage, LI, "roll", NOON)
    await signups.sign_up(tx, stage, ZHANG, "in", 0, NOON)
    return Room(GROUP, made.id, 0)


async def test_it_shows_the_code_and_how_many_are_there_and_renews_itself_without_scripts(rig: Rig) -> None:
    room = await begin(rig)
    async with rig.browser() as anywhere:
        shown = (await anywhere.get(f"/attend/{address(KEY, room, ZHANG)}")).text
    first, second = code(KEY, room, NOON)[:3], code(KEY, room, NOON)[3:]
    assert f"<span>{first}</span><span>{second}</span>" in shown
    assert "到场 1 人，报名 2 人" in shown
    assert "三月研讨&lt;b&gt;" in shown and "<script" not in shown
    assert re.search(r'http-equiv="refresh" content="10"', shown)


async def test_it_is_renewed_just_as_the_code_changes(rig: Rig) -> None:
    room = await begin(rig)
    rig.now[0] = NOON + MINUTE - 2500
    async with rig.browser() as anywhere:
        shown = (await anywhere.get(f"/attend/{address(KEY, room, ZHANG)}")).text
    assert 'content="3"' in shown


async def test_the_secretary_opens_it_where_she_is_logged_in_and_another_member_does_not(rig: Rig) -> None:
    room = await begin(rig)
    link = f"/attend/{address(KEY, room, ZHANG)}"
    async with rig.browser() as hers, rig.browser() as his:
        await log_in(rig, hers, ZHANG)
        await log_in(rig, his, LI)
        assert (await hers.get(link)).status_code == 200
        assert (await his.get(link)).status_code == 403


async def test_an_invented_link_or_one_for_no_secretary_shows_nothing(rig: Rig) -> None:
    room = await begin(rig)
    links = [
        address(KEY, room, LI),
        address("another key", room, ZHANG),
        "x",
        "a_b_c_d_e",
        "1_1_0_1_" + "0" * 20,
    ]
    links += [address(KEY, Room(GROUP, 1, 0), ZHANG), address(KEY, Room(GROUP, room.cycle_id, 9), ZHANG)]
    async with rig.browser() as anywhere:
        assert [(await anywhere.get(f"/attend/{link}")).status_code for link in links] == [404] * len(links)


async def test_it_ends_with_the_stage_and_with_her_office(rig: Rig) -> None:
    room = await begin(rig)
    link = f"/attend/{address(KEY, room, ZHANG)}"
    await rig.site.database.transaction(_close, room)
    async with rig.browser() as anywhere:
        shown = (await anywhere.get(link)).text
        assert "已经结束" in shown and "refresh" not in shown
        assert code(KEY, room, NOON)[:3] not in re.sub(r"<link[^>]*>", "", shown)
        await rig.site.database.transaction(members.set_role, GROUP, ZHANG, Role.MEMBER)
        assert (await anywhere.get(link)).status_code == 404


async def _close(tx: Tx, room: Room) -> None:
    found = await cycles.stage(tx, room.group_id, room.cycle_id, room.place)
    assert found is not None
    assert await cycles.turn(tx, found[1], "open", "closed", NOON)
