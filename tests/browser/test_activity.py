"""A real browser plays a whole activity, practice and online summary, with real photos, up to the newsletter and its PDF."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from domain.reflection import count_chars
from tests.browser.demonstration import demonstration
from tests.browser.test_day import awake, become, say

PATIENCE = 15_000
"""Milliseconds; days go by between two clicks."""
SHORT = "周六去清河岸，捡了六袋垃圾。"
WRITTEN = (
    "周六上午我和邻居们一起去清河岸。远看水边很干净，蹲下来才发现草丛里都是烟头、绳子和碎玻璃，两百米的岸我们清了一上午，"
    "装满六只大袋子。最费工夫的是缠在芦苇根上的旧渔网，剪了半个钟头，里面还困着一只小螃蟹，放回水里的时候孩子们都拍手。"
    "我体会到，大家的地方要大家一起管，一个人弯腰，旁边就有人跟着弯腰。垃圾不是一天丢下的，也不会一天就捡完。"
    "接下来我打算每个月第一个星期天早上去走一趟，袋子和夹子由我准备，已经有两位邻居说愿意一起去，下个月就从桥头开始。"
)
REWRITTEN = WRITTEN.replace("六只大袋子", "整整七只大袋子")


@pytest.fixture
async def page(tmp_path: Path, browser: Browser) -> AsyncIterator[Page]:
    with demonstration(tmp_path) as program:
        context = await browser.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN")
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        await page.goto(program.url)
        yield page
        await context.close()
        assert faults == []


def photo(name: str, place: float) -> FilePayload:
    """A JPEG of two megapixels, as a telephone would bring it."""
    picture = Image.effect_mandelbrot((1600, 1200), (place - 2, -1.2, place, 1.2), 40).convert("RGB")
    out = BytesIO()
    picture.save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


async def step(page: Page, what: str, shows: str) -> None:
    """Move the clock; it shows ``shows`` then."""
    await awake(page)
    await page.locator(f"#step-{what}").click()
    await expect(page.locator("#clock")).to_contain_text(shows, timeout=PATIENCE)


async def to_private(page: Page) -> None:
    await page.locator("#tabs a", has_text="和学伴私聊").click()
    await expect(page.locator("h1")).to_contain_text("和学伴私聊")
    await awake(page)


async def to_group(page: Page) -> None:
    await page.locator("#tabs a", has_text="一支部学习群").click()
    await expect(page.locator("h1")).to_contain_text("一支部学习群")
    await awake(page)


def said(page: Page, words: str | re.Pattern[str]) -> Locator:
    """The newest of the bot's messages with these words."""
    return page.locator("#messages .bot", has_text=words).last


async def press(page: Page, words: str, label: str | re.Pattern[str]) -> None:
    await said(page, words).get_by_role("button", name=label).first.click()


async def test_a_group_goes_through_a_whole_activity_and_reads_its_newsletter(page: Page) -> None:
    await _begin_and_sign_up(page)
    await _write(page)
    await _review(page)
    await _evaluate(page)
    await _make_the_newsletter(page)
    await _read_the_newsletter(page)


async def _begin_and_sign_up(page: Page) -> None:
    """The secretary begins it, and 李四 comes; the others act by themselves as the clock moves."""
    await awake(page)
    await page.get_by_role("button", name="开始一个样例活动").click()
    await expect(said(page, "「实践与线上总结」定好了")).to_be_visible()
    await step(page, "stage", "3月2日 周一 09:00")
    await step(page, "stage", "3月2日 周一 09:30")
    await become(page, "李四")
    await awake(page)
    await press(page, "实践与线上总结 · 实践", "报名")
    await expect(said(page, "李四").filter(has_text="报名")).to_be_visible()
    await step(page, "stage", "3月7日 周六 19:00")
    await expect(said(page, "实践结束")).to_contain_text("6")


