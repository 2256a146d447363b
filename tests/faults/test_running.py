"""The program as an operator knows it: how it starts, stops, answers machines, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import io
import json
import re
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic, time_ns

import httpx
import pytest
from rich.console import Console

from bot.operation.banner import greet
from bot.settings import Config
from content.texts import Texts
from tests.faults.program import PROMISED, Program
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_chats import Person, Room
from tests.platforms.telegram_rig import SECRET, Mode
from tests.postgres import PostgresServer

Programs = Callable[..., Program]
SOON = 5.0
"""Seconds in which a program that takes over must have spoken: far less than people would notice."""


def now() -> int:
    return time_ns() // 1_000_000


@asynccontextmanager
async def a_group(program: Program, mode: Mode = "webhook") -> AsyncIterator[tuple[FakeBotApi, Room, Person]]:
    """A running program with one group, bound by 张三."""
    async with FakeBotApi(now) as fake:
        zhang, room = fake.person(1, "张三"), fake.group(-100, "一组")
        room.statuses[zhang.id] = "administrator"
        await program.serve(fake, mode).start()
        fake.say(room, zhang, "绑定")
        await fake.until(lambda: bool(fake.said(room.id)))
        yield fake, room, zhang


async def a_chat(web: httpx.AsyncClient) -> str:
    """The address of the sample group's chat."""
    page = await web.get("/")
    assert page.status_code == 200
    found = re.search(r"/chat/g\d+", page.text)
    assert found
    return found[0]


# Stopping.


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_it_cleanly_while_a_page_is_open(program: Programs, sig: signal.Signals) -> None:
    demo = program()
    await demo.start()
    async with (
        httpx.AsyncClient(base_url=demo.url, timeout=10) as web,
        web.stream("GET", f"{await a_chat(web)}/stream") as page,
    ):
        news = page.aiter_text()
        assert (await anext(news)).startswith("retry:")
        assert await demo.stop(sig) < PROMISED
        assert not any(["event: renewed" in part async for part in news])
    assert '"level": "error"' not in demo.err


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_signal_stops_it_while_telegram_answers_nothing_any_more(
    program: Programs, mode: Mode
) -> None:
    served = program()
    async with a_group(served, mode) as (fake, room, zhang):
        silent = fake.fail("*", times=100, hang=True)
        fake.say(room, zhang, "打卡")
        fake.say(fake.private(zhang), zhang, "帮助")
        await fake.until(lambda: silent.times <= 98)
        assert await served.stop() < PROMISED


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGKILL])
async def test_the_next_start_soon_says_what_the_last_one_could_not(
    program: Programs, sig: signal.Signals
) -> None:
    served = program()
    async with a_group(served) as (fake, _, zhang):
        silent = fake.fail("sendMessage", times=100, hang=True)
        fake.say(fake.private(zhang), zhang, "帮助")
        await fake.until(lambda: silent.times < 100)
        served.tell(sig)
        await served.ended(PROMISED)
        silent.times = 0
        await served.start()
        began = monotonic()
        await fake.until(lambda: bool(fake.said(zhang.id)))
        assert monotonic() - began < SOON
        await served.stop()


# Starting.


async def test_a_port_that_is_taken_is_said_in_a_sentence_and_nothing_is_touched(program: Programs) -> None:
    second = program()
    with socket.create_server(("127.0.0.1", second.port)):
        second.spawn()
        assert await second.ended() == 1
    assert f"Cannot listen on 127.0.0.1:{second.port}: Address already in use" in second.err
    assert "Traceback" not in second.err
    assert not (second.folder / "data").exists()


async def test_a_free_port_of_its_own_choice_is_told(program: Programs) -> None:
    demo = program(http_port=0)
    demo.spawn()
    await demo.until_it_says("Page: ")
    found = re.search(r"Page: (http://127\.0\.0\.1:[1-9]\d*)", demo.out)
    assert found
    async with httpx.AsyncClient() as web:
        assert (await web.get(f"{found[1]}/healthz")).text == "ok"


async def test_a_data_folder_that_cannot_be_had_is_said_in_a_sentence(program: Programs) -> None:
    served = program()
    (served.folder / "data").write_text("a file in the folder's place")
    served.spawn()
    assert await served.ended() == 1
    assert str(served.folder / "data") in served.err
    assert "Traceback" not in served.err


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_telegram_does_not_know_is_said_in_a_sentence(
    program: Programs, status: int
) -> None:
    async with FakeBotApi(now) as fake:
        served = program().serve(fake, "webhook")
        fake.fail("getMe", times=9, status=status, description="Unauthorized")
        served.spawn()
        assert await served.ended() == 1
        assert "@BotFather" in served.err and "xueban doctor" in served.err
        assert "Traceback" not in served.err and fake.token not in served.err + served.out


