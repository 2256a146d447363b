"""Reflections come in on every way there is, on both engines: whole or as drafts, once, and under numbers that stay."""

from __future__ import annotations

import asyncio

import pytest

from domain.cycle import Stage
from domain.day import DAY, HOUR
from domain.group import Group, Role, Settings
from domain.ids import brief
from domain.incoming import Mention
from domain.reflection import MOST_PICTURES, read_code
from scheduler import cycle, housekeeping
from scheduler.stages.kind import Firing
from storage import albums, cycles, due, groups, members, people, pictures, reflections
from storage.pictures import Shot, Source
from storage.reflections import Reflection
from storage.tx import Database, Tx
from tests.storage.founding import ACCOUNT, NOW, PLATFORM, settle
from tests.storage.test_dispatcher import LI, ZHANG, count
from tests.storage.writing import BODY, ENOUGH, PLAN, REVIEWED, START, Writing, photo

WANG = ZHANG + 2
SHORT = "还差"
LATE = ["截止以后交的，也收下了。", "互评已经开始，马上就请人来读，不能再改了。"]


@pytest.fixture
async def writing(database: Database) -> Writing:
    found = Writing(database)
    await found.open()
    return found


# --- in the group --------------------------------------------------------------------------------------------------------


async def test_a_captioned_photo_is_accepted_at_once_under_a_number(writing: Writing) -> None:
    assert await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1")) == [
        "<reflections>",
        "✅ 李四的心得收到，编号 A1",
    ]
    assert await writing.board() == ["✍ 三月实践 · 已交心得 1 篇", "A1 李四"]
    one = await writing.only()
    assert (one.state, one.number, one.body, one.by) == ("handed", 1, BODY, LI)
    [picture] = await writing.photos(one)
    assert (picture.state, picture.kind, picture.source.file_id) == ("pending", "photo", "p1")


async def test_each_picture_is_to_be_fetched_once(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=(*photo("p1"), *photo("p2"), *photo("p1")))
    one = await writing.only()
    fetched = [row.key for row in await writing.database.transaction(_due_rows)]
    assert fetched == [pictures.fetch_key(one.id, 0), pictures.fetch_key(one.id, 1)]


async def _due_rows(tx: Tx) -> list[due.Due]:
    rows = await due.lease(tx, pictures.FETCH, 1 << 62, 1 << 62, 100)
    return sorted((row for row in rows if row.kind == pictures.FETCH), key=lambda row: row.key)


async def test_a_caption_written_without_a_space_is_understood(writing: Writing) -> None:
    said = await writing.tell(LI, f"心得{BODY}", attachments=photo("p1"))
    assert said[-1] == "✅ 李四的心得收到，编号 A1"
    assert (await writing.only()).body == BODY


@pytest.mark.parametrize("caption_at", [0, 2, 3])
async def test_the_caption_may_be_on_any_piece_of_an_album(writing: Writing, caption_at: int) -> None:
    said = []
    for piece in range(4):
        text = f"心得 {BODY}" if piece == caption_at else ""
        said += await writing.tell(LI, text, attachments=photo(f"p{piece}", "album"))
    assert said == ["<reflections>", "✅ 李四的心得收到，编号 A1"]
    kept = [one.source.file_id for one in await writing.photos(await writing.only())]
    assert sorted(kept) == ["p0", "p1", "p2", "p3"]


async def test_pieces_of_an_album_that_come_at_once_all_join_one_reflection(writing: Writing) -> None:
    events = [
        writing.event(LI, f"心得 {BODY}" if piece == 1 else "", attachments=photo(f"p{piece}", "album"))
        for piece in range(6)
    ]
    await asyncio.gather(*(writing.hear(event) for event in [*events, *events[:2]]))
    assert len(await writing.photos(await writing.only())) == 6


async def test_two_who_hand_in_at_once_get_two_numbers(writing: Writing) -> None:
    drafts = [
        await writing.database.transaction(_draft, writing, person)
        for person in (ZHANG, LI, WANG)
        for _ in "ab"
    ]
    handed = await asyncio.gather(
        *(writing.database.transaction(reflections.hand_in, draft, NOW) for draft in drafts)
    )
    assert sorted(one.number for one in handed if one) == [1, 2, 3, 4, 5, 6]


