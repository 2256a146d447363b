"""How a contest is written in a line, who is ahead, and where the next one goes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contest import Plan, Side, read_plan, smallest, standings
from domain.errors import UserError

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("written", "plan"),
    [
        ("党史赛 20:00-20:30", Plan("党史赛", TODAY, 1200, 1230)),
        ("党史赛 20：00－20：30 题数 5", Plan("党史赛", TODAY, 1200, 1230, 5)),
        ("党史赛 20点到20点半 5题", Plan("党史赛", TODAY, 1200, 1230, 5)),
        ("党史赛 明天 9:00~10:00 队 红队 蓝队 题数 8",
         Plan("党史赛", date(2026, 3, 3), 540, 600, 8, ("红队", "蓝队"))),
        ("三月 知识赛 3月5日 20:00-24:00 对抗", Plan("三月 知识赛", date(2026, 3, 5), 1200, 1440, versus=True)),
        ("Spring quiz tomorrow 20:00 to 20:30 questions 3 teams Red Blue Green",
         Plan("Spring quiz", date(2026, 3, 3), 1200, 1230, 3, ("Red", "Blue", "Green"))),
    ],
)  # fmt: skip
def test_a_contest_is_written_in_one_line(written: str, plan: Plan) -> None:
    assert read_plan(written, TODAY) == plan


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("党史赛", "contest.unclear"),
        ("20:00-20:30", "contest.unclear"),
        ("明天 20:00-20:30", "contest.unclear"),
        ("党史赛 20:00-20:30 大家", "contest.unclear"),
        ("党史赛 20:30-20:00", "contest.wrong_span"),
        ("党史赛 20:00-25:00", "contest.wrong_span"),
        (f"{'长' * 41} 20:00-20:30", "contest.title_too_long"),
        ("党史赛 20:00-20:30 题数 0", "contest.wrong_count"),
        ("党史赛 20:00-20:30 51题", "contest.wrong_count"),
        ("党史赛 20:00-20:30 队 红队", "contest.wrong_teams"),
        ("党史赛 20:00-20:30 队 红队 红队", "contest.wrong_teams"),
        ("党史赛 20:00-20:30 队 1 2 3 4 5 6 7 8 9", "contest.wrong_teams"),
        (f"党史赛 20:00-20:30 队 {'红' * 17} 蓝队", "contest.team_too_long"),
        ("党史赛 20:00-20:30 对抗 队 红队 蓝队", "contest.teams_or_groups"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(written: str, fault: str) -> None:
    with pytest.raises(UserError) as wrong:
        read_plan(written, TODAY)
    assert wrong.value.key == fault


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_is_refused(text: str) -> None:
    try:
        plan = read_plan(text, TODAY)
    except UserError:
        return
    assert plan.title
    assert plan.starts < plan.ends <= 24 * 60


SIDES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 300)), min_size=1, max_size=8
).map(
    lambda counts: [
        Side(n, f"{n}", joined=players, players=players, right=right if players else 0)
        for n, (players, right) in enumerate(counts, 1)
    ]
)  # fmt: skip


@given(SIDES)
def test_standings_agree_with_a_plain_sort(sides: list[Side]) -> None:
    placed = standings(sides)
    means = [Fraction(s.right, s.players) if s.players else Fraction(-1) for s in sides]
    assert [side.mean for _, side in placed] == sorted(means, reverse=True)
    for rank, side in placed:
        assert rank == 1 + sum(mean > side.mean for mean in means)


def test_who_has_not_played_stands_last_and_the_size_of_a_side_does_not_matter() -> None:
    large, small, absent = Side(1, "", 0, 9, 9, 45), Side(2, "", 0, 1, 1, 6), Side(3, "", 0, 4, 0, 0)
    assert standings([absent, large, small]) == [(1, small), (2, large), (3, absent)]


@given(st.integers(2, 8), st.integers(0, 60))
def test_teams_differ_by_at_most_one(teams: int, people: int) -> None:
    joined = [0] * teams
    for _ in range(people):
        joined[smallest([Side(n, "", joined=count) for n, count in enumerate(joined)]).number] += 1
    assert max(joined) - min(joined) <= 1
    assert sum(joined) == people
