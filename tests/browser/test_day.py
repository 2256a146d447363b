"""A real browser plays a group's day, as a member and as the secretary, in the demonstration that `make run` starts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.demonstration import Demonstration, demonstration


@pytest.fixture
async def played(tmp_path: Path, browser: Browser) -> AsyncIterator[tuple[Page, Demonstration]]:
    with demonstration(tmp_path) as program:
        context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        await page.goto(program.url)
        yield page, program
        await context.close()
        assert faults == []


async def become(page: Page, name: str) -> None:
    await page.locator(".persona", has_text=name).click()
    await expect(page.locator(".persona[aria-pressed=true]")).to_contain_text(name)


async def awake(page: Page) -> None:
    """The page's scripts are at work: without them Enter begins a new line."""
    await page.locator("html.js").wait_for(state="attached")


async def say(page: Page, words: str) -> None:
    await awake(page)
    await page.locator("#say").fill(words)
    await page.locator("#say").press("Enter")
    await expect(page.locator("#messages .mine", has_text=words).last).to_be_visible()


async def next_event(page: Page) -> None:
    await awake(page)
    before = await page.locator("#clock").inner_text()
    await page.locator("#step-event").click()
    await expect(page.locator("#clock")).not_to_have_text(before)


async def test_a_newcomer_lives_through_a_day_as_member_and_as_secretary(
    played: tuple[Page, Demonstration],
) -> None:
    page, program = played
    bot = page.locator("#messages .bot")
    await expect(page.locator(".strip")).to_contain_text("演示")
    await expect(page.locator(".persona")).to_have_count(6)

    # The morning's item comes by itself.
    await next_event(page)
    await expect(bot.last).to_contain_text("第 7 天")
    await expect(bot.last.get_by_role("button", name="已学")).to_be_visible()

    # 李四 checks in, sees the mark on her words and herself on the board.
    await become(page, "李四")
    await say(page, "打卡 读完第三章")
    await expect(page.locator("#messages .mine").last.locator(".mark")).to_be_visible()
    await expect(page.locator("#board")).to_contain_text("1/6")
    await expect(page.locator("#board")).to_contain_text("李四 7天")

    # By a button, the answer is a passing note.
    await become(page, "王五")
    await awake(page)
    await bot.filter(has_text="第 7 天").last.get_by_role("button", name="打卡").click()
    await expect(page.locator("#toast")).to_contain_text("打卡成功")
    await expect(page.locator("#board")).to_contain_text("2/6")

    # 王五 gets a set-up code from the operator and becomes one more secretary.
    code = program.command("setup-code").split()[-1]
    await say(page, f"绑定 {code}")
    await expect(bot.last).to_contain_text("王五 现在也是本群的书记了")

    # At half past twelve comes a question; the answer is told to her alone.
    await next_event(page)
    await expect(bot.last).to_contain_text("今日一题")
    await say(page, "答 A")
    await page.locator("#tabs").get_by_text("和学伴私聊").click()
    await expect(bot.last).to_contain_text(re.compile("答对了|正确的是"))
    await page.locator("#tabs").get_by_text("一支部学习群").click()
    await expect(page.locator("#board")).to_contain_text("2/6")

    # As such she moves the reminder to seven in the evening.
    await say(page, "设置 提醒时间 19:00")
    await expect(bot.last).to_contain_text("提醒时间 19:00")

    # The reminder comes then, and calls nobody by name.
    await next_event(page)
    await expect(page.locator("#clock")).to_contain_text("19:00")
    await expect(bot.last).to_contain_text("2/6 位已打卡")
    await expect(bot.last).not_to_contain_text("张三")

    # The day ends, and after the quiet hours its closing congratulates the seventh day in a row.
    await next_event(page)
    await next_event(page)
    await expect(bot.last).to_contain_text("3月2日小结")
    await expect(bot.last).to_contain_text("李四 连续 7 天")
    await expect(bot.last).not_to_contain_text("张三")


async def test_starting_over_brings_the_sample_day_back(played: tuple[Page, Demonstration]) -> None:
    page, _ = played
    await say(page, "打卡 只说一次的话")
    await awake(page)
    await page.locator("#step-over").click()
    await page.locator("#sure button[value=yes]").click()
    await expect(page.locator("#messages")).not_to_contain_text("只说一次的话", timeout=30_000)
    await expect(page.locator("#clock")).to_contain_text("07:2")


async def test_the_day_can_be_lived_by_keyboard_alone_on_a_phone(
    played: tuple[Page, Demonstration],
) -> None:
    page, _ = played
    await page.set_viewport_size({"width": 360, "height": 740})
    await awake(page)
    await page.locator("#say").focus()
    await page.keyboard.type("打卡")
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages .mine").last.locator(".mark")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