async def _draft(tx: Tx, writing: Writing, person: int) -> Reflection:
    [stage, _] = await cycles.stages(tx, writing.cycle)
    draft = await reflections.begin(tx, writing.ids, stage, person, person, NOW)
    return await reflections.write(tx, draft, BODY, NOW)


async def test_albums_claimed_at_once_belong_to_whoever_was_first(database: Database) -> None:
    talk = Writing(database)
    event = talk.event(LI)
    owners = await asyncio.gather(
        *(database.transaction(albums.claim, event, "album", 7, number, NOW) for number in range(1, 9))
    )
    assert len(set(owners)) == 1
    assert await database.read(albums.owner, event, "album") == owners[0]
    assert await database.read(albums.owner, event, "other") is None


async def test_words_may_answer_a_photo_within_two_days(writing: Writing) -> None:
    assert await writing.tell(LI, "", attachments=photo("p1"), message_id="shown") == []
    await writing.later(DAY)
    await writing.said()
    assert (await writing.tell(LI, f"心得 {BODY}", reply_to="shown"))[-1] == "✅ 李四的心得收到，编号 A1"
    assert len(await writing.photos(await writing.only())) == 1


async def test_words_that_answer_one_piece_have_the_whole_album(writing: Writing) -> None:
    for piece in range(3):
        await writing.tell(LI, "", attachments=photo(f"p{piece}", "album"), message_id=f"shown{piece}")
    await writing.tell(LI, f"心得 {BODY}", reply_to="shown1")
    await writing.tell(LI, "", attachments=photo("late", "album"))
    assert len(await writing.photos(await writing.only())) == 4


async def test_photos_shown_are_forgotten_after_two_days(writing: Writing) -> None:
    await writing.tell(LI, "", attachments=photo("p1"))
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p2", "album"))
    await housekeeping.tidy(writing.database, writing.now + 2 * DAY - HOUR)
    assert await writing.database.read(count, "seen_photos") == 1
    await housekeeping.tidy(writing.database, writing.now + 2 * DAY + HOUR)
    assert await writing.database.read(count, "seen_photos") == 0
    assert await writing.database.read(count, "albums") == 0


async def test_words_first_and_photos_that_answer_them(writing: Writing) -> None:
    said = await writing.tell(LI, f"心得 {BODY}", message_id="text")
    assert said == ["已有 35 字、0 张照片。", "还差 1 张照片，接着写就好，已替您存为草稿。", "✍"]
    said = await writing.tell(
        LI,
        "",
        attachments=photo("p1"),
        reply_to="text",
        reply_to_sender=Mention(name="李四", user_id=f"u{LI}"),
    )
    assert said[-1] == "✅ 李四的心得收到，编号 A1"


async def test_a_photo_that_answers_somebody_else_is_nobodys_reflection(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}")
    said = await writing.tell(
        LI,
        "",
        attachments=photo("p1"),
        reply_to="x",
        reply_to_sender=Mention(name="王五", user_id=f"u{WANG}"),
    )
    assert said == []
    assert (await writing.only()).state == "draft"


async def test_answers_to_what_the_bot_said_of_a_draft_join_it(writing: Writing) -> None:
    await writing.tell(LI, "心得 开头", attachments=photo("p1"))
    said = await writing.tell(LI, BODY, addressed=True, reply_to="bot's")
    assert said[-1] == "✅ 李四的心得收到，编号 A1"
    assert (await writing.only()).body == f"开头\n{BODY}"


async def test_one_message_with_several_pictures_and_words_is_whole(writing: Writing) -> None:
    said = await writing.tell(
        LI, f"心得 {BODY}", addressed=True, attachments=(*photo("p1"), *photo("p2"), *photo("p3"))
    )
    assert said[-1] == "✅ 李四的心得收到，编号 A1"
    assert len(await writing.photos(await writing.only())) == 3


