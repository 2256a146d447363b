"""Files on their way to Telegram and from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.telegram import TelegramAccount, rules
from bot.sending.making import Makers
from content.texts import Texts
from domain.errors import UserError
from domain.incoming import Attachment, Incoming
from domain.message import File
from domain.outgoing import Made, Make, Order, Outgoing, Refused, SendError
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_chats import Shown
from tests.platforms.telegram_rig import NOW
from tests.transcripts.test_files import tiny_png

TEXTS = Texts.load()
EVENT = Incoming(
    platform="telegram",
    account="4242",
    event_id="1",
    chat_id="1",
    sender_id="1",
    sender_name="张三",
    is_group=False,
    sent_at=NOW,
)
MADE = {
    "chart": Made("chart.png", tiny_png(), "photo", "三月 12 人次"),
    "table": Made("三月 “打卡”.csv", b"a,b"),
    "large picture": Made("large.png", b"\x89PNG" + bytes(rules.PHOTO_BYTES), "photo", "大图"),
    "too large": Made("all.zip", bytes(rules.DOCUMENT_BYTES + 1)),
}


def shown_as(kind: str, text: str = "三月") -> Outgoing:
    return Outgoing("-100", text, buttons=((("打卡", "checkin.a.b"),),), file=Order(7, 0, File(kind), "zh"))


async def make(tx: Tx, order: Order, now: int) -> Make:
    return lambda say: MADE[order.file.kind]


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        server.group(-100, "一组")
        yield server


@pytest.fixture
async def bot(fake: FakeBotApi, sqlite_database: SqliteDatabase) -> AsyncIterator[TelegramAccount]:
    makers = Makers(dict.fromkeys(MADE, make), sqlite_database, TEXTS, lambda: NOW)
    telegram = TelegramAccount(fake.token, Path("/nowhere"), fake.url, 5.0, makers)
    yield telegram
    await telegram.transport.close()


def last(fake: FakeBotApi) -> Shown:
    return fake.said(-100)[-1]


async def test_a_chart_is_shown_with_the_words_and_what_it_tells(
    fake: FakeBotApi, bot: TelegramAccount
) -> None:
    message = await bot.transport.send(shown_as("chart"))
    shown = last(fake)
    assert (str(shown.message_id), shown.media, shown.content) == (
        message,
        ("photo", "chart.png"),
        tiny_png(),
    )
    assert (shown.text, len(shown.buttons)) == ("三月\n🖼 三月 12 人次", 1)


async def test_a_table_is_a_document_by_its_own_name(fake: FakeBotApi, bot: TelegramAccount) -> None:
    await bot.transport.send(shown_as("table"))
    assert (last(fake).media, last(fake).content) == (("document", "三月 “打卡”.csv"), b"a,b")


async def test_shown_again_only_the_words_under_it_change(fake: FakeBotApi, bot: TelegramAccount) -> None:
    message = await bot.transport.send(shown_as("table"))
    await bot.transport.edit(shown_as("table", "四月"), str(message))
    assert (last(fake).text, last(fake).edits, last(fake).media) == (
        "四月",
        1,
        ("document", "三月 “打卡”.csv"),
    )


async def test_words_too_long_for_a_caption_follow_the_file(fake: FakeBotApi, bot: TelegramAccount) -> None:
    message = await bot.transport.send(shown_as("table", "读" * 2000))
    file, words = fake.said(-100)
    assert (file.text, file.silent, file.buttons) == ("", True, [])
    assert (str(words.message_id), len(words.text)) == (message, 2000)
    await bot.transport.edit(shown_as("table", "短了"), str(message))
    assert words.text == "短了"


async def test_a_picture_too_large_for_one_goes_as_a_document(fake: FakeBotApi, bot: TelegramAccount) -> None:
    await bot.transport.send(shown_as("large picture"))
    assert last(fake).media == ("document", "large.png")


async def test_a_picture_that_is_refused_as_one_goes_as_a_document(
    fake: FakeBotApi, bot: TelegramAccount
) -> None:
    fake.fail("sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await bot.transport.send(shown_as("chart"))
    assert last(fake).media == ("document", "chart.png")


async def test_a_file_that_cannot_be_sent_does_not_keep_the_words_back(
    fake: FakeBotApi, bot: TelegramAccount
) -> None:
    await bot.transport.send(shown_as("too large"))
    assert (last(fake).media, last(fake).text.splitlines()[0]) == (None, "三月")
    assert "all.zip" in last(fake).text and "47.7 MB" in last(fake).text
    fake.fail("sendDocument", status=400, description="Bad Request: file must be non-empty")
    await bot.transport.send(shown_as("table"))
    assert (last(fake).media, last(fake).text) == (None, "三月")


async def test_a_refusal_that_is_not_about_the_file_is_told(fake: FakeBotApi, bot: TelegramAccount) -> None:
    for kind, method in (("table", "sendDocument"), ("chart", "sendPhoto")):
        fake.fail(method, status=400, description="Bad Request: something else")
        with pytest.raises(Refused):
            await bot.transport.send(shown_as(kind))


def sent(fake: FakeBotApi, content: bytes, size: int | None = None) -> Attachment:
    document = fake.document("题库.txt", content, size)
    return Attachment(kind="document", file_id=document.file_id, size=document.file_size, name="题库.txt")


async def test_a_file_that_was_sent_is_fetched(fake: FakeBotApi, bot: TelegramAccount) -> None:
    assert await bot.facts.fetch(EVENT, sent(fake, b"x" * 100), 100) == b"x" * 100


@pytest.mark.parametrize("announced", [101, 3, None])
async def test_a_file_is_no_larger_than_allowed_whatever_was_announced(
    fake: FakeBotApi, bot: TelegramAccount, announced: int | None
) -> None:
    attachment = sent(fake, b"x" * 101).model_copy(update={"size": announced})
    with pytest.raises(UserError, match=r"file\.too_big") as told:
        await bot.facts.fetch(EVENT, attachment, 100)
    assert told.value.params == {"most": "1 KB"}


async def test_telegram_hands_out_no_more_than_its_own_limit(fake: FakeBotApi, bot: TelegramAccount) -> None:
    attachment = sent(fake, bytes(rules.DOWNLOAD_BYTES + 1), size=3)
    with pytest.raises(UserError, match=r"file\.too_big"):
        await bot.facts.fetch(EVENT, attachment, 1 << 40)


async def test_a_download_that_fails_is_told_from_a_file_of_no_use(
    fake: FakeBotApi, bot: TelegramAccount
) -> None:
    attachment = sent(fake, b"words")
    for method, status in (("getFile", 502), ("getFile", 400), ("file", 500)):
        fake.fail(method, status=status)
        with pytest.raises(SendError):
            await bot.facts.fetch(EVENT, attachment, 100)
    del fake.files[attachment.file_id]
    with pytest.raises(SendError):
        await bot.facts.fetch(EVENT, attachment, 100)
