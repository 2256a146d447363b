"""A real browser brings questions as a workbook, answers one, reviews the mistake, and takes the questions and the records out again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.async_api import Page, expect

from content.exchange.formats import read_bank, write_bank
from domain.question import Bank, Question
from tests.browser.demonstration import Demonstration
from tests.browser.test_day import awake, become, next_event, played, say

__all__ = ["played"]

BANK = Bank(
    "jijie",
    "四季常识",
    "zh",
    (
        Question(
            key="summer",
            kind="single",
            stem="春天过后是什么季节？",
            options=("秋天", "夏天", "冬天"),
            right=(1,),
            explanation="一年四季，春去夏来。",
            source="《四季》",
        ),
        Question(key="moon", kind="truefalse", stem="月亮自己会发光。", right=(1,)),
        Question(key="months", kind="fill", stem="一年有____个月。", answers=("12",)),
    ),
)


async def in_private(page: Page) -> None:
    await page.locator("#tabs").get_by_text("和学伴私聊").click()
    await awake(page)


async def in_the_group(page: Page) -> None:
    await page.locator("#tabs").get_by_text("一支部学习群").click()
    await awake(page)


async def test_questions_come_in_by_a_workbook_are_answered_reviewed_and_taken_out_again(
    played: tuple[Page, Demonstration], tmp_path: Path
) -> None:
    page, _ = played
    bot = page.locator("#messages .bot")
    workbook = tmp_path / "四季常识.xlsx"
    workbook.write_bytes(write_bank(BANK, "xlsx"))

    # The secretary attaches it in private, sees what is in it, loads it and asks from it.
    await become(page, "张三")
    await in_private(page)
    await page.locator("#file").set_input_files(workbook)
    await expect(page.locator("#attached")).to_contain_text("四季常识.xlsx")
    await page.locator("#send").click()
    await expect(bot.last).to_contain_text("共 3 题")
    await bot.last.get_by_role("button", name="载入").click()
    await expect(bot.last).to_contain_text("新增 3 道")
    await bot.last.get_by_role("button", name="用它出题").click()
    await expect(bot.last).to_contain_text("以后的题从《四季常识》里出")

    # 李四 answers the day's question wrong, and is told in private.
    await become(page, "李四")
    await in_the_group(page)
    await next_event(page)
    await next_event(page)
    question = bot.filter(has_text="春天过后是什么季节")
    await question.last.get_by_role("button", name="A", exact=True).click()
    await expect(page.locator("#toast")).to_contain_text("正确的是：B（夏天）")

    # The next day it waits in the wrong-question book, and is answered right.
    await page.locator("#step-day").click()
    await in_private(page)
    await say(page, "错题")
    await expect(bot.last).to_contain_text("春天过后是什么季节")
    await bot.last.get_by_role("button", name="B", exact=True).click()
    await expect(bot.last).to_contain_text("答对了")

    # The bank goes out as it came in, and the month's records open as a workbook.
    await become(page, "张三")
    await in_private(page)
    await say(page, "题库 导出 四季常识")
    bank = await _downloaded(page, tmp_path, "共 3 题，文件在这里")
    read = read_bank(bank.read_bytes(), bank.name)
    assert read.questions == BANK.questions
    await say(page, "导出 本月")
    records = await _downloaded(page, tmp_path, "一支部学习群 2026-03-01")
    sheets = openpyxl.load_workbook(records)
    assert sheets.sheetnames == ["概况", "打卡", "答题", "积分"]
    answers = [row for row in sheets["答题"].iter_rows(values_only=True) if "李四" in row]
    assert answers, "李四's answer is in the records"


async def _downloaded(page: Page, folder: Path, words: str) -> Path:
    """The file of the bot's last message, once that says ``words``; as the browser saves it."""
    message = page.locator("#messages .bot").last
    await expect(message).to_contain_text(words)
    link = message.locator("a.file")
    await expect(link).to_be_visible()
    async with page.expect_download() as waiting:
        await link.click()
    download = await waiting.value
    path = folder / f"saved-{download.suggested_filename}"
    await download.save_as(path)
    return path
