"""The newsletter's page: who may read it, and that nothing anybody wrote becomes markup."""

from __future__ import annotations

from datetime import date

import pytest

from domain.cycle import Cycle
from domain.ids import brief
from domain.template import StageSpec, Template
from storage import cycles, newsletters
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.unit.browser_site import GROUP, LI, NOON, WANG, ZHANG, Rig, log_in, open_rig
from tests.unit.test_newsletter_print import picture

CYCLE, ONE = 900, 901
HASH, OTHER = "a" * 64, "b" * 64
PLAN = Template(key="x", title="三月实践", stages=(StageSpec(key="r", kind="reflection", title="心得"),))
HERE = f"/newsletter/{brief(GROUP)}-{brief(CYCLE)}"
BODY = "<script>alert(1)</script> 去看望老人。\n第二段 {{ 7*7 }}"


class Kept:
    async def put(self, content: bytes) -> str:
        return ""

    async def get(self, key: str) -> bytes | None:
        return {HASH: picture(80, 60), OTHER: b"<html>"}.get(key)

    async def delete(self, key: str) -> None: ...

    async def forget(self, before: int) -> int:
        return 0

    async def old(self, before: int) -> list[str]:
        return []


async def _fill(tx: Tx) -> None:
    cycle = Cycle(GROUP, CYCLE, "三月实践", PLAN, "running", date(2026, 3, 2))
    await cycles.add(tx, cycle, (), NOON)
    await tx.run(
        """INSERT INTO reflections (group_id, id, cycle_id, place, number, person_id, state, body, by_person, at, changed_at)
           VALUES (:group, :id, :cycle, 0, 1, :person, 'handed', :body, :person, 0, 0)""",
        group=GROUP,
        id=ONE,
        cycle=CYCLE,
        person=LI,
        body=BODY,
    )
    await tx.many(
        """INSERT INTO pictures (group_id, reflection_id, place, state, kind, source, hash, width, height, at)
           VALUES (:group, :id, :place, 'there', 'photo', '{}', :hash, 800, 600, 0)""",
        [{"group": GROUP, "id": ONE, "place": n, "hash": hash} for n, hash in enumerate((HASH, OTHER))],
    )
    letter = await newsletters.begin(tx, cycle, ZHANG, NOON)
    await newsletters.set_title(tx, letter, "<b>三月</b>")
    await newsletters.pick(tx, letter, ONE, NOON)
    await newsletters.set_consent(tx, GROUP, ONE, "yes")


async def _post(rig: Rig, token: str = "") -> None:
    letter = await rig.site.database.read(newsletters.find, GROUP, CYCLE)
    assert letter is not None
    await rig.site.database.transaction(newsletters.turn, letter, "posted", NOON)
    await rig.site.database.transaction(newsletters.set_token, letter, token)


@pytest.fixture
async def rig(sqlite_database: SqliteDatabase) -> Rig:
    found = await open_rig(sqlite_database, photos=Kept())
    await sqlite_database.transaction(_fill)
    return found


async def _status(rig: Rig, person: int | None, path: str = HERE) -> int:
    async with rig.browser() as client:
        if person:
            await log_in(rig, client, person)
        return (await client.get(path)).status_code


async def test_members_read_it_and_nobody_else_learns_of_it(rig: Rig) -> None:
    await _post(rig)
    assert await _status(rig, WANG) == 404
    assert await _status(rig, None) == 403
    assert await _status(rig, None, "/newsletter/a-b") == 403
    async with rig.browser() as client:
        await log_in(rig, client, LI)
        for path, status in ((HERE, 200), ("/newsletter/a-b", 404), ("/newsletter/nothing", 404)):
            assert (await client.get(path)).status_code == status


async def test_before_it_is_posted_only_the_secretary_sees_it(rig: Rig) -> None:
    assert await _status(rig, LI) == 404
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, ZHANG)
        answer = await client.get(HERE)
    assert answer.status_code == 200 and "还没有发布" in answer.text


