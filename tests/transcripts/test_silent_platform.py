"""Telegram does not answer what only it knows: the person is asked to say it again, and nothing was done by halves."""

from __future__ import annotations

import pytest

from domain.message import line
from storage import groups
from tests.platforms.telegram_rig import Mode
from tests.transcripts.stage_telegram import TelegramStage
from tests.transcripts.works import Works

GROUP = "一支部"


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_an_administrator_is_asked_to_try_again_and_then_succeeds(works: Works, mode: Mode) -> None:
    stage = TelegramStage(mode)
    await works.load_pack()
    await stage.open(works, frozenset())
    try:
        await stage.enter(GROUP, ("张三",), ("张三",))
        stage.fake.fail("getChatMember", status=502)
        assert await said(works, stage) == works.core.texts.say("zh", line("error.platform_silent"))
        assert await works.database.read(groups.all_groups) == []
        assert (await said(works, stage)).startswith("🌱 一支部")
        [group] = await works.database.read(groups.all_groups)
        assert group.name == GROUP
    finally:
        await stage.close()


async def said(works: Works, stage: TelegramStage) -> str:
    """What the bot answers to 绑定."""
    await stage.say(GROUP, "张三", "绑定", answers=False)
    await works.passage.settle()
    [answer] = await stage.seen()
    return answer.text
