"""A member's reviews and the word in the morning, and the group's, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from content.points import shipped_rules
from content.words import Words
from domain.day import DAY, HOUR, MINUTE
from domain.errors import UserError
from domain.group import Group, Settings
from domain.ids import Ids
from domain.incoming import Incoming
from domain.message import Line, Message
from domain.question import Bank, Question
from domain.seal import Press
from handlers.answering import answer
from handlers.call import Call, House
from handlers.remembering import remember
from handlers.review import review
from scheduler import group_review, quiz
from scheduler import review as mornings
from storage import banks, cards, days, due, leaves, members, overview, quizzes
from storage.days import Day
from storage.due import Due
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, NOW, PLATFORM, chat_of, found_group
from tests.storage.test_cards import BANK, LI, WANG, ZHANG, keep

IDS = Ids(1)
EIGHT = NOW
"""Eight in the morning of 2 March, when the note is said."""
MONDAY = date(2026, 3, 2)
RULES = Settings(bank="sample")
GROUP = Group(7, "第7组", RULES)
MANY = Bank(
    "many",
    "很多题",
    "zh",
    tuple(Question(key=f"m{n}", kind="truefalse", stem=f"第{n}题", right=(0,)) for n in range(12)),
)
HOUSE = House(IDS, str, "", Words.load(), lambda platform, account, payload: None, shipped_rules())


@pytest.fixture
async def group(database: Database) -> None:
    await database.transaction(found)


async def found(tx: Tx) -> None:
    await found_group(tx, 7, ("张三", "李四", "王五"), RULES)
    await banks.save(tx, BANK, NOW)
    await banks.save(tx, MANY, NOW)


async def said(tx: Tx, args: str = "", *, now: int = NOW, pressed: bool = False, **event: object) -> Call:
    """A command of 李四's in private, or a button of theirs."""
    plain: Mapping[str, object] = {
        "platform": PLATFORM, "account": ACCOUNT, "event_id": "1", "chat_id": f"private{LI}",
        "sender_id": f"u{LI}", "sender_name": "李四", "is_group": False, "sent_at": now, "message_id": "m1",
    }  # fmt: skip
    incoming = Incoming.model_validate({**plain, **event})
    press = Press("review", args, 7, 0, now) if pressed else None
    me = await members.find(tx, 7, LI)
    return Call(tx, now, incoming, HOUSE, args, press, GROUP, me)


async def ask(
    tx: Tx, /, args: str = "", now: int = NOW, *, pressed: bool = False, **event: object
) -> Message:
    reply = await review(await said(tx, args, now=now, pressed=pressed, **event))
    assert isinstance(reply, Message)
    return reply


async def reply_to(tx: Tx, args: str, now: int = NOW) -> Message:
    reply = await answer(await said(tx, args, now=now))
    assert isinstance(reply, Message)
    return reply


def keys(message: Message) -> list[str]:
    return [one.key for one in message.lines]


async def outbox_of(tx: Tx, person: int) -> list[Message]:
    rows = await tx.all("SELECT body FROM outbox WHERE person_id = :p ORDER BY id", p=person)
    return [Message.parse(row[0]) for row in rows]


async def notes(tx: Tx) -> list[object]:
    return [m.lines[0].params["count"] for m in await outbox_of(tx, LI) if m.lines[0].key == "review.morning"]


async def planned(tx: Tx) -> list[tuple[str, int]]:
    rows = await tx.all("SELECT key, at FROM due WHERE kind = 'review' ORDER BY key")
    return [(str(key), int(at)) for key, at in rows]


async def wake(tx: Tx, now: int, group: Group = GROUP, person: int = LI) -> None:
    await tx.run("DELETE FROM due WHERE kind = 'review'")
    await mornings.remind(tx, IDS, group, Due(7, mornings.REVIEW, str(person), EIGHT), now)


# --- rounds -----------------------------------------------------------------------------------------------------------


