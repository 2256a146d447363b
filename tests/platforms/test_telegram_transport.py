"""How what the program says looks in Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage, SendPhoto

from bot.platforms.telegram import TelegramAccount, rules
from domain.message import Media
from domain.outgoing import MessageGone, Outgoing, Refused, Transport, Unreachable
from tests.platforms.fake_bot_api import FakeBotApi
from tests.platforms.fake_bot_api_chats import Shown
from tests.platforms.telegram_rig import account

TODAY = Outgoing(
    "-100", "读一读 <i>第三章</i> & 说一说", "今日学习 <1>", buttons=((("已学", "studied.a.b"),),)
)


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        server.group(-100, "一组")
        server.person(1, "张三")
        yield server


@pytest.fixture
async def bot(fake: FakeBotApi, tmp_path: Path) -> AsyncIterator[TelegramAccount]:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "嘉兴.jpg").write_bytes(b"a picture")
    async with account(fake, tmp_path) as telegram:
        yield telegram


@pytest.fixture
def transport(bot: TelegramAccount) -> Transport:
    return bot.transport


async def new(transport: Transport, out: Outgoing) -> str:
    """The id of the message that ``out`` became."""
    message_id = await transport.send(out)
    assert isinstance(message_id, str)
    return message_id


def last(fake: FakeBotApi) -> Shown:
    return fake.said(-100)[-1]


async def test_nothing_in_a_text_is_taken_for_markup(fake: FakeBotApi, transport: Transport) -> None:
    message_id = await new(transport, TODAY)
    shown = last(fake)
    assert str(shown.message_id) == message_id
    assert (shown.title, shown.text) == ("今日学习 <1>", "今日学习 <1>\n读一读 <i>第三章</i> & 说一说")
    assert (shown.buttons, shown.links, shown.silent) == ([[("已学", "studied.a.b")]], [], False)


async def test_links_bring_no_preview_along(fake: FakeBotApi, transport: Transport) -> None:
    await transport.send(Outgoing("-100", "https://example.org"))
    call = fake.calls[-1]
    assert isinstance(call, SendMessage)
    assert getattr(call.link_preview_options, "is_disabled", False)


async def test_those_who_are_called_are_linked_two_of_one_name_in_order(
    fake: FakeBotApi, transport: Transport
) -> None:
    text = "@张三 @张三丰 @张三 @<b> @赵六 该打卡了"
    mentions = (
        ("张三", "1"),
        ("张三", "2"),
        ("张三丰", "3"),
        ("<b>", "4"),
        ("王五", "5"),
        ("赵六", "不是号码"),
    )
    await transport.send(Outgoing("-100", text, mentions=mentions))
    links = [(name, href.removeprefix("tg://user?id=")) for name, href in last(fake).links]
    assert links == [("@张三", "1"), ("@张三丰", "3"), ("@张三", "2"), ("@<b>", "4")]
    assert last(fake).text == text


async def test_topic_reply_and_silence_are_kept(fake: FakeBotApi, transport: Transport) -> None:
    asked = fake.say(fake.chats.rooms[-100], fake.chats.people[1], "打卡")
    await transport.send(replace(TODAY, thread_id="77", reply_to=str(asked.message_id), silent=True))
    assert (last(fake).thread_id, last(fake).reply_to, last(fake).silent) == (77, asked.message_id, True)


@pytest.mark.parametrize("reply_to", ["9999", "web-1"])
async def test_an_answer_to_a_message_that_is_gone_is_said_all_the_same(
    fake: FakeBotApi, transport: Transport, reply_to: str
) -> None:
    await transport.send(replace(TODAY, reply_to=reply_to))
    assert last(fake).reply_to is None


@pytest.mark.parametrize("letter", ["长", "😀", "&"])
async def test_what_is_too_long_is_cut_with_an_ellipsis(
    fake: FakeBotApi, transport: Transport, letter: str
) -> None:
    await transport.send(Outgoing("-100", letter * 10_000, "标题"))
    text = last(fake).text
    assert text.startswith("标题\n" + letter * 100) and text.endswith("…")
    assert 4094 <= len(text.encode("utf-16-le")) // 2 <= 4096


async def test_a_picture_carries_the_words_as_its_caption(fake: FakeBotApi, transport: Transport) -> None:
    await transport.send(replace(TODAY, media=Media("picture", "pictures/嘉兴.jpg")))
    [shown] = fake.said(-100)
    assert shown.media is not None and shown.media[0] == "photo"
    assert (shown.title, shown.buttons) == ("今日学习 <1>", [[("已学", "studied.a.b")]])


@pytest.mark.parametrize(
    ("kind", "sent_as"), [("picture", "photo"), ("audio", "audio"), ("video", "video"), ("map", "document")]
)
async def test_media_may_be_anywhere_in_the_web(
    fake: FakeBotApi, transport: Transport, kind: str, sent_as: str
) -> None:
    await transport.send(replace(TODAY, media=Media(kind, "https://example.org/a")))
    assert last(fake).media == (sent_as, "https://example.org/a")


async def test_a_file_is_uploaded_once_and_then_shown_by_its_id(
    fake: FakeBotApi, transport: Transport
) -> None:
    for _ in range(2):
        await transport.send(replace(TODAY, media=Media("picture", "pictures/嘉兴.jpg")))
    first, second = (call.photo for call in fake.calls if isinstance(call, SendPhoto))
    assert not isinstance(first, str) and isinstance(second, str)
    assert fake.said(-100)[0].media == fake.said(-100)[1].media


async def test_a_file_id_that_telegram_has_forgotten_is_uploaded_anew(
    fake: FakeBotApi, transport: Transport
) -> None:
    picture = replace(TODAY, media=Media("picture", "pictures/嘉兴.jpg"))
    await transport.send(picture)
    fake.fail("sendPhoto", status=400, description="Bad Request: wrong file identifier/HTTP URL specified")
    await transport.send(picture)
    assert [shown.media is not None for shown in fake.said(-100)] == [True, True]


async def test_words_too_long_for_a_caption_follow_their_picture(
    fake: FakeBotApi, transport: Transport
) -> None:
    long = Outgoing(
        "-100", "长" * 1024, "今日", media=Media("picture", "pictures/嘉兴.jpg"), buttons=TODAY.buttons
    )
    message_id = await new(transport, long)
    picture, words = fake.said(-100)
    assert (picture.text, picture.buttons, picture.silent) == ("", [], True)
    assert (words.title, words.buttons, str(words.message_id)) == (
        "今日",
        [[("已学", "studied.a.b")]],
        message_id,
    )
    await transport.edit(replace(long, text="长" * 1023), message_id)
    assert words.text == "今日\n" + "长" * 1023


@pytest.mark.parametrize("ref", ["nowhere.jpg", "../outside.jpg", "/etc/passwd", "pictures"])
async def test_a_file_that_is_missing_or_elsewhere_does_not_keep_the_words_from_being_said(
    fake: FakeBotApi, transport: Transport, tmp_path: Path, ref: str
) -> None:
    (tmp_path.parent / "outside.jpg").write_bytes(b"not ours to show")
    await transport.send(replace(TODAY, media=Media("picture", ref)))
    [shown] = fake.said(-100)
    assert (shown.media, shown.title) == (None, "今日学习 <1>")


async def test_a_picture_that_telegram_cannot_fetch_does_not_keep_the_words_from_being_said(
    fake: FakeBotApi, transport: Transport
) -> None:
    fake.fail("sendPhoto", status=400, description="Bad Request: failed to get HTTP URL content")
    picture = replace(TODAY, media=Media("picture", "https://example.org/gone.jpg"))
    message_id = await new(transport, picture)
    await transport.edit(replace(picture, text="改"), message_id)
    assert (last(fake).media, last(fake).text) == (None, "今日学习 <1>\n改")


async def test_a_picture_refused_for_another_reason_is_an_error(
    fake: FakeBotApi, transport: Transport
) -> None:
    with pytest.raises(Unreachable):
        await transport.send(replace(TODAY, chat_id="-999", media=Media("picture", "pictures/嘉兴.jpg")))


async def test_a_board_is_edited_in_place(fake: FakeBotApi, transport: Transport) -> None:
    message_id = await new(transport, TODAY)
    await transport.edit(Outgoing("-100", "1/5 张三", "今日打卡"), message_id)
    [shown] = fake.said(-100)
    assert (shown.text, shown.buttons, shown.edits) == ("今日打卡\n1/5 张三", [], 1)


async def test_an_edit_that_changes_nothing_is_a_success(fake: FakeBotApi, transport: Transport) -> None:
    message_id = await new(transport, TODAY)
    await transport.edit(TODAY, message_id)
    assert last(fake).edits == 0


async def test_a_caption_is_edited_as_one(fake: FakeBotApi, transport: Transport) -> None:
    picture = replace(TODAY, media=Media("picture", "pictures/嘉兴.jpg"))
    message_id = await new(transport, picture)
    await transport.edit(replace(picture, text="改"), message_id)
    await transport.edit(replace(picture, text="又改", media=None), message_id)
    await transport.edit(replace(picture, text="又改", media=None), message_id)
    assert (last(fake).text, last(fake).edits) == ("今日学习 <1>\n又改", 2)


async def test_a_message_that_is_gone_can_not_be_edited(fake: FakeBotApi, transport: Transport) -> None:
    theirs = fake.say(fake.chats.rooms[-100], fake.chats.people[1], "打卡")
    for message_id in ("9999", str(theirs.message_id)):
        with pytest.raises(MessageGone):
            await transport.edit(TODAY, message_id)


@pytest.mark.parametrize(
    ("wish", "reaction"),
    [("👍", ["👍"]), ("✅", ["👍"]), ("❤️", ["❤"]), ("🦖", ["👍"]), ("🎉", ["🎉"]), ("", [])],
)
async def test_a_reaction_is_one_that_telegram_takes(
    fake: FakeBotApi, transport: Transport, wish: str, reaction: list[str]
) -> None:
    theirs = fake.say(fake.chats.rooms[-100], fake.chats.people[1], "打卡")
    await transport.react("-100", str(theirs.message_id), wish)
    assert theirs.reactions == reaction


async def test_every_reaction_we_may_send_is_one_that_telegram_takes(
    fake: FakeBotApi, transport: Transport
) -> None:
    theirs = fake.say(fake.chats.rooms[-100], fake.chats.people[1], "打卡")
    for emoji in {*rules.REACTIONS, *rules.REACTION_FOR}:
        await transport.react("-100", str(theirs.message_id), emoji)
    assert fake.refused == []


async def test_a_message_that_is_gone_can_not_be_reacted_to(transport: Transport) -> None:
    with pytest.raises(MessageGone):
        await transport.react("-100", "9999", "👍")


async def test_the_board_is_pinned_where_the_bot_may(fake: FakeBotApi, transport: Transport) -> None:
    await transport.send(replace(TODAY, pin=True))
    fake.chats.rooms[-100].statuses[fake.bot.id] = "administrator"
    await transport.send(replace(TODAY, pin=True))
    assert [shown.pinned for shown in fake.said(-100)] == [False, True]


@pytest.mark.parametrize("wrong", [{"chat_id": "网页"}, {"thread_id": "x"}, {"chat_id": "1" * 40}])
async def test_ids_that_are_not_telegrams_are_refused_before_any_call(
    fake: FakeBotApi, transport: Transport, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        await transport.send(replace(TODAY, **wrong))
    assert fake.calls == []


async def test_a_button_that_telegram_refuses_is_an_error(transport: Transport) -> None:
    with pytest.raises(Refused):
        await transport.send(replace(TODAY, buttons=((("已学", "x" * 65),),)))


async def test_empty_rows_of_buttons_are_left_out(fake: FakeBotApi, transport: Transport) -> None:
    await transport.send(replace(TODAY, buttons=((), (("已学", "a"),), ())))
    assert last(fake).buttons == [[("已学", "a")]]


async def test_the_transport_tells_its_lane_its_limits_and_what_a_chat_can_show(transport: Transport) -> None:
    assert transport.lane == "telegram:4242"
    assert (transport.limits.per_second, transport.limits.chat_per_second) == (30, 1)
    assert transport.capabilities("-100").quiz