async def test_it_waits_for_a_telegram_that_is_late(program: Programs) -> None:
    async with FakeBotApi(now) as fake:
        fake.fail("getMe", times=2, status=502)
        served = program().serve(fake, "polling")
        await served.start()
        assert "Telegram: https://t.me/xueban_bot (polling)" in served.out
        assert "one-time link" in served.out and "demonstration" not in served.out
        await served.stop()


async def test_a_telegram_that_cannot_be_reached_is_said_in_a_sentence(program: Programs) -> None:
    served = program(telegram_token="4242:fake-token", telegram_api_url="http://127.0.0.1:1")
    served.spawn()
    assert await served.ended(40) == 1
    assert "XUEBAN_TELEGRAM_API_URL" in served.err
    assert "Traceback" not in served.err and "fake-token" not in served.err


async def test_a_signal_stops_it_while_it_waits_for_telegram(program: Programs) -> None:
    served = program(telegram_token="4242:fake-token", telegram_api_url="http://127.0.0.1:1")
    served.spawn()
    await served.until_it_answers("/healthz", 200)
    await served.until_it_answers("/readyz", 503)
    assert await served.stop() < PROMISED


# Machines that ask.


async def test_machines_are_told_how_it_is(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, room, zhang), httpx.AsyncClient(base_url=served.url) as web:
        fake.say(room, zhang, "打卡")
        await fake.until(lambda: any(shown.reactions for shown in fake.messages(room.id)))
        assert (await web.get("/healthz")).text == "ok"
        assert (await web.get("/readyz")).json() == {"running": True}
        figures = (await web.get("/metrics")).text
        assert re.search(r'xueban_messages_total\{outcome="sent",platform="telegram"\} [1-9]', figures)
        assert "xueban_due_overdue_seconds 0.0" in figures


async def test_without_its_database_it_is_not_ready_and_takes_nothing_it_could_not_keep(
    program: Programs, postgres_server: PostgresServer, postgres_url: str
) -> None:
    served = program(database_url=postgres_url)
    async with a_group(served) as (fake, room, zhang):
        await asyncio.to_thread(postgres_server.execute, "postgres", _SHUT)
        await served.until_it_answers("/readyz", 503)
        await served.until_it_answers("/healthz", 200)
        fake.say(room, zhang, "打卡")
        await fake.until(lambda: 503 in {status for _, status in fake.deliveries})
        await asyncio.to_thread(postgres_server.execute, "postgres", _OPEN)
        await served.until_it_answers("/readyz", 200)
        await fake.until(lambda: any(shown.reactions for shown in fake.messages(room.id)))
        await served.stop()


_SHUT = """
ALTER DATABASE xueban WITH ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'xueban';
"""
_OPEN = "ALTER DATABASE xueban WITH ALLOW_CONNECTIONS true"


async def test_what_it_prints_holds_no_token_no_name_and_no_word_of_anybody(program: Programs) -> None:
    served = program(log_level="debug")
    async with a_group(served) as (fake, room, zhang):
        li = fake.person(2, "李四独名")
        fake.fail("sendMessage", times=1, status=500, description="李四独名 broke it")
        fake.fail("setMessageReaction", times=1, status=400, description="Bad Request: 独一无二的心得")
        fake.say(room, li, "打卡 独一无二的心得")
        fake.say(fake.private(zhang), zhang, "帮助")
        fake.inject('"message":{"text":"独一无二的心得","from":{"first_name":"李四独名"}}')
        await fake.settled()
        await fake.until(lambda: bool(fake.said(zhang.id)))
        await served.stop()
        printed = served.out + served.err
        assert "telegram_update_buried" in printed
        secrets = (fake.token, fake.token.partition(":")[2], SECRET, "独一无二的心得", "李四", "张三", "一组")
        assert [secret for secret in secrets if secret in printed or ascii(secret)[1:-1] in printed] == []


# The demonstration.


async def test_the_demonstration_says_what_it_is_and_where(program: Programs) -> None:
    demo = program()
    await demo.start()
    assert f"Page: {demo.url}\n" in demo.out
    assert "This is a demonstration" in demo.out and "Ctrl-C stops it." in demo.out
    async with httpx.AsyncClient(base_url=demo.url) as web:
        assert "一支部学习群" in (await web.get("/")).text


