"""What can break silently on a page: words that run over a small screen's edge, and the way back after choosing large letters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from storage.sqlite import SqliteDatabase
from tests.browser.sample_site import SampleSite, sample_site

SMALL: ViewportSize = {"width": 320, "height": 640}
OVER = """() => [...document.querySelectorAll("a, button, h1, h2, p, img, time")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  const scrolls = one.closest(".chips, .previews, .unseen, .skip, .rest-of-page, dialog");
  return width > 1 && !scrolls && (left < -1 || right > document.documentElement.clientWidth + 1);
}).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 20)}`)
  .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["the page itself"] : [])"""
LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(one => Number(one.tagName[1]))"
UNSTEADY = "[...document.querySelectorAll('main img')].filter(one => !one.width || !one.getAttribute('height') || !one.alt).length"


@pytest.fixture
async def site(sqlite_database: SqliteDatabase, tmp_path: Path) -> AsyncIterator[SampleSite]:
    async with sample_site(sqlite_database, tmp_path) as found:
        yield found


@pytest.fixture
async def context(site: SampleSite, browser: Browser) -> AsyncIterator[BrowserContext]:
    """Of 张三, with a small screen."""
    context = await browser.new_context(viewport=SMALL, locale="zh-CN")
    page = await context.new_page()
    await page.goto(site.link)
    await page.get_by_role("button").first.click()
    await expect(page.locator("#say")).to_be_visible()
    await page.close()
    yield context
    await context.close()


async def _choose(context: BrowserContext, site: SampleSite, *, big: bool, language: str) -> None:
    await context.add_cookies(
        [
            {"name": "big", "value": str(int(big)), "url": site.url},
            {"name": "language", "value": language, "url": site.url},
        ]
    )


async def test_on_a_small_screen_with_large_letters_nothing_runs_over_the_edge_in_either_language(
    site: SampleSite, context: BrowserContext
) -> None:
    page = await context.new_page()
    faults: list[str] = []
    for language in ("zh", "en"):
        await _choose(context, site, big=True, language=language)
        for name, path in site.pages.items():
            await page.goto(site.url + path)
            faults += [f"{name} in {language} runs over: {one}" for one in await page.evaluate(OVER)]
            faults += [f"{name}: {fault}" for fault in await _faults(page)]
    assert faults == []


async def _faults(page: Page) -> list[str]:
    levels = await page.evaluate(LEVELS)
    missing = [
        f"no h{level - 1} before h{level}"
        for a, level in zip([0, *levels], levels, strict=False)
        if level > a + 1
    ]
    unsteady = await page.evaluate(UNSTEADY)
    return missing + [f"{unsteady} photos without size or words"] * bool(unsteady)


async def test_large_letters_are_chosen_on_every_page_that_has_the_switch_and_one_stays_there(
    site: SampleSite, context: BrowserContext
) -> None:
    page = await context.new_page()
    for name in ("cycle", "gallery", "gallery, second page", "newsletter", "newsletter by its link"):
        await _choose(context, site, big=False, language="zh")
        await page.goto(site.url + site.pages[name])
        await page.get_by_role("button", name="大字").click()
        await expect(page.locator("html.big")).to_be_attached()
        assert page.url == (site.url + site.pages[name]).removesuffix("?who")


async def test_with_large_letters_what_is_written_can_be_sent_on_a_small_screen(
    site: SampleSite, context: BrowserContext
) -> None:
    await _choose(context, site, big=True, language="en")
    page = await context.new_page()
    await page.goto(site.url + site.pages["chat"])
    await page.locator("html.js").wait_for(state="attached")
    await page.locator("#reflect").click()
    await page.locator("#photos").set_input_files(
        [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"} for n in range(5)]
    )
    await page.locator("#say").fill("周六去清河岸，捡了六袋垃圾。" * 30)
    await expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(page.locator("#say")).to_be_in_viewport(ratio=1)


async def test_an_enlarged_photo_is_turned_and_left_by_keyboard(
    site: SampleSite, context: BrowserContext
) -> None:
    page = await context.new_page()
    await page.goto(site.url + site.pages["gallery, second page"])
    first = page.locator("li.entry", has_text="褚十三").locator("a.photo").first
    await first.focus()
    await page.keyboard.press("Enter")
    large = page.locator("#enlarged")
    await expect(large).to_be_visible()
    await page.keyboard.press("ArrowRight")
    second = await page.locator("li.entry", has_text="褚十三").locator("a.photo").nth(1).get_attribute("href")
    await expect(large.locator("img")).to_have_attribute("src", f"{site.url}{second}")
    await page.keyboard.press("Escape")
    await expect(large).to_be_hidden()
