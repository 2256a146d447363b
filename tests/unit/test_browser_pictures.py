"""Photos in the browser chat: several at once, shown when they are fit to be, and only to those who may see them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from content.pictures import MOST_BYTES
from domain.group import Role
from domain.ids import brief
from domain.message import Line
from domain.reflection import count_chars
from domain.template import StageSpec, Template, When
from scheduler import cycle
from storage import cycles, groups, members, pictures, reflections, talk, works
from storage.media import FolderStore
from storage.sqlite import SqliteDatabase
from storage.talk import Photo
from storage.tx import Tx
from tests.transcripts.sample_photos import photo
from tests.unit.browser_site import GROUP, LI, NOON, OTHER_GROUP, WANG, ZHANG, PlayedDemo, Rig, open_rig
from web.body import MOST_PICTURES

CHAT = f"g{GROUP}"
SMALL, LARGE = b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge"
FILM = b"\0\0\0\x10ftypisom\0\0\0\0" + b"0123456789"


class Everybody(PlayedDemo):
    async def personas(self) -> list[tuple[int, str, Role]]:
        return [*await super().personas(), (WANG, "王五", Role.MEMBER)]


@pytest.fixture
def photos(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "photos", lambda: NOON)


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase, tmp_path: Path, photos: FolderStore) -> Rig:
    uploads = FolderStore(tmp_path / "uploads", lambda: NOON)
    return await open_rig(sqlite_database, demo=Everybody(), uploads=uploads, photos=photos)


async def post(rig: Rig, *files: tuple[str, bytes], field: str = "photos", **more: str) -> httpx.Response:
    async with rig.browser(LI) as browser:
        return await browser.post(
            f"/chat/{CHAT}/messages",
            data={"key": "key-00000001", **more},
            files=[(field, file) for file in files],
        )


async def get(rig: Rig, path: str, person: int = LI, **headers: str) -> httpx.Response:
    async with rig.browser(person) as browser:
        return await browser.get(path, headers=headers)


async def fetched(rig: Rig, photos: FolderStore, content: bytes = LARGE) -> str:
    """The first photo of the first message is there from now on; its hash."""
    [said] = await rig.site.database.read(talk.page, CHAT, None, 9)
    hash, small = await photos.put(content), await photos.put(SMALL)

    async def mark(tx: Tx) -> None:
        await tx.run("UPDATE pictures SET state = 'there', hash = :h, small = :s", h=hash, s=small)
        kind = said.body.photos[0].kind
        await talk.show_picture(
            tx, CHAT, said.id, 0, Photo(kind, "there", hash, 4, 3, "a.jpg"), said.version + 1
        )

    await rig.site.database.transaction(mark)
    return hash


async def test_several_photos_are_one_message_and_one_event(rig: Rig) -> None:
    answer = await post(
        rig, ("a.jpg", photo(0.1)), ("b.png", photo(0.2, kind="PNG")), ("c.mp4", FILM), text="看"
    )
    assert answer.status_code == 200
    [heard] = rig.ear.heard
    assert [(one.kind, one.name) for one in heard.attachments] == [
        ("photo", "a.jpg"),
        ("photo", "b.png"),
        ("video", "c.mp4"),
    ]
    page = (await get(rig, f"/chat/{CHAT}")).text
    assert page.count("照片正在整理") >= 3 and "a.jpg" not in page


async def test_a_photo_and_a_file_go_together_but_not_two_files(rig: Rig) -> None:
    assert (await post(rig, ("a.jpg", photo(0.1)), ("a.xlsx", b"PK"))).status_code == 200
    assert [one.kind for one in rig.ear.heard[0].attachments] == ["photo", "document"]
    answer = await post(rig, ("a.xlsx", b"PK"), ("b.xlsx", b"PK"), key="key-00000002")
    assert (answer.status_code, "一个一个发" in answer.text) == (400, True)


async def test_more_photos_than_fit_or_larger_ones_are_refused_whole(rig: Rig) -> None:
    answer = await post(rig, *[(f"{n}.jpg", photo(0.1)) for n in range(MOST_PICTURES + 1)])
    assert (answer.status_code, str(MOST_PICTURES) in answer.text) == (400, True)
    answer = await post(rig, ("a.jpg", b"\xff\xd8\xff" + bytes(MOST_BYTES)))
    assert (answer.status_code, "20 MB" in answer.text) == (413, True)
    answer = await post(rig, *[(f"{n}.jpg", b"\xff\xd8\xff" + bytes(MOST_BYTES - 9)) for n in range(4)])
    assert (answer.status_code, "60 MB" in answer.text) == (413, True)
    assert rig.ear.heard == []


async def test_the_same_posting_again_is_the_same_photos_once(rig: Rig) -> None:
    for _ in range(2):
        assert (await post(rig, ("a.jpg", photo(0.1)))).status_code == 200
    [said] = await rig.site.database.read(talk.page, CHAT, None, 9)
    assert len(await rig.site.database.read(pictures.of_reflection, GROUP, said.id)) == 1


async def test_what_is_there_is_shown_and_may_be_kept_by_its_reader_alone(
    rig: Rig, photos: FolderStore
) -> None:
    await post(rig, ("a.jpg", photo(0.1)))
    hash = await fetched(rig, photos)
    page = (await get(rig, f"/chat/{CHAT}")).text
    path = f"/chat/{CHAT}/pictures/{hash}"
    assert f'href="{path}"' in page and 'alt="李四发的照片，第 1 张，共 1 张"' in page
    shown = await get(rig, path)
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, LARGE, "image/jpeg")
    assert shown.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert (await get(rig, f"{path}?small")).content == SMALL


async def test_a_photo_is_for_those_who_may_read_the_chat(rig: Rig, photos: FolderStore) -> None:
    await post(rig, ("a.jpg", photo(0.1)))
    hash = await fetched(rig, photos)
    for chat, person, status in (
        (CHAT, ZHANG, 200),
        (CHAT, WANG, 404),
        (f"g{OTHER_GROUP}", WANG, 404),
        (f"p{ZHANG}", ZHANG, 404),
        (CHAT.replace("g", "h"), LI, 404),
    ):
        answer = await get(rig, f"/chat/{chat}/pictures/{hash}", person)
        assert answer.status_code == status, (chat, person)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(rig.app), base_url="http://elsewhere"
    ) as stranger:
        assert (await stranger.get(f"/chat/{CHAT}/pictures/{hash}")).status_code == 403
    for odd in ("0" * 64, "x", hash.upper(), hash + "0", "..%2f..%2fxueban.db"):
        assert (await get(rig, f"/chat/{CHAT}/pictures/{odd}")).status_code == 404


async def test_a_file_that_was_swept_away_is_told(rig: Rig, photos: FolderStore) -> None:
    await post(rig, ("a.jpg", photo(0.1)))
    hash = await fetched(rig, photos)
    await photos.delete(hash)
    assert (await get(rig, f"/chat/{CHAT}/pictures/{hash}")).status_code == 404


async def test_a_film_is_watched_in_pieces(rig: Rig, photos: FolderStore) -> None:
    await post(rig, ("a.mp4", FILM))
    path = f"/chat/{CHAT}/pictures/{await fetched(rig, photos, FILM)}"
    assert (
        f'<video controls preload="metadata" playsinline src="{path}"'
        in (await get(rig, f"/chat/{CHAT}")).text
    )
    for asked, status, content in (
        ("bytes=0-", 206, FILM),
        ("bytes=4-7", 206, b"ftyp"),
        ("bytes=20-999", 206, FILM[20:]),
        ("bytes=999-", 416, b""),
        ("bytes=7-4", 416, b""),
        ("bytes=-5", 200, FILM),
    ):
        answer = await get(rig, path, range=asked)
        assert (answer.status_code, answer.content) == (status, content), asked
    assert answer.headers["content-type"] == "video/mp4"


async def test_where_photos_are_not_kept_they_are_only_named(
    sqlite_database: SqliteDatabase, tmp_path: Path
) -> None:
    rig = await open_rig(sqlite_database, demo=Everybody(), uploads=FolderStore(tmp_path, lambda: NOON))
    assert (await post(rig, ("a.jpg", photo(0.1)), field="file")).status_code == 200
    page = (await get(rig, f"/chat/{CHAT}")).text
    assert "a.jpg" in page and 'id="photos"' not in page


# --- 写心得 --------------------------------------------------------------------------------------------------------------

PLAN = Template(
    key="writing",
    title="三月实践",
    stages=(StageSpec(key="reflection", kind="reflection", title="心得", closes=When(days=2, at=1080)),),
)


async def begin(rig: Rig, plan: Template = PLAN) -> int:
    """An activity in whose open stage reflections are written; its id."""

    async def opened(tx: Tx) -> int:
        group = await groups.find(tx, GROUP)
        assert group is not None
        begun = await cycle.begin(tx, rig.site.ids, group, plan, group.settings.day(NOON), by=ZHANG, now=NOON)
        await tx.run("UPDATE stages SET state = 'open', opened_at = :now", now=NOON)
        return begun.id

    return await rig.site.database.transaction(opened)


async def test_whoever_owes_a_reflection_is_offered_to_write_it(rig: Rig) -> None:
    assert 'id="reflect"' not in (await get(rig, f"/chat/{CHAT}")).text
    await begin(rig)
    page = (await get(rig, f"/chat/{CHAT}")).text
    button = re.search(r'<button[^>]*id="reflect"[^>]*>([^<]*)', page)
    assert button and button[1] == "写心得"
    assert 'value="心得"' in button[0] and 'data-chars="200" data-photos="1" data-had-chars="0"' in button[0]


async def test_a_draft_is_gone_on_with_and_what_is_handed_in_is_not_asked_for_again(rig: Rig) -> None:
    cycle_id = await begin(rig)

    async def write(tx: Tx) -> None:
        found = await cycles.find(tx, GROUP, cycle_id)
        assert found is not None
        [stage] = await cycles.stages(tx, found)
        draft = await reflections.begin(tx, rig.site.ids, stage, LI, LI, NOON)
        await reflections.write(tx, draft, "写了 一半", NOON)

    await rig.site.database.transaction(write)
    page = (await get(rig, f"/chat/{CHAT}")).text
    assert "接着写心得" in page and f'data-had-chars="{count_chars("写了 一半")}"' in page

    async def hand_in(tx: Tx) -> None:
        draft = await reflections.latest_draft(tx, GROUP, LI)
        assert draft is not None
        await reflections.hand_in(tx, draft, NOON)

    await rig.site.database.transaction(hand_in)
    assert 'id="reflect"' not in (await get(rig, f"/chat/{CHAT}")).text


async def test_without_scripts_the_button_says_what_the_words_are_for(rig: Rig) -> None:
    async with rig.browser(LI, accept="text/html") as browser:
        await browser.post(
            f"/chat/{CHAT}/messages",
            data={"key": "key-00000001", "text": "我们去了社区", "lead": "心得"},
            files=[("taken", ("", b"")), ("photos", ("a.jpg", photo(0.1))), ("file", ("", b""))],
        )
    [heard] = rig.ear.heard
    assert (heard.text, len(heard.attachments)) == ("心得 我们去了社区", 1)


# --- the gallery ---------------------------------------------------------------------------------------------------------


async def handed_in(rig: Rig, photos: FolderStore, count: int) -> int:
    cycle_id = await begin(rig)
    hash, small = await photos.put(LARGE), await photos.put(SMALL)

    async def fill(tx: Tx) -> None:
        found = await cycles.find(tx, GROUP, cycle_id)
        assert found is not None
        [stage] = await cycles.stages(tx, found)
        for n in range(count):
            person = 500 + n
            await members.add_person(tx, person, f"第{n + 1}人", NOON)
            await members.join(tx, GROUP, person, f"第{n + 1}人", Role.MEMBER, NOON)
            one = await reflections.begin(tx, rig.site.ids, stage, person, person, NOON)
            one = await reflections.write(tx, one, "<b>我们去社区</b>", NOON)
            shot = pictures.Shot("photo", pictures.Source("browser", "site", CHAT, f"key{n}"))
            await pictures.add(tx, GROUP, one.id, [shot], NOON)
            await reflections.hand_in(tx, one, NOON)
        await tx.run("UPDATE pictures SET state = 'there', hash = :h, small = :s", h=hash, s=small)

    await rig.site.database.transaction(fill)
    return cycle_id


def gallery(rig: Rig, cycle_id: int, chat: str = CHAT) -> str:
    return f"/chat/{chat}/gallery/{brief(cycle_id)}"


async def test_the_gallery_shows_photos_with_number_and_maker_a_page_at_a_time(
    rig: Rig, photos: FolderStore
) -> None:
    path = gallery(rig, await handed_in(rig, photos, 30))
    first, second = (await get(rig, path)).text, (await get(rig, f"{path}?page=2")).text
    assert first.count('class="entry"') == 24 and second.count('class="entry"') == 6
    assert "A1</b> <bdi>第1人" in first and "A30</b> <bdi>第30人" in second
    assert 'alt="A1 第1人的照片，第 1 张"' in first and "&lt;b&gt;我们去社区" in first
    assert 'rel="next"' in first and 'rel="prev"' in second and 'rel="next"' not in second
    for odd in ("0", "x", "99999", "999999999", "²"):
        assert (await get(rig, f"{path}?page={odd}")).status_code == 200
    [source] = set(re.findall(r'src="(/chat/[^"]+\?small)"', first))
    assert (await get(rig, source, ZHANG)).content == SMALL


async def test_the_gallery_is_for_members_of_the_group(rig: Rig, photos: FolderStore) -> None:
    cycle_id = await handed_in(rig, photos, 1)
    assert (await get(rig, gallery(rig, cycle_id, f"p{LI}"))).status_code == 200
    assert (await get(rig, gallery(rig, cycle_id), WANG)).status_code == 404
    assert (await get(rig, gallery(rig, cycle_id, f"g{OTHER_GROUP}"), WANG)).status_code == 404
    assert (await get(rig, gallery(rig, 12345))).status_code == 404
    assert (await get(rig, f"/chat/{CHAT}/gallery/!!")).status_code == 404


WORKS = Template(
    key="works",
    title="作品展",
    stages=(
        StageSpec(key="works", kind="live", title="作品", own_questions=0, closes=When(days=4, at=20 * 60)),
    ),
)


async def with_work(rig: Rig, photos: FolderStore, kind: str, name: str, content: bytes) -> tuple[int, str]:
    """(activity, hash of the one file of its one work)."""
    cycle_id, hash = await begin(rig, WORKS), await photos.put(content)

    async def fill(tx: Tx) -> None:
        found = await cycles.find(tx, GROUP, cycle_id)
        assert found is not None
        [stage] = await cycles.stages(tx, found)
        await works.add(tx, stage, 900, LI, works.packed("document", "春联", ""), NOON)
        source = pictures.Source("browser", "site", CHAT, "key", "document", len(content), name)
        await pictures.add(tx, GROUP, 900, [pictures.Shot("document", source)], NOON)
        await tx.run("UPDATE pictures SET state = 'there', hash = :h, kind = :k", h=hash, k=kind)

    await rig.site.database.transaction(fill)
    return cycle_id, hash


async def test_a_document_is_offered_by_its_name_and_size_and_only_ever_handed_over(
    rig: Rig, photos: FolderStore
) -> None:
    page = b"<script>alert(1)</script>"
    cycle_id, hash = await with_work(rig, photos, "document", '春"联<b>.html', page)
    wall = (await get(rig, gallery(rig, cycle_id), ZHANG)).text
    assert "春_联_b_.html</bdi>" in wall and "1 KB" in wall and "W1</b> <bdi>李四" in wall
    answer = await get(rig, f"/chat/{CHAT}/pictures/{hash}", ZHANG, range="bytes=0-3")
    assert (answer.status_code, answer.content) == (200, page)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename*=UTF-8''%E6%98%A5_") and told.endswith(".html")
    assert (await get(rig, f"/chat/{CHAT}/pictures/{hash}", WANG)).status_code == 404


async def test_a_recording_is_played_and_a_film_too(rig: Rig, photos: FolderStore) -> None:
    cycle_id, hash = await with_work(rig, photos, "audio", "", b"OggS0123")
    assert (
        f'<audio controls preload="none" src="/chat/{CHAT}/pictures/{hash}"'
        in (await get(rig, gallery(rig, cycle_id))).text
    )
    heard = await get(rig, f"/chat/{CHAT}/pictures/{hash}", range="bytes=4-")
    assert (heard.status_code, heard.content, heard.headers["content-type"]) == (206, b"0123", "audio/ogg")


async def test_the_address_in_messages_leads_to_the_gallery_in_the_readers_own_chat(
    rig: Rig, photos: FolderStore
) -> None:
    cycle_id, _ = await with_work(rig, photos, "document", "a.txt", b"words")
    there = f"/gallery/{brief(GROUP)}-{brief(cycle_id)}"
    answer = await get(rig, there)
    assert (answer.status_code, answer.headers["location"]) == (303, gallery(rig, cycle_id))
    for odd in ("/gallery/x", f"/gallery/0-{brief(cycle_id)}", f"/gallery/{brief(OTHER_GROUP)}-1"):
        assert (await get(rig, odd)).status_code == 404
    assert (await get(rig, there, WANG)).status_code == 404


async def test_an_empty_gallery_says_what_will_hang_there(rig: Rig) -> None:
    assert "照片会挂在这里" in (await get(rig, gallery(rig, await begin(rig)))).text


def test_words_for_scripts_have_a_place_for_their_number(rig: Rig) -> None:
    said = rig.site.texts.say("zh", Line("page.chars_left", {"count": "{n}"}))
    assert said == "还差 {n} 字"
