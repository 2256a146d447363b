"""Chats of the browser that wait for their group to be set up, as their first people see them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from storage import members, rooms
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import LI, NOON, Rig, log_in, open_rig, say

QIAN, ROOM = 19, 900


async def _open(tx: Tx) -> None:
    await rooms.open_unbound(tx, ROOM, "新支部", NOON)
    await members.add_person(tx, QIAN, "钱九", NOON)
    await rooms.let_in(tx, ROOM, QIAN)


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    rig = await open_rig(sqlite_database)
    await sqlite_database.transaction(_open)
    return rig


@pytest.fixture
async def qian(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, QIAN)
        yield client


async def test_its_page_says_how_the_group_is_set_up(qian: httpx.AsyncClient) -> None:
    answer = await qian.get("/")
    assert answer.status_code == 200
    assert "新支部" in answer.text
    assert "绑定 设置码" in answer.text and "xueban setup-code" in answer.text
    assert 'value="绑定" data-starts' in answer.text
    assert "chip_checkin" not in answer.text and 'value="打卡"' not in answer.text


async def test_what_is_said_there_is_heard_as_said_in_a_group(rig: Rig, qian: httpx.AsyncClient) -> None:
    assert (await say(qian, "绑定 4821-9034", chat="n900")).status_code in (200, 303)
    [heard] = rig.ear.heard
    assert (heard.chat_id, heard.chat_title, heard.is_group) == ("n900", "新支部", True)
    assert heard.sender_is_admin is False


async def test_in_private_a_guest_is_told_that_they_are_in_no_group_yet(qian: httpx.AsyncClient) -> None:
    assert "您还没有加入学习群" in (await qian.get(f"/chat/p{QIAN}")).text


async def test_it_does_not_exist_for_others(rig: Rig) -> None:
    async with rig.browser() as li:
        await log_in(rig, li, LI)
        assert (await li.get("/chat/n900")).status_code == 404


async def test_one_link_leads_everybody_to_their_own_private_chat(rig: Rig, qian: httpx.AsyncClient) -> None:
    answer = await qian.get("/private")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/chat/p{QIAN}")
    async with rig.browser() as stranger:
        assert (await stranger.get("/private")).status_code == 403