async def test_a_round_has_ten_questions_and_what_is_left_waits_for_the_next(
    database: Database, group: None
) -> None:
    async def play(tx: Tx) -> list[list[str]]:
        for n in range(12):
            await keep(tx, f"m{n}", bank="many", missed=True, due_at=NOW - n * MINUTE)
        begun = await ask(tx)
        assert begun.lines[0].params["count"] == 12
        heard = [keys(begun)]
        for n in range(10):
            heard.append(keys(await reply_to(tx, "对" if n else "错")))
        return [*heard, keys(await ask(tx))]

    *heard, last, again = await database.transaction(play)
    assert [one[0] for one in heard] == ["review.due", "quiz.wrong_plain", *["quiz.right_plain"] * 8]
    assert last == ["quiz.right_plain", "review.over", "review.more"]
    assert again[:2] == ["review.due", "review.heading"]
    assert await database.read(cards.missed, 7, LI) == 12
    assert (await database.read(cards.ripe, 7, LI, NOW)).all == 2


async def test_an_answer_moves_its_card_also_one_of_an_older_version(database: Database, group: None) -> None:
    async def play(tx: Tx) -> None:
        await keep(tx, "q1", missed=True, card='{"version": 1}')
        await ask(tx)
        await reply_to(tx, "1921")

    await database.transaction(play)
    [mistake] = await database.read(cards.book, 7, LI, 10)
    assert mistake.due_at == NOW - 8 * HOUR + 2 * DAY, "when the day after tomorrow begins"
    assert (await database.read(cards.ripe, 7, LI, NOW + DAY)).all == 0


async def test_a_doubtful_answer_is_remembered_when_it_is_decided(database: Database, group: None) -> None:
    async def play(tx: Tx) -> list[str | None]:
        call = await said(tx)
        found = []
        for verdict in ("doubtful", "wrong", "right"):
            await remember(call, LI, "sample", "q1", verdict)
            found.append(await cards.card(tx, 7, LI, "sample", "q1"))
        return found

    doubtful, wrong, right = await database.transaction(play)
    assert doubtful is None
    assert wrong != right
    [mistake] = await database.read(cards.book, 7, LI, 10)
    assert mistake.missed == 1


async def test_the_book_is_turned_by_its_buttons(database: Database, group: None) -> None:
    async def turn(tx: Tx) -> list[Message]:
        for n in range(12):
            await keep(tx, f"m{n}", bank="many", missed=True, due_at=NOW + n * DAY)
        return [await ask(tx, f"book_{page}", pressed=True) for page in (1, 2, 3)]

    first, second, third = await database.transaction(turn)
    assert [len(page.lines) for page in (first, second, third)] == [10, 10, 4]
    assert first.lines[1].params["back"] == Line("review.back_now")
    args = [[button.arg for row in page.buttons for button in row] for page in (first, second, third)]
    assert args == [["book_2", ""], ["book_1", "book_3", ""], ["book_2", ""]]


@pytest.mark.parametrize("written", ["本 0", "本 2", "本 -1", "本 x", "本 ²", "list 99999999999999999999"])
async def test_there_is_no_such_page(database: Database, group: None, written: str) -> None:
    await database.transaction(keep, "q1", missed=True)
    with pytest.raises(UserError) as refused:
        await database.transaction(ask, written)
    assert (refused.value.key, refused.value.params) == ("review.no_such_page", {"pages": 1})


@pytest.mark.parametrize("args", ["", "本", "提醒", "提醒 开", "提醒 关"])
async def test_whoever_cannot_be_told_in_private_is_told_how_to_begin(
    database: Database, group: None, args: str
) -> None:
    async def ask_in_group(tx: Tx) -> object:
        await tx.run("UPDATE accounts SET chat_id = ''")
        return await ask(tx, args, chat_id=chat_of(7).chat_id, is_group=True)

    with pytest.raises(UserError) as refused:
        await database.transaction(ask_in_group)
    assert refused.value.key == "private.first"
    assert await database.read(planned) == []


