"""The counter under the box, while a reflection is written, counts as the program will: a member is never told two numbers."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page

from domain.reflection import count_chars
from tests.browser.demonstration import demonstration
from tests.browser.test_day import awake

_COUNTED = (
    """async () => (await import("/static/reflecting.js")).count(document.getElementById("say").value)"""
)
HARD = {
    "nothing": "",
    "plain words": "读书贵恒，每天一点。",
    "spaces of every width": "读 书\u3000贵\u00a0恒\u2003好\u202f的\t吧",
    "lines and empty lines": "第一行\n\n第二行\r\n第三行\u2028第四行\u2029",
    "nothing but blanks": " \u3000\u00a0" * 70,
    "what shows nothing": "\u200b\u2060\u00ad\ufeff\u3164\u115f\u1160\uffa0\u2800",
    "a family": "👨\u200d👩\u200d👧\u200d👦" * 3,
    "joiners that join nothing": "\u200d\u200d字\u200d字",
    "skin and hair": "👍🏽👩🏿\u200d🦰🧑🏻\u200d🤝\u200d🧑🏿",
    "hearts of both kinds": "❤️❤\u2764\ufe0e❤️\u200d🔥",
    "flags": "🇨🇳🇨🇳 🇭🇰🇲🇴",
    "half a flag": "🇨🇳🇨",
    "flags made of tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f🏴\u200d☠️",
    "keys": "1️⃣2️⃣#️⃣",
    "accents apart": "e\u0301a\u0308n\u0303",
    "accents alone": "\u0301\u0301\u0308",
    "an accent after a blank": " \u0301字",
    "a heap of accents": "z" + "\u0335" * 50,
    "Hangul": "한글 하늘",
    "Hangul in jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "jamo that make no syllable": "\u1112\u1112\u1161\u11ab\u11ab\u1161ㅎㅏㄴ",
    "rare characters": "𠮷野家，𰻞𰻞面，龘",
    "a character in an older shape": "葛\U000e0100飾",
    "full width": "ＡＢＣ１２３！？",
    "Devanagari": "क्षेत्र हिन्दी",
    "Thai and Tibetan": "ที่นี่ བོད་སྐད།",
    "Arabic with its marks": "السَّلامُ \u0600١٢",
    "both directions": "中文\u202eabc\u202c字\u200e",
    "symbols": "①②㈱℃→★♪©™",
    "a control among letters": "a\x07b\x7fc",
}


async def test_the_counter_counts_as_the_program_does(tmp_path: Path, browser: Browser) -> None:
    with demonstration(tmp_path) as program:
        page = await browser.new_page()
        await page.goto(program.url)
        await awake(page)
        counted = {name: await _counted(page, text) for name, text in HARD.items()}
    assert counted == {name: count_chars(text) for name, text in HARD.items()}


async def _counted(page: Page, text: str) -> int:
    await page.locator("#say").fill(text)
    return int(await page.evaluate(_COUNTED))
