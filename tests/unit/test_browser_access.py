"""Who may see and do what in the browser chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from storage import logins
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import (
    GROUP,
    LI,
    OTHER_GROUP,
    WANG,
    ZHANG,
    PlayedDemo,
    Rig,
    log_in,
    open_rig,
    say,
)


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database)


@pytest.fixture
async def demo(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database, demo=PlayedDemo())


@pytest.fixture
async def li(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.browser() as client:
        await log_in(rig, client, LI)
        yield client


async def test_a_stranger_is_told_in_both_languages_how_to_come_in(rig: Rig) -> None:
    async with rig.browser(accept="text/html") as stranger:
        answer = await stranger.get("/")
        assert answer.status_code == 403
        assert "网页" in answer.text
        assert "There is a door to this page" in answer.text
        assert (await say(stranger, "打卡")).status_code == 403
        assert (await stranger.get(f"/chat/g{GROUP}/stream")).status_code == 403


async def test_a_member_sees_her_groups_chat_and_her_own_private_one(li: httpx.AsyncClient) -> None:
    assert (await li.get(f"/chat/g{GROUP}")).status_code == 200
    assert (await li.get(f"/chat/p{LI}")).status_code == 200


@pytest.mark.parametrize("chat", [f"g{OTHER_GROUP}", f"p{WANG}", f"p{ZHANG}", "g999", "p", "g100x"])
async def test_other_peoples_chats_do_not_exist_for_her(rig: Rig, li: httpx.AsyncClient, chat: str) -> None:
    assert (await li.get(f"/chat/{chat}")).status_code == 404
    assert (await say(li, "打卡", chat=chat)).status_code == 404
    assert (await li.get(f"/chat/{chat}/stream")).status_code == 404
    assert rig.ear.heard == []


async def test_who_has_left_the_group_no_longer_sees_its_chat(rig: Rig, li: httpx.AsyncClient) -> None:
    await rig.site.database.transaction(_leave)
    assert (await li.get(f"/chat/g{GROUP}")).status_code == 404
    assert (await li.get("/")).status_code == 200


async def _leave(tx: Tx) -> None:
    await tx.run("UPDATE members SET left_at = 1 WHERE person_id = :p", p=LI)


async def test_a_link_is_used_up_by_pressing_the_button_and_not_by_a_preview(rig: Rig) -> None:
    await rig.site.database.transaction(logins.invite, "link", LI, rig.now[0] + 1)
    async with rig.browser(accept="text/html") as preview:
        for _ in range(3):
            assert (await preview.get("/enter/link")).status_code == 200
    async with rig.browser(accept="text/html") as client:
        assert (await client.post("/enter/link")).status_code == 303
        cookie = client.cookies.jar
        assert [c.name for c in cookie] == ["session"]
        assert (await client.get("/")).status_code == 200
    async with rig.browser(accept="text/html") as second:
        for again in (await second.get("/enter/link"), await second.post("/enter/link")):
            assert again.status_code == 410
            assert "只能用一次" in again.text


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(rig: Rig) -> None:
    await rig.site.database.transaction(logins.invite, "link", LI, rig.now[0] + 1)
    async with rig.browser() as client:
        cookie = (await client.post("/enter/link")).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie


async def test_an_expired_or_invented_link_lets_nobody_in(rig: Rig) -> None:
    await rig.site.database.transaction(logins.invite, "old", LI, rig.now[0])
    async with rig.browser() as client:
        assert (await client.get("/enter/old")).status_code == 410
        assert (await client.post("/enter/old")).status_code == 410
        assert (await client.post("/enter/invented")).status_code == 404
        assert (await client.get("/")).status_code == 403


async def test_a_session_ends_with_logging_out_and_after_its_days(rig: Rig, li: httpx.AsyncClient) -> None:
    stolen = li.cookies["session"]
    rig.now[0] += 89 * 86_400_000
    assert (await li.get("/")).status_code == 200
    assert (await li.post("/logout")).status_code == 200
    async with rig.browser() as thief:
        thief.cookies.set("session", stolen)
        assert (await thief.get("/")).status_code == 403
    async with rig.browser() as again:
        await log_in(rig, again, ZHANG)
        rig.now[0] += 90 * 86_400_000
        assert (await again.get("/")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1", "sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
async def test_another_sites_page_cannot_act_in_her_name(
    rig: Rig, li: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path in (f"/chat/g{GROUP}/messages", f"/chat/g{GROUP}/press", "/logout", "/look", "/enter/link"):
        assert (
            await li.post(path, json={"text": "x", "key": "12345678"}, headers=headers)
        ).status_code == 403
    assert rig.ear.heard == []


async def test_in_the_demonstration_one_may_be_anybody_on_this_machine(demo: Rig) -> None:
    async with demo.browser(accept="text/html") as client:
        assert "您是 张三" in (await client.get("/")).text
        assert (await client.post("/demo/persona", data={"person": str(LI)})).status_code == 303
        assert "您是 李四" in (await client.get("/")).text
        assert (await client.post("/demo/persona", data={"person": str(WANG)})).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5", "[::2]", "a]b", ""])
async def test_a_name_that_was_made_to_point_here_is_refused(demo: Rig, host: str) -> None:
    async with demo.browser(LI, host=host, **{"sec-fetch-site": "same-origin"}) as client:
        assert (await client.get("/")).status_code == 403
        assert (await client.post("/demo/over")).status_code == 404
        assert (await say(client, "打卡")).status_code == 403


async def test_another_machine_cannot_play_even_when_it_names_this_one(demo: Rig) -> None:
    transport = httpx.ASGITransport(demo.app, client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/")).status_code == 403


async def test_outside_the_demonstration_its_controls_do_not_exist(rig: Rig, li: httpx.AsyncClient) -> None:
    for path in ("/demo/persona", "/demo/clock", "/demo/over"):
        assert (await li.post(path)).status_code == 404
    li.cookies.set("persona", str(ZHANG))
    assert str(ZHANG) not in (await li.get(f"/chat/g{GROUP}/around")).json()["parts"].get("faces", "")


async def test_the_clock_is_moved_by_its_three_buttons_only(demo: Rig) -> None:
    async with demo.browser(LI) as client:
        for step in ("event", "hour", "day"):
            assert (await client.post("/demo/clock", json={"step": step})).json() == {
                "toast": "提醒还没打卡的人"
            }
        assert (await client.post("/demo/clock", json={"step": "year"})).status_code == 400
        assert (await client.post("/demo/over")).status_code == 303
    assert isinstance(demo.site.demo, PlayedDemo)
    assert demo.site.demo.steps == ["event", "hour", "day", "over"]
    assert demo.hub.era == 1


async def test_every_answer_forbids_foreign_and_inline_scripts(rig: Rig, li: httpx.AsyncClient) -> None:
    for path in ("/", "/static/chat.js", "/nothing/here", f"/chat/g{GROUP}/around"):
        headers = (await li.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    page = (await li.get("/", headers={"accept": "text/html"})).text
    assert " style=" not in page and " onclick=" not in page


async def test_what_escapes_becomes_a_page_with_a_reference_and_no_inner_detail(
    demo: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> list[object]:
        raise RuntimeError("inner detail")

    monkeypatch.setattr(demo.site.demo, "personas", broken)
    async with demo.browser(accept="text/html") as client:
        answer = await client.get("/")
    assert answer.status_code == 500
    assert "token-00" in answer.text and "inner detail" not in answer.text


async def test_an_address_that_does_not_exist_is_answered_kindly(rig: Rig, li: httpx.AsyncClient) -> None:
    page = await li.get("/nothing", headers={"accept": "text/html"})
    assert page.status_code == 404 and "没有这个页面" in page.text
    assert (await li.get("/nothing")).json()["error"]
    assert (await li.delete("/")).status_code == 405
