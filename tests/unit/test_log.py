"""Logs never hold a text, a token or a name, whichever way somebody tries to log one."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from bot.operation.log import configure
from bot.operation.redact import scrub, template
from domain.errors import UserError
from domain.outgoing import Unreachable

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WORDS = "我今天很难过"
SECRETS = (TOKEN, TOKEN.split(":")[1], WORDS, "张三", "Zhang San")


class Lines(io.StringIO):
    def parsed(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.getvalue().splitlines()]

    def last(self) -> dict[str, Any]:
        return self.parsed()[-1]

    def are_discreet(self) -> bool:
        return not any(secret in self.getvalue() for secret in SECRETS)


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    names = (
        "httpx",
        "httpcore",
        "telegram",
        "apscheduler",
        "alembic",
        "asyncio",
        "aiosqlite",
        "uvicorn.access",
    )
    levels = {name: logging.getLogger(name).level for name in names}
    stream = Lines()
    configure("debug", True, b"salt", stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_a_line_says_what_happened_and_carries_the_reference_of_its_event(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(ref="k3f9"):
        structlog.get_logger().info("event.heard", platform="telegram", outcome="done", ms=1.5)
    line = lines.last()
    assert (line["event"], line["ref"], line["platform"], line["ms"]) == (
        "event.heard",
        "k3f9",
        "telegram",
        1.5,
    )
    assert line["level"] == "info" and line["timestamp"].endswith("Z")


def test_fields_nobody_allowed_are_left_out_and_only_their_names_told(lines: Lines) -> None:
    structlog.get_logger().info("event.heard", text=WORDS, sender_name="张三", kind="checkin")
    assert lines.are_discreet()
    assert lines.last()["dropped"] == ["text", "sender_name"]
    assert lines.last()["kind"] == "checkin"


def test_an_event_name_made_of_somebodys_words_becomes_unnamed(lines: Lines) -> None:
    structlog.get_logger().info(f"Zhang San said {WORDS}")
    assert lines.are_discreet()
    assert lines.last()["event"] == "unnamed"


def test_objects_in_allowed_fields_are_told_by_their_type(lines: Lines) -> None:
    structlog.get_logger().warning("send.failed", error=ValueError(WORDS), state={"text": WORDS})
    assert lines.are_discreet()
    assert (lines.last()["error"], lines.last()["state"]) == ("ValueError", "dict")


def test_chinese_line_breaks_and_tokens_in_allowed_fields_become_an_ellipsis(lines: Lines) -> None:
    structlog.get_logger().info("step", step=f"one\n{WORDS} two", kind=f"https://h/bot{TOKEN}/getMe")
    assert lines.are_discreet()
    assert (lines.last()["step"], lines.last()["kind"]) == ("one… two", "https://h/bot…/getMe")


def test_of_an_address_only_the_host_is_told(lines: Lines) -> None:
    structlog.get_logger().info("running", url="http://127.0.0.1:8000/enter/s3cret")
    assert lines.last()["url"] == "http://127.0.0.1:8000"


def test_a_chat_is_told_by_a_hash_that_is_the_same_each_time(lines: Lines) -> None:
    for _ in range(2):
        structlog.get_logger().info("event.heard", chat="-1001234567890")
    first, second = lines.parsed()
    assert first["chat"] == second["chat"] and len(first["chat"]) == 12
    assert "1234567890" not in lines.getvalue()


def test_a_traceback_tells_types_and_places_but_no_message_and_no_values(lines: Lines) -> None:
    def handle(note: str) -> None:
        try:
            int(note)
        except ValueError as wrong:
            raise RuntimeError(f"张三 wrote {note}") from wrong

    try:
        handle(WORDS)
    except RuntimeError:
        structlog.get_logger().exception("event.failed")
    line = lines.last()
    assert lines.are_discreet()
    assert (line["error"], line["because"]) == ("RuntimeError", ["ValueError"])
    assert line["frames"][-1].startswith("unit/test_log.py:") and line["frames"][-1].endswith(" handle")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UserError("checkin.too_late"), "domain.errors.UserError checkin.too_late"),
        (Unreachable("bot was blocked"), "domain.outgoing.Unreachable bot was blocked"),
        (FileNotFoundError(2, WORDS, "/home/张三"), "FileNotFoundError ENOENT"),
    ],
)
def test_what_an_error_may_tell_is_told(lines: Lines, error: Exception, told: str) -> None:
    structlog.get_logger().error("step.failed", exc_info=error)
    assert lines.are_discreet()
    assert lines.last()["error"] == told


def test_every_error_of_a_group_is_told(lines: Lines) -> None:
    structlog.get_logger().error(
        "failed", exc_info=ExceptionGroup(WORDS, [KeyError("张三"), OSError(28, WORDS)])
    )
    assert lines.are_discreet()
    assert lines.last()["because"] == ["KeyError", "OSError ENOSPC"]


async def test_httpx_does_not_tell_the_token_it_calls_telegram_with(lines: Lines) -> None:
    logging.getLogger("httpx").setLevel(logging.INFO)
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.post(f"https://api.telegram.org/bot{TOKEN}/sendMessage", json={"text": WORDS})
    assert lines.are_discreet()
    assert lines.last()["logger"] == "httpx"
    assert lines.last()["status"].startswith("HTTP Request: … https://api.telegram.org/…")
    assert "200" in lines.last()["status"]


def test_httpx_is_not_heard_at_all_while_requests_succeed(lines: Lines) -> None:
    logging.getLogger("httpx").info("HTTP Request: %s", "https://h")
    assert lines.getvalue() == ""


def test_libraries_speak_of_what_is_wrong_and_of_the_rest_only_where_everything_is_wanted(
    lines: Lines,
) -> None:
    logging.getLogger("pyvips").info("found version %s", "8")
    assert lines.last()["logger"] == "pyvips"
    for level in ("info", "warning"):
        quiet = Lines()
        configure(level, True, b"salt", quiet)
        logging.getLogger("pyvips").info("found version %s", "8")
        assert quiet.getvalue() == ""
        logging.getLogger("pyvips").warning("no version %s", "8")
        assert quiet.last()["status"] == "no version …"


def test_texts_libraries_put_together_themselves_are_left_out(lines: Lines) -> None:
    logging.getLogger("somebody").warning(f"Zhang San: {WORDS}")
    logging.getLogger("somebody").warning("update %s of %d", {"text": WORDS}, 7_000_000_001)
    logging.getLogger("somebody").warning(ValueError(WORDS))
    assert lines.are_discreet()
    assert "7000000001" not in lines.getvalue()
    assert [line["status"] for line in lines.parsed()] == ["…", "update … of …", "…"]
    assert lines.last()["at"].startswith("unit/test_log.py:")


async def test_a_task_nobody_waited_for_is_told_without_its_error_message(lines: Lines) -> None:
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    context = {"message": "Task exception was never retrieved", "exception": ValueError(WORDS)}
    asyncio.get_running_loop().call_exception_handler(context)
    assert lines.are_discreet()
    assert lines.last()["status"] == "Task exception was never retrieved"
    assert lines.last()["error"] == "ValueError"


def test_a_library_record_that_cannot_be_written_prints_nothing(
    lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    lines.close()
    logging.getLogger("somebody").warning("text %s", WORDS)
    assert capsys.readouterr().err == ""


def test_in_a_terminal_lines_are_plain_text() -> None:
    class Terminal(Lines):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    configure("info", None, b"salt", stream)
    structlog.get_logger().info("event.heard", platform="telegram")
    structlog.get_logger().debug("not.shown")
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    assert "event.heard" in stream.getvalue() and "platform=telegram" in stream.getvalue()
    assert "not.shown" not in stream.getvalue()


def test_name_and_password_in_an_address_are_scrubbed() -> None:
    assert scrub("postgresql://zhang:geheim@db/xueban") == "postgresql://…@db/xueban"
    assert scrub(f"/bot{TOKEN.replace(':', '%3A')}/x") == "/bot…/x"


def test_a_library_template_with_named_values_loses_them() -> None:
    record = logging.LogRecord("a", 20, "a.py", 1, "by %(name)s", ({"name": "张三"},), None)
    assert template(record) == "by …"
    odd = logging.LogRecord("a", 20, "a.py", 1, "see %s", ("http://[::1",), None)
    assert template(odd) == "see …"
