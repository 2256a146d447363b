"""A group's own templates, on both engines."""

from __future__ import annotations

from domain.group import Role
from domain.message import File
from domain.outgoing import Order
from handlers.cycle_template_file import make_template
from storage import people, previews, templates
from storage.previews import TemplateSent
from storage.templates import Kept
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group, settle


async def test_one_key_has_one_template_of_each_group(database: Database) -> None:
    for at, (group, key, body) in enumerate([(7, "b", "1"), (7, "a", "2"), (8, "a", "3"), (7, "b", "4")]):
        await database.transaction(templates.keep, group, key, body, 101, NOW + at)
    assert await database.read(templates.of_group, 7) == [Kept("a", "2", NOW + 1), Kept("b", "4", NOW + 3)]
    assert await database.transaction(templates.forget, 7, "b")
    assert not await database.transaction(templates.forget, 7, "b")
    assert await database.read(templates.of_group, 7) == [Kept("a", "2", NOW + 1)]
    assert await database.read(templates.of_group, 8) == [Kept("a", "3", NOW + 2)]


async def test_whoever_is_erased_leaves_the_template_and_not_their_name(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(templates.keep, 7, "a", "1", 101, NOW)
    waiting = TemplateSent("key: a", 0)
    await database.transaction(_keep_preview, waiting)
    await database.transaction(people.erase, 101)
    assert await database.read(templates.of_group, 7) == [Kept("a", "1", NOW)]
    assert await database.read(_whose) == [0]
    assert await database.read(previews.find, 7, 1, 101) is None


async def test_what_was_sent_is_the_same_when_it_is_looked_up(database: Database) -> None:
    sent = TemplateSent("key: 甲\n# 说明\n", NOW)
    await database.transaction(_keep_preview, sent)
    found = await database.read(previews.find, 7, 1, 101)
    assert found is not None and found.kind == "template"
    assert TemplateSent.parse(found.body) == sent


async def test_the_file_is_the_secretarys_alone(database: Database) -> None:
    await database.transaction(found_group, 7)
    await database.transaction(settle, 7, 109, "王五", Role.MEMBER)
    for person, made in ((101, True), (102, False), (109, False), (0, False)):
        order = Order(7, person, File("cycle_template", "preview-seminar"), "zh")
        assert (await database.read(make_template, order, NOW) is not None) is made


async def _keep_preview(tx: Tx, sent: TemplateSent) -> None:
    await previews.keep(tx, group_id=7, id=1, person_id=101, kind="template", body=sent.dump(), now=NOW)


async def _whose(tx: Tx) -> list[int]:
    return [row[0] for row in await tx.all("SELECT by_person FROM templates")]