async def test_the_reminder_is_off_until_asked_for_and_stopped_by_its_own_button(
    database: Database, group: None
) -> None:
    async def play(tx: Tx) -> list[object]:
        steps: list[object] = [keys(await ask(tx, "提醒"))]
        for args, pressed in (("remind on", False), ("提醒 開", False), ("提醒", False), ("off", True)):
            steps += [keys(await ask(tx, args, pressed=pressed)), await planned(tx)]
        return steps

    off, *steps = await database.transaction(play)
    assert off == ["review.remind_is_off"]
    tomorrow = [(str(LI), EIGHT + DAY)]
    assert steps == [
        *(["review.remind_on"], tomorrow, ["review.remind_on"], tomorrow),
        *(["review.remind_is_on"], tomorrow, ["review.remind_off"], []),
    ]
    with pytest.raises(UserError):
        await database.transaction(ask, "off")


# --- mornings ---------------------------------------------------------------------------------------------------------


async def test_one_note_a_morning_says_how_many_are_due(database: Database, group: None) -> None:
    async def live(tx: Tx) -> None:
        await keep(tx, "q1", missed=True)
        await keep(tx, "q2", stability=2.3)
        await keep(tx, "q3", missed=True, due_at=NOW + DAY)
        await wake(tx, EIGHT)

    await database.transaction(live)
    assert await database.read(notes) == [2]
    assert await database.read(planned) == [(str(LI), EIGHT + DAY)]


async def paused(tx: Tx) -> Group:
    return replace(GROUP, paused=True)


async def on_leave(tx: Tx) -> Group:
    await leaves.take(tx, 7, LI, MONDAY, MONDAY)
    return GROUP


async def day_off(tx: Tx) -> Group:
    return replace(GROUP, settings=Settings(weekend_off=True))


async def nothing_due(tx: Tx) -> Group:
    await tx.run("DELETE FROM cards")
    return GROUP


@pytest.mark.parametrize(
    ("why", "later"),
    [(paused, 0), (on_leave, 0), (day_off, 5 * DAY), (nothing_due, 0)],
    ids=["pause", "leave", "a day off", "nothing due"],
)
async def test_nobody_is_reminded_while_they_rest(
    database: Database, group: None, why: Callable[[Tx], object], later: int
) -> None:
    async def live(tx: Tx) -> None:
        await keep(tx, "q1", missed=True)
        await wake(tx, EIGHT + later, await why(tx))  # type: ignore[misc]

    await database.transaction(live)
    assert await database.read(notes) == []
    assert await database.read(planned) == [(str(LI), EIGHT + later + DAY)]


@pytest.mark.parametrize(
    ("woken", "said_then", "next_at"),
    [
        (EIGHT + 4 * HOUR, [1], EIGHT + DAY),
        (EIGHT + 3 * DAY + HOUR, [1], EIGHT + 4 * DAY),
        (EIGHT + 3 * DAY - 30 * MINUTE, [], EIGHT + 3 * DAY),
        (EIGHT + 15 * HOUR, [], EIGHT + DAY),
    ],
    ids=["the same day", "days later", "before the morning", "in the quiet hours"],
)
async def test_after_a_stop_it_is_made_up_for_once(
    database: Database, group: None, woken: int, said_then: list[int], next_at: int
) -> None:
    async def live(tx: Tx) -> None:
        await keep(tx, "q1", missed=True)
        await wake(tx, woken)

    await database.transaction(live)
    assert await database.read(notes) == said_then
    assert await database.read(planned) == [(str(LI), next_at)]


async def test_who_has_left_is_forgotten(database: Database, group: None) -> None:
    async def live(tx: Tx) -> None:
        await keep(tx, "q1", missed=True)
        await tx.run("UPDATE members SET left_at = 1 WHERE person_id = :p", p=LI)
        await wake(tx, EIGHT)

    await database.transaction(live)
    assert (await database.read(notes), await database.read(planned)) == ([], [])


