"""Files in the browser chat: attached by people, and the bot's opened by those who may read the chat."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.platforms.browser import BrowserFacts, BrowserTransport
from bot.sending.making import Makers
from content.texts import Texts
from domain.errors import UserError
from domain.group import Role
from domain.incoming import Attachment, Incoming
from domain.message import File
from domain.outgoing import Made, Make, Order, Outgoing
from storage import talk
from storage.media import FolderStore
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.transcripts.test_files import tiny_png
from tests.unit.browser_site import GROUP, LI, NOON, OURS, WANG, ZHANG, PlayedDemo, Rig, open_rig
from web.site import UPLOAD_BYTES

CHAT = f"g{GROUP}"
KEY = "key-00000001"
FORM = OURS | {"accept": "text/html"}
MADE = {
    "chart": Made("chart.png", tiny_png(), "photo", '三月 "12" 人次'),
    "photo": Made("photo.jpg", b"\xff\xd8\xff\xe0", "photo"),
    "table": Made('打卡"; x=<b>.csv', b"<script>alert(1)</script>"),
    "page": Made("page.png", b"<script>alert(1)</script>", "photo"),
}


class Everybody(PlayedDemo):
    async def personas(self) -> list[tuple[int, str, Role]]:
        return [*await super().personas(), (WANG, "王五", Role.MEMBER)]


class Shop:
    """Makes files until it is told that there is nothing to show any longer, or fails."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.gone = self.broken = False
        self.makers = Makers(dict.fromkeys(MADE, self._make), database, Texts.load(), lambda: NOON)

    async def _make(self, tx: Tx, order: Order, now: int) -> Make | None:
        if self.broken:
            raise ZeroDivisionError
        return None if self.gone else lambda say: MADE[order.file.kind]


@pytest.fixture
def uploads(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "uploads", lambda: NOON)


@pytest.fixture
def shop(sqlite_database: SqliteDatabase) -> Shop:
    return Shop(sqlite_database)


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase, uploads: FolderStore, shop: Shop) -> Rig:
    return await open_rig(sqlite_database, demo=Everybody(), uploads=uploads, makes=shop.makers)


async def attach(
    rig: Rig, name: str, content: bytes, *, chat: str = CHAT, person: int = LI, **fields: str
) -> httpx.Response:
    async with rig.browser(person) as browser:
        return await browser.post(
            f"/chat/{chat}/messages", data={"key": KEY} | fields, files={"file": (name, content)}
        )


async def page_of(rig: Rig, person: int = LI, chat: str = CHAT) -> str:
    async with rig.browser(person) as browser:
        return (await browser.get(f"/chat/{chat}")).text


async def test_an_attached_file_is_heard_by_the_bot_and_shown_by_name_and_size(
    rig: Rig, uploads: FolderStore
) -> None:
    answer = await attach(rig, "题库.xlsx", b"x" * 3000, text="请看", mentions='[{"name":"张三","id":"11"}]')
    assert answer.status_code == 200
    [heard] = rig.ear.heard
    [attachment] = heard.attachments
    assert (heard.text, attachment.kind, attachment.name, attachment.size) == (
        "请看",
        "document",
        "题库.xlsx",
        3000,
    )
    assert await BrowserFacts(uploads).fetch(heard, attachment, 3000) == b"x" * 3000
    page = await page_of(rig)
    assert "题库.xlsx" in page and "3 KB" in page


async def test_a_file_alone_says_enough(rig: Rig) -> None:
    assert (await attach(rig, "a.gift", b"words")).status_code == 200
    assert rig.ear.heard[0].text == ""


async def test_what_looks_like_a_picture_is_one_whatever_it_is_called(rig: Rig) -> None:
    await attach(rig, "a.xlsx", tiny_png())
    assert rig.ear.heard[0].attachments[0].kind == "photo"
    await attach(rig, "a.webp", b"RIFF\0\0\0\0WEBPVP8 ", key="key-00000002")
    assert rig.ear.heard[1].attachments[0].kind == "photo"


