"""A group's own templates at their limits: as many as are kept, and one that an older version wrote."""

from __future__ import annotations

from handlers.cycle_template_sent import OWN_MOST
from storage import groups, previews, templates
from storage.tx import Tx
from tests.transcripts.sample_templates import BOOK, SAMPLES
from tests.transcripts.stage import Sending
from tests.transcripts.stage_direct import DirectStage
from tests.transcripts.works import START, Works

GROUP = "一支部"


class Desk:
    """A secretary in her private chat."""

    def __init__(self, works: Works) -> None:
        self.works = works
        self.stage = DirectStage()

    async def open(self) -> Desk:
        works, stage = self.works, self.stage
        await works.load_pack()
        await stage.open(works, frozenset())
        await stage.enter(GROUP, ("张三",), ())
        who = [("张三", stage.user_id("张三"), stage.chat_id("张三"))]
        await works.found_group("direct", "bot", stage.chat_id(GROUP), GROUP, who, ("张三",))
        return self

    async def keep(self, *bodies: tuple[str, str]) -> None:
        await self.works.database.transaction(_keep, bodies)

    async def said(self, text: str, sample: str = "") -> str:
        file = Sending("读书.yaml", SAMPLES[sample]()) if sample else None
        await self.works.passage.until(self.works.now + 1000)
        await self.stage.say("张三", "张三", text, "", file)
        return await self._heard()

    async def pressed(self, label: str) -> str:
        await self.works.passage.until(self.works.now + 1000)
        await self.stage.press("张三", "张三", label)
        return await self._heard()

    async def _heard(self) -> str:
        await self.works.passage.settle()
        return "\n".join(one.text for one in await self.stage.seen())


async def _keep(tx: Tx, bodies: tuple[tuple[str, str], ...]) -> None:
    [group] = await groups.all_groups(tx)
    for key, body in bodies:
        await templates.keep(tx, group.id, key, body, 0, START)


async def test_a_group_keeps_no_more_than_it_can_read_and_may_still_change_them(works: Works) -> None:
    desk = await Desk(works).open()
    many = [(f"book-{n}", BOOK.replace("key: book", f"key: book-{n}")) for n in range(OWN_MOST - 1)]
    await desk.keep(*many)
    assert "这是一个新模板" in await desk.said("", "template")
    await desk.keep(("more", BOOK.replace("key: book", "key: more")))
    assert f"最多 {OWN_MOST} 个" in await desk.pressed("保存")
    assert f"最多 {OWN_MOST} 个" in await desk.said("", "template")
    await desk.keep(("preview-seminar", BOOK.replace("key: book", "key: preview-seminar")))
    assert "本群已经有这个模板" in await desk.said("", "template-downloaded")
    assert "存好了" in await desk.pressed("保存")


async def test_one_that_cannot_be_read_any_more_is_named_and_can_be_taken_away_or_deleted(
    works: Works,
) -> None:
    desk = await Desk(works).open()
    await desk.keep(("old", "key: old\nkind: gone\n"))
    assert "★ old（本群自己的，现在读不懂了" in await desk.said("活动 模板")
    assert "读不懂" in await desk.pressed("★ old")
    assert "文件在这里" in await desk.pressed("下载")
    assert "没有这个模板" in await desk.said("活动 新 old 明天")
    assert "删掉本群的模板「old」" in await desk.said("活动 模板 删掉 old")
    assert "已删掉" in await desk.pressed("确定删掉")
    assert "已经不在了" in await desk.pressed("确定删掉")
    assert "★" not in await desk.said("活动 模板")


async def test_a_preview_that_is_forgotten_asks_for_the_file_again(works: Works) -> None:
    desk = await Desk(works).open()
    await desk.said("", "template")
    await works.database.transaction(previews.forget, works.now + 1)
    assert "请把文件再发一次" in await desk.pressed("保存")
    assert "请把文件再发一次" in await desk.pressed("放弃")


async def test_a_template_with_the_longest_texts_still_has_all_its_stages_shown(works: Works) -> None:
    desk = await Desk(works).open()
    stage = (
        "  - {{key: s{n}, kind: preview, title: {title}, "
        'opens: {{after: "{before}", days: 9, weekday: sat}}, closes: {{after: s{n}, days: 3}}}}\n'
    )
    rows = [
        stage.format(n=n, title="长" * 38 + f"{n:02}", before=f"s{n - 1}" if n else "") for n in range(24)
    ]
    await desk.keep(("long", f"key: long\ntitle: 长\nabout: {'话' * 1000}\nstages:\n" + "".join(rows)))
    shown = await desk.said("活动 模板 long")
    assert "24. " + "长" * 38 + "23" in shown
