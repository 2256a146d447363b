"""Reading and writing in the browser chat, over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.platforms.browser import BrowserTransport
from domain.incoming import Mention
from domain.message import Media
from domain.outgoing import Outgoing
from storage.sqlite import SqliteDatabase
from tests.unit.browser_site import GROUP, HERE, LI, ZHANG, PlayedDemo, Rig, open_rig, say

CHAT = f"g{GROUP}"


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    return await open_rig(sqlite_database, demo=PlayedDemo())


@pytest.fixture
async def li(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with rig.browser(LI) as client:
        yield client


@pytest.fixture
def bot(rig: Rig) -> BrowserTransport:
    return BrowserTransport(rig.site.database, rig.hub, rig.site.clock, rig.site.ids)


async def page(client: httpx.AsyncClient, path: str = "/") -> str:
    return (await client.get(path, headers={"accept": "text/html"})).text


async def test_what_somebody_says_is_on_the_page_and_heard_by_the_bot(
    rig: Rig, li: httpx.AsyncClient
) -> None:
    rig.ear.answer = "记下了"
    answer = await say(li, "  打卡 读完第三章 ")
    [heard] = rig.ear.heard
    assert answer.json() == {"toast": "记下了", "id": heard.message_id}
    assert (heard.platform, heard.account, heard.chat_id) == ("browser", "site", CHAT)
    assert (heard.sender_id, heard.sender_name, heard.text) == (str(LI), "李四", "打卡 读完第三章")
    assert heard.is_group and not heard.addressed
    assert "打卡 读完第三章" in await page(li)


async def test_the_same_posting_again_is_one_message_and_one_event(rig: Rig, li: httpx.AsyncClient) -> None:
    first, second = await say(li, "打卡", "key-same-1"), await say(li, "打卡", "key-same-1")
    assert first.json()["id"] == second.json()["id"]
    assert len({heard.event_id for heard in rig.ear.heard}) == 1
    assert len({heard.message_id for heard in rig.ear.heard}) == 1
    assert (await page(li)).count('class="m mine') == 1


async def test_what_could_not_be_stored_may_be_sent_again(rig: Rig, li: httpx.AsyncClient) -> None:
    rig.ear.fault = True
    failed = await say(li, "打卡", "key-again-1")
    assert failed.status_code == 503 and "再发一次" in failed.json()["error"]
    rig.ear.fault = False
    assert (await say(li, "打卡", "key-again-1")).status_code == 200
    assert len(rig.ear.heard) == 1
    assert (await page(li)).count('class="m mine') == 1


async def test_nobody_can_make_anothers_event_look_like_a_repeat(rig: Rig, li: httpx.AsyncClient) -> None:
    await say(li, "打卡", "key-00000007")
    async with rig.browser(ZHANG) as zhang:
        await say(zhang, "打卡", "key-00000007")
    assert len({heard.event_id for heard in rig.ear.heard}) == 2
    assert (await page(li)).count("data-sender=") == 2


@pytest.mark.parametrize(
    ("text", "for_bot", "addressed"),
    [
        ("@学伴 我的", "我的", True),
        ("我的 @XueBan", "我的", True),
        ("/me", "/me", True),
        ("我的", "我的", False),
        ("@xuebanzhang 你好", "@xuebanzhang 你好", False),
    ],
)
async def test_the_bot_knows_when_it_is_meant(
    rig: Rig, li: httpx.AsyncClient, text: str, for_bot: str, addressed: bool
) -> None:
    await say(li, text)
    assert (rig.ear.heard[0].text, rig.ear.heard[0].addressed) == (for_bot, addressed)


async def test_in_private_the_bot_is_always_meant(rig: Rig, li: httpx.AsyncClient) -> None:
    await say(li, "我的", chat=f"p{LI}")
    assert rig.ear.heard[0].addressed and not rig.ear.heard[0].is_group


async def test_an_at_sign_calls_members_by_id_and_others_by_name(rig: Rig, li: httpx.AsyncClient) -> None:
    await say(li, "代打卡 @张三，还有@不认识的人 和 @学伴")
    assert rig.ear.heard[0].mentions == (
        Mention(name="张三", user_id=str(ZHANG)),
        Mention(name="不认识的人", user_id=None),
    )


async def test_a_picked_id_that_is_not_that_members_is_ignored(rig: Rig, li: httpx.AsyncClient) -> None:
    await say(li, "@张三 好", mentions=[{"name": "张三", "id": str(LI)}, "x", {"name": 1}])
    assert rig.ear.heard[0].mentions == (Mention(name="张三", user_id=str(ZHANG)),)


async def test_an_answer_names_the_message_and_its_author(
    rig: Rig, li: httpx.AsyncClient, bot: BrowserTransport
) -> None:
    asked = await bot.send(Outgoing(chat_id=CHAT, text="今天怎么样？"))
    mine = (await say(li, "很好", reply_to=asked)).json()["id"]
    assert (rig.ear.heard[0].reply_to, rig.ear.heard[0].addressed) == (asked, True)
    async with rig.browser(ZHANG) as zhang:
        await say(zhang, "代打卡", reply_to=mine)
        assert 'class="quote"' in await page(zhang)
    assert rig.ear.heard[1].reply_to_sender == Mention(name="李四", user_id=str(LI))


async def test_an_answer_to_nothing_is_an_ordinary_message(rig: Rig, li: httpx.AsyncClient) -> None:
    for reply_to in ("99999", "9" * 30, "-1", "１２", "x"):
        await say(li, "嗯", f"key-reply-{len(rig.ear.heard)}", reply_to=reply_to)
    assert {heard.reply_to for heard in rig.ear.heard} == {None}


async def test_a_button_brings_its_payload_and_its_message(rig: Rig, li: httpx.AsyncClient) -> None:
    rig.ear.answer = "✅ 打卡成功"
    answer = await li.post(
        f"/chat/{CHAT}/press", json={"action": "checkin.x", "message": "7", "key": "k2345678"}
    )
    assert answer.json()["toast"] == "✅ 打卡成功"
    [heard] = rig.ear.heard
    assert (heard.action, heard.message_id, heard.event_id) == ("checkin.x", "7", f"{LI}:k2345678")


@pytest.mark.parametrize("action", ["", "x" * 65, "打卡", 5, None])
async def test_what_is_no_button_of_ours_is_refused(rig: Rig, li: httpx.AsyncClient, action: object) -> None:
    answer = await li.post(f"/chat/{CHAT}/press", json={"action": action, "key": "k2345678"})
    assert answer.status_code == 400 and rig.ear.heard == []


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %} ${7*7} </textarea>",
    "javascript:alert(1)",
    'https://example.org/"onmouseover="alert(1)',
    "]]></script><svg onload=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_never_run(li: httpx.AsyncClient, text: str) -> None:
    await say(li, text)
    html = await page(li)
    shown = re.search(r'<p class="text" dir="auto">(.*?)</p>', html, re.DOTALL)
    assert shown
    bare = re.sub(r'<a href="[^"<>]*" target="_blank" rel="[^"]*">|</a>', "", shown[1])
    assert "<" not in bare and ">" not in bare
    assert "<script>" not in html and "<svg onload" not in html and "<img src=x" not in html
    assert "49" not in bare


async def test_control_and_turning_characters_are_taken_out(rig: Rig, li: httpx.AsyncClient) -> None:
    await li.post(
        f"/chat/{CHAT}/messages",
        content='{"text": "打\\u0000卡\\u202e txt\\ud800 \\u0007好\\r\\n👨‍👩‍👧", "key": "12345678"}',
        headers={"content-type": "application/json"},
    )
    heard = rig.ear.heard
    assert [one.text for one in heard] in ([], ["打卡 txt 好\n👨‍👩‍👧"])


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [("x" * 10_000, 400, "10000"), ("   \u202e\u0000 ", 400, "还没写"), ("字" * 4000, 200, "")],
)
async def test_a_text_too_long_or_empty_is_refused_with_what_to_do(
    rig: Rig, li: httpx.AsyncClient, text: str, status: int, words: str
) -> None:
    answer = await say(li, text)
    assert answer.status_code == status
    assert words in answer.json().get("error", "")
    assert len(rig.ear.heard) == (status == 200)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b'{"text": "x", "key": "short"}', "application/json", 400),
        (b'{"text": 5, "key": "12345678"}', "application/json", 400),
        (b'{"text": "x", "key": "12345678\\n"}', "application/json", 400),
        (b"x" * (64 * 1024 + 1), "application/json", 413),
        (b"", "text/plain", 400),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(
    rig: Rig, li: httpx.AsyncClient, body: bytes, kind: str, status: int
) -> None:
    answer = await li.post(f"/chat/{CHAT}/messages", content=body, headers={"content-type": kind})
    assert answer.status_code == status and answer.json()["error"]
    assert rig.ear.heard == []


async def test_twenty_messages_in_ten_seconds_are_enough(rig: Rig, li: httpx.AsyncClient) -> None:
    for n in range(20):
        assert (await say(li, f"{n}", f"key-{n:08d}")).status_code == 200
    refused = await say(li, "one more", "key-99999999")
    assert refused.status_code == 429 and "10" in refused.json()["error"]
    async with rig.browser(ZHANG) as zhang:
        assert (await say(zhang, "我还能说", "key-99999998")).status_code == 200
    rig.passed[0] += 10
    assert (await say(li, "one more", "key-99999999")).status_code == 200


async def test_the_page_reads_and_writes_without_scripts(rig: Rig, li: httpx.AsyncClient) -> None:
    rig.ear.answer = "打卡成功"
    key = re.search(r'name="key" value="([^"]+)"', await page(li))
    assert key
    form = {"accept": "text/html"}
    answer = await li.post(
        f"/chat/{CHAT}/messages", data={"say": "打卡", "text": "", "key": key[1]}, headers=form
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/chat/{CHAT}")
    html = await page(li)
    assert "打卡成功" in html and rig.ear.heard[0].text == "打卡"
    assert "打卡成功" not in await page(li)
    await li.post(f"/chat/{CHAT}/messages", data={"text": "又一句", "key": key[1]}, headers=form)
    assert rig.ear.heard[1].text == "又一句"
    await li.post(f"/chat/{CHAT}/press", data={"action": "checkin.x", "message": "7"}, headers=form)
    assert rig.ear.heard[2].action == "checkin.x"


async def test_one_can_read_back_page_by_page(rig: Rig, li: httpx.AsyncClient) -> None:
    for n in range(95):
        rig.passed[0] += 1
        await say(li, f"第{n}句", f"key-{n:08d}")
    html, seen = await page(li), []
    pages = [html]
    while older := re.search(r'id="older" href="([^"]+)"', pages[0]):
        pages.insert(0, await page(li, older[1]))
    for one in pages:
        seen += re.findall(r">第(\d+)句<", one.split('id="messages"')[1].split("</ol>")[0])
    assert [int(n) for n in seen] == list(range(95))
    first = re.search(r'data-id="(\d+)"', html)
    assert first
    piece = (await li.get(f"/chat/{CHAT}/messages", params={"before": first[1]})).json()
    assert piece["more"] and piece["html"].count("<li class") == 40


async def test_the_bots_message_has_title_text_and_working_buttons(
    li: httpx.AsyncClient, bot: BrowserTransport
) -> None:
    await bot.send(
        Outgoing(
            chat_id=CHAT,
            title="📖 今日学习 <1>",
            text="第一段\n请看 https://example.org/a，@李四",
            buttons=((("已学", "studied.x.y"), ("打卡", "checkin.x.y")),),
            media=Media("picture", "https://example.org/a.png"),
            mentions=(("李四", str(LI)),),
        )
    )
    html = await page(li)
    assert "📖 今日学习 &lt;1&gt;" in html
    assert '<a href="https://example.org/a" ' in html and '<b class="called">@李四</b>' in html
    assert '<button class="key" name="action" value="studied.x.y"><bdi>已学</bdi></button>' in html
    assert '<img src="https://example.org/a.png"' in html


async def test_the_pinned_board_stands_above_the_talk_and_not_in_it(
    li: httpx.AsyncClient, bot: BrowserTransport
) -> None:
    await bot.send(Outgoing(chat_id=CHAT, title="昨天的板", text="▓▓░░", pin=True))
    board = await bot.send(Outgoing(chat_id=CHAT, title="第 12 天", text="▓▓▓▓▓▓▓▓▓▓", pin=True))
    await bot.edit(
        Outgoing(chat_id=CHAT, title="第 12 天 · 3/6", text="▓▓▓▓▓░░░░░\n张三 7天", pin=True), board
    )
    above, talk = (await page(li)).split('id="messages"')
    assert "第 12 天 · 3/6" in above and '<progress max="10" value="5">' in above
    assert "第 12 天" not in talk.split("</ol>")[0] and "昨天的板" in talk


async def test_a_reaction_is_a_tick_beside_the_message(li: httpx.AsyncClient, bot: BrowserTransport) -> None:
    message = (await say(li, "打卡")).json()["id"]
    await bot.react(CHAT, message, "✅")
    await bot.react(CHAT, message, "👍")
    html = await page(li)
    assert html.count('class="mark" title="学伴记下了"') == 1


async def test_only_the_committee_sees_who_has_not_checked_in(rig: Rig, li: httpx.AsyncClient) -> None:
    assert "还没有<" not in await page(li)
    async with rig.browser(ZHANG) as zhang:
        html = await page(zhang)
    assert "还没有<" in html and "谁还没打卡，只有书记看得到" in html


async def test_the_page_speaks_both_languages_and_remembers_which(li: httpx.AsyncClient) -> None:
    assert '<html lang="zh-Hans">' in await page(li)
    answer = await li.post("/look", data={"language": "en", "back": f"/chat/{CHAT}"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/chat/{CHAT}")
    html = await page(li)
    assert '<html lang="en">' in html and "Members" in html and "Mon 2 Mar" in html
    assert (await say(li, "")).json()["error"].startswith("There is nothing")


async def test_large_letters_are_there_before_the_first_paint(li: httpx.AsyncClient) -> None:
    await li.post("/look", data={"big": "1", "back": "/"})
    assert '<html lang="zh-Hans" class="big">' in await page(li)
    await li.post("/look", data={"big": "0", "back": "/"})
    assert 'class="big"' not in await page(li)


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "/chat/a\nb", "x"]
)
async def test_choosing_never_leads_to_another_site(li: httpx.AsyncClient, back: str) -> None:
    answer = await li.post("/look", data={"language": "xx", "back": back})
    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers


async def test_an_empty_room_says_what_it_is_for(li: httpx.AsyncClient) -> None:
    assert "一起学习的地方" in await page(li)
    assert "只有您和学伴" in await page(li, f"/chat/p{LI}")


async def test_chips_offer_what_makes_sense_now(rig: Rig, li: httpx.AsyncClient) -> None:
    assert "未打卡</button>" not in await page(li) and ">打卡</button>" in await page(li)
    async with rig.browser(ZHANG) as zhang:
        assert "未打卡</button>" in await page(zhang)


async def test_forged_cookies_and_numbers_do_no_harm(rig: Rig) -> None:
    async with rig.browser() as client:
        for cookie in ("persona=x; flash=zz; language=../x; big=2", "flash=ff; persona=-1"):
            answer = await client.get("/", headers={"accept": "text/html", "cookie": cookie})
            assert answer.status_code == 200
        for before in ("x", "-1", "9" * 40, "0"):
            assert (await client.get(f"{HERE}/chat/{CHAT}", params={"before": before})).status_code == 200
