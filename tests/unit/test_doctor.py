"""The doctor: what each check finds, and that it says what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.operation.doctor import (
    Finding,
    Standing,
    Stock,
    data_dir,
    database,
    examine,
    photos,
    port,
    python,
    settings,
    texts,
    worst,
)
from bot.platforms.telegram.checkup import account, clock_skew, inspect
from bot.settings import load
from content.texts import Texts
from domain.message import line
from storage.tx import StorageError

NOW = 1_772_409_600_000  # Mon, 02 Mar 2026 00:00:00 GMT
WELL = Stock(packs=1, groups=2, failed=0)


class Records:
    """A database in the state a test wants it in."""

    def __init__(self, standing: Standing = "ready", stock: Stock = WELL, fault: str = "") -> None:
        self._standing = standing
        self._stock = stock
        self._fault = fault

    async def standing(self) -> Standing:
        if self._fault:
            raise StorageError(self._fault)
        return self._standing

    async def stock(self) -> Stock:
        return self._stock


class Telegram(BaseRequest):
    """Answers Bot API calls from a table; what is not in it gets no answer at all."""

    def __init__(self, status: int = 200, **answers: dict[str, Any]) -> None:
        self._status = status
        self._answers = answers

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **kwargs: object
    ) -> tuple[int, bytes]:
        answer = self._answers.get(url.rpartition("/")[2])
        if self._status != 200:
            return self._status, json.dumps({"ok": False, "description": "Unauthorized"}).encode()
        if answer is None:
            raise NetworkError("no answer")
        return 200, json.dumps({"ok": True, "result": answer}).encode()


def a_bot(*, status: int = 200, hears_all: bool = True, joins: bool = True, **info: Any) -> Bot:
    me = {
        "id": 1,
        "is_bot": True,
        "first_name": "学伴",
        "username": "xueban_bot",
        "can_read_all_group_messages": hears_all,
        "can_join_groups": joins,
    }
    hook = {"url": "", "has_custom_certificate": False, "pending_update_count": 0, **info}
    request = Telegram(status, getMe=me, getWebhookInfo=hook)
    return Bot("1:x", request=request, get_updates_request=request)


def words(finding: Finding) -> str:
    english = Texts.load()
    said = [finding.about, finding.said, *([finding.advice] if finding.advice else [])]
    return " | ".join(english.say("en", one) for one in said)


async def found_about(what: str, bot: Bot, webhook_url: str | None = None) -> Finding:
    findings = await account(bot, webhook_url)
    await bot.shutdown()
    return next(one for one in findings if one.about == line(f"doctor.{what}"))


def test_an_old_python_fails_and_a_new_one_does_not() -> None:
    assert python((3, 10, 1)).state == "fail"
    assert python((3, 11, 0)).state == "ok"


def test_a_misspelt_variable_is_shown_with_the_one_meant() -> None:
    found = settings([("XUEBAN_TOKE", "XUEBAN_TELEGRAM_TOKEN"), ("XUEBAN_X", "")])
    assert found.state == "warn"
    assert "XUEBAN_TOKE (is XUEBAN_TELEGRAM_TOKEN meant?), XUEBAN_X." in words(found)
    assert settings([]).state == "ok"


def test_the_data_folder_must_be_one_that_can_be_written_to(tmp_path: Path) -> None:
    assert data_dir(tmp_path).state == "ok"
    assert "first start" in words(data_dir(tmp_path / "later" / "still"))
    (tmp_path / "file").write_text("")
    assert data_dir(tmp_path / "file").state == "fail"
    assert not (tmp_path / "later").exists() and list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        found = port("127.0.0.1", number)
    assert found.state == "warn" and str(number) in words(found)
    assert port("127.0.0.1", 0).state == "ok"
    assert port("::1", 0).about == port("127.0.0.1", 0).about
    assert port("203.0.113.1", 0).state == "warn"


def test_missing_texts_fail() -> None:
    assert texts(["en: day.open is missing"]).state == "fail"
    assert texts([]).state == "ok"


@pytest.mark.parametrize(
    ("records", "states", "said"),
    [
        (Records("absent"), ["ok"], "first start makes it"),
        (Records("behind"), ["warn"], "xueban migrate"),
        (Records(fault="postgresql://zhang:geheim@db is gone"), ["fail"], "postgresql://…@db is gone"),
        (Records(), ["ok", "ok", "ok"], "Groups: 2"),
        (Records(stock=Stock(0, 0, 0)), ["ok", "warn", "ok"], "xueban pack load"),
        (Records(stock=Stock(1, 1, 3)), ["ok", "ok", "warn"], "xueban outbox --failed"),
    ],
)
async def test_the_database_is_told_as_it_stands(records: Records, states: list[str], said: str) -> None:
    found = await database(records)
    assert [one.state for one in found] == states
    assert said in " ".join(map(words, found))


async def test_a_whole_examination_says_everything_in_both_languages(tmp_path: Path) -> None:
    async def platform() -> list[Finding]:
        return [Finding("warn", line("doctor.privacy"), line("doctor.privacy_on"), line("doctor.privacy_do"))]

    (tmp_path / ".env").write_text(f"XUEBAN_DATA_DIR={tmp_path}\nXUEBAN_HTTP_PORT=0\n", encoding="utf-8")
    found = await examine(load(tmp_path / ".env"), [], [], Records(), [platform])
    spoken = Texts.load()
    for language in ("zh", "en"):
        assert all(spoken.say(language, one.said) for one in found)
    assert worst(found) in ("warn", "fail")
    assert all(one.advice for one in found if one.state != "ok")


def test_photos_that_cannot_be_developed_are_told_with_what_to_do() -> None:
    def missing() -> object:
        raise OSError("libvips.so.42: cannot open shared object file")

    bad = photos(missing)
    assert (bad.state, bad.advice) == ("fail", line("doctor.photos_do"))
    assert "libvips.so.42" in words(bad) and photos(object).state == "ok"


def test_the_worst_finding_decides() -> None:
    ok, warn, fail = (
        Finding(state, line("doctor.port"), line("doctor.port")) for state in ("ok", "warn", "fail")
    )
    assert [worst([ok]), worst([ok, warn]), worst([fail, warn])] == ["ok", "warn", "fail"]


async def test_a_good_token_with_privacy_off_is_all_well() -> None:
    bot = a_bot()
    findings = await account(bot, None)
    await bot.shutdown()
    assert [one.state for one in findings] == ["ok"] * 4
    assert "@xueban_bot" in words(findings[0])


async def test_privacy_mode_is_explained_with_the_way_out() -> None:
    found = await found_about("privacy", a_bot(hears_all=False))
    assert found.state == "warn" and "/setprivacy" in words(found)


async def test_a_bot_that_may_not_join_groups_fails() -> None:
    found = await found_about("joining", a_bot(joins=False))
    assert found.state == "fail" and "/setjoingroups" in words(found)


async def test_a_token_telegram_does_not_know_fails() -> None:
    found = await found_about("token", a_bot(status=401))
    assert found.state == "fail" and "@BotFather" in words(found)


async def test_a_silent_telegram_is_told_from_a_wrong_token() -> None:
    request = Telegram()
    found = await found_about("token", Bot("1:x", request=request, get_updates_request=request))
    assert found.state == "fail" and "HTTPS_PROXY" in words(found)


HOOK = "https://xueban.example.org"


@pytest.mark.parametrize(
    ("wanted", "info", "state", "said"),
    [
        (None, {}, "ok", "By polling"),
        (None, {"url": "https://other.example.org/x"}, "warn", "a bot of its own"),
        (HOOK, {"url": f"{HOOK}/telegram/1"}, "ok", "works"),
        (HOOK, {}, "warn", "does not know XUEBAN_TELEGRAM_WEBHOOK_URL"),
        (
            HOOK,
            {
                "url": f"{HOOK}/telegram/1",
                "pending_update_count": 7,
                "last_error_date": NOW // 1000,
                "last_error_message": "Connection refused",
            },
            "warn",
            "Connection refused (7 waiting)",
        ),
        (HOOK, {"url": f"{HOOK}/telegram/1", "pending_update_count": 500}, "warn", "500"),
    ],
)
async def test_how_updates_arrive_is_held_against_the_settings(
    wanted: str | None, info: dict[str, Any], state: str, said: str
) -> None:
    found = await found_about("updates", a_bot(**info), wanted)
    assert found.state == state and said in words(found)


Answer = Callable[[httpx.Request], httpx.Response]


async def skew(answer: Answer) -> list[Finding]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as web:
        return await clock_skew(web, "https://api.telegram.org", lambda: NOW)


async def test_a_clock_that_is_off_is_told_in_seconds() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"date": "Mon, 02 Mar 2026 00:05:00 GMT"})

    def right(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"date": "Mon, 02 Mar 2026 00:00:01 GMT"})

    (found,) = await skew(late)
    assert found.state == "warn" and "-300 seconds" in words(found)
    assert [one.state for one in await skew(right)] == ["ok"]


async def test_a_server_that_does_not_tell_the_time_says_nothing_about_the_clock() -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    assert await skew(silent) == []
    assert await skew(lambda request: httpx.Response(200, headers={"date": "yesterday"})) == []
    assert await skew(lambda request: httpx.Response(200)) == []


async def test_an_api_server_that_is_not_there_is_told_without_the_token() -> None:
    found = await inspect("123456:geheim", "http://127.0.0.1:9", None, lambda: NOW, timeout=1.0)
    assert [one.state for one in found] == ["fail"]
    assert "geheim" not in words(found[0])
