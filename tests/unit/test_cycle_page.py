"""The page of an activity: what everybody sees, what a member still owes, what a secretary may ask, and who is not let in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from content.cycles import shipped_templates
from content.points import shipped_rules
from domain.cycle import Cycle
from domain.day import DAY
from domain.ids import Ids, brief
from scheduler import cycle as time_of
from storage import audit, cycles, groups, newsletters
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import GROUP, LI, NOON, WANG, ZHANG, Rig, log_in, open_rig

HERE = f"/chat/g{GROUP}/cycle"


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database)


@pytest.fixture
async def zhang(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, ZHANG)
        yield client


@pytest.fixture
async def li(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, LI)
        yield client


async def begun(rig: Rig, *, days: int) -> str:
    """A practice with its summary, so many days after it began; its id as addresses have it."""
    rig.now[0] = NOON + days * DAY
    cycle = await rig.site.database.transaction(_begin, rig.site.ids, NOON, rig.now[0])
    return brief(cycle.id)


async def _begin(tx: Tx, ids: Ids, at: int, now: int) -> Cycle:
    group = await groups.find(tx, GROUP)
    assert group is not None
    plan = next(one for one in shipped_templates() if one.key == "practice-summary" and one.language == "zh")
    cycle = await time_of.begin(tx, ids, group, plan, date(2026, 3, 2), by=ZHANG, now=at)
    await time_of.advance(tx, ids, group, cycle, now, shipped_rules())
    return cycle


async def test_before_the_first_activity_the_page_says_what_will_be_here(
    zhang: httpx.AsyncClient, li: httpx.AsyncClient
) -> None:
    assert "还没有活动" in (await li.get(HERE)).text
    assert 'value="活动 新"' not in (await li.get(HERE)).text
    assert 'value="活动 新"' in (await zhang.get(HERE)).text


async def test_a_member_sees_where_it_is_and_what_is_left_for_them_to_do(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    await begun(rig, days=6)
    page = (await li.get(HERE)).text
    assert "第 3 步，共 6 步" in page
    assert "这一步您还没做" in page
    assert f'action="/chat/p{LI}/messages"' in page
    assert 'value="心得"' in page
    assert "3月11日 周三 20:30 开始" in page
    assert 'title="2026-03-11 20:30:00 Asia/Shanghai"' in page
    assert "看看是谁" not in page


async def test_saying_it_from_the_page_works_without_scripts(rig: Rig, li: httpx.AsyncClient) -> None:
    answer = await li.post(f"/chat/p{LI}/messages", data={"say": "心得", "key": "key-00000001"})
    assert answer.status_code == 303
    assert rig.ear.heard[-1].text == "心得"


async def test_only_a_secretary_who_asks_sees_names_and_the_look_is_noted(
    rig: Rig, zhang: httpx.AsyncClient, li: httpx.AsyncClient
) -> None:
    await begun(rig, days=6)
    assert "李四" not in (await zhang.get(HERE)).text
    assert "李四" not in (await li.get(f"{HERE}?who")).text
    assert await rig.site.database.read(audit.of_group, GROUP, audit.NEWEST, 9) == []
    assert "<bdi>李四</bdi>" in (await zhang.get(f"{HERE}?who")).text
    (look,) = await rig.site.database.read(audit.of_group, GROUP, audit.NEWEST, 9)
    assert (look.by, look.what) == ("张三", "owing")


async def test_the_address_in_messages_leads_to_the_page_in_ones_own_chat(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    name = await begun(rig, days=1)
    answer = await li.get(f"/cycle/{brief(GROUP)}-{name}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/{name}")
    assert "报名" in (await li.get(f"{HERE}/{name}")).text


@pytest.mark.parametrize("address", ["/cycle/{group}-{name}", "/cycle/nonsense", "/chat/g100/cycle/{name}"])
async def test_whoever_is_in_another_group_finds_nothing(rig: Rig, address: str) -> None:
    name = await begun(rig, days=1)
    async with rig.browser(accept="text/html") as stranger:
        await log_in(rig, stranger, WANG)
        assert (await stranger.get(address.format(group=brief(GROUP), name=name))).status_code == 404


async def test_an_activity_that_never_was_is_not_found(rig: Rig, li: httpx.AsyncClient) -> None:
    await begun(rig, days=1)
    assert (await li.get(f"{HERE}/zzzz")).status_code == 404
    assert (await li.get(f"{HERE}/zzzz/newsletter.pdf")).status_code == 404


async def test_what_is_over_is_still_there_and_others_are_listed(rig: Rig, li: httpx.AsyncClient) -> None:
    first = await begun(rig, days=1)
    found = (await rig.site.database.read(cycles.running, GROUP))[0]
    await rig.site.database.transaction(cycles.end, found, "cancelled", rig.now[0])
    await begun(rig, days=2)
    page = (await li.get(HERE)).text
    assert f'href="{HERE}/{first}"' in page
    assert "已经取消" in (await li.get(f"{HERE}/{first}")).text


async def test_the_page_holds_in_english_and_keeps_the_letter_size(rig: Rig, li: httpx.AsyncClient) -> None:
    await begun(rig, days=6)
    await li.post("/look", data={"language": "en", "big": "1", "back": HERE})
    page = (await li.get(HERE)).text
    assert "Step 3 of 6" in page
    assert 'value="reflection"' in page
    assert 'class="big"' in page


async def test_the_chat_says_where_the_activity_is_and_leads_to_its_page(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    name = await begun(rig, days=6)
    page = (await li.get(f"/chat/g{GROUP}")).text
    assert "正在：心得" in page
    assert f'href="{HERE}/{name}"' in page


async def test_the_chat_offers_with_one_tap_what_the_open_stage_has_for_the_reader(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    await begun(rig, days=1)
    page = (await li.get(f"/chat/g{GROUP}")).text
    assert 'value="报名">我要报名</button>' in page
    assert 'value="反馈"' not in page


async def test_a_reflection_to_write_is_offered_once(rig: Rig, li: httpx.AsyncClient) -> None:
    await begun(rig, days=6)
    page = (await li.get(f"/chat/g{GROUP}")).text
    assert ">写心得</button>" in page
    assert ">去写心得</button>" not in page


async def test_the_newsletter_is_offered_in_the_chat_once_it_is_posted_and_for_a_week_after_the_end(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    await begun(rig, days=6)
    cycle = (await rig.site.database.read(cycles.running, GROUP))[0]
    link = f'href="/newsletter/{brief(GROUP)}-{brief(cycle.id)}"'
    letter = await rig.site.database.transaction(newsletters.begin, cycle, ZHANG, rig.now[0])
    assert link not in (await li.get(f"/chat/g{GROUP}")).text
    await rig.site.database.transaction(newsletters.turn, letter, "posted", rig.now[0])
    assert link in (await li.get(f"/chat/g{GROUP}")).text
    await rig.site.database.transaction(cycles.end, cycle, "over", rig.now[0])
    rig.now[0] += 6 * DAY
    assert link in (await li.get(f"/chat/g{GROUP}")).text
    rig.now[0] += DAY
    assert link not in (await li.get(f"/chat/g{GROUP}")).text