async def _write(page: Page) -> None:
    """Two photos and 200 characters, counted as they are typed; then other words in their place."""
    await page.get_by_role("link", name="看时间线").click()
    await expect(page.locator(".stage.open")).to_contain_text("这一步您还没做")
    await page.get_by_role("link", name="回到聊天").click()
    await awake(page)
    await page.locator("#chips").get_by_role("button", name="写心得").click()
    await page.locator("#say").fill(SHORT)
    left = page.locator("#reflecting-left")
    await expect(left).to_contain_text(f"还差 {200 - count_chars(SHORT)} 字")
    await expect(left).to_contain_text("还差 1 张照片")
    await page.locator("#photos").set_input_files([photo("河岸一.jpg", 0.4), photo("河岸二.jpg", 0.9)])
    await page.locator("#say").fill(WRITTEN)
    await expect(left).to_contain_text(f"{count_chars(WRITTEN)}/200")
    await expect(left).to_contain_text("写够了")
    await page.locator("#send").click()
    await expect(said(page, "李四的心得收到，编号 A1")).to_be_visible(timeout=PATIENCE)
    await expect(page.locator("#messages .mine").last.locator("img")).to_have_count(2, timeout=PATIENCE)
    await say(page, f"心得 改 {REWRITTEN}")
    await expect(page.locator("#messages .mine").last.locator(".mark")).to_be_visible()


async def _review(page: Page) -> None:
    """One by buttons and a word, one in a line."""
    await step(page, "stage", "3月11日 周三 20:30")
    await to_private(page)
    asked = said(page, "请您")
    read = asked.get_by_role("button", name=re.compile(r"A\d"))
    await expect(read).to_have_count(2)
    first, second = [_code(label) for label in await read.all_inner_texts()]
    await read.first.click()
    await expect(said(page, first)).to_be_visible()
    for criterion in ("内容", "体会", "行动"):
        await press(page, f"{first} · {criterion}，打几分", "5")
    await expect(said(page, f"{first} 的分数记下了")).to_be_visible()
    await say(page, "读完很受触动，做的事情具体，后面的打算也说到做到，值得我学。")
    await expect(said(page, f"{first} 评好了")).to_be_visible()
    await say(page, f"评 {second} 5 4 5 写得真诚，照片也好，要是多一个当时的细节会更打动人。")
    await expect(said(page, f"{second} 评好了")).to_be_visible()


def _code(label: str) -> str:
    found = re.search(r"A\d+", label)
    assert found is not None
    return found[0]


async def _evaluate(page: Page) -> None:
    await step(page, "stage", "3月15日 周日 09:00")
    await say(page, "反馈 5 写心得的时候才想明白自己做了什么")
    await expect(said(page, "下次希望怎么改")).to_be_visible()
    await say(page, "反馈 第3题 准备几双厚一点的手套")
    await expect(said(page, "都答完了")).to_be_visible()
    await step(page, "stage", "3月16日 周一 20:30")
    await expect(said(page, "综合评价")).to_be_visible()


async def _make_the_newsletter(page: Page) -> None:
    """The secretary picks and asks; 李四 agrees by a button, the others when an hour or two have gone by."""
    await become(page, "张三")
    await to_private(page)
    await press(page, "心得收齐了", "开始选")
    await say(page, "简报 选 A1 A2 A3")
    await press(page, "【3】", "请作者同意")
    await expect(said(page, "已私下问了")).to_be_visible()
    await become(page, "李四")
    await to_private(page)
    await press(page, "书记想把您的心得 A1", "同意刊登")
    await expect(said(page, "谢谢您")).to_be_visible()
    await become(page, "张三")
    await to_private(page)
    await step(page, "hour", "21:30")
    await step(page, "hour", "22:30")
    await say(page, "简报 发布")
    await expect(said(page, "发布了，共 3 篇")).to_be_visible()


async def _read_the_newsletter(page: Page) -> None:
    """It is posted in the morning; the page has the photos, and the PDF is one."""
    await step(page, "day", "3月17日 周二 07:20")
    await to_group(page)
    await expect(said(page, "📰 简报")).to_contain_text("李四")
    await expect(said(page, "📰 简报").locator("img")).to_be_visible()
    await page.get_by_role("link", name="看时间线").click()
    paper = await page.get_by_role("link", name="简报 PDF").get_attribute("href")
    await page.get_by_role("link", name="看简报").click()
    await expect(page.locator("h1")).to_have_text("实践与线上总结")
    await expect(page.locator("article")).to_have_count(3)
    await expect(page.locator("article", has_text="整整七只大袋子").locator("img")).to_have_count(2)
    assert await page.locator("article img").first.evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    made = await page.request.get(urljoin(page.url, paper))
    assert (await made.body()).startswith(b"%PDF")
