"""Takes the pictures of the READMEs from the real pages: ``python -m scripts.pictures /path/to/chromium``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.demonstration import demonstration

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WALL: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 380, "height": 760}
SHEET: ViewportSize = {"width": 760, "height": 1040}


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
            await _live_an_activity(page, program.url)
            await browser.close()


async def _live_a_morning(page: Page, url: str) -> None:
    await page.goto(url)
    await page.locator("#step-event").click()
    await page.locator("#messages .bot", has_text="第 7 天").wait_for()
    for name, words in (("李四", "打卡 读完第三章"), ("王五", "打卡"), ("赵六", "打卡 和孙女一起读的")):
        await page.locator(".persona", has_text=name).click()
        await page.locator(".persona[aria-pressed=true]", has_text=name).wait_for()
        await page.locator("html.js").wait_for(state="attached")
        await page.locator("#say").fill(words)
        await page.locator("#say").press("Enter")
        await page.locator("#messages .mine", has_text=words).locator(".mark").last.wait_for()


async def _live_an_activity(page: Page, url: str) -> None:
    """As 周八, who only looks on: the others do everything."""
    await page.locator(".persona", has_text="周八").click()
    await page.locator(".persona[aria-pressed=true]", has_text="周八").wait_for()
    await page.locator("#step-activity").click()
    await page.locator("#step-stage").wait_for()
    for clock in ("09:00", "09:30", "3月7日"):
        await _move(page, "stage", clock)
    await _move(page, "day", "3月8日")
    await _move(page, "day", "3月9日")
    address = await page.get_by_role("link", name="看时间线").get_attribute("href")
    await _shoot_page(page, f"{url}{address}", "cycle", SHEET, ".stage.open")
    await page.goto(url)
    for clock in ("3月11日", "3月15日", "3月16日", "3月19日"):
        await _move(page, "stage", clock)
    await page.goto(f"{url}{address}")
    newsletter = await page.get_by_role("link", name="看简报").get_attribute("href")
    await _shoot_page(page, f"{url}{newsletter}", "newsletter", SHEET, "article img")


async def _move(page: Page, step: str, clock: str) -> None:
    await page.locator("html.js").wait_for(state="attached")
    await page.locator(f"#step-{step}").click()
    await page.locator("#clock", has_text=clock).wait_for()


async def _shoot_page(page: Page, address: str, name: str, size: ViewportSize, shows: str) -> None:
    await page.set_viewport_size(size)
    await page.goto(address)
    await page.locator(shows).first.wait_for()
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=FOLDER / f"{name}.png")
    await page.set_viewport_size(WALL)


async def _shoot(
    browser: Browser,
    url: str,
    name: str,
    size: ViewportSize,
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
