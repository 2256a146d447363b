"""Takes the pictures of the READMEs from the real pages: ``python -m scripts.pictures /path/to/chromium``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.demonstration import demonstration

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WALL, PHONE = {"width": 1280, "height": 860}, {"width": 380, "height": 760}


async def main(chromium: str) -> None:
    with TemporaryDirectory() as data, demonstration(Path(data)) as program:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = await browser.new_page(viewport=WALL, locale="zh-CN")
            await _live_a_morning(page, program.url)
            await _shoot(browser, program.url, "chat-zh", WALL)
            await _shoot(browser, program.url, "phone-zh", PHONE)
            await _shoot(browser, program.url, "phone-dark-zh", PHONE, dark=True)
            await _shoot(browser, program.url, "phone-large-zh", PHONE, large=True)
            await _shoot(browser, program.url, "chat-en", WALL, english=True)
            await browser.close()


async def _live_a_morning(page: Page, url: str) -> None:
    await page.goto(url)
    await page.locator("#step-event").click()
    await page.locator("#messages .bot", has_text="第 7 天").wait_for()
    for name, words in (("李四", "打卡 读完第三章"), ("王五", "打卡"), ("赵六", "打卡 和孙女一起读的")):
        await page.locator(".persona", has_text=name).click()
        await page.locator(".persona[aria-pressed=true]", has_text=name).wait_for()
        await page.locator("#say").fill(words)
        await page.locator("#say").press("Enter")
        await page.locator("#messages .mine .mark").last.wait_for()


async def _shoot(
    browser: Browser,
    url: str,
    name: str,
    size: dict[str, int],
    *,
    dark: bool = False,
    large: bool = False,
    english: bool = False,
) -> None:
    context = await browser.new_context(
        viewport=size,
        locale="en-GB" if english else "zh-CN",
        color_scheme="dark" if dark else "light",
        device_scale_factor=2 if size == PHONE else 1,
    )
    page = await context.new_page()
    await page.goto(url)
    if english:
        await page.get_by_text("English", exact=True).first.click()
        await page.wait_for_load_state("networkidle")
    if large:
        await page.get_by_text("大字", exact=True).first.click()
        await page.wait_for_load_state("networkidle")
    await page.locator("#board .title").wait_for()
    await page.wait_for_timeout(500)
    await page.screenshot(path=FOLDER / f"{name}.png")
    await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