async def test_a_film_or_a_picture_sent_as_a_document_will_do(writing: Writing) -> None:
    assert (await writing.tell(LI, f"心得 {BODY}", attachments=photo("v", kind="video")))[-1].endswith("A1")
    sharp = photo("IMG_1.HEIC", kind="document")
    assert (await writing.tell(WANG, f"心得 {BODY}", attachments=sharp))[-1].endswith("A2")
    assert [one.kind for one in await writing.photos(await writing.only())] == ["video"]
    assert [one.kind for one in await writing.photos(await writing.only(WANG))] == ["photo"]


async def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(writing: Writing) -> None:
    said = await writing.tell(LI, f"心得 {BODY}", attachments=photo("notes.pdf", kind="document"))
    assert "这个文件不是照片，也不是视频，没有收。请发照片或视频；文字我都收下了。" in said
    assert (await writing.only()).body == BODY


async def test_an_album_of_thirty_keeps_as_many_as_there_may_be(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p", "album"))
    for piece in range(30):
        await writing.tell(LI, "", attachments=photo(f"p{piece}", "album"))
    assert len(await writing.photos(await writing.only())) == MOST_PICTURES


async def test_broken_pictures_hold_nothing_up_that_was_accepted(writing: Writing) -> None:
    for piece in range(10):
        await writing.tell(LI, f"心得 {BODY}" if not piece else "", attachments=photo(f"p{piece}", "album"))
    one = await writing.only()
    await writing.database.transaction(_break, one.id, 3)
    assert (await writing.only()).state == "handed"
    assert await writing.database.read(pictures.count, 7, one.id) == 9


async def _break(tx: Tx, id: int, place: int) -> None:
    await tx.run(
        "UPDATE pictures SET state = 'broken' WHERE reflection_id = :id AND place = :p", id=id, p=place
    )


@pytest.mark.parametrize("text", ["字" * (ENOUGH - 1), " " * 200 + "字", "\u3000\u200b" * 100 + "字"])
async def test_too_few_characters_are_told_in_private_and_kept(writing: Writing, text: str) -> None:
    said = await writing.tell(LI, f"心得 {text}", attachments=photo("p1"))
    assert any(line.startswith(SHORT) and "已替您存为草稿" in line for line in said)
    assert said[-1] == "✍"
    assert (await writing.only()).state == "draft"


async def test_without_a_private_chat_it_is_said_as_an_answer(writing: Writing) -> None:
    await writing.database.transaction(_no_private_chats)
    assert await writing.tell(LI, "心得 太短", attachments=photo("p1")) == [
        "还差 28 字，接着写就好，已替您存为草稿。"
    ]
    assert writing.last[0].reply_to is not None
    [[button]] = writing.last[0].buttons
    said = await writing.tap(LI, writing.last[0], "reflection.write", group=7)
    assert "李四，请点这里和我私聊" in said[0] and button.action == "reflection"


async def _no_private_chats(tx: Tx) -> None:
    await tx.run("UPDATE accounts SET chat_id = ''")


async def test_among_people_the_word_is_mere_talk_where_nothing_is_asked_for(database: Database) -> None:
    writing = Writing(database)
    await writing.begin("张三", "李四")
    assert await writing.tell(LI, "心得 不错") == []
    assert await writing.tell(LI, "心得", group=None) == ["现在没有要交的心得。发「活动」看看进行到哪一步。"]
    await writing.tell(LI, "", attachments=photo("p1"))
    assert await database.read(count, "seen_photos") == 0


async def test_whoever_hands_in_becomes_a_member(writing: Writing) -> None:
    await writing.tell(555, "", attachments=photo("p1"), message_id="shown")
    said = await writing.tell(555, f"心得{BODY}", attachments=photo("p2"))
    assert said[-1].endswith("编号 A1")
    assert await writing.database.read(members.count, 7) == 4


# --- in private ----------------------------------------------------------------------------------------------------------


async def test_step_by_step_in_private(writing: Writing) -> None:
    said = await writing.tell(LI, "心得", group=None)
    assert said[-1].startswith("把照片和文字发到这里就好")
    assert await writing.tell(LI, "今天，我们去了社区", group=None) == [
        "已有 9 字、0 张照片。",
        "还差 21 字、还差 1 张照片，接着写就好，已替您存为草稿。",
    ]
    await writing.tell(LI, "", group=None, attachments=photo("p1"))
    assert (await writing.tell(LI, "交", group=None))[0].startswith("还差 21 字")
    assert (await writing.tell(LI, BODY, group=None))[-1] == "都齐了。还想写就接着发，写好了点「交」。"
    said = await writing.tap(LI, writing.last[-1], "reflection.hand_in")
    assert said[:2] == ["<reflections>", "✅ 收到，编号 A1：44 字，1 张照片。"]
    assert (await writing.only()).body == f"今天，我们去了社区\n{BODY}"
    said = await writing.tap(LI, writing.last[-1], "reflection.withdraw")
    assert "A1 已撤回，别人看不到了。想再交，点下面的按钮就好。" in said


async def test_the_part_added_last_may_be_taken_back_once(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None)
    await writing.tell(LI, "第一段", group=None)
    await writing.tell(LI, "不要的一段", group=None)
    message = writing.last[-1]
    assert (await writing.tap(LI, message, "reflection.take_back"))[0] == "已有 3 字、0 张照片。"
    assert (await writing.only()).body == "第一段"
    assert (await writing.tap(LI, message, "reflection.take_back"))[0].startswith("后来又有改动")


async def test_photos_first_and_the_words_a_day_later(writing: Writing) -> None:
    assert (await writing.tell(LI, "", group=None, attachments=photo("p1")))[0] == "已有 0 字、1 张照片。"
    await writing.later(DAY)
    await writing.said()
    assert await writing.tell(LI, "早上好", group=None) == ["这句我没看懂。发「帮助」，看看我能做什么。"]
    assert (await writing.tell(LI, BODY, group=None))[-1].startswith("都齐了")
    assert (await writing.tell(LI, "心得 交", group=None))[1].startswith("✅ 收到，编号 A1")


async def test_an_album_in_private_is_answered_once(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None)
    said = [
        await writing.tell(LI, "", group=None, attachments=photo(f"p{piece}", "album")) for piece in range(4)
    ]
    assert [bool(one) for one in said] == [True, False, False, False]
    assert len(await writing.photos(await writing.only())) == 4


async def test_a_captioned_photo_in_private_is_handed_in_like_one_in_the_group(writing: Writing) -> None:
    said = await writing.tell(LI, f"心得 {BODY}", group=None, attachments=photo("p1"))
    assert said[1] == "✅ 收到，编号 A1：35 字，1 张照片。"


async def test_commands_are_still_heard_while_a_draft_is_open(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None)
    assert "已有" not in "".join(await writing.tell(LI, "帮助", group=None))
    assert "已有" not in "".join(await writing.tell(LI, "/me", group=None))
    assert (await writing.only()).body == ""


async def test_without_a_draft_private_words_mean_what_they_meant(writing: Writing) -> None:
    assert await writing.tell(LI, BODY, group=None) == ["这句我没看懂。发「帮助」，看看我能做什么。"]


async def test_a_document_that_is_no_picture_is_told_so_while_a_draft_is_open(writing: Writing) -> None:
    await writing.tell(LI, "心得", group=None)
    said = await writing.tell(LI, "", group=None, attachments=photo("a.zip", kind="document"))
    assert said[0].startswith("这个文件不是照片")
    said = await writing.tell(LI, "", group=None, attachments=photo("a.png", kind="document"))
    assert said[0] == "已有 0 字、1 张照片。"


async def test_far_too_long_is_said_clearly_and_the_draft_stays(writing: Writing) -> None:
    await writing.tell(LI, "心得 开头", group=None)
    [said] = await writing.tell(LI, "字" * 5001, group=None)
    assert said.startswith("心得最长 5000 字")
    assert (await writing.only()).body == "开头"


async def test_in_a_group_that_asks_for_nothing_the_one_that_does_is_named(writing: Writing) -> None:
    await writing.database.transaction(_join_another_group)
    assert await writing.tell(LI, "心得", group=None) == [
        "这个组现在没有要交的心得，「第7组」有。请先发「小组」换过去，再发一次。"
    ]
    await writing.press(LI, writing.button("reflection", f"w_{brief(writing.cycle.id)}_0"))
    assert (await writing.tell(LI, "第一段", group=None))[-2] == "已有 3 字、0 张照片。"


async def _join_another_group(tx: Tx) -> None:
    await groups.add(tx, Group(8, "第8组", Settings()), NOW)
    await settle(tx, 8, LI, "李四", Role.MEMBER, NOW + HOUR)
    await members.set_home(tx, LI, 8)


# --- changing, taking back, being late ------------------------------------------------------------------------------------


async def test_what_was_handed_in_may_be_changed_and_every_wording_is_kept(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    assert await writing.tell(LI, "心得 改 太短", group=None) == [
        "改后的文字还差 28 字，A1 没有动。请补足了再发一次。"
    ]
    assert (await writing.tell(LI, f"心得 改 {BODY}再加一句。", group=None))[0].startswith(
        "✅ A1 已改好：40 字"
    )
    one = await writing.only()
    kept = await writing.database.read(reflections.versions, one)
    assert [(v.version, v.body) for v in kept] == [(1, BODY), (2, f"{BODY}再加一句。")]
    assert "现在的正文" in (await writing.tell(LI, "心得 改", group=None))[0]


async def test_from_the_opening_of_the_review_on_it_stays_as_it_is(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1", "album"))
    await writing.lock()
    for text in (f"心得 改 {BODY}再加一句。", "心得 撤回"):
        assert (await writing.tell(LI, text, group=None))[0].startswith("A1 已经在互评")
    await writing.tell(LI, "", attachments=photo("late", "album"))
    one = await writing.only()
    assert (one.body, one.state, len(await writing.photos(one))) == (BODY, "handed", 1)


async def test_withdrawn_and_handed_in_again_it_keeps_its_number(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    await writing.tell(WANG, f"心得 {BODY}", attachments=photo("p2"))
    await writing.tell(LI, "心得 撤回", group=None)
    button = writing.last[-1]
    assert await writing.database.read(reflections.by_number, 7, 1, 1) is None
    assert (await writing.tap(LI, button, "reflection.hand_in_again"))[1].startswith("✅ 收到，编号 A1")
    assert (await writing.only()).number == 1
    assert (await writing.tap(WANG, button, "reflection.hand_in_again"))[0].startswith("这个按钮是给别人的")


async def test_a_second_reflection_takes_the_place_of_the_first_only_if_its_author_says_so(
    writing: Writing,
) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    other = "这是另外写的一篇，说的是同一件事，可是说得更明白一些，也更长一些。"
    await writing.tell(LI, f"心得 {other}", group=None, attachments=photo("p2"))
    assert (await writing.tap(LI, writing.last[-1], "reflection.keep"))[0] == "好，A1 没有动。"
    await writing.tell(LI, f"心得 {other}", group=None, attachments=photo("p2"))
    message = writing.last[-1]
    assert (await writing.tap(LI, message, "reflection.replace"))[0].startswith("✅ A1 已改好")
    one = await writing.only()
    assert (one.body, len(await writing.photos(one))) == (other, 2)
    assert (await writing.tap(LI, message, "reflection.replace"))[0].startswith("这篇心得已经不在了")


async def test_photos_may_join_what_was_handed_in(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    assert await writing.tell(LI, "", group=None, attachments=photo("p2")) == [
        "✅ 照片加到 A1 里了，现在 2 张。"
    ]


async def test_after_the_close_it_is_taken_as_late_until_the_review_closes(writing: Writing) -> None:
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    await writing.words()
    assert "截止以后交的，也收下了。" in await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    await writing.lock()
    said = await writing.tell(WANG, f"心得 {BODY}", group=None, attachments=photo("p2"))
    assert said == ["<reflections>", "✅ 收到，编号 A2：35 字，1 张照片。", *LATE]
    assert not writing.last[-1].buttons, "it cannot be taken back"
    for text in (f"心得 {BODY}再写一篇", "心得 改 别的话", "心得 撤回"):
        assert (await writing.tell(WANG, text, group=None))[0].startswith("A2 已经在互评")
    assert await writing.tell(WANG, "", group=None, attachments=photo("p3")) == []
    assert len(await writing.own(WANG)) == 1


async def test_a_draft_goes_on_while_others_are_reviewed_already(writing: Writing) -> None:
    await writing.tell(WANG, "心得", group=None)
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    await writing.lock()
    await writing.tell(WANG, BODY, group=None)
    await writing.tell(WANG, "", group=None, attachments=photo("p1"))
    assert (await writing.tell(WANG, "交", group=None))[1:] == ["✅ 收到，编号 A1：35 字，1 张照片。", *LATE]


async def test_withdrawn_before_the_review_it_may_come_back_late(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    await writing.tell(LI, "心得 撤回", group=None)
    button = writing.last[-1]
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    await writing.words()
    await writing.lock()
    assert "✅ 收到，编号 A1：35 字，1 张照片。" in await writing.tap(LI, button, "reflection.hand_in_again")
    await writing.end()
    assert (await writing.tap(LI, button, "reflection.hand_in_again"))[0].startswith("您的 A1 已经交上了")


async def test_after_the_review_it_is_kept_as_a_draft(writing: Writing) -> None:
    await writing.tell(WANG, "心得 只有开头", group=None)
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    await writing.words()
    await writing.end()
    said = await writing.tell(WANG, f"心得 {BODY}", group=None, attachments=photo("p2"))
    assert said[0].startswith("「心得」这一步已经结束，不再收了。您写的我存为草稿")
    assert BODY in (await writing.only(WANG)).body
    assert (await writing.tell(WANG, "心得 交", group=None))[0].startswith("「心得」这一步已经结束")


async def test_who_has_handed_in_owes_nothing_and_the_rest_are_reminded(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    [stage, _] = await writing.stages()
    owing = await writing.database.transaction(_owing, writing, stage)
    assert owing == ["张三", "王五"]


async def _owing(tx: Tx, writing: Writing, stage: Stage) -> list[str]:
    at = Firing(tx, writing.ids, writing.group, writing.cycle, stage, writing.now)
    return [one.name for one in await cycle.owing(at)]


async def test_the_close_sums_up_and_tells_of_drafts_once_in_private(database: Database) -> None:
    writing = Writing(database)
    await writing.open(REVIEWED)
    await writing.tell(LI, f"心得 {BODY}", attachments=(*photo("p1"), *photo("p2")))
    await writing.tell(WANG, "心得 只有开头", group=None)
    await writing.tell(ZHANG, "心得", group=None)
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    said = await writing.words()
    assert "交了 1 篇心得，一共 35 字、2 张照片。谢谢大家。" in said
    assert "没来得及的，补交也收，最好赶在互评开始前。" in said
    assert [one for one in said if "草稿" in one] == [
        "「心得」到时间了。您的草稿（4 字、0 张照片）还替您存着，补交也收，最好赶在互评开始前。"
    ]


async def test_where_nobody_handed_in_the_close_blames_nobody(writing: Writing) -> None:
    await writing.at(NOW + 2 * DAY + 11 * HOUR)
    assert "这次还没有人交心得。" in await writing.words()


async def test_of_two_stages_the_one_without_a_reflection_of_theirs_is_meant(writing: Writing) -> None:
    other = await writing.database.transaction(
        cycle.begin, writing.ids, writing.group, PLAN, START, by=ZHANG, now=writing.now, title="另一个"
    )
    await writing.later(HOUR)
    await writing.words()
    assert (await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1")))[-1].endswith("B1")
    assert (await writing.tell(LI, f"心得 {BODY}", attachments=photo("p2")))[-1].endswith("A1")
    found = await writing.database.read(reflections.by_number, 7, 2, 1)
    assert found is not None and found.cycle_id == other.id
    assert await writing.database.read(reflections.by_number, 7, 3, 1) is None


# --- for somebody else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["@王五", "＠王五"])
async def test_the_secretary_enters_it_for_a_member_who_cannot(writing: Writing, name: str) -> None:
    said = await writing.tell(ZHANG, f"代交 {name} {BODY}", attachments=photo("p1"))
    assert said[-1] == "✅ 王五的心得收到（书记代交），编号 A1"
    assert any(one.startswith("张三 替您交了心得，编号 A1") for one in said)
    one = await writing.only(WANG)
    assert (one.by, one.by_proxy, one.body) == (ZHANG, True, BODY)
    assert (await writing.board())[1] == "A1 王五（代交）"
    assert (await writing.tell(WANG, "心得 撤回", group=None))[1].startswith("A1 已撤回")


async def test_the_photo_answered_tells_whose_it_is(writing: Writing) -> None:
    await writing.tell(LI, "", attachments=photo("p1"), message_id="shown")
    author = Mention(name="李四", user_id=f"u{LI}")
    said = await writing.tell(ZHANG, f"代交 {BODY}", reply_to="shown", reply_to_sender=author)
    assert said[-1] == "✅ 李四的心得收到（书记代交），编号 A1"


async def test_what_a_secretary_enters_leaves_the_members_own_draft_alone(writing: Writing) -> None:
    await writing.tell(LI, "心得 自己的开头", group=None)
    await writing.tell(ZHANG, f"代交 @李四 {BODY}", attachments=photo("p1"))
    assert {(one.by, one.state, one.body) for one in await writing.own()} == {
        (LI, "draft", "自己的开头"),
        (ZHANG, "handed", BODY),
    }
    assert (await writing.tell(ZHANG, f"代交 @李四 {BODY}"))[0].startswith("李四 已经交过心得 A1")


@pytest.mark.parametrize("text", ["代交", "代交 @没有这个人 正文", "代交 正文没有名字"])
async def test_entering_for_nobody_is_explained(writing: Writing, text: str) -> None:
    [said] = await writing.tell(ZHANG, text)
    assert "代交 @张三 正文" in said or "没有找到" in said


async def test_only_the_secretary_enters_for_others(writing: Writing) -> None:
    assert await writing.tell(LI, f"/代交 @王五 {BODY}") == [
        "这件事由书记来做。需要的话，请书记发「任命」并 @ 您。"
    ]


# --- numbers, and being forgotten ---------------------------------------------------------------------------------------


async def test_who_is_erased_leaves_nothing_and_their_number_is_nobody_elses(writing: Writing) -> None:
    await writing.tell(LI, "", attachments=photo("seen"))
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1", "album"))
    await writing.tell(LI, f"心得 改 {BODY}再加一句。")
    await writing.tell(WANG, "心得 开头", group=None)
    await writing.database.transaction(people.erase, LI)
    await writing.database.transaction(people.erase, WANG)
    for table in ("pictures", "reflection_versions", "albums", "seen_photos"):
        assert await writing.database.read(count, table) == 0, table
    [left] = await writing.database.read(_everything)
    assert BODY not in left
    assert (await writing.tell(ZHANG, f"心得 {BODY}", attachments=photo("p2")))[-1].endswith("A2")


async def _everything(tx: Tx) -> list[str]:
    return [str(tuple(row)) for row in await tx.all("SELECT body, person_id FROM reflections")]


async def test_numbers_lead_to_reflections(writing: Writing) -> None:
    await writing.tell(LI, f"心得 {BODY}", attachments=photo("p1"))
    one = await writing.only()
    assert await writing.database.read(reflections.code_of, one) == "A1"
    assert await writing.database.read(reflections.by_number, 7, *(read_code("ａ 1") or (0, 0))) == one
    assert await writing.database.read(reflections.of_cycle, 7, writing.cycle.id) == [one]
    assert await writing.database.read(reflections.of_stage, 7, writing.cycle.id, 0) == [one]
    assert await writing.database.read(reflections.of_stage, 7, writing.cycle.id, 1) == []


async def test_the_same_picture_is_added_once_and_what_is_dropped_is_not_fetched(writing: Writing) -> None:
    draft = await writing.database.transaction(_draft, writing, LI)
    shot = Shot("photo", Source(PLATFORM, ACCOUNT, "c", "f"))
    assert await writing.database.transaction(pictures.add, 7, draft.id, [shot, shot], NOW) == 1
    assert await writing.database.transaction(pictures.add, 7, draft.id, [shot], NOW) == 0
    await writing.database.transaction(reflections.drop_draft, draft)
    assert await writing.database.transaction(_due_rows) == []
    assert await writing.own() == []
