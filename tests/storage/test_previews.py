"""What was sent to be loaded, and whose it becomes, on both engines."""

from __future__ import annotations

from domain.day import DAY
from domain.ids import brief
from domain.pack import Item, Pack
from domain.question import Bank, Question
from scheduler.housekeeping import tidy
from storage import banks, installation, packs, previews, shelf
from storage.loading import Loaded
from storage.previews import KEPT_OF_ONE, Preview, Sent
from storage.tx import Database, Tx
from tests.storage.founding import NOW, found_group

QUESTION = Question(
    key="a", kind="single", stem="问", options=("甲", "乙"), right=(1,), topic="节令", item="one"
)
BANK = Bank("demo", "示范", "zh", (QUESTION,))
PACK = Pack("demo", "示范", "zh", "", (Item(key="one", title="一", body="文", source="书"),))


async def keep(tx: Tx, id: int, person: int = 101, now: int = NOW) -> None:
    await previews.keep(tx, group_id=7, id=id, person_id=person, kind="bank", body="{}", now=now)


async def test_what_was_sent_is_the_same_when_it_is_looked_up() -> None:
    for sent in (Sent(None, BANK), Sent(PACK, None), Sent(PACK, BANK)):
        assert previews.parse(previews.dump(sent, "demo bank:1")) == (sent, "demo bank:1")
        assert (sent.id, sent.title) == ("demo", "示范")


async def test_a_preview_is_its_senders_and_knows_what_became_of_it(database: Database) -> None:
    await database.transaction(keep, 1)
    assert await database.read(previews.find, 7, 1, 101) == Preview(1, 101, "bank", "{}")
    assert await database.read(previews.find, 7, 1, 102) is None
    assert await database.read(previews.find, 8, 1, 101) is None
    await database.transaction(previews.change, 7, 1, "{...}")
    await database.transaction(previews.close, 7, 1, "loaded")
    assert await database.read(previews.find, 7, 1, 101) == Preview(1, 101, "loaded", "")


async def test_the_oldest_of_one_person_make_room(database: Database) -> None:
    await database.transaction(keep, 99, 102)
    for id in range(1, KEPT_OF_ONE + 3):
        await database.transaction(keep, id)
    left = [id for id in range(1, KEPT_OF_ONE + 3) if await database.read(previews.find, 7, id, 101)]
    assert left == list(range(3, KEPT_OF_ONE + 3))
    assert await database.read(previews.find, 7, 99, 102)


async def test_after_a_day_a_preview_is_forgotten(database: Database) -> None:
    await database.transaction(keep, 1)
    await tidy(database, NOW + DAY)
    assert await database.read(previews.find, 7, 1, 101)
    await tidy(database, NOW + DAY + 1)
    assert await database.read(previews.find, 7, 1, 101) is None


async def test_what_stands_differs_after_each_load(database: Database) -> None:
    assert await database.read(previews.standing, "demo") == "demo"
    await database.transaction(banks.save, BANK, NOW)
    await database.transaction(packs.save, PACK, NOW)
    assert await database.read(previews.standing, "demo") == "demo bank:1 pack:1"


async def test_an_id_is_nobody_elses(database: Database) -> None:
    own = f"demo-{brief(7)}"
    assert await database.transaction(shelf.id_for, 7, "demo") == "demo"
    await database.transaction(packs.save, PACK, NOW)
    assert await database.read(shelf.owner, "demo") == 0
    assert await database.transaction(shelf.id_for, 0, "demo") == "demo"
    assert await database.transaction(shelf.id_for, 7, "demo") == own
    await database.transaction(banks.save, Bank(own, "示范", "zh", (QUESTION,)), NOW, 7)
    assert await database.transaction(shelf.id_for, 7, "demo") == own
    assert await database.transaction(shelf.id_for, 8, own) == f"{own}-{brief(8)}"
    assert len(await database.transaction(shelf.id_for, 8, "x" * 48)) == 48


async def test_a_group_is_offered_its_own_and_everybodys(database: Database) -> None:
    await database.transaction(banks.save, BANK, NOW)
    await database.transaction(banks.save, Bank("zz", "本群的", "zh", (QUESTION,)), NOW, 7)
    await database.transaction(packs.save, PACK, NOW, 7)
    assert [one.id for one in await database.read(banks.offered, 7)] == ["zz", "demo"]
    assert [one.id for one in await database.read(banks.offered, 8)] == ["demo"]
    assert [one.id for one in await database.read(packs.offered, 7)] == ["demo"]
    assert await database.read(packs.offered, 0) == []
    assert await database.read(banks.whole, "zz") == Bank("zz", "本群的", "zh", (QUESTION,))
    assert await database.read(banks.whole, "none") is None


async def test_comparing_changes_nothing(database: Database) -> None:
    await database.transaction(banks.save, BANK, NOW)
    other = Bank("demo", "示范", "zh", (QUESTION.model_copy(update={"key": "b"}),))
    assert await database.read(banks.compare, other) == Loaded(1, 0, 1, 0)
    assert await database.read(packs.compare, PACK) == Loaded(1, 0, 0, 0)
    assert await database.read(banks.whole, "demo") == BANK
    assert await database.read(packs.all_packs) == []


async def test_starting_the_demonstration_anew_forgets_what_was_a_groups_own(database: Database) -> None:
    await database.transaction(found_group)
    await database.transaction(banks.save, BANK, NOW)
    await database.transaction(banks.save, Bank("own", "本群的", "zh", (QUESTION,)), NOW, 7)
    await database.transaction(packs.save, PACK, NOW, 7)
    await database.transaction(installation.wipe_groups)
    assert [one.id for one in await database.read(banks.all_banks)] == ["demo"]
    assert await database.read(packs.all_packs) == []
    assert await database.read(banks.question, "own", "a") is None
    assert await database.read(packs.item, "demo", "one") is None
    assert await database.read(banks.question, "demo", "a") == QUESTION