async def test_a_name_is_shown_and_never_obeyed(rig: Rig) -> None:
    await attach(rig, "../../<img src=x onerror=alert(1)>\u202e.xlsx", b"x")
    assert rig.ear.heard[0].attachments[0].name == "_img src=x onerror=alert(1)_.xlsx"
    assert "<img src=x" not in await page_of(rig)


async def test_the_same_posting_again_is_heard_once_more_as_the_same_event(rig: Rig) -> None:
    for _ in range(2):
        await attach(rig, "a.txt", b"words")
    assert len({event.event_id for event in rig.ear.heard}) == 1
    assert (await page_of(rig)).count('class="file-name"') == 1


async def test_without_scripts_the_form_carries_the_file(rig: Rig) -> None:
    async with rig.browser(LI, accept="text/html") as browser:
        path = f"/chat/{CHAT}/messages"
        with_file = {"data": {"key": KEY, "text": ""}, "files": {"file": ("a.txt", b"words")}}
        assert (await browser.post(path, **with_file)).status_code == 303  # type: ignore[arg-type]
        empty = {"data": {"key": KEY, "text": "打卡"}, "files": {"file": ("", b"")}}
        assert (await browser.post(path, **empty)).status_code == 303  # type: ignore[arg-type]
    assert [len(event.attachments) for event in rig.ear.heard] == [1, 0]
    assert len({event.event_id for event in rig.ear.heard}) == 2


@pytest.mark.parametrize("more", [1, UPLOAD_BYTES * 10])
async def test_a_file_that_is_too_large_is_refused_with_how_large_it_may_be(rig: Rig, more: int) -> None:
    answer = await attach(rig, "a.txt", b"x" * (UPLOAD_BYTES + more))
    assert (answer.status_code, "5 MB" in answer.text) == (413, True)
    assert rig.ear.heard == []


