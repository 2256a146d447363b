"""Points: their rules, read strictly; the periods they are summed over; caps and shared ranks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.packs import PackFaults, describe
from content.points import MOST, read_rules, shipped_rules
from content.texts import Texts
from domain.errors import UserError
from domain.points import (
    CREDITED,
    RULES,
    SPANS,
    Rule,
    month_of,
    period,
    periods,
    quarter_ended,
    room,
    shared_ranks,
)
from handlers.correct import MOST as MOST_CORRECTED
from handlers.correct import REASON_CHARS, read_correction
from handlers.credit import WORDS as CREDIT_WORDS
from handlers.rewards import MOST_COST, MOST_STOCK, read_amounts

POINTS = st.lists(st.integers(1, 50), max_size=30)


def rules_file(folder: Path, text: str) -> Path:
    path = folder / "points.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(PackFaults) as caught:
        read_rules(rules_file(folder, text))
    return [(x.line, x.what.key) for x in caught.value.faults]


def test_the_shipped_rules_are_sound_and_leave_none_out() -> None:
    rules = shipped_rules()
    assert set(rules) == set(RULES)
    assert {name: rules[name].points for name in RULES} == {
        "checkin": 10, "makeup": 5, "study": 5, "quiz_right": 5, "speaking": 15, "volunteering": 20, "hour_online": 10,
    }  # fmt: skip
    assert all(rule.cap >= rule.points > 0 for rule in rules.values())
    assert shipped_rules() is rules


def test_a_rule_is_so_many_points_each_time_and_so_many_a_day(tmp_path: Path) -> None:
    rules = read_rules(rules_file(tmp_path, "# 只要两条\nspeaking: [15, 40]\nstudy: [0, 0]\n"))
    assert rules == {"speaking": Rule(15, 40), "study": Rule(0, 0)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("checkin: [10, -10]", ["points.not_whole"]),
        ("checkin: [-10, 10]", ["points.not_whole"]),
        ("checkin: [2.5, 10]", ["points.not_whole"]),
        ("checkin: [ten, 10]", ["points.not_whole"]),
        ("checkin: ['10', 10]", ["points.not_whole"]),
        ("checkin: [yes, [10]]", ["points.not_whole", "points.not_whole"]),
        (f"checkin: [10, {MOST + 1}]", ["points.not_whole"]),
        ("checkin: [10, 99999999999999999999]", ["points.not_whole"]),
        ("checkin: [0x10, 1_0]", ["points.not_whole", "points.not_whole"]),
        ("checkin: [10, 5]", ["points.cap_too_small"]),
        ("checkin: 10", ["points.bad_rule"]),
        ("checkin: [10]", ["points.bad_rule"]),
        ("checkin: {points: 10, cap: 10}", ["points.bad_rule"]),
        ("checkin:", ["points.bad_rule"]),
        ("chekin: [10, 10]", ["pack.field_unknown"]),
        ("checkin: [1, 1]\ncheckin: [2, 2]", ["pack.duplicate_field"]),
        ("checkin：[10, 10]", ["pack.wide_colon"]),
        ("checkin: &a [1, 1]\nstudy: *a", ["pack.yaml_alias"]),
        ("- checkin", ["pack.not_mapping"]),
        ("checkin: [10, 10", ["pack.yaml_broken"]),
        ("", ["pack.not_mapping"]),
    ],
)
def test_a_rule_that_cannot_be_meant_is_a_fault(tmp_path: Path, text: str, found: list[str]) -> None:
    assert [key for _, key in faults(tmp_path, text)] == found


def test_all_faults_of_the_rules_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = "checkin: [10, -1]\nstudy: 5\nspeaking: [15, 10]\nsinging: [1, 1]\nvolunteering: [20, 40]\n"
    path = rules_file(tmp_path, text)
    with pytest.raises(PackFaults) as caught:
        read_rules(path)
    said = describe(caught.value.faults, Texts.load(), "en")
    assert [line.partition(" ")[0] for line in said] == [f"points.yaml:{n}" for n in (1, 2, 3, 4)]
    assert said[0] == (
        "points.yaml:1 “-1” will not do in “checkin”. Write a whole number from 0 to 1000, without quotes or units."
    )


def test_rules_that_are_not_there_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PackFaults, match=r"pack\.unreadable"):
        read_rules(tmp_path / "points.yaml")


@pytest.mark.parametrize(
    ("points", "cap", "used", "left"),
    [(10, 10, 0, 10), (10, 10, 10, 0), (15, 40, 30, 10), (15, 40, 25, 15), (5, 0, 0, 0), (5, 10, 12, 0)],
)
def test_a_day_gives_no_more_than_its_cap(points: int, cap: int, used: int, left: int) -> None:
    assert room(points, cap, used) == left


@given(st.integers(0, 60), st.lists(st.integers(0, 30), max_size=20))
def test_however_it_is_earned_a_day_ends_at_the_cap_or_with_everything(cap: int, earned: list[int]) -> None:
    used = 0
    for points in earned:
        used += room(points, cap, used)
    assert used == min(cap, sum(earned))


@pytest.mark.parametrize(
    ("day", "month", "week", "quarter"),
    [
        ("2026-03-02", "2026-03", "2026-W10", "2026-Q1"),
        ("2026-12-31", "2026-12", "2026-W53", "2026-Q4"),
        ("2027-01-01", "2027-01", "2026-W53", "2027-Q1"),
        ("2024-12-30", "2024-12", "2025-W01", "2024-Q4"),
        ("2026-06-30", "2026-06", "2026-W27", "2026-Q2"),
    ],
)
def test_a_day_counts_in_its_month_its_iso_week_its_quarter_and_for_good(
    day: str, month: str, week: str, quarter: str
) -> None:
    asked = date.fromisoformat(day)
    assert periods(asked) == ("all", month, week, quarter)
    assert [period(span, asked) for span in SPANS] == [week, month, "all"]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_week_runs_from_monday_to_sunday_over_every_new_year(day: date, later: int) -> None:
    monday = day - timedelta(days=day.weekday())
    assert period("week", monday + timedelta(days=later)) == period("week", monday)
    assert period("week", monday + timedelta(days=7)) != period("week", monday)


@pytest.mark.parametrize(
    ("month", "last", "quarter"),
    [
        ("2026-02", "2026-02-28", None),
        ("2028-02", "2028-02-29", None),
        ("2026-03", "2026-03-31", "2026-Q1"),
        ("2026-04", "2026-04-30", None),
        ("2026-12", "2026-12-31", "2026-Q4"),
    ],
)
def test_a_month_has_its_days_and_the_third_one_ends_a_quarter(
    month: str, last: str, quarter: str | None
) -> None:
    assert month_of(month) == (date.fromisoformat(f"{month}-01"), date.fromisoformat(last))
    assert quarter_ended(month) == quarter
    assert quarter is None or quarter in periods(date.fromisoformat(last))


def test_what_a_secretary_credits_is_earned_in_no_other_way_and_has_words() -> None:
    assert set(CREDITED) < set(RULES)
    assert set(CREDITED) == set(CREDIT_WORDS)
    known = Texts.load().parameters("zh")
    assert all(f"credit.rule_{rule}" in known for rule in CREDITED)


@pytest.mark.parametrize(
    ("written", "name", "amounts"),
    [
        ("《党章》 积分 100 数量 5", "《党章》", {"cost": 100, "stock": 5}),
        ("笔记本，数量：３，积分：１５分", "笔记本", {"cost": 15, "stock": 3}),
        ("笔记本 100 页 積分20 數量1件", "笔记本 100 页", {"cost": 20, "stock": 1}),
        ("Notebook points 80 stock 0", "Notebook", {"cost": 80, "stock": 0}),
        ("1 库存 7", "1", {"stock": 7}),
        ("党章", "党章", {}),
        ("", "", {}),
    ],
)
def test_a_reward_is_read_however_it_is_typed(written: str, name: str, amounts: dict[str, int]) -> None:
    assert read_amounts(written) == (name, amounts)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("党章 积分 0 数量 5", "rewards.bad_cost"),
        (f"党章 积分 {MOST_COST + 1} 数量 5", "rewards.bad_cost"),
        (f"党章 积分 5 数量 {MOST_STOCK + 1}", "rewards.bad_stock"),
    ],
)
def test_a_price_or_stock_out_of_bounds_is_refused(written: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        read_amounts(written)
    assert refused.value.key == key


def test_equals_share_a_rank_and_the_next_ones_are_passed_over() -> None:
    assert shared_ranks([30, 20, 20, 10]) == [1, 2, 2, 4]
    assert shared_ranks([7, 7, 7]) == [1, 1, 1]
    assert shared_ranks([]) == []


@given(POINTS)
def test_a_rank_is_one_more_than_those_with_more(points: list[int]) -> None:
    best_first = sorted(points, reverse=True)
    assert shared_ranks(best_first) == [1 + sum(other > own for other in points) for own in best_first]


@pytest.mark.parametrize(
    ("written", "points", "reason"),
    [
        ("-10 重复打卡", -10, "重复打卡"),
        ("+5 讲课", 5, "讲课"),
        ("－１０　重复打卡", -10, "重复打卡"),
        ("−10分：重复\n打卡", -10, "重复 打卡"),
        ("+ 5 分，讲课", 5, "讲课"),
        ("-10重复打卡", -10, "重复打卡"),
        ("+0010 讲课 2 次", 10, "讲课 2 次"),
        (f"-{MOST_CORRECTED} {'长' * REASON_CHARS}", -MOST_CORRECTED, "长" * REASON_CHARS),
    ],
)
def test_a_correction_is_read_however_it_is_typed(written: str, points: int, reason: str) -> None:
    assert read_correction(written) == (points, reason)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", "points.how_to_correct"),
        ("10 没有加减号", "points.how_to_correct"),
        ("3 次迟到", "points.how_to_correct"),
        ("-10", "points.how_to_correct"),
        ("-10 \u202e", "points.how_to_correct"),
        ("-0 没事", "points.how_to_correct"),
        ("-2.5 半分", "points.how_to_correct"),
        ("+５０％ 奖励", "points.how_to_correct"),
        ("--5 手滑", "points.how_to_correct"),
        (f"+{MOST_CORRECTED + 1} 太多", "points.too_many"),
        (f"+{'9' * 5000} 更多", "points.too_many"),
        (f"+1 {'长' * (REASON_CHARS + 1)}", "points.reason_too_long"),
    ],
)
def test_a_correction_that_is_not_clear_changes_nothing(written: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        read_correction(written)
    assert refused.value.key == key
