"""The picture of a group's figures: what it shows, what it says in words, and that it can always be drawn."""

from __future__ import annotations

import struct
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from content.charts.drawing import draw
from content.charts.panel import Look, Panel, Part
from content.texts import Texts
from domain.grading import Verdict
from domain.group import LANGUAGES, Group, Language, Settings
from domain.histogram import columns, mean
from domain.message import Line
from domain.outgoing import Made
from handlers.charts import Figures, made_of, picture_of

TEXTS = Texts.load()
TODAY = date(2026, 3, 31)
ACROSS = 1080
_SIZE = slice(16, 24)
"""Where a PNG's header holds its width and height, as two big-endian numbers."""


def figures(
    of: int = 6,
    checked: Mapping[str, int] | None = None,
    verdicts: Mapping[str, Mapping[Verdict, int]] | None = None,
    minutes: Mapping[int, int] | None = None,
) -> Figures:
    return Figures(Group(7, "一组", Settings()), TODAY, of, checked or {}, verdicts or {}, minutes or {0: of})


def made(found: Figures, language: Language = "zh") -> Made:
    return made_of(found, lambda said: TEXTS.say(language, said))


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    across, down = struct.unpack(">II", png[_SIZE])
    return across, down


def a_month(of: int) -> Figures:
    days = [(TODAY - timedelta(days=n)).isoformat() for n in range(30)]
    return figures(
        of,
        {day: of - place % 3 for place, day in enumerate(days)},
        {day: {"right": of - 1, "wrong": 1} for day in days},
        {0: 1, 35: of - 1},
    )


def test_a_group_without_any_figures_gets_no_picture() -> None:
    assert picture_of(figures()) is None
    assert picture_of(figures(checked={"2026-03-31": 0, "2026-03-30": 0})) is None


def test_only_what_there_is_to_show_is_drawn() -> None:
    one = size(made(figures(checked={"2026-03-31": 2})).content)
    two = size(made(figures(checked={"2026-03-31": 2}, minutes={0: 4, 5: 2})).content)
    assert one[0] == two[0] == ACROSS
    assert two[1] == 2 * one[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", [1, 5, 1000])
def test_groups_of_any_size_are_drawn_in_both_languages(of: int, language: Language) -> None:
    found = a_month(of)
    made_so = made(found, language)
    assert made_so.kind == "photo"
    assert size(made_so.content)[0] == ACROSS


def test_the_alternative_text_says_what_each_panel_shows() -> None:
    found = figures(
        6,
        {"2026-03-30": 3, "2026-03-31": 6},
        {"2026-03-31": {"right": 4, "wrong": 1, "doubtful": 1}},
        {0: 3, 10: 3},
    )
    assert made(found).alt == (
        "柱状图：3月25日到3月31日每天打卡的人数，全组 6 人，最多的一天 6 人，平均参与 75%。 "
        "柱状图：1 道每日一题的作答，对 4，错 1，待定 1。 "
        "柱状图：每人的学习时长，人均 5 分钟，最多 10 分钟。"
    )


def test_how_long_each_studied_is_not_drawn_where_everybody_would_know_who_is_who() -> None:
    few = figures(4, {"2026-03-31": 2}, minutes={0: 3, 10: 1})
    assert "学习时长" not in made(few).alt
    assert "学习时长" in made(replace(few, of=5, minutes={0: 4, 10: 1})).alt
    assert picture_of(figures(4, minutes={0: 3, 10: 1})) is None


def test_rest_days_do_not_count_against_the_group() -> None:
    resting = Settings(weekend_off=True)
    weekend = replace(figures(2, {"2026-03-27": 2, "2026-03-30": 1}), group=Group(7, "一组", resting))
    assert [day.isoformat() for day in weekend.study_days()] == ["2026-03-27", "2026-03-30", "2026-03-31"]
    assert weekend.share() == 50
    assert weekend.share(2) == 25


def test_answers_that_wait_for_the_secretary_are_no_mistakes() -> None:
    found = figures(verdicts={"2026-03-31": {"right": 1, "doubtful": 9}})
    assert found.share_right == 100
    assert figures(verdicts={"2026-03-31": {"doubtful": 9}}).share_right == 0


def test_every_character_of_the_labels_is_in_the_font() -> None:
    import pylopdf_fonts_zh_cn as fonts
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(fonts.sans_path())).get_charmap()
    labels = [key for key in TEXTS.parameters("zh") if key.startswith(("figure.", "date.m"))]
    for language in LANGUAGES:
        for key in labels:
            params: dict[str, int] = dict.fromkeys(TEXTS.parameters(language)[key], 1)
            said = TEXTS.say(language, Line(key, {**params, "first": "", "last": ""}))
            assert [one for one in said if ord(one) not in known] == []


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_character_that_the_font_lacks_is_drawn_as_a_box() -> None:
    assert size(draw([Panel("🦄", "", ("",), (Part((1,)),))]))[0] == ACROSS


def test_a_panel_without_anything_in_it_is_drawn_all_the_same() -> None:
    assert size(draw([Panel("", "", ("a", "b"), (Part((0, 0), Look.OPEN, "c"), Part((0, 0))))]))[0] == ACROSS


def test_pictures_asked_for_at_the_same_time_are_all_drawn_alike() -> None:
    found, drawn = a_month(6), []
    threads = [threading.Thread(target=lambda: drawn.append(made(found).content)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 3 and len(set(drawn)) == 1


def test_amounts_are_sorted_into_few_columns_and_nothing_at_all_has_its_own() -> None:
    assert columns({}) == columns({0: 0}) == [(0, 0, 0)]
    assert columns({0: 2, 1: 1, 3: 4}) == [(0, 0, 2), (1, 1, 1), (2, 2, 0), (3, 3, 4)]
    assert columns({0: 2, 14: 1, 15: 4}) == [(0, 0, 2), (1, 5, 0), (6, 10, 0), (11, 15, 5)]
    for highest in (1, 7, 8, 70, 71, 420, 421, 5_000):
        sorted_in = columns({highest: 3})
        assert len(sorted_in) <= 8
        assert sorted_in[-1][0] <= highest <= sorted_in[-1][1]
        assert sum(count for _, _, count in sorted_in) == 3


def test_the_mean_is_over_everybody() -> None:
    assert mean({}) == 0
    assert mean({0: 1, 30: 2}) == 20
