"""People, their accounts and their groups, on both engines."""

from __future__ import annotations

from collections.abc import Sequence

from domain.group import Chat, Member, Role
from domain.incoming import Incoming
from storage import accounts, members
from storage.members import NOBODY
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, NOW, PLATFORM, chat_of, found_group, settle

ZHANG, LI = 101, 102


def said(user: str, chat_id: str = "-1007", *, is_group: bool = True, platform: str = PLATFORM) -> Incoming:
    return Incoming(
        platform=platform, account=ACCOUNT, event_id="1", chat_id=chat_id, sender_id=user, sender_name="?",
        is_group=is_group, sent_at=NOW,
    )  # fmt: skip


async def leave(tx: Tx, person: int, group_id: int = 7) -> None:
    assert await members.leave(tx, group_id, person, NOW)


async def names(database: Database, group_id: int = 7) -> list[str]:
    return [m.name for m in await database.read(members.in_group, group_id)]


async def test_who_speaks_in_a_group_is_found_with_the_group(database: Database) -> None:
    group = await database.transaction(found_group)
    speaker = await database.read(members.speaker_in_group, said("u101"))
    assert (speaker.group, speaker.member) == (group, Member(7, ZHANG, "张三", Role.SECRETARY))


async def test_a_stranger_in_a_bound_chat_is_no_member_yet(database: Database) -> None:
    group = await database.transaction(found_group)
    speaker = await database.read(members.speaker_in_group, said("u999"))
    assert (speaker.group, speaker.member) == (group, None)


async def test_in_an_unbound_chat_and_on_another_platform_nobody_is_known(database: Database) -> None:
    await database.transaction(found_group)
    assert await database.read(members.speaker_in_group, said("u101", "-1008")) == NOBODY
    assert await database.read(members.speaker_in_group, said("u101", platform="browser")) == NOBODY
    assert await database.read(members.speaker_in_private, said("u999", is_group=False)) == NOBODY


