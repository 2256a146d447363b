"""What a secretary writes about points, where it is not clear whom or what she means; and lists that are long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from domain.errors import UserError
from domain.ids import brief
from domain.incoming import Mention
from domain.message import Line, Message
from domain.points import Rule, Rules
from domain.seal import Press
from handlers.award import award
from handlers.call import Handler, Reply
from handlers.credit import credit
from handlers.redemptions import handed, redemptions
from storage import ledger, rewards
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group, settle
from tests.storage.test_ledger import HOUSE, IDS, LI, NAMES, WANG, ZHANG, entries, said

MONDAY = date(2026, 3, 2)
PRIVATE: Mapping[str, object] = {"is_group": False, "addressed": True}


@pytest.fixture
async def group(database: Database) -> None:
    await database.transaction(found_group, 7, tuple(NAMES.values()))


async def say(
    tx: Tx, args: str, incoming: Mapping[str, object] = PRIVATE, rules: Rules | None = None
) -> Reply:
    call = await said(tx, ZHANG, args, incoming)
    if rules is not None:
        call.house = replace(HOUSE, rules=rules)
    return await credit(call)


async def credited(database: Database) -> list[tuple[int, str, int]]:
    return [(person, rule, points) for person, rule, _, points, *_ in await database.read(entries)]


async def test_whoever_wrote_the_message_that_is_answered_is_credited(
    database: Database, group: None
) -> None:
    await database.transaction(say, "发言", {"reply_to_sender": Mention(name="李四")})
    assert await credited(database) == [(LI, "speaking", 15)]


async def test_names_of_several_words_and_the_same_name_twice_are_understood(
    database: Database, group: None
) -> None:
    await database.transaction(settle, 7, 105, "Ann Lee")
    await database.transaction(say, "@Ann Lee、ann lee 李四 x2 online")
    assert await credited(database) == [(105, "hour_online", 20), (LI, "hour_online", 20)]


async def test_the_same_message_counts_once_however_often_it_arrives(database: Database, group: None) -> None:
    for event in ("1", "2"):
        await database.transaction(say, "李四 发言", {**PRIVATE, "event_id": event, "message_id": "m9"})
    assert await credited(database) == [(LI, "speaking", 15)]
    await database.transaction(say, "李四 发言", {**PRIVATE, "event_id": "3", "message_id": "m10"})
    assert await credited(database) == [(LI, "speaking", 15)] * 2


@pytest.mark.parametrize(
    ("args", "incoming", "key"),
    [
        ("发言", {}, "credit.how_to"),
        ("发言", {"reply_to_sender": Mention(name="钱九")}, "credit.how_to"),
        ("@钱九 发言", {"mentions": (Mention(name="钱九"),)}, "person.unknown"),
        ("@李四 发言", {}, "credit.several"),
        ("王五 发言 9999", {}, "credit.times"),
        ("王五 唱歌", {}, "credit.unclear"),
    ],
)
async def test_nobody_is_credited_by_guess(
    database: Database, group: None, args: str, incoming: dict[str, object], key: str
) -> None:
    await database.transaction(settle, 7, 105, "李四")
    with pytest.raises(UserError) as refused:
        await database.transaction(say, args, {**PRIVATE, **incoming})
    assert refused.value.key == key
    assert await credited(database) == []


@pytest.mark.parametrize(
    ("args", "rules", "key"),
    [
        ("李四 发言", {}, "credit.not_earned"),
        ("李四 发言", {"speaking": Rule(0, 0)}, "credit.not_earned"),
        ("李四", {"checkin": Rule(5, 5)}, "credit.no_rules"),
    ],
)
async def test_what_the_operators_own_rules_leave_out_is_not_credited(
    database: Database, group: None, args: str, rules: Rules, key: str
) -> None:
    with pytest.raises(UserError) as refused:
        await database.transaction(say, args, PRIVATE, rules)
    assert refused.value.key == key


async def test_the_operators_own_rules_hold(database: Database, group: None) -> None:
    await database.transaction(say, "李四 王五 发言 4", PRIVATE, {"speaking": Rule(7, 20)})
    assert await credited(database) == [(LI, "speaking", 20), (WANG, "speaking", 20)]


async def test_too_many_people_for_buttons_are_asked_for_in_words(database: Database, group: None) -> None:
    for n in range(6):
        await database.transaction(settle, 7, 200 + n, f"成员{n}")
    with pytest.raises(UserError) as refused:
        await database.transaction(say, " ".join(f"成员{n}" for n in range(6)))
    assert refused.value.key == "credit.which_rule"


async def test_a_button_fits_into_a_payload_whoever_it_is_about(database: Database, group: None) -> None:
    await database.transaction(settle, 7, (1 << 63) - 1, "周八")
    asked = await database.transaction(say, "周八 9")
    assert isinstance(asked, Message)
    assert all(len(b.action + b.arg) <= 30 for row in asked.buttons for b in row)


async def press(tx: Tx, command: Handler, action: str, arg: str) -> Reply:
    call = await said(tx, ZHANG, arg, PRIVATE)
    call.press = Press(action, arg, 7, 0, NOW)
    return await command(call)


@pytest.mark.parametrize(
    ("command", "action", "arg"),
    [(credit, "credit", f"01_{brief(999)}_abc"), (award, "award", f"0_{brief(999)}")],
)
async def test_a_button_about_somebody_who_left_changes_nothing(
    database: Database, group: None, command: Handler, action: str, arg: str
) -> None:
    with pytest.raises(UserError) as refused:
        await database.transaction(press, command, action, arg)
    assert refused.value.key == "person.gone"


async def test_a_long_list_of_redemptions_is_turned_page_by_page(database: Database, group: None) -> None:
    await database.transaction(_many_wishes, 10)

    async def first(tx: Tx) -> Reply:
        return await redemptions(await said(tx, ZHANG, "", PRIVATE))

    pages = [await database.transaction(first)]
    pages.append(await database.transaction(press, redemptions, "redemptions", "p_1"))
    shown = [page for page in pages if isinstance(page, Message)]
    assert [len(page.lines) for page in shown] == [8, 2]
    assert [[b.arg for b in page.buttons[-1]] for page in shown] == [["p_1"], ["p_0"]]
    assert shown[1].lines[0].params["number"] == 9
    assert all(len(b.action + b.arg) <= 30 for page in shown for row in page.buttons for b in row)


async def _many_wishes(tx: Tx, count: int) -> None:
    await ledger.award(
        tx, IDS, group_id=7, person_id=LI, rule="speaking", cause="1", day=MONDAY, points=50, cap=50, now=NOW
    )
    pen = await rewards.offer(tx, 7, "钢笔", 1, 50, NOW)
    for _ in range(count):
        await rewards.ask(
            tx, IDS, group_id=7, id=IDS.next(NOW), reward=pen, person_id=LI, day=MONDAY, now=NOW
        )


async def test_of_several_open_wishes_the_buttons_decide(database: Database, group: None) -> None:
    async def hand(tx: Tx) -> Reply:
        return await handed(await said(tx, ZHANG, "李四", PRIVATE))

    async def open_ones(tx: Tx) -> list[str]:
        return [one.state for one in await rewards.listed(tx, 7, 0, 10)]

    await database.transaction(_many_wishes, 2)
    asked = await database.transaction(hand)
    assert isinstance(asked, Message) and len(asked.buttons) == 2
    assert await database.read(open_ones) == ["asked", "asked"]


@pytest.mark.parametrize(("args", "incoming"), [("", {}), ("李四", {}), ("邮箱了", {})])
async def test_what_is_handed_over_among_people_is_only_talk(
    database: Database, group: None, args: str, incoming: dict[str, object]
) -> None:
    async def talk(tx: Tx) -> Reply:
        return await handed(await said(tx, ZHANG, args, incoming))

    assert await database.transaction(talk) is None


async def test_a_wish_that_is_not_there_is_not_decided(database: Database, group: None) -> None:
    with pytest.raises(UserError) as refused:
        await database.transaction(press, redemptions, "redemptions", "a_zzz")
    assert refused.value.key == "redeem.nothing_open"


async def test_a_title_in_letters_may_be_longer_and_none_begins_like_those_of_the_bot(
    database: Database, group: None
) -> None:
    async def give(tx: Tx, title: str) -> Reply:
        return await award(await said(tx, ZHANG, f"李四 {title}", PRIVATE))

    answer = await database.transaction(give, "*star of patience and more")
    assert isinstance(answer, Message)
    assert answer.lines[0].params["title"] == Line("raw", {"text": "star of patience and more"})
    with pytest.raises(UserError) as refused:
        await database.transaction(give, "letters " * 5)
    assert refused.value.key == "award.too_long"