async def test_with_its_own_link_anybody_reads_it_until_that_is_taken_back(rig: Rig) -> None:
    await _post(rig, "secret-token-1")
    assert await _status(rig, None, f"{HERE}/open/secret-token-1") == 200
    assert await _status(rig, None, f"{HERE}/open/secret-token-1/photo/{HASH}") == 200
    assert await _status(rig, None, f"{HERE}/open/other") == 404
    await _post(rig, "")
    assert await _status(rig, None, f"{HERE}/open/secret-token-1") == 404
    assert await _status(rig, None, f"{HERE}/open/") == 404


async def test_nothing_that_was_written_becomes_markup_and_nothing_may_run(rig: Rig) -> None:
    await _post(rig)
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, LI)
        answer = await client.get(HERE)
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text
    assert "&lt;b&gt;三月&lt;/b&gt;" in answer.text and "{{ 7*7 }}" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text and "onload" not in answer.text
    assert f'{HERE}/photo/{HASH}" width="800" height="600"' in answer.text


async def test_photos_are_those_of_the_newsletter_alone(rig: Rig) -> None:
    await _post(rig)
    async with rig.browser() as client:
        await log_in(rig, client, LI)
        photo = await client.get(f"{HERE}/photo/{HASH}")
        assert photo.headers["content-type"] == "image/png"
        assert (await client.get(f"{HERE}/photo/{OTHER}")).status_code == 404, "it is no picture"
        assert (await client.get(f"{HERE}/photo/{'c' * 64}")).status_code == 404


async def test_a_word_taken_back_is_gone_from_the_page_and_its_photos_too(rig: Rig) -> None:
    await _post(rig)
    await rig.site.database.transaction(newsletters.set_consent, GROUP, ONE, "no")
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, LI)
        answer = await client.get(HERE)
        assert answer.status_code == 200 and "看望老人" not in answer.text and "没有文章" in answer.text
        assert (await client.get(f"{HERE}/photo/{HASH}")).status_code == 404


async def test_it_speaks_the_readers_language(rig: Rig) -> None:
    await _post(rig)
    async with rig.browser(accept="text/html") as client:
        client.cookies.set("language", "en")
        await log_in(rig, client, LI)
        assert "1 reflection(s) by 1 member(s)" in (await client.get(HERE)).text


async def test_who_chooses_large_letters_comes_back_to_it_and_nobody_is_sent_elsewhere(rig: Rig) -> None:
    await _post(rig, "secret-token-1")
    async with rig.browser() as client:
        for back in (HERE, f"{HERE}/open/secret-token-1", "/chat/g100/gallery/p0?page=2"):
            answer = await client.post("/look", data={"big": "1", "back": back})
            assert answer.headers["location"] == back
        for odd in (f"{HERE}/open/a/b", f"/{HERE}", f"{HERE}?x=//y", "/chat/g100/gallery/p0?page=2&x=1"):
            assert (await client.post("/look", data={"big": "1", "back": odd})).headers["location"] == "/"


async def test_a_member_finds_the_way_back_to_the_activity_and_a_guest_is_shown_none(rig: Rig) -> None:
    await _post(rig, "secret-token-1")
    async with rig.browser(accept="text/html") as client:
        assert "/cycle/" not in (await client.get(f"{HERE}/open/secret-token-1")).text
        await log_in(rig, client, LI)
        shown = (await client.get(HERE)).text
    assert f'href="/cycle/{brief(GROUP)}-{brief(CYCLE)}"' in shown
    assert '李四的照片，第 2 张"' in shown


async def test_what_was_written_in_english_is_read_aloud_and_set_as_english(rig: Rig) -> None:
    await rig.site.database.transaction(_write_in_english)
    await _post(rig)
    async with rig.browser(accept="text/html") as client:
        await log_in(rig, client, LI)
        shown = (await client.get(HERE)).text
    assert '<html lang="zh-Hans"' in shown and '<article lang="en">' in shown


async def _write_in_english(tx: Tx) -> None:
    await tx.run("UPDATE reflections SET body = 'We read to them for an hour.' WHERE id = :id", id=ONE)