async def test_the_demonstration_goes_on_where_it_was_stopped(program: Programs) -> None:
    demo = program()
    await demo.start()
    same_site = {"sec-fetch-site": "same-origin", "accept": "application/json"}
    async with httpx.AsyncClient(base_url=demo.url, headers=same_site, timeout=20) as web:
        chat = await a_chat(web)
        said = await web.post(f"{chat}/messages", json={"text": "打卡 停之前说的", "key": "k" * 12})
        moved = await web.post("/demo/clock", json={"step": "event"})
        assert (said.status_code, moved.status_code) == (200, 200)
        await demo.stop()
        await demo.start()
        page = await web.get("/")
        assert "停之前说的" in page.text and "今日学习" in page.text
    await demo.stop()


def test_whoever_watches_in_a_terminal_sees_it_framed() -> None:
    shown = io.StringIO()
    terminal = Console(file=shown, force_terminal=True, width=100)
    greet(Config(_env_file=None, language="zh", http_port=8123), Texts.load(), [], terminal)
    assert "╭─ 学伴 ─" in shown.getvalue()
    assert "网页：http://127.0.0.1:8123" in shown.getvalue() and "按 Ctrl-C 停止" in shown.getvalue()


# A webhook that anybody can call.


async def test_a_caller_without_the_secret_is_turned_away(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, _, zhang):
        before = served.ledger.count("events")
        body = an_update(fake, 777, zhang, "打卡")
        answers = [await fake.post(body, secret) for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x")]
        assert {answer.status_code for answer in answers} == {401}
        assert served.ledger.count("events") == before
        assert (await fake.post(body, SECRET)).status_code == 200


async def test_a_body_over_a_megabyte_is_refused_however_it_comes(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, room, zhang):
        large = an_update(fake, 777, zhang, "打" * 350_000)

        async def in_pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(large), 60_000):
                yield large[start : start + 60_000]

        async with httpx.AsyncClient() as web:
            for content in (large, in_pieces()):
                assert await refused(web, fake.webhook.url, content)
        await still_works(fake, room, zhang)


async def test_what_is_no_update_is_kept_aside_and_harms_nobody(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, room, zhang):
        answers = [await fake.post(body, SECRET) for body in NO_UPDATES]
        assert {answer.status_code for answer in answers} == {200}
        fake.inject('"telepathy":{"thought":"打卡","from":{"id":1}}')
        await fake.settled()
        await still_works(fake, room, zhang)
    assert served.ledger.count("dead_letters") == len(NO_UPDATES)


NO_UPDATES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"\xff\xfe"',
    b'{"update_id":1e400}',
    b"[" * 100_000,
    b'{"update_id":12345678901234567890123,"message":{}}',
    b'{"update_id":5,"message":{"message_id":"x"}}',
    b'{"update_id":6,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"\\ud800"}}',
]


async def test_the_same_update_ten_times_at_once_counts_once(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, _, zhang):
        body = an_update(fake, 777, zhang, "打卡 一次")
        answers = await asyncio.gather(*(fake.post(body, SECRET) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {200}
        await fake.until(lambda: len(fake.said(-100)) > 1)
        await served.stop()
    assert served.ledger.notes() == {("张三", "一次"): 1}
    assert served.ledger.rows("SELECT checked FROM days WHERE checked > 0") == [(1,)]
    assert sum("react" in row.body for row in served.ledger.outbox()) == 1


async def test_updates_of_one_chat_in_reverse_are_all_heard(program: Programs) -> None:
    served = program()
    async with a_group(served) as (fake, _, zhang):
        for update_id, text in ((779, "打卡 后说"), (778, "打卡 先说")):
            body = an_update(fake, update_id, zhang, text)
            assert (await fake.post(body, SECRET)).status_code == 200
        await served.stop()
    assert served.ledger.rows("SELECT checked FROM days WHERE checked > 0") == [(1,)]
    assert served.ledger.count("events WHERE event_id IN ('778', '779')") == 2
    assert [note for _, note in served.ledger.notes()] == ["先说"]


def an_update(fake: FakeBotApi, update_id: int, person: Person, text: str) -> bytes:
    """Somebody writes in the group; ``update_id`` may have any value."""
    message = {
        "message_id": update_id,
        "date": fake.clock() // 1000,
        "chat": {"id": -100, "type": "supergroup", "title": "一组"},
        "from": {"id": person.id, "is_bot": False, "first_name": person.name},
        "text": text,
    }
    return json.dumps({"update_id": update_id, "message": message}, ensure_ascii=False).encode()


async def refused(web: httpx.AsyncClient, url: str, content: bytes | AsyncIterator[bytes]) -> bool:
    """By an answer, or by hanging up before the body was through."""
    try:
        answer = await web.post(url, content=content, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return True
    return answer.status_code == 413


async def still_works(fake: FakeBotApi, room: Room, person: Person) -> None:
    asked = fake.say(room, person, "打卡 还好")
    await fake.until(lambda: bool(asked.reactions))