def test_the_morning_waits_for_the_end_of_the_quiet_hours() -> None:
    assert mornings.morning(RULES, MONDAY) == EIGHT
    assert mornings.morning(Settings(quiet_to=9 * 60 + 30), MONDAY) == EIGHT + 90 * MINUTE
    assert mornings.morning(Settings(quiet_from=0, quiet_to=0), MONDAY) == EIGHT


# --- the group's ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "number", "expected"),
    [
        (Settings(pack="p"), 7, True),
        (Settings(pack="p"), 14, True),
        (Settings(pack="p"), 8, False),
        (Settings(pack="p"), 0, False),
        (Settings(pack="p", review_every=1), 8, True),
        (Settings(pack="p", review_every=0), 7, False),
        (Settings(bank="b", review_every=1), 0, True),
        (Settings(pack="p", push_at=18 * 60, review_every=1), 0, True),
    ],
)
def test_every_so_many_study_days_the_group_looks_back(
    settings: Settings, number: int, expected: bool
) -> None:
    today = Day(MONDAY.isoformat(), number=number) if number else None
    assert group_review.is_review_day(settings, MONDAY, today) is expected


def test_where_the_item_comes_after_the_question_days_of_the_calendar_count() -> None:
    week = [MONDAY + timedelta(days=n) for n in range(14)]
    assert sum(group_review.is_review_day(Settings(bank="b"), day, None) for day in week) == 2


async def ask_day(tx: Tx, day: date, at: int) -> str | None:
    await quiz.put_question(tx, IDS, GROUP, day, at)
    put = await quizzes.by_key(tx, 7, quiz.day_key(day))
    return put.question if put else None


@pytest.mark.parametrize(
    ("stability", "first_asked", "expected"),
    [(0.2, NOW - 7 * DAY, "q1"), (0.2, NOW - 6 * DAY, "q3"), (500.0, NOW - 7 * DAY, "q3")],
    ids=["badly remembered", "asked this week", "well known"],
)
async def test_the_days_question_is_what_the_group_remembers_least(
    database: Database, group: None, stability: float, first_asked: int, expected: str
) -> None:
    async def live(tx: Tx) -> str | None:
        for id, key in ((1, "q1"), (2, "q2")):
            await quizzes.ask(
                tx, group_id=7, id=id, key=f"day:{id}", bank="sample", question=key, now=first_asked
            )
            for person in (ZHANG, LI, WANG):
                safe = stability if key == "q1" else 600.0
                await keep(tx, key, person, stability=safe, seen_at=first_asked)
        for n in range(7):
            await days.set_item(
                tx, 7, (MONDAY - timedelta(days=6 - n)).isoformat(), pack="p", item="i", minutes=5
            )
        return await ask_day(tx, MONDAY, NOW)

    assert await database.transaction(live) == expected


async def test_on_other_days_nobodys_memory_is_looked_into(database: Database, group: None) -> None:
    class Watching:
        def __init__(self, tx: Tx) -> None:
            self._tx, self.seen = tx, ""

        def __getattr__(self, name: str) -> object:
            async def through(sql: str, /, **params: object) -> object:
                self.seen += sql
                return await getattr(self._tx, name)(sql, **params)

            return through

    async def live(tx: Tx) -> str:
        await days.set_item(tx, 7, MONDAY.isoformat(), pack="p", item="i", minutes=5)
        watching = Watching(tx)
        await quiz.put_question(watching, IDS, GROUP, MONDAY, NOW)  # type: ignore[arg-type]
        return watching.seen

    seen = await database.transaction(live)
    assert "cards" not in seen
    assert "INSERT INTO quizzes" in seen


async def test_a_word_that_is_planned_for_a_member_is_no_part_of_the_groups_day(
    database: Database, group: None
) -> None:
    async def plan(tx: Tx) -> None:
        await mornings.plan(tx, GROUP, LI, NOW)
        await due.plan(tx, 7, "push", "2026-03-03", NOW + 2 * DAY)

    await database.transaction(plan)
    assert (await database.read(overview.today, 7, MONDAY)).due == (("push", NOW + 2 * DAY),)