async def test_a_form_that_makes_no_sense_is_refused(rig: Rig) -> None:
    part = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n1\r\n'
    bodies = [
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (part * 2 + b"--x--", "multipart/form-data; boundary=x"),
        (part.replace(b"file", b"k", 1) * 2, "multipart/form-data; boundary=x; charset=idna"),
        (b"--x\r\ncontent-disposition: form-data\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
    ]
    async with rig.browser(LI) as browser:
        for body, kind in bodies:
            answer = await browser.post(
                f"/chat/{CHAT}/messages", content=body, headers={"content-type": kind}
            )
            assert answer.status_code == 400, body
    assert rig.ear.heard == []


async def test_a_stranger_is_sent_away_before_the_file_is_read(rig: Rig) -> None:
    assert (await attach(rig, "a.txt", b"x", person=WANG)).status_code in (403, 404)


async def test_where_nothing_is_kept_nothing_can_be_attached(sqlite_database: SqliteDatabase) -> None:
    rig = await open_rig(sqlite_database, demo=Everybody())
    assert (await attach(rig, "a.txt", b"x")).status_code == 400
    assert 'type="file"' not in await page_of(rig)


async def test_a_full_disk_is_told(sqlite_database: SqliteDatabase, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    rig = await open_rig(
        sqlite_database, demo=Everybody(), uploads=FolderStore(tmp_path / "file", lambda: NOON)
    )
    assert (await attach(rig, "a.txt", b"x")).status_code == 503


async def test_what_was_forgotten_or_is_more_than_wanted_is_told(rig: Rig, uploads: FolderStore) -> None:
    await attach(rig, "a.txt", b"x" * 11)
    [heard] = rig.ear.heard
    facts = BrowserFacts(uploads)
    with pytest.raises(UserError, match=r"file\.too_big"):
        await facts.fetch(heard, heard.attachments[0], 10)
    with pytest.raises(UserError, match=r"file\.gone"):
        await facts.fetch(heard, Attachment(kind="document", file_id="0" * 64), 10)


async def test_the_chat_has_no_administrators_and_hears_everything(uploads: FolderStore) -> None:
    event = Incoming(
        platform="browser",
        account="site",
        event_id="1",
        chat_id=CHAT,
        sender_id="1",
        sender_name="张三",
        is_group=True,
        sent_at=NOON,
    )
    facts = BrowserFacts(uploads)
    assert not await facts.sender_is_admin(event)
    assert await facts.hears_everything(CHAT)


async def shown(rig: Rig, shop: Shop, kind: str, chat: str = CHAT) -> str:
    """The path of the file that the bot shows there."""
    transport = BrowserTransport(rig.site.database, rig.hub, rig.site.clock, rig.site.ids, makers=shop.makers)
    order = Order(GROUP, 0, File(kind, "2026-03"), "zh")
    message = await transport.send(Outgoing(chat_id=chat, text="三月", file=order))
    return f"/chat/{chat}/messages/{message}/file"


async def test_a_chart_is_a_picture_with_its_size_and_its_words(rig: Rig, shop: Shop) -> None:
    path = await shown(rig, shop, "chart")
    page = await page_of(rig)
    assert f'src="{path}?v=' in page and 'width="1" height="1"' in page
    assert 'alt="三月 &#34;12&#34; 人次"' in page
    async with rig.browser(LI) as browser:
        answer = await browser.get(path)
    assert answer.content == tiny_png()
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/png", "no-store")
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''chart.png"


async def test_a_picture_of_unknown_sides_is_shown_all_the_same(rig: Rig, shop: Shop) -> None:
    path = await shown(rig, shop, "photo")
    assert "width=" not in (await page_of(rig)).partition('class="made"')[2].partition(">")[0]
    async with rig.browser(LI) as browser:
        assert (await browser.get(path)).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("kind", ["table", "page"])
async def test_a_document_is_taken_away_and_never_run(rig: Rig, shop: Shop, kind: str) -> None:
    path = await shown(rig, shop, kind)
    assert path in await page_of(rig)
    async with rig.browser(ZHANG) as browser:
        answer = await browser.get(path)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert '"' not in answer.headers["content-disposition"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_file_is_for_those_who_may_read_the_chat(rig: Rig, shop: Shop) -> None:
    group, private = await shown(rig, shop, "table"), await shown(rig, shop, "table", f"p{LI}")
    for person, allowed in ((LI, [200, 200]), (ZHANG, [200, 404]), (WANG, [404, 404])):
        async with rig.browser(person) as browser:
            assert [(await browser.get(path)).status_code for path in (group, private)] == allowed, person


async def test_what_can_be_shown_no_longer_is_told(rig: Rig, shop: Shop) -> None:
    path = await shown(rig, shop, "table")
    async with rig.browser(LI) as browser:
        for other in (path.replace("/file", "0/file"), f"/chat/{CHAT}/messages/x/file"):
            assert (await browser.get(other)).status_code == 404
        shop.gone = True
        assert "不能看了" in (await browser.get(path)).text
        shop.broken = True
        assert (await browser.get(path)).status_code == 500


async def test_a_file_that_cannot_be_made_does_not_keep_the_words_back(rig: Rig, shop: Shop) -> None:
    shop.broken = True
    await shown(rig, shop, "table")
    [said] = await rig.site.database.read(talk.page, CHAT, None, 9)
    assert said.body.file is None and said.body.text.startswith("三月\n（文件这次没有做好")


async def test_shown_again_the_file_goes_with_the_new_words(rig: Rig, shop: Shop) -> None:
    path = await shown(rig, shop, "chart")
    transport = BrowserTransport(rig.site.database, rig.hub, rig.site.clock, rig.site.ids, makers=shop.makers)
    order = Order(GROUP, 0, File("photo"), "zh")
    await transport.edit(Outgoing(chat_id=CHAT, text="四月", file=order), path.split("/")[4])
    [said] = await rig.site.database.read(talk.page, CHAT, None, 9)
    assert (said.body.text, said.body.file and said.body.file.order) == ("四月", order)
