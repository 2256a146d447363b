"""How times are said and texts are taken apart on the pages."""

from __future__ import annotations

from datetime import date

import pytest

from content.texts import Texts
from domain.day import DAY, HOUR, MINUTE
from domain.group import Language
from tests.unit.browser_site import NOON
from web.pace import MESSAGES, Pace
from web.prose import clean, initial, pieces
from web.times import Times

TEXTS = Texts.load()


def times(language: Language = "zh", zone: str = "Asia/Shanghai") -> Times:
    return Times(lambda line: TEXTS.say(language, line), zone, NOON)


@pytest.mark.parametrize(
    ("after", "zh", "en"),
    [
        (0, "刚刚", "just now"),
        (-59_000, "刚刚", "just now"),
        (-3 * MINUTE, "3 分钟前", "3 min ago"),
        (3 * MINUTE, "3 分钟后", "in 3 min"),
        (-4 * HOUR, "今天 08:00", "Today 08:00"),
        (8 * HOUR, "今天 20:00", "Today 20:00"),
        (12 * HOUR, "今天 24:00", "Today 24:00"),
        (-12 * HOUR, "今天 00:00", "Today 00:00"),
        (-DAY, "昨天 12:00", "Yesterday 12:00"),
        (DAY, "明天 12:00", "Tomorrow 12:00"),
        (3 * DAY, "3月5日 周四 12:00", "Thu 5 Mar 12:00"),
        (-100 * DAY, "2025年11月22日 周六 12:00", "Sat 22 Nov 2025 12:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(after: int, zh: str, en: str) -> None:
    assert times("zh").moment(NOON + after) == zh
    assert times("en").moment(NOON + after) == en


def test_hovering_leaves_nothing_to_guess() -> None:
    assert times().exact(NOON) == "2026-03-02 12:00:00 Asia/Shanghai"
    assert times(zone="Europe/Paris").exact(NOON) == "2026-03-02 05:00:00 Europe/Paris"
    assert times().iso(NOON) == "2026-03-02T12:00:00+08:00"


def test_a_list_says_times_briefly() -> None:
    said = [times().brief(NOON - n) for n in (HOUR, DAY, 5 * DAY)]
    assert said == ["11:00", "昨天", "2月25日 周三"]
    assert times().near_days() == {"2026-03-02": "今天", "2026-03-01": "昨天"}
    assert times().near(date(2026, 4, 1)) == ""


def test_links_names_and_bars_are_found_and_the_rest_is_left() -> None:
    text = "看 https://example.org/a?b=1&c=2，再看(http://x.cn/y). @张三 @张三丰 ▓▓▓░ a▓b"
    found = [(piece.kind, piece.text) for piece in pieces(text, ["张三", "张三丰"]) if piece.kind != "text"]
    assert found == [
        ("link", "https://example.org/a?b=1&c=2"),
        ("link", "http://x.cn/y"),
        ("name", "@张三"),
        ("name", "@张三丰"),
        ("bar", "▓▓▓░"),
    ]
    assert "".join(piece.text for piece in pieces(text, ["张三", "张三丰"])) == text


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x"])
def test_only_web_addresses_become_links(text: str) -> None:
    assert [piece.kind for piece in pieces(text)] == ["text"]


def test_cleaning_keeps_what_emoji_are_made_of() -> None:
    assert clean(" a\x00b\u202ec\ud800\r\n\t👨‍👩‍👧\x1b[0m ") == "abc\n\t👨‍👩‍👧[0m"


@pytest.mark.parametrize(
    ("name", "sign"), [("张三", "张"), ("li", "L"), ("🌸小红", "小"), ("🌸", "🌸"), ("", "·")]
)
def test_everybody_has_a_sign(name: str, sign: str) -> None:
    assert initial(name) == sign


def test_the_pace_forgets_the_longest_silent_first() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for _ in range(MESSAGES):
        assert pace.allows(1)
    assert not pace.allows(1)
    for person in range(2, 10_003):
        pace.allows(person)
    assert pace.allows(1)
