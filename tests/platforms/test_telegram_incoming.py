"""What Telegram's updates become, and which of them become nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.platforms.telegram.incoming import Decoder
from bot.platforms.telegram.updates import event_id, fault, parse
from bot.platforms.telegram.words import Me
from domain.incoming import Attachment, Incoming, Mention

ZHANG = {"id": 7, "is_bot": False, "first_name": "张三", "language_code": "zh-hans"}
LI = {"id": 8, "is_bot": False, "first_name": "李四"}
ME = {"id": 4242, "is_bot": True, "first_name": "学伴", "username": "xueban_bot"}
GROUP = {"id": -100123, "type": "supergroup", "title": "一组"}
PRIVATE = {"id": 7, "type": "private", "first_name": "张三"}
PRESSED_AT = 1_772_000_000_000


def decode(**happened: Any) -> Incoming | None:
    decoder = Decoder(Me(4242, "xueban_bot"), lambda: PRESSED_AT)
    return decoder.decode(parse(json.dumps({"update_id": 5, **happened}).encode()))


def message(text: str | None = None, **fields: Any) -> Incoming | None:
    plain = {"message_id": 9, "date": 1_772_407_800, "chat": GROUP, "from": ZHANG}
    return decode(message=plain | ({} if text is None else {"text": text}) | fields)


def heard(text: str | None = None, **fields: Any) -> Incoming:
    incoming = message(text, **fields)
    assert incoming is not None
    return incoming


def entity(kind: str, text: str, word: str, **fields: Any) -> dict[str, Any]:
    """Where ``word`` stands in ``text``, counted in UTF-16 code units."""
    offset = len(text[: text.index(word)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": offset, "length": len(word.encode("utf-16-le")) // 2, **fields}


def test_a_group_message_names_its_chat_its_sender_and_its_time() -> None:
    assert heard("打卡 读完第三章") == Incoming(
        platform="telegram",
        account="4242",
        event_id="5",
        chat_id="-100123",
        message_id="9",
        sender_id="7",
        sender_name="张三",
        text="打卡 读完第三章",
        is_group=True,
        chat_title="一组",
        language="zh-hans",
        sent_at=1_772_407_800_000,
    )


def test_a_private_message_is_addressed_to_the_bot() -> None:
    incoming = heard("打卡", chat=PRIVATE)
    assert (incoming.is_group, incoming.addressed, incoming.chat_id) == (False, True, "7")


def test_a_deep_link_arrives_as_start_with_its_payload() -> None:
    text = "/start g-77_abc"
    incoming = heard(text, chat=PRIVATE, entities=[entity("bot_command", text, "/start")])
    assert (incoming.text, incoming.addressed) == ("/start g-77_abc", True)


@pytest.mark.parametrize("command", ["/checkin", "/checkin@xueban_bot", "/checkin@XueBan_Bot"])
def test_a_slash_command_is_addressed_and_loses_the_bots_name(command: str) -> None:
    incoming = heard(f"{command} 读完", entities=[entity("bot_command", command, command)])
    assert (incoming.text, incoming.addressed) == ("/checkin 读完", True)


@pytest.mark.parametrize("text", ["/打卡 读完", "/打卡@xueban_bot 读完"])
def test_a_chinese_slash_command_is_addressed_though_telegram_does_not_mark_it(text: str) -> None:
    assert (heard(text).text, heard(text).addressed) == ("/打卡 读完", True)


def test_a_command_for_another_bot_is_not_ours() -> None:
    text = "/checkin@other_bot"
    assert message(text, entities=[entity("bot_command", text, text)]) is None


def test_a_command_for_another_bot_is_heard_in_private_where_nobody_else_can_answer() -> None:
    text = "/checkin@other_bot"
    assert heard(text, chat=PRIVATE, entities=[entity("bot_command", text, text)]).text == "/checkin"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@xueban_bot 打卡 读完", "打卡 读完"),
        ("打卡 @xueban_bot 读完", "打卡 读完"),
        ("👨‍👩‍👧📖打卡 @xueban_bot", "👨‍👩‍👧📖打卡"),
        ("@xueban_bot", ""),
    ],
)
def test_an_at_mention_of_the_bot_addresses_it_and_is_taken_out(text: str, left: str) -> None:
    incoming = heard(text, entities=[entity("mention", text, "@xueban_bot")])
    assert (incoming.text, incoming.addressed, incoming.mentions) == (left, True, ())


def test_mentions_are_found_behind_emoji_which_count_as_two_units() -> None:
    text = "😀🎉 代打卡 @zhangsan 和 李四 谢谢"
    incoming = heard(
        text, entities=[entity("mention", text, "@zhangsan"), entity("text_mention", text, "李四", user=LI)]
    )
    assert incoming.mentions == (Mention(name="zhangsan"), Mention(name="李四", user_id="8"))
    assert incoming.text == "😀🎉 代打卡 @zhangsan 和 @李四 谢谢"


@pytest.mark.parametrize(("offset", "length"), [(1, 1), (0, 1), (0, 99), (50, 3), (3, 0)])
def test_a_mention_that_points_beside_the_text_harms_nothing(offset: int, length: int) -> None:
    incoming = heard("😀打卡", entities=[{"type": "mention", "offset": offset, "length": length}])
    assert "打卡" in incoming.text


def test_nested_and_unknown_entities_are_passed_over() -> None:
    text = "打卡 @lisisi"
    marks = [entity(kind, text, "@lisisi") for kind in ("mention", "mention", "bold", "hologram")]
    assert heard(text, entities=marks).mentions == (Mention(name="lisisi"),)


def test_a_reply_to_the_bot_is_addressed_but_names_nobody() -> None:
    incoming = heard("已学", reply_to_message={"message_id": 3, "date": 1, "chat": GROUP, "from": ME})
    assert (incoming.addressed, incoming.reply_to, incoming.reply_to_sender) == (True, "3", None)


def test_a_reply_to_a_person_names_that_person() -> None:
    incoming = heard("代打卡", reply_to_message={"message_id": 3, "date": 1, "chat": GROUP, "from": LI})
    assert (incoming.addressed, incoming.reply_to_sender) == (False, Mention(name="李四", user_id="8"))


def test_a_topic_is_kept_and_its_opening_message_is_no_reply() -> None:
    opened = {"message_id": 70, "date": 1, "chat": GROUP, "from": ME, "forum_topic_created": {"name": "学习"}}
    incoming = heard("打卡", message_thread_id=70, is_topic_message=True, reply_to_message=opened)
    assert (incoming.thread_id, incoming.reply_to, incoming.addressed) == ("70", None, False)


def test_a_chain_of_replies_outside_of_a_forum_is_no_topic() -> None:
    assert heard("打卡", message_thread_id=70).thread_id is None


def test_of_a_photo_the_largest_size_is_taken_with_its_caption() -> None:
    sizes = [
        {"file_id": n, "file_unique_id": n, "width": 1, "height": 1, "file_size": s}
        for n, s in (("a", 1), ("b", 9))
    ]
    text = "打卡 @xueban_bot"
    marks = [entity("mention", text, "@xueban_bot")]
    incoming = heard(photo=sizes, caption=text, caption_entities=marks, media_group_id="m1")
    assert incoming.attachments == (Attachment(kind="photo", file_id="b", size=9, album_id="m1"),)
    assert (incoming.text, incoming.addressed) == ("打卡", True)


@pytest.mark.parametrize("kind", ["video", "voice", "audio", "document"])
def test_files_arrive_by_reference(kind: str) -> None:
    incoming = heard(None, **{kind: {"file_id": "f", "file_unique_id": "u", "duration": 3, "file_size": 77}})
    assert [a.model_dump() for a in incoming.attachments] == [
        {"kind": kind, "file_id": "f", "size": 77, "name": "", "album_id": None}
    ]


def test_a_document_bears_its_name_and_none_that_tricks() -> None:
    for written, shown in (("题库.xlsx", "题库.xlsx"), ("../a\u202eb\n.csv", "ab .csv"), ("", "")):
        document = {"file_id": "f", "file_unique_id": "u", "file_name": written, "file_size": 77}
        [attachment] = heard(None, document=document).attachments
        assert (attachment.name, attachment.size) == (shown, 77)


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_members": [ME]},
        {"left_chat_member": ME},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": GROUP}},
        {"sticker": {"file_id": "s"}},
        {"from": ME, "text": "打卡"},
        {"from": None, "text": "打卡"},
        {
            "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
            "sender_chat": GROUP,
            "text": "打卡",
        },
        {
            "from": {"id": 777000, "first_name": "Telegram"},
            "sender_chat": {"id": -1, "type": "channel"},
            "text": "x",
        },
        {"chat": {"id": -5, "type": "channel", "title": "频道"}, "text": "打卡"},
    ],
    ids=[
        "bot joined",
        "bot left",
        "pinned",
        "sticker",
        "bot",
        "nobody",
        "anonymous admin",
        "channel post",
        "channel",
    ],
)
def test_what_no_person_said_in_the_group_is_ignored(fields: dict[str, Any]) -> None:
    assert message(**fields) is None


def test_a_sticker_in_private_is_heard_as_a_message_without_words() -> None:
    assert heard(chat=PRIVATE, sticker={"file_id": "s"}).text == ""


@pytest.mark.parametrize(
    "kind",
    [
        "edited_message",
        "channel_post",
        "message_reaction",
        "hologram_call",
    ],
)
def test_kinds_of_update_that_are_not_used_or_do_not_exist_yet_are_ignored(kind: str) -> None:
    assert decode(**{kind: {"anything": [1, {"at": "all"}]}}) is None


def test_unknown_fields_are_ignored_wherever_they_stand() -> None:
    assert heard("打卡", hologram={"x": 1}, chat=GROUP | {"mood": "good"}) == heard("打卡")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"first_name": "张", "last_name": "三"}, "张 三"),
        ({"first_name": "👨‍👩‍👧 张三🎉"}, "👨‍👩‍👧 张三🎉"),
        ({"first_name": "🏴󠁧󠁢󠁳󠁣󠁴󠁿"}, "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ({"first_name": "张\u202e三\u2066\x00\n李"}, "张三 李"),
        ({"first_name": "张" * 200}, "张" * 64),
        ({"first_name": "\u200b\u202e"}, "#0007"),
        ({"first_name": "ㅤ"}, "#0007"),
        ({"first_name": ""}, "#0007"),
    ],
)
def test_a_name_is_shown_on_one_line_without_tricks(name: dict[str, str], shown: str) -> None:
    assert heard("打卡", **{"from": {"id": 7, **name}}).sender_name == shown


def test_control_characters_are_taken_out_of_texts_but_line_breaks_stay() -> None:
    assert heard("打卡\x00\x07\n第二行\t完\u202e").text == "打卡\n第二行\t完\u202e"


def test_a_text_of_ten_thousand_characters_arrives_whole() -> None:
    assert heard("长" * 10_000).text == "长" * 10_000


def press(**fields: Any) -> Incoming | None:
    query = {"id": "q", "from": LI, "chat_instance": "i", "data": "studied.a.b"}
    shown = {"message_id": 9, "date": 1, "chat": GROUP, "from": ME, "text": "今日"}
    return decode(callback_query=query | {"message": shown} | fields)


def test_a_pressed_button_is_an_action_of_the_presser_at_the_time_of_pressing() -> None:
    incoming = press()
    assert incoming is not None
    assert (incoming.action, incoming.sender_name, incoming.message_id) == ("studied.a.b", "李四", "9")
    assert (incoming.text, incoming.addressed, incoming.sent_at) == ("", True, PRESSED_AT)


def test_a_button_under_a_message_too_old_to_be_shown_still_tells_its_chat() -> None:
    incoming = press(message={"message_id": 9, "date": 0, "chat": GROUP})
    assert incoming is not None and incoming.chat_id == "-100123"


@pytest.mark.parametrize("fields", [{"message": None}, {"data": None}])
def test_a_press_without_a_chat_or_without_data_means_nothing(fields: dict[str, Any]) -> None:
    assert press(**fields) is None


def standing(before: dict[str, Any], after: dict[str, Any], chat: dict[str, Any] = GROUP) -> Incoming | None:
    change = {"chat": chat, "from": ZHANG, "date": 5, "old_chat_member": before, "new_chat_member": after}
    return decode(my_chat_member=change)


MEMBER, ADMIN, LEFT = {"status": "member"}, {"status": "administrator"}, {"status": "left"}
MUTED = {"status": "restricted", "is_member": True}


@pytest.mark.parametrize(
    ("before", "after", "service", "hears"),
    [
        (LEFT, MEMBER, "joined", None),
        (LEFT, ADMIN, "joined", True),
        (MEMBER, ADMIN, "joined", True),
        (ADMIN, MEMBER, "joined", None),
        (MEMBER, LEFT, "left", None),
        (ADMIN, {"status": "kicked"}, "left", None),
        (LEFT, MUTED, "joined", None),
    ],
)
def test_the_bots_own_coming_and_going_is_told(
    before: dict[str, Any], after: dict[str, Any], service: str, hears: bool | None
) -> None:
    incoming = standing(before, after)
    assert incoming is not None
    assert (incoming.service, incoming.hears_everything, incoming.sender_name) == (service, hears, "张三")


@pytest.mark.parametrize(("before", "after"), [(MEMBER, MUTED), (ADMIN, ADMIN), (LEFT, {"status": "kicked"})])
def test_changes_of_rights_that_do_not_matter_are_ignored(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert standing(before, after) is None


@pytest.mark.parametrize(
    ("told", "service", "who"),
    [
        ({"left_chat_member": LI}, "went", ["8"]),
        ({"left_chat_member": ZHANG}, "went", ["7"]),
        ({"new_chat_members": [LI, ME, ZHANG]}, "came", ["8", "7"]),
        (
            {"left_chat_member": LI, "from": {"id": 1087968824, "is_bot": True}, "sender_chat": GROUP},
            "went",
            ["8"],
        ),
        ({"left_chat_member": LI, "from": None}, "went", ["8"]),
    ],
    ids=["taken out", "left", "added with the bot", "by an anonymous administrator", "by nobody named"],
)
def test_a_service_message_tells_who_came_into_the_group_or_left_it(
    told: dict[str, Any], service: str, who: list[str]
) -> None:
    incoming = heard(**told)
    assert (incoming.service, [one.user_id for one in incoming.people], incoming.text) == (service, who, "")


def another(before: dict[str, Any], after: dict[str, Any], user: dict[str, Any] = LI) -> Incoming | None:
    change = {"chat": GROUP, "from": ZHANG, "date": 5, "old_chat_member": before, "new_chat_member": after}
    change["new_chat_member"] = after | {"user": user}
    return decode(chat_member=change)


@pytest.mark.parametrize(
    ("before", "after", "service"),
    [
        (MEMBER, LEFT, "went"),
        (MUTED, {"status": "kicked"}, "went"),
        (ADMIN, {"status": "restricted", "is_member": False}, "went"),
        (LEFT, MEMBER, "came"),
        ({"status": "kicked"}, MUTED, "came"),
    ],
)
def test_where_the_bot_administers_the_chat_it_is_told_of_each_coming_and_going(
    before: dict[str, Any], after: dict[str, Any], service: str
) -> None:
    incoming = another(before, after)
    assert incoming is not None
    assert (incoming.service, incoming.people) == (service, (Mention(name="李四", user_id="8"),))


def test_new_rights_another_bot_and_one_nobody_names_are_no_coming_or_going() -> None:
    assert another(MEMBER, ADMIN) is None
    assert another(LEFT, {"status": "kicked"}) is None
    assert another(MEMBER, LEFT, ME) is None
    nameless = {"chat": GROUP, "from": ZHANG, "date": 5, "old_chat_member": MEMBER, "new_chat_member": LEFT}
    assert decode(chat_member=nameless) is None


def test_in_private_the_bot_hears_everything() -> None:
    incoming = standing({"status": "kicked"}, MEMBER, PRIVATE)
    assert incoming is not None
    assert (incoming.service, incoming.is_group, incoming.hears_everything) == ("joined", False, True)


def test_channels_are_no_place_for_a_study_group() -> None:
    assert standing(LEFT, ADMIN, {"id": -5, "type": "channel"}) is None


def test_both_messages_of_a_migration_tell_the_same_move() -> None:
    old = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "migrate_to_chat_id": -100123}
    new = {"message_id": 1, "date": 1, "chat": GROUP, "migrate_from_chat_id": -5}
    for one in (old, new):
        assert parse(json.dumps({"update_id": 1, "message": one}).encode()).migration == ("-5", "-100123")


BAD = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"update_id": -1}',
    b'{"update_id": 1e400}',
    b'{"update_id": 99999999999999999999}',
    b'{"update_id": 1, "message": {"message_id": 1}}',
    b'{"update_id": 1, "message": "x"}',
    b'{"update_id": 1, "message": {"message_id": 1, "date": 99999999999999999, "chat": {"id": 1, "type": "group"}}}',
    b'{"update_id": 1, "message": {"text": "\\ud83d"}}',
    b'{"a":' * 5_000,
]


@pytest.mark.parametrize("raw", BAD, ids=lambda raw: raw[:60].decode(errors="replace"))
def test_what_is_no_update_is_refused_with_a_reason_that_quotes_nothing(raw: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(raw)
    assert fault(refused.value)
    assert event_id(raw) == event_id(raw)


def test_a_bad_update_keeps_its_number_where_it_has_one() -> None:
    assert event_id(b'{"update_id": 77, "message": {"date": []}}') == "77"
    assert len(event_id(b"garbage")) == 32


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


@given(
    text=st.text(),
    marks=st.lists(
        st.tuples(st.sampled_from(["mention", "bot_command"]), st.integers(0, 30), st.integers(0, 30))
    ),
)
def test_no_text_and_no_entities_can_break_the_decoder(text: str, marks: list[tuple[str, int, int]]) -> None:
    entities = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in marks]
    incoming = message(text.encode("utf-8", "ignore").decode(), entities=entities)
    assert incoming is None or "\x00" not in incoming.text


@given(
    body=st.fixed_dictionaries(
        {"update_id": st.integers()}, optional={"message": JSON, "callback_query": JSON}
    )
)
def test_no_json_can_break_the_reader(body: dict[str, Any]) -> None:
    try:
        parse(json.dumps(body).encode())
    except ValidationError as refused:
        assert fault(refused)
