"""The outbox and the lanes' leases, on both engines."""

from __future__ import annotations

from domain.group import Chat
from domain.ids import Ids
from domain.message import Priority
from storage import lanes, outbox, outbox_care, outbox_chats, posts
from storage.outbox import OutboxRow, Sent
from storage.tx import Database, Tx

NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00
LANE = "telegram:study_bot"
ONE = Chat("telegram", "study_bot", "-1001")
TWO = Chat("telegram", "study_bot", "-1002")


class Queue:
    """Queues bodies with little to write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = Ids(1)

    async def __call__(
        self,
        body: str,
        chat: Chat = ONE,
        *,
        priority: int = Priority.REPLY,
        slot: str | None = None,
        not_before: int = 0,
        person_id: int = 0,
    ) -> None:
        async def work(tx: Tx) -> None:
            await outbox.queue(
                tx,
                self._ids,
                NOW,
                group_id=7,
                chat=chat,
                language="zh",
                body=body,
                priority=priority,
                slot=slot,
                not_before=not_before,
                person_id=person_id,
            )

        await self._database.transaction(work)


async def waiting(database: Database, now: int = NOW) -> list[OutboxRow]:
    return await database.transaction(outbox.waiting, LANE, now, 100)


async def bodies(database: Database, now: int = NOW) -> list[str]:
    return [row.body for row in await waiting(database, now)]


async def take_off(database: Database) -> list[OutboxRow]:
    rows = await waiting(database)
    await database.transaction(outbox.fly, rows)
    return rows


async def test_rows_wait_in_the_order_of_priority_and_then_of_queueing(database: Database) -> None:
    queue = Queue(database)
    await queue("广播", priority=Priority.BROADCAST)
    await queue("回复一", TWO)
    await queue("回复二")
    await queue("按钮", priority=Priority.BUTTON)

    assert await bodies(database) == ["按钮", "回复一", "回复二", "广播"]


async def test_a_row_of_another_lane_does_not_wait_in_this_one(database: Database) -> None:
    await Queue(database)("别处", Chat("web", "site", "1"))
    assert await bodies(database) == []


async def test_a_newer_row_of_a_slot_takes_the_place_of_one_not_yet_sent(database: Database) -> None:
    queue = Queue(database)
    await queue("旧", slot="board", priority=Priority.REPLY)
    await queue("中间")
    await queue("新", slot="board", priority=Priority.BROADCAST)

    rows = await waiting(database)

    assert [row.body for row in rows] == ["新", "中间"]
    assert rows[0].priority == Priority.REPLY, "it keeps the more urgent of the two priorities"


async def test_a_slot_belongs_to_one_chat_and_topic(database: Database) -> None:
    queue = Queue(database)
    await queue("一", slot="board")
    await queue("二", TWO, slot="board")
    await queue("三", Chat("telegram", "study_bot", "-1001", "42"), slot="board")
    assert await bodies(database) == ["一", "二", "三"]


async def test_a_row_stays_until_its_time(database: Database) -> None:
    await Queue(database)("明天", not_before=NOW + 1000)

    assert await bodies(database) == []
    assert await database.transaction(outbox.next_at, LANE, NOW) == NOW + 1000
    assert await bodies(database, NOW + 1000) == ["明天"]
    assert await database.transaction(outbox.next_at, LANE, NOW + 1000) is None


async def test_what_flies_waits_no_longer_and_what_landed_is_over(database: Database) -> None:
    queue = Queue(database)
    await queue("看板", slot="board")
    rows = await take_off(database)
    assert await bodies(database) == []
    assert await database.transaction(outbox_care.counts) == {(LANE, "flying"): 1}

    await database.transaction(outbox.landed, LANE, NOW, [Sent(rows[0], "901")])

    assert await database.transaction(outbox_care.counts) == {}
    assert await database.transaction(posts.find, LANE, "-1001", "board") == "901"
    await queue("看板二", slot="board")
    assert [row.shown for row in await waiting(database)] == ["901"]


async def test_holding_a_chat_holds_all_that_waits_for_it_and_nothing_else(database: Database) -> None:
    queue = Queue(database)
    await queue("一")
    await queue("二", TWO)
    await queue("三")

    await database.transaction(outbox_chats.hold, LANE, "-1001", NOW + 3000)

    assert await bodies(database) == ["二"]
    assert await bodies(database, NOW + 3000) == ["一", "二", "三"]


async def test_a_row_put_back_returns_to_its_old_place_with_its_reason(database: Database) -> None:
    queue = Queue(database)
    await queue("一")
    [row] = await take_off(database)
    await queue("二")

    async def work(tx: Tx) -> None:
        await outbox.put_back(tx, row, attempts=3, error="asked to wait 5 s")
        await outbox_chats.hold(tx, LANE, row.chat_id, NOW + 5000)

    await database.transaction(work)

    assert await bodies(database, NOW + 5000) == ["一", "二"]
    assert (await waiting(database, NOW + 5000))[0].attempts == 3
    assert await database.transaction(outbox_chats.held, LANE, NOW) == [("-1001", NOW + 5000)]
    assert await database.transaction(outbox_chats.held, LANE, NOW + 5000) == []


async def test_a_row_put_back_gives_way_to_a_newer_one_of_its_slot(database: Database) -> None:
    queue = Queue(database)
    await queue("旧", slot="board")
    [row] = await take_off(database)
    await queue("新", slot="board")

    await database.transaction(lambda tx: outbox.put_back(tx, row, attempts=1, error="time-out"))

    assert await bodies(database) == ["新"]


async def test_what_was_in_the_air_is_queued_again_after_a_crash(database: Database) -> None:
    queue = Queue(database)
    await queue("一")
    await queue("旧", slot="board")
    await take_off(database)
    await queue("新", slot="board")

    assert await database.transaction(outbox.recover, LANE) == 1

    assert await bodies(database) == ["一", "新"]
    assert await database.transaction(outbox.recover, LANE) == 0


async def test_a_failure_is_listed_until_it_is_tried_again(database: Database) -> None:
    await Queue(database)("一")
    [row] = await take_off(database)
    await database.transaction(outbox.failed, NOW, [(row, "text too long")])

    [failure] = await database.transaction(outbox_care.failures, 10)

    assert (failure.id, failure.lane, failure.error, failure.body) == (row.id, LANE, "text too long", "一")
    assert await database.transaction(outbox_care.retry, row.id)
    assert await database.transaction(outbox_care.failures, 10) == []
    assert await bodies(database) == ["一"]
    assert not await database.transaction(outbox_care.retry, row.id)


async def test_trying_again_a_failed_row_gives_way_to_a_newer_one_of_its_slot(database: Database) -> None:
    queue = Queue(database)
    await queue("旧", slot="board")
    [row] = await take_off(database)
    await database.transaction(outbox.failed, NOW, [(row, "no answer")])
    await queue("新", slot="board")

    assert await database.transaction(outbox_care.retry, row.id)
    assert await bodies(database) == ["新"]
    assert await database.transaction(outbox_care.failures, 10) == []


async def test_a_closed_chat_is_news_only_once_and_fails_what_waits_for_it(database: Database) -> None:
    queue = Queue(database)
    await queue("一")
    [row] = await take_off(database)
    await queue("二")
    await queue("别处", TWO)
    await database.transaction(_bind, ONE)

    assert await database.transaction(outbox_chats.close_chat, LANE, row, NOW)
    assert not await database.transaction(outbox_chats.close_chat, LANE, row, NOW)

    failures = await database.transaction(outbox_care.failures, 10)
    assert sorted((failure.body, failure.error) for failure in failures) == [
        ("一", "unreachable"),
        ("二", "unreachable"),
    ]
    assert await bodies(database) == ["别处"]


async def test_a_person_who_blocked_the_bot_is_marked_unreachable(database: Database) -> None:
    private = Chat("telegram", "study_bot", "55", is_group=False)
    await Queue(database)("你好", private, person_id=9)
    await database.transaction(_know, 9, "55")
    [row] = await take_off(database)

    assert await database.transaction(outbox_chats.close_chat, LANE, row, NOW)
    assert await database.transaction(_reachable, 9) == 0


async def test_what_waits_for_a_chat_moves_along_to_its_new_id(database: Database) -> None:
    queue = Queue(database)
    await queue("一")
    await queue("旧看板", slot="board")
    await queue("新看板", TWO, slot="board")

    await database.transaction(outbox_chats.rename_chat, LANE, "-1001", "-1002")

    rows = await waiting(database)
    assert [(row.chat_id, row.body) for row in rows] == [("-1002", "一"), ("-1002", "新看板")]


async def test_only_what_was_sent_long_ago_is_forgotten(database: Database) -> None:
    queue = Queue(database)
    for number in range(3):
        await queue(f"第 {number} 条", slot=f"slot{number}")
    one, two, three = await take_off(database)
    await database.transaction(outbox.landed, LANE, NOW, [Sent(one, "1")])
    await database.transaction(outbox.landed, LANE, NOW + 10, [Sent(two, "2")])
    await database.transaction(outbox.failed, NOW, [(three, "refused")])

    assert await database.transaction(outbox_care.forget_sent, NOW + 10) == 1
    assert await database.transaction(outbox_care.forget_sent, NOW + 10) == 0
    assert len(await database.transaction(outbox_care.failures, 10)) == 1
    assert await database.transaction(posts.forget, NOW + 10) == 1
    assert await database.transaction(posts.find, LANE, "-1001", "slot0") is None
    assert await database.transaction(posts.find, LANE, "-1001", "slot1") == "2"


async def test_one_owner_has_a_lane_until_it_has_been_silent_for_too_long(database: Database) -> None:
    async def take(owner: str, now: int) -> bool:
        return await database.transaction(lanes.take, LANE, owner, now, 4000)

    assert await take("a", NOW)
    assert not await take("b", NOW + 4000)
    assert await database.transaction(lanes.renew, LANE, "a", NOW + 4000)
    assert not await take("b", NOW + 8000)
    assert await take("b", NOW + 8001)
    assert not await database.transaction(lanes.renew, LANE, "a", NOW + 8002)


async def test_a_lane_given_up_is_free_at_once(database: Database) -> None:
    assert await database.transaction(lanes.take, LANE, "a", NOW, 4000)
    await database.transaction(lanes.release, LANE, "b")
    assert not await database.transaction(lanes.take, LANE, "b", NOW, 4000)
    await database.transaction(lanes.release, LANE, "a")
    assert await database.transaction(lanes.take, LANE, "b", NOW, 4000)


async def test_a_sign_of_life_from_the_future_does_not_keep_a_lane(database: Database) -> None:
    assert await database.transaction(lanes.take, LANE, "a", NOW + 3_600_000, 4000)
    assert await database.transaction(lanes.take, LANE, "b", NOW, 4000)


async def test_the_hot_statements_use_their_indexes(sqlite_database: Database) -> None:
    plans = {
        "waiting": (outbox._WAITING, "outbox_waiting"),
        "queue again": (f"UPDATE outbox SET state = 'queued' WHERE {outbox.FLYING}", "outbox_open"),
        "failures": (f"SELECT 1 FROM outbox WHERE {outbox_care._FAILED}", "outbox_open"),
        "replaced": (f"DELETE FROM outbox WHERE {outbox.FLYING} AND {outbox.REPLACED}", "outbox_of_chat"),
        "held": (
            "SELECT 1 FROM outbox WHERE lane = :lane AND chat_id = :chat AND state = 'queued'",
            "of_chat",
        ),
    }
    for name, (sql, index) in plans.items():
        plan = await sqlite_database.transaction(_explain, sql)
        assert index in plan, f"{name}: {plan}"
        assert "TEMP B-TREE" not in plan, f"{name}: {plan}"


async def _explain(tx: Tx, sql: str) -> str:
    rows = await tx.all(f"EXPLAIN QUERY PLAN {sql}", lane=LANE, chat="1", now=NOW, limit=10)
    return "; ".join(str(row["detail"]) for row in rows)


async def _bind(tx: Tx, chat: Chat) -> None:
    await tx.run(
        """INSERT INTO chats (platform, account, chat_id, group_id, bound_at)
           VALUES (:platform, :account, :chat, 7, :now)""",
        platform=chat.platform,
        account=chat.account,
        chat=chat.chat_id,
        now=NOW,
    )


async def _know(tx: Tx, person: int, chat_id: str) -> None:
    await tx.run(
        """INSERT INTO accounts (group_id, platform, account, user_id, person_id, chat_id)
           VALUES (0, 'telegram', 'study_bot', :chat, :person, :chat)""",
        person=person,
        chat=chat_id,
    )


async def _reachable(tx: Tx, person: int) -> int:
    row = await tx.one("SELECT reachable FROM accounts WHERE person_id = :person", person=person)
    assert row is not None
    return int(row[0])