async def test_a_member_of_one_group_is_a_stranger_in_another(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(found_group, 8, ())
    assert (await database.read(members.speaker_in_group, said("u101", "-1008"))).member is None


async def test_who_left_is_no_member_and_comes_back_with_what_they_had(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(members.set_streak, 7, LI, last_day="2026-03-01", streak=5, best=9, total=30)
    await database.transaction(leave, LI)

    assert (await database.read(members.speaker_in_group, said("u102"))).member is None
    assert await database.read(members.speaker_in_private, said("u102", is_group=False)) == NOBODY
    assert await database.read(members.find, 7, LI) is None
    assert await database.read(members.by_account, 7, PLATFORM, ACCOUNT, "u102") is None
    assert await database.read(members.groups_of, LI) == []
    assert await names(database) == ["张三"]
    assert await database.read(members.count, 7) == 1

    await database.transaction(members.join, 7, LI, "李四四", Role.MEMBER, NOW + 9)
    assert await database.read(members.find, 7, LI) == Member(
        7, LI, "李四四", Role.MEMBER, None, "2026-03-01", 5, 9, 30
    )


async def test_joining_again_keeps_the_role(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(members.join, 7, ZHANG, "张三", Role.MEMBER, NOW)
    assert [m.id for m in await database.read(members.secretaries, 7)] == [ZHANG]


async def test_in_private_the_group_joined_last_is_meant_unless_one_was_chosen(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(found_group, 8, ())
    await database.transaction(settle, 8, LI, "李四", now=NOW + 100)

    async def meant() -> int:
        speaker = await database.read(members.speaker_in_private, said("u102", "private102", is_group=False))
        assert speaker.group and speaker.member and speaker.member.id == LI
        return speaker.group.id

    assert await meant() == 7, "the first group joined becomes the one at home"
    await database.transaction(members.set_home, LI, 8)
    assert await meant() == 8
    await database.transaction(leave, LI, 8)
    assert await meant() == 7
    await database.transaction(settle, 8, LI, "李四", now=NOW + 100)
    await database.transaction(members.set_home, LI, 12345)
    assert await meant() == 8, "one that is gone counts for nothing"
    assert await database.read(members.groups_of, LI) == [(7, "第7组"), (8, "第8组")]


async def test_one_person_has_several_accounts(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(members.know_account, "browser", "site", "101", ZHANG, chat_id="p101")

    assert await database.read(members.person_of, PLATFORM, ACCOUNT, "u101") == ZHANG
    assert await database.read(members.person_of, "browser", "site", "101") == ZHANG
    assert await database.read(members.person_of, PLATFORM, ACCOUNT, "101") is None
    assert await database.read(accounts.user_ids, "browser:site", [ZHANG, LI]) == {ZHANG: "101"}
    assert await database.read(accounts.user_ids, chat_of(7).lane, [ZHANG, LI]) == {ZHANG: "u101", LI: "u102"}


async def test_an_account_is_found_in_the_groups_it_was_seen_in(database: Database) -> None:
    await database.transaction(found_group)
    found = await database.read(members.by_account, 7, PLATFORM, ACCOUNT, "u102")
    assert found and found.name == "李四"
    assert await database.read(members.by_account, 8, PLATFORM, ACCOUNT, "u102") is None
    assert await database.read(members.by_account, 7, PLATFORM, ACCOUNT, "u999") is None


async def test_a_private_chat_is_remembered_when_the_account_is_seen_elsewhere(database: Database) -> None:
    await database.transaction(members.add_person, 5, "王五", NOW)
    await database.transaction(members.know_account, PLATFORM, ACCOUNT, "u5", 5)
    assert await database.read(members.private_chat, 5) is None

    await database.transaction(members.know_account, PLATFORM, ACCOUNT, "u5", 5, chat_id="55")
    await database.transaction(members.know_account, PLATFORM, ACCOUNT, "u5", 5)
    assert await database.read(members.private_chat, 5) == Chat(PLATFORM, ACCOUNT, "55", "", False)


async def test_a_person_is_written_to_where_they_prefer_and_can_be_reached(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(members.know_account, "browser", "site", "101", ZHANG, chat_id="p101")

    async def platform(prefer: str = "") -> str:
        chat = await database.read(members.private_chat, ZHANG, prefer)
        assert chat and not chat.is_group
        return chat.platform

    assert await platform(PLATFORM) == PLATFORM
    assert await platform("browser") == await platform() == "browser"

    async def close(tx: Tx) -> None:
        await tx.run("UPDATE accounts SET reachable = 0 WHERE platform = 'browser'")

    await database.transaction(close)
    assert await platform("browser") == PLATFORM


async def test_members_are_listed_in_the_order_they_joined(database: Database) -> None:
    await database.transaction(found_group, 7, ("赵六", "王五", "李四", "张三"))
    assert await names(database) == ["赵六", "王五", "李四", "张三"]
    assert await database.read(members.count, 7) == 4
    assert await database.read(members.count, 8) == 0


async def test_a_member_is_found_by_the_name_shown_whatever_its_case(database: Database) -> None:
    await database.transaction(found_group, 7, ("Anna", "anna", "张三"))

    async def found(*wanted: str) -> list[int]:
        return [m.id for m in await database.read(_named, wanted)]

    assert await found("ANNA") == [101, 102]
    assert await found("张三", "李四") == [103]
    await database.transaction(members.rename, 7, 103, "李四")
    assert await found("张三") == []
    assert await found("李四") == [103]


async def _named(tx: Tx, wanted: Sequence[str]) -> list[Member]:
    return await members.named(tx, 7, wanted)


async def test_appointing_changes_the_role_in_that_group_alone(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(found_group, 8)
    await database.transaction(members.set_role, 7, LI, Role.SECRETARY)
    assert [m.id for m in await database.read(members.secretaries, 7)] == [ZHANG, LI]
    assert [m.id for m in await database.read(members.secretaries, 8)] == [ZHANG]


async def test_a_language_is_the_persons_in_every_group_and_in_those_joined_later(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(members.set_language, LI, "en")
    await database.transaction(found_group, 8)
    for group_id in (7, 8):
        found = await database.read(members.find, group_id, LI)
        assert found and found.language == "en"
    other = await database.read(members.find, 7, ZHANG)
    assert other and other.language is None


async def test_a_person_is_told_once_what_is_kept(database: Database) -> None:
    await database.transaction(found_group)
    assert not await database.read(members.told, LI)
    await database.transaction(members.note_told, LI, NOW)
    assert await database.read(members.told, LI)
    assert not await database.read(members.told, ZHANG)
    assert not await database.read(members.told, 999)
