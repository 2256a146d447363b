"""From a row of the outbox to the words a platform shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sending.clip import clip, size, units
from bot.sending.renderer import Composer, Draft, Reaction, Renderer
from content.texts import Texts
from domain.incoming import Capabilities, QuizLimits
from domain.message import Button, Line, Live, Media, Message, Poll, line
from domain.outgoing import Ballot, Outgoing
from domain.seal import Sealer
from storage.outbox import OutboxRow
from storage.tx import Database, StorageError, Tx

NOW = 1_772_409_600_000
LANE = "telegram:study_bot"
SEALER = Sealer(b"k" * 32)
TEXTS = Texts(
    {
        "zh": {
            "say": "{text}",
            "title": "今日学习",
            "studied": "已学",
            "list.comma": "、",
            "button.instead": "回复：{words}",
        },
        "en": {"say": "{text}!", "title": "Today", "studied": "Done"},
    }
)


def say(text: str) -> Line:
    return line("say", text=text)


def row(message: Message, *, language: str = "zh", thread_id: str = "", body: str = "") -> OutboxRow:
    return OutboxRow(7, 1, "一组", thread_id, 1, 0, 1, None, language, body or message.dump(), 0, None)


def renderer(database: Database, composers: Mapping[str, Composer] | None = None) -> Renderer:
    return Renderer(TEXTS, SEALER, composers or {}, database)


async def shown(
    database: Database, message: Message, able: Capabilities | None = None, **extra: str
) -> Outgoing:
    words = await renderer(database).render(row(message, **extra), LANE, able or Capabilities(), NOW)
    assert isinstance(words, Outgoing)
    return words


async def test_lines_stand_below_each_other_and_the_title_apart(sqlite_database: Database) -> None:
    out = await shown(
        sqlite_database,
        Message(
            (say("一"), say("二")),
            line("title"),
            reply_to="41",
            silent=True,
            pin=True,
            media=Media("photo", "a.jpg"),
        ),
        thread_id="9",
    )
    assert out == Outgoing(
        chat_id="一组",
        text="一\n二",
        title="今日学习",
        thread_id="9",
        media=Media("photo", "a.jpg"),
        reply_to="41",
        silent=True,
        pin=True,
    )


async def test_a_row_is_said_in_the_language_it_was_queued_for(sqlite_database: Database) -> None:
    assert (await shown(sqlite_database, Message((say("一"),), line("title")), language="en")).text == "一!"


async def test_buttons_are_sealed_for_their_group(sqlite_database: Database) -> None:
    out = await shown(
        sqlite_database, Message((say("一"),), buttons=((Button(line("studied"), "studied", "3", only=9),),))
    )
    [[(label, payload)]] = out.buttons
    press = SEALER.open(payload)
    assert (label, press.action, press.arg, press.group_id, press.only) == ("已学", "studied", "3", 7, 9)


async def test_without_buttons_their_words_are_offered(sqlite_database: Database) -> None:
    buttons = ((Button(line("studied"), "studied"), Button(say("打卡"), "checkin")),)
    out = await shown(sqlite_database, Message((say("一"),), buttons=buttons), Capabilities(buttons=False))
    assert (out.text, out.buttons) == ("一\n回复：已学、打卡", ())
    out = await shown(
        sqlite_database,
        Message((say("一" * 500),), line("title"), buttons),
        Capabilities(buttons=False, text_chars=40),
    )
    assert out.text.endswith("…\n回复：已学、打卡")
    assert units(f"{out.title}\n{out.text}") <= 40


async def test_a_message_of_nothing_but_buttons_offers_their_words(sqlite_database: Database) -> None:
    message = Message(buttons=((Button(line("studied"), "studied"),),))
    assert (await shown(sqlite_database, message, Capabilities(buttons=False))).text == "回复：已学"


async def test_those_a_message_calls_are_found_by_their_platforms_ids(sqlite_database: Database) -> None:
    await sqlite_database.transaction(_know, 9, "user-9")
    message = Message((say("@张\u202e三 @李四"),), mentions=(("张\u202e三", 9), ("李四", 10)))
    out = await shown(sqlite_database, message)
    assert (out.text, out.mentions) == ("@张三 @李四", (("张三", "user-9"),))
    assert (await shown(sqlite_database, message, Capabilities(mentions=False))).mentions == ()


async def test_a_reaction_is_no_message(sqlite_database: Database) -> None:
    able = Capabilities()
    one = renderer(sqlite_database)
    assert await one.render(row(Message(react="👍", reply_to="41")), LANE, able, NOW) == Reaction("41", "👍")
    assert await one.render(row(Message(react="👍")), LANE, able, NOW) is None


async def test_a_live_message_is_looked_up_as_it_is_sent(sqlite_database: Database) -> None:
    async def board(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
        return Message((say(f"{group_id} {arg} {now}"),)) if arg else None

    one = renderer(sqlite_database, {"board": board})
    able = Capabilities()
    words = await one.render(row(Message(live=Live("board", "2026-03-02"))), LANE, able, NOW)
    assert isinstance(words, Outgoing)
    assert words.text == f"7 2026-03-02 {NOW}"
    assert await one.render(row(Message(live=Live("board"))), LANE, able, NOW) is None


async def test_one_broken_row_leaves_the_others_of_its_batch_alone(sqlite_database: Database) -> None:
    async def broken(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
        raise StorageError("no such day")

    async def fine(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
        return Message((say("好"),))

    one = renderer(sqlite_database, {"broken": broken, "fine": fine})
    rows = [
        row(Message(live=Live("fine"))),
        row(Message(live=Live("broken"))),
        row(Message(live=Live("unheard of"))),
        row(Message(), body="{not json"),
        row(Message((say("一"),))),
    ]

    drafts = await one.drafts(rows, LANE, NOW)

    assert [draft.row for draft in drafts] == rows
    assert [type(draft.fault) for draft in drafts[:3]] == [type(None), StorageError, KeyError]
    assert drafts[3].fault is not None
    assert one.words(drafts[4], Capabilities(), NOW) is not None
    with pytest.raises(StorageError):
        one.words(drafts[1], Capabilities(), NOW)


async def test_a_draft_without_a_message_shows_nothing(sqlite_database: Database) -> None:
    assert renderer(sqlite_database).words(Draft(row(Message())), Capabilities(), NOW) is None


@pytest.mark.parametrize(
    "able", [Capabilities(text_chars=100), Capabilities(text_bytes=100), Capabilities(text_chars=5)]
)
async def test_a_long_text_is_cut_to_what_the_chat_shows(
    sqlite_database: Database, able: Capabilities
) -> None:
    out = await shown(sqlite_database, Message((say("学" * 5000),), say("题" * 5000)), able)
    whole = f"{out.title}\n{out.text}"
    assert units(whole) <= able.text_chars
    assert size(whole) <= (able.text_bytes or 10**6)
    assert out.title.endswith("…")


FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇨🇳"


@pytest.mark.parametrize(
    "whole", [FAMILY, FLAG, "👍🏽", "e\u0301", "\u1100\u1161\u11a8", "❤\ufe0f", "🏴\U000e0067\U000e007f"]
)
@pytest.mark.parametrize("most", range(3, 30))
def test_no_visible_character_is_cut_in_two(whole: str, most: int) -> None:
    cut = clip(whole * 40, most)
    assert re.fullmatch(f"(?:{whole})*…", cut)
    assert units(cut) <= most


@given(st.text(max_size=200), st.integers(1, 250), st.none() | st.integers(3, 400))
def test_a_cut_text_fits_and_is_a_beginning(text: str, chars: int, most_bytes: int | None) -> None:
    cut = clip(text, chars, most_bytes)
    assert units(cut) <= chars
    assert most_bytes is None or size(cut) <= most_bytes
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_what_cannot_hold_an_ellipsis_holds_nothing() -> None:
    assert clip("学习", 0) == ""
    assert clip("学习", 10, 2) == ""


def test_a_character_without_end_is_cut_all_the_same() -> None:
    cut = clip("e" + "\u0301" * 5000, 1000)
    assert units(cut) == 1000


async def _know(tx: Tx, person: int, user_id: str) -> None:
    await tx.run(
        """INSERT INTO accounts (group_id, platform, account, user_id, person_id)
           VALUES (0, 'telegram', 'study_bot', :user, :person)""",
        person=person,
        user=user_id,
    )


QUIZ = Capabilities(quiz=QuizLimits(question_chars=10, options=3, option_chars=4, explanation_chars=6))


def poll(question: str = "问", *options: str, because: str = "") -> Message:
    asked = Poll(
        7, question, tuple(map(say, options or ("甲", "乙"))), (1,), say(because) if because else None
    )
    return Message((say("问"),), poll=asked)


async def test_a_question_is_a_poll_where_the_chat_has_those(sqlite_database: Database) -> None:
    out = await shown(sqlite_database, poll(because="因为"), QUIZ)
    assert (out.poll, out.text) == (Ballot(7, "问", ("甲", "乙"), (1,), "因为"), "问")
    assert (await shown(sqlite_database, poll(), Capabilities())).poll is None


async def test_a_question_may_be_said_in_the_readers_language_too(sqlite_database: Database) -> None:
    message = Message((say("问"),), poll=Poll(7, say("问"), (say("甲"), say("乙")), (1,)))
    out = await shown(sqlite_database, message, QUIZ, language="en")
    assert out.poll is not None and out.poll.question == "问!"


async def test_options_are_said_in_the_readers_language(sqlite_database: Database) -> None:
    out = await shown(sqlite_database, poll(), QUIZ, language="en")
    assert out.poll is not None and out.poll.options == ("甲!", "乙!")


@pytest.mark.parametrize(
    "message",
    [poll("问" * 11), poll("😀" * 6), poll("问", "甲乙丙丁戊", "乙"), poll("问", "甲", "乙", "丙", "丁")],
)
async def test_a_question_too_long_for_a_poll_stays_in_words(
    sqlite_database: Database, message: Message
) -> None:
    assert (await shown(sqlite_database, message, QUIZ)).poll is None


async def test_a_long_explanation_is_cut(sqlite_database: Database) -> None:
    out = await shown(sqlite_database, poll(because="一二三四五六七"), QUIZ)
    assert out.poll is not None and out.poll.explanation == "一二三四五…"


async def test_a_poll_is_closed_only_where_there_can_be_one(sqlite_database: Database) -> None:
    closed = Message(poll=Poll(7, closed=True))
    out = await shown(sqlite_database, closed, QUIZ)
    assert out.poll == Ballot(7, closed=True)
    assert await renderer(sqlite_database).render(row(closed), LANE, Capabilities(), NOW) is None
