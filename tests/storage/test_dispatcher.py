"""The way of a message through dispatcher and router, on both engines: once, whole or not at all, whatever arrives."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Sequence
from itertools import count as count_from
from typing import Any

import pytest
import structlog
from asyncpg import PostgresError

from bot.dispatcher import Dispatcher
from bot.ingress import Answer
from bot.router import Router
from content.texts import Texts
from content.words import Words
from domain.errors import NeedsFact, UserError
from domain.group import Chat, Group, Role, Settings
from domain.ids import Ids
from domain.incoming import Attachment, Incoming, Mention
from domain.message import Button, Message, line
from domain.outgoing import Uncertain
from domain.seal import Sealer
from handlers import COMMANDS
from handlers.call import Call, Command, House, Reply
from storage import checkins, days, events, groups, members, outbox, packs
from storage.tx import Database, StorageError, Tx
from tests.storage.founding import ACCOUNT, FIRST_PERSON, NOW, PLATFORM, chat_of, found_group
from tests.transcripts.works import PACK

TODAY = "2026-03-02"
ZHANG, LI = FIRST_PERSON, FIRST_PERSON + 1
TEXTS, WORDS, SEALER = Texts.load(), Words.load(), Sealer(b"of the tests")


class Platform:
    """What only the platform knows. It is asked over the network, so the database is free meanwhile."""

    def __init__(self, database: Database, administrators: Sequence[str] = ()) -> None:
        self._database = database
        self._administrators = administrators
        self.asked: list[str] = []
        self.files: dict[str, bytes] = {}

    async def sender_is_admin(self, incoming: Incoming) -> bool:
        self.asked.append(incoming.sender_id)
        async with asyncio.timeout(5):
            await self._database.transaction(groups.set_paused, 7, False)
        return incoming.sender_id in self._administrators

    async def hears_everything(self, chat_id: str) -> bool | None:
        return None

    async def fetch(self, incoming: Incoming, attachment: Attachment, most: int) -> bytes:
        async with asyncio.timeout(5):
            await self._database.transaction(groups.set_paused, 7, False)
        content = self.files.get(attachment.file_id)
        if content is None:
            raise Uncertain("no answer")
        return content[:most]


class Talk:
    """A chat with the program: people speak, and what it queues to say is told by the keys of the sentences."""

    def __init__(self, database: Database, *own: Command, administrators: Sequence[str] = ()) -> None:
        self.database = database
        self.now = NOW
        self.platform = Platform(database, administrators)
        self.wakes = 0
        self._events = 0
        tokens = count_from(1)
        house = House(
            Ids(1), lambda: f"token {next(tokens)}", "https://xueban.example", WORDS, lambda *_: None
        )
        instead = {command.name for command in own}
        commands = (*(c for c in COMMANDS if c.name not in instead), *own)
        self.dispatcher = Dispatcher(
            database,
            Router(commands, WORDS, SEALER),
            house,
            TEXTS,
            lambda: self.now,
            self._wake,
            {PLATFORM: self.platform},
            lambda platform, outcome: None,
        )

    def _wake(self) -> None:
        self.wakes += 1

    def event(self, person: int, text: str = "", *, group: int | None = 7, **more: Any) -> Incoming:
        self._events += 1
        given = {
            "platform": PLATFORM,
            "account": ACCOUNT,
            "event_id": f"e{self._events}",
            "message_id": f"m{self._events}",
            "chat_id": f"-100{group}" if group else f"private{person}",
            "sender_id": f"u{person}",
            "sender_name": {ZHANG: "张三", LI: "李四"}.get(person, f"第{person}人"),
            "text": text,
            "is_group": bool(group),
            "addressed": not group,
            "sent_at": self.now,
        }
        return Incoming(**(given | more))

    async def hear(self, event: Incoming) -> Answer:
        return await self.dispatcher.hear(event)

    async def say(self, person: int, text: str, *, group: int | None = 7, **more: Any) -> list[str]:
        await self.hear(self.event(person, text, group=group, **more))
        return await self.said()

    async def press(self, person: int, payload: str, *, group: int | None = 7) -> Answer:
        return await self.hear(self.event(person, group=group, action=payload, message_id=None))

    async def said(self) -> list[str]:
        """The sentences queued since the last time."""
        return [key for message in await self.messages() for key in _keys(message)]

    async def messages(self) -> list[Message]:
        rows = await self.database.transaction(outbox.waiting, chat_of(7).lane, 1 << 62, 1000)
        await self.database.transaction(outbox.fly, rows)
        return [Message.parse(row.body) for row in sorted(rows, key=lambda row: row.id)]

    async def begin(self, *people: str, settings: Settings | None = None) -> Group:
        await self.database.transaction(packs.save, PACK, NOW)
        chosen = (settings or Settings()).model_copy(update={"pack": PACK.id})
        return await self.database.transaction(found_group, 7, people or ("张三", "李四"), chosen)

    def button(self, action: str, arg: str = "", *, only: int = 0, group: int = 7) -> str:
        return SEALER.seal(Button(line("button.checkin"), action, arg, only), group, self.now)


def _keys(message: Message) -> list[str]:
    if message.live:
        return [message.live.kind]
    return [message.react] if message.react else [said.key for said in message.lines]


async def checked(database: Database, day: str = TODAY) -> tuple[int, int]:
    """(rows, count kept with the day)"""
    found = await database.read(days.find, 7, day)
    return len(await database.read(checkins.of_day, 7, day)), found.checked if found else 0


async def count(tx: Tx, table: str) -> int:
    row = await tx.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = Talk(database)
    await talk.begin()
    return talk


# Once


async def test_the_same_event_ten_times_counts_once(talk: Talk) -> None:
    event = talk.event(LI, "打卡 读完第三章")
    for _ in range(5):
        await talk.hear(event)
    await asyncio.gather(*(talk.hear(event) for _ in range(5)))
    assert await checked(talk.database) == (1, 1)
    assert await talk.said() == ["board", "✅"]


async def test_the_same_mistake_ten_times_is_answered_once(talk: Talk) -> None:
    event = talk.event(LI, "设置 推送 25:00", addressed=True)
    await asyncio.gather(*(talk.hear(event) for _ in range(10)))
    assert await talk.said() == ["role.secretary_only"]


async def test_an_event_is_another_on_another_account(talk: Talk) -> None:
    event = talk.event(LI, "打卡")
    await talk.hear(event)
    await talk.hear(event.model_copy(update={"account": "other_bot"}))
    assert await checked(talk.database) == (1, 1), "that chat is bound to no group there"


async def test_events_out_of_order_are_each_heard(talk: Talk) -> None:
    first, second = talk.event(LI, "打卡 一"), talk.event(LI, "打卡 二")
    await talk.hear(second)
    await talk.hear(first)
    assert await checked(talk.database) == (1, 1)
    assert await talk.said() == ["board", "✅", "✅"]


# Whole or not at all


async def write_and_refuse(call: Call) -> Reply:
    await groups.set_next_item(call.tx, call.group.id, 99)
    await call.tell_group(Message((line("pause.over"),)))
    raise UserError("today.no_pack")


async def write_and_break(call: Call) -> Reply:
    await groups.set_next_item(call.tx, call.group.id, 99)
    await call.tell_group(Message((line("pause.over"),)))
    raise ZeroDivisionError("张三的秘密")


async def break_in_sql(call: Call) -> Reply:
    await groups.set_next_item(call.tx, call.group.id, 99)
    await call.tx.run("INSERT INTO nowhere (id) VALUES (1)")
    return None


async def next_item(database: Database) -> int:
    group = await database.read(groups.find, 7)
    assert group
    return group.next_item


async def test_a_persons_mistake_leaves_no_trace_but_the_answer(database: Database) -> None:
    talk = Talk(database, Command("today", write_and_refuse))
    await talk.begin()
    assert await talk.say(LI, "今日") == ["today.no_pack"]
    assert await next_item(database) == 0


async def test_a_newcomers_mistake_does_not_make_them_a_member(database: Database) -> None:
    talk = Talk(database, Command("today", write_and_refuse))
    await talk.begin()
    await talk.say(555, "今日")
    assert [m.name for m in await database.read(members.in_group, 7)] == ["张三", "李四"]
    assert await database.read(members.person_of, PLATFORM, ACCOUNT, "u555") is None


@pytest.mark.parametrize("handler", [write_and_break, break_in_sql])
async def test_a_fault_of_ours_is_answered_with_a_reference_and_kept(
    database: Database, handler: Any
) -> None:
    talk = Talk(database, Command("today", handler))
    await talk.begin()
    event = talk.event(LI, "今日")
    with structlog.testing.capture_logs() as logs:
        await talk.hear(event)
        await talk.hear(event)

    [message] = await talk.messages()
    reference = message.lines[0].params["ref"]
    assert message.lines[0].key == "error.ours"
    assert message.reply_to == event.message_id
    assert await next_item(database) == 0
    assert [(log["event"], log["ref"]) for log in logs] == [("handler_failed", reference)] * len(logs)
    [letter] = await database.read(events.buried)
    assert letter["event_id"] == event.event_id
    assert str(letter["error"]).startswith(f"{reference} ")
    assert "张三的秘密" not in str(letter["error"])
    kept = await database.read(raw_of, letter["id"])
    assert Incoming.model_validate_json(kept) == event


async def raw_of(tx: Tx, id: int) -> str:
    row = await tx.one("SELECT raw FROM dead_letters WHERE id = :id", id=id)
    return str(row[0]) if row else ""


async def test_a_fault_behind_a_button_is_told_to_who_pressed_it(database: Database) -> None:
    talk = Talk(database, Command("today", write_and_break))
    await talk.begin()
    with structlog.testing.capture_logs():
        answer = await talk.press(LI, talk.button("today"))
    [letter] = await database.read(events.buried)
    assert str(letter["error"]).split()[0] in answer.toast
    assert await talk.said() == []


async def test_senders_are_woken_only_after_something_was_committed(talk: Talk) -> None:
    await talk.say(LI, "大家早上好")
    assert talk.wakes == 0
    await talk.say(LI, "打卡")
    assert talk.wakes == 1


async def test_where_nothing_can_be_stored_the_platform_hears_it_and_may_send_again(talk: Talk) -> None:
    event = talk.event(LI, "打卡")
    await talk.database.close()
    with structlog.testing.capture_logs(), pytest.raises((StorageError, sqlite3.Error, PostgresError)):
        await talk.hear(event)


# What only the platform knows


async def only_for_admins(call: Call) -> Reply:
    await groups.set_next_item(call.tx, call.group.id, call.group.next_item + 1)
    if call.incoming.sender_is_admin is None:
        raise NeedsFact("sender_is_admin")
    return line("push.done") if call.incoming.sender_is_admin else line("push.already")


async def test_the_platform_is_asked_outside_of_the_transaction_and_what_was_tried_is_taken_back(
    database: Database,
) -> None:
    talk = Talk(database, Command("today", only_for_admins), administrators=["u102"])
    await talk.begin()
    event = talk.event(LI, "今日")
    await talk.hear(event)
    await talk.hear(event)
    assert await talk.said() == ["push.done"]
    assert talk.platform.asked == ["u102"], "asked once, and not for a repeat"
    assert await next_item(database) == 1
    assert await talk.say(ZHANG, "今日") == ["push.already"]


async def test_where_a_platform_cannot_be_asked_nobody_is_an_administrator(database: Database) -> None:
    talk = Talk(database, Command("start", unbound_admin, Role.GUEST, unbound=True))
    assert await talk.say(LI, "/start", account="x", platform="elsewhere") == []
    rows = await database.transaction(outbox.waiting, "elsewhere:x", NOW, 10)
    assert [_keys(Message.parse(row.body)) for row in rows] == [["push.already"]]


async def unbound_admin(call: Call) -> Reply:
    if call.incoming.sender_is_admin is None:
        raise NeedsFact("sender_is_admin")
    return line("push.done") if call.incoming.sender_is_admin else line("push.already")


# Buttons


async def test_a_button_is_answered_with_the_acknowledgement(talk: Talk) -> None:
    answer = await talk.press(LI, talk.button("checkin", TODAY))
    assert answer.toast and len(answer.toast) <= 200
    assert await checked(talk.database) == (1, 1)
    assert await talk.said() == ["board"]


@pytest.mark.parametrize("payload", ["", "checkin", "checkin..7.0.1.AAAAAAAAAA", "\ud800", "." * 5, "x" * 64])
async def test_a_forged_button_does_nothing(talk: Talk, payload: str) -> None:
    assert (await talk.press(LI, payload)).toast == TEXTS.say("zh", line("button.forged"))
    assert await checked(talk.database) == (0, 0)
    assert await talk.said() == []


async def test_a_button_of_another_group_does_nothing(talk: Talk) -> None:
    await talk.database.transaction(found_group, 8, ())
    answer = await talk.press(LI, talk.button("checkin", TODAY, group=8))
    assert answer.toast == TEXTS.say("zh", line("button.foreign"))
    assert await checked(talk.database) == (0, 0)


async def test_somebody_elses_button_does_nothing(talk: Talk) -> None:
    payload = talk.button("checkin", TODAY, only=ZHANG)
    assert (await talk.press(LI, payload)).toast == TEXTS.say("zh", line("button.not_yours"))
    assert await checked(talk.database) == (0, 0)
    await talk.press(ZHANG, payload)
    assert await checked(talk.database) == (1, 1)


async def test_yesterdays_button_does_not_check_in_today(talk: Talk) -> None:
    payload = talk.button("checkin", "2026-03-01")
    assert "补卡" in (await talk.press(LI, payload)).toast
    assert await checked(talk.database) == (0, 0)


async def test_a_button_of_a_version_that_is_gone_says_so(talk: Talk) -> None:
    answer = await talk.press(LI, talk.button("dance"))
    assert answer.toast == TEXTS.say("zh", line("button.old"))


async def test_a_replayed_press_counts_once(talk: Talk) -> None:
    for _ in range(3):
        await talk.press(LI, talk.button("checkin", TODAY))
    assert await checked(talk.database) == (1, 1)


async def test_a_member_does_not_get_the_secretarys_rights_by_a_button(talk: Talk) -> None:
    answer = await talk.press(LI, talk.button("settings", "0_08:00"))
    assert answer.toast == TEXTS.say("zh", line("role.secretary_only"))
    group = await talk.database.read(groups.find, 7)
    assert group and group.settings.push_at == 450


async def test_a_button_is_answered_in_the_language_of_who_pressed_it(talk: Talk) -> None:
    await talk.database.transaction(members.set_language, LI, "en")
    answer = await talk.press(LI, talk.button("checkin", "2026-03-01"))
    assert answer.toast == TEXTS.say("en", line("checkin.day_over", word="makeup"))
    assert (await talk.press(LI, "forged")).toast == TEXTS.say("en", line("button.forged"))


# Talk


@pytest.mark.parametrize(
    "text", ["", "大家早上好", "打牌吗", "今天吃什么", "我的 书忘了", "统计", "设置", "未打卡", "我的数据", "👍", "x" * 10_000]
)  # fmt: skip
async def test_talk_among_people_is_not_answered(talk: Talk, text: str) -> None:
    assert await talk.say(LI, text) == []
    assert await checked(talk.database) == (0, 0)


async def test_of_talk_nothing_is_stored(talk: Talk) -> None:
    await talk.say(555, "大家早上好")
    await talk.say(555, "", attachments=(Attachment(kind="photo", file_id="f"),))
    assert await talk.database.read(count, "events") == 0
    assert await talk.database.read(count, "people") == 2
    assert await talk.database.read(count, "outbox") == 0


@pytest.mark.parametrize(
    ("text", "answer"), [("打咔", "router.perhaps"), ("吃饭了吗", "router.unknown"), ("", "router.unknown")]
)
async def test_who_speaks_to_the_bot_in_words_it_does_not_know_is_told_so(
    talk: Talk, text: str, answer: str
) -> None:
    assert await talk.say(LI, text, addressed=True) == [answer]
    assert await talk.say(LI, text, group=None) == [answer]


async def test_a_picture_in_private_is_not_taken_for_a_wrong_word(talk: Talk) -> None:
    assert await talk.say(LI, "", group=None, attachments=(Attachment(kind="photo", file_id="f"),)) == []


async def test_a_member_who_really_asks_for_a_secretarys_command_is_told_who_may(talk: Talk) -> None:
    assert await talk.say(LI, "/设置") == ["role.secretary_only"]
    assert await talk.say(LI, "设置", addressed=True) == ["role.secretary_only"]
    assert await talk.say(ZHANG, "设置") != ["role.secretary_only"]


async def test_a_command_for_private_ears_is_not_answered_in_the_group(talk: Talk) -> None:
    assert await talk.say(LI, "/我的数据") == ["role.private_only"]


async def test_in_a_chat_that_is_bound_to_no_group_people_are_told_so(talk: Talk) -> None:
    assert await talk.say(LI, "打卡", group=12) == ["group.unbound"]
    assert await talk.say(555, "打卡", group=None) == ["group.none"]


# People


async def test_the_first_act_makes_a_member_and_tells_them_in_private_what_is_kept(talk: Talk) -> None:
    assert await talk.say(555, "打卡") == ["board", "✅"]
    assert {m.name for m in await talk.database.read(members.in_group, 7)} == {"张三", "李四", "第555人"}
    await talk.say(555, "/start", group=None)
    await talk.say(555, "/start", group=None)
    person = await talk.database.read(members.person_of, PLATFORM, ACCOUNT, "u555")
    assert person and await talk.database.read(members.told, person)


async def test_two_first_acts_at_once_make_one_member(talk: Talk) -> None:
    await asyncio.gather(talk.hear(talk.event(555, "打卡")), talk.hear(talk.event(555, "已学")))
    assert await talk.database.read(members.count, 7) == 3
    assert await talk.database.read(count, "people") == 3


async def test_a_member_who_is_called_otherwise_now_is_called_so_at_once(talk: Talk) -> None:
    await talk.say(LI, "打卡")
    await talk.hear(talk.event(LI, "打卡", sender_name="李\u202e四 四"))
    [answer] = [m for m in await talk.messages() if not m.live]
    assert answer.lines[0].params["name"] == "李四 四"
    found = await talk.database.read(members.find, 7, LI)
    assert found and found.name == "李四 四"


async def test_a_name_in_private_does_not_rename_in_the_group(talk: Talk) -> None:
    await talk.say(LI, "打卡", group=None, sender_name="L.")
    found = await talk.database.read(members.find, 7, LI)
    assert found and found.name == "李四"


async def test_two_members_of_one_name_are_told_apart_by_buttons(database: Database) -> None:
    talk = Talk(database)
    await talk.begin("张三", "李四", "李四")
    mention = Mention(name="李四")
    await talk.hear(talk.event(ZHANG, "代打卡 @李四", mentions=(mention,)))
    [answer] = await talk.messages()
    assert [said.key for said in answer.lines] == ["person.which"]
    assert await talk.say(ZHANG, "代打卡 @王五", mentions=(Mention(name="王五"),)) == ["person.unknown"]
    assert await checked(database) == (0, 0)
    await talk.hear(talk.event(ZHANG, "代打卡 @李四", mentions=(Mention(name="李四", user_id="u103"),)))
    assert [person for person, *_ in await database.read(checkins.of_day, 7, TODAY)] == [103]


# The bot itself


async def test_a_chat_the_bot_was_let_into_is_greeted_and_one_it_was_thrown_out_of_is_not_spoken_in(
    talk: Talk,
) -> None:
    assert await talk.say(LI, "", group=12, service="joined") == ["setup.hello"]
    await talk.say(LI, "", service="left")
    assert await talk.database.read(groups.chats, 7) == []
    assert await talk.say(LI, "", service="joined", hears_everything=True) == []
    assert await talk.database.read(groups.chats, 7) == [chat_of(7)]


async def test_a_chat_that_moved_is_the_groups_under_its_new_id(talk: Talk) -> None:
    await talk.dispatcher.moved(PLATFORM, ACCOUNT, "-1007", "-2007")
    assert await talk.say(LI, "打卡", chat_id="-2007") == ["board", "✅"]


async def test_what_nobody_can_read_is_buried(talk: Talk) -> None:
    with structlog.testing.capture_logs() as logs:
        await talk.dispatcher.bury(PLATFORM, ACCOUNT, "9", b"\xff\x00{", "not JSON")
    [letter] = await talk.database.read(events.buried)
    assert (letter["event_id"], letter["error"]) == ("9", "not JSON")
    assert [log["event"] for log in logs] == ["event_buried"]


# Many at once


async def test_fifty_members_who_check_in_at_once_are_all_counted(database: Database) -> None:
    talk = Talk(database)
    await talk.begin(*(f"第{number}人" for number in range(50)))
    await asyncio.gather(*(talk.hear(talk.event(FIRST_PERSON + place, "打卡")) for place in range(50)))
    assert await checked(database) == (50, 50)
    assert [m.streak for m in await database.read(members.in_group, 7)] == [1] * 50
    assert sorted(await talk.said()) == ["board", *["✅"] * 50]


async def test_somebody_new_in_two_groups_at_once_is_one_person(talk: Talk) -> None:
    await talk.database.transaction(found_group, 8, ())
    at_once = [
        talk.event(555, "打卡"),
        talk.event(555, "打卡", group=8),
        talk.event(555, "/start", group=None),
    ]
    await asyncio.gather(*(talk.hear(event) for event in at_once))
    assert await talk.database.read(count, "people") == 3


async def test_newcomers_at_once_are_all_counted(database: Database) -> None:
    talk = Talk(database)
    await talk.begin("张三")
    await asyncio.gather(*(talk.hear(talk.event(500 + place, "打卡")) for place in range(20)))
    assert await checked(database) == (20, 20)
    assert await database.read(members.count, 7) == 21


async def test_a_members_checkin_and_makeup_at_once_both_count(talk: Talk) -> None:
    together = [talk.event(LI, "打卡"), talk.event(LI, "补卡 昨天"), talk.event(LI, "补卡 前天")]
    await asyncio.gather(*(talk.hear(event) for event in together))
    found = await talk.database.read(members.find, 7, LI)
    assert found and (found.streak, found.total, found.last_day) == (3, 3, TODAY)


async def test_two_settings_changed_at_once_are_both_changed(talk: Talk) -> None:
    together = [talk.event(ZHANG, "设置 推送 08:00"), talk.event(ZHANG, "设置 提醒时间 19:00")]
    await asyncio.gather(*(talk.hear(event) for event in together))
    group = await talk.database.read(groups.find, 7)
    assert group and (group.settings.push_at, group.settings.remind_at) == (480, 19 * 60)


async def test_a_chat_is_bound_once_however_many_try(database: Database) -> None:
    talk = Talk(database, administrators=["u1", "u2", "u3"])
    await asyncio.gather(*(talk.hear(talk.event(person, "/绑定", group=12)) for person in (1, 2, 3)))
    found = await database.read(groups.all_groups)
    chats = [chat for group in found for chat in await database.read(groups.chats, group.id)]
    assert chats == [Chat(PLATFORM, ACCOUNT, "-10012")]
    assert len(found) == 1


# Anything at all


def anything(dice: random.Random) -> str:
    """What people might type: now and then a command, and after it whatever comes."""
    letters = "0123456789年月日天到至~@张三李四：:-/._ 　今昨前明后天开关是否onoff点半\n\x00\u202e\ud800👨\u200d👩ａ①㎏\u0301٣½"
    start = dice.choice([*WORDS.all_words(), "", "", "打咔", "/", "@学伴 打卡"])
    rest = "".join(dice.choice(letters) for _ in range(dice.choice([0, 0, 1, 3, 8, 40])))
    some = dice.choice(["", *PARTS])
    return f"{dice.choice(['', '/', '／'])}{start}{dice.choice([' ', '：', ''])}{dice.choice([rest, some, some + ' ' + rest])}"


PARTS = [
    "推送", "推送 07:30", "推送 25:00", "时区 Asia/Urumqi", "时区 Mars", "时区 ../..", "每周分钟 -1", "每周分钟 99999999999999999999",
    "结束 26:00", "语言 en", "语言 法语", "教材 sample", "昨天", "3天", "999天", "9999-12-31", "0001-01-01", "2月30日",
    "3月5日到3月8日", "9999-12-31到9999-12-31", "@李四", "@王五", "@", "yes", "成员", "x" * 10_000, "打" * 4000, "on", "开",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_that_anybody_types_is_a_fault_of_ours(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    talk = Talk(database, administrators=["u101"])
    await talk.begin("张三", "李四", "王五")
    with structlog.testing.capture_logs() as logs:
        for _ in range(150):
            talk.now += dice.choice([0, 1000, 3_600_000, 40_000_000])
            person = dice.choice([ZHANG, LI, 103, 555])
            text = anything(dice)
            mentions = (
                (Mention(name=dice.choice(["李四", "", "@", "x" * 300])),) if dice.random() < 0.2 else ()
            )
            await talk.hear(
                talk.event(
                    person,
                    text,
                    group=dice.choice([7, 7, 7, 12, None]),
                    addressed=dice.random() < 0.5,
                    mentions=mentions,
                )
            )
    assert not logs, [(log["event"], repr(log.get("exc_info"))) for log in logs]


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_a_button_says_is_a_fault_of_ours(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    talk = Talk(database)
    await talk.begin("张三", "李四", "王五")
    args = [
        "",
        TODAY,
        "2026-13-45",
        "yes",
        "0",
        "3_26:00",
        "99",
        "0_",
        "_",
        "13_UTC",
        "zzzzzzzzzzzzz",
        "2t",
        "-1",
        "en",
    ]
    with structlog.testing.capture_logs() as logs:
        for _ in range(200):
            action = dice.choice([command.name for command in COMMANDS])
            payload = talk.button(action, dice.choice(args), group=dice.choice([7, 0]))
            await talk.press(dice.choice([ZHANG, LI, 103]), payload, group=dice.choice([7, None]))
    assert not logs, [(log["event"], repr(log.get("exc_info"))) for log in logs]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("补卡 9999-12-31", "makeup.too_far"), ("请假 9999-12-31", "leave.out_of_range"), ("请假 2062-03-05", "leave.out_of_range"),
        ("请假 0001-01-01到明天", "leave.out_of_range"), ("请假 2月30日", "leave.unclear"), ("补卡 2月30日", "makeup.unclear"),
    ],
)  # fmt: skip
async def test_a_day_that_cannot_be_meant_is_refused(talk: Talk, text: str, answer: str) -> None:
    assert await talk.say(LI, text) == [answer]
    assert await talk.database.read(checkins.days_of, 7, LI) == []
    assert await talk.database.read(count, "leaves") == 0
