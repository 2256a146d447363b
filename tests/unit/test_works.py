"""Works: what is read from what people write, until when they may be changed, and who is first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cycle import Stage
from domain.day import DAY, HOUR
from domain.template import StageSpec
from domain.works import Work, is_for_works, led_by_number, ranked, read_number, read_work, voting_from

SPEC = StageSpec(key="works", kind="live", title="作品", own_questions=0)


def stage(lasts: int) -> Stage:
    return Stage(7, 1, 0, SPEC, "open", 10 * DAY, 10 * DAY + lasts)


def work(number: int) -> Work:
    return Work(1000 + number, number, 101, "张三", "text", "春", "风", 0)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (SPEC, True),
        (SPEC.model_copy(update={"own_questions": 3}), False),
        (SPEC.model_copy(update={"photos": 0}), False),
        (SPEC.model_copy(update={"kind": "practice"}), False),
    ],
)
def test_works_are_the_part_of_a_talk_with_photos_and_without_questions(
    spec: StageSpec, expected: bool
) -> None:
    assert is_for_works(spec) is expected


def test_the_last_two_days_are_for_voting_and_of_a_short_stage_the_second_half() -> None:
    assert voting_from(stage(6 * DAY)) == 14 * DAY
    assert voting_from(stage(2 * HOUR)) == 10 * DAY + HOUR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("春到社区", ("春到社区", "")),
        ("  春到   社区 \n春风\n又到 ", ("春到 社区", "春风\n又到")),
        ("\u202e春\x00", ("春", "")),
        ("", ("", "")),
    ],
)
def test_the_first_line_is_the_title(text: str, expected: tuple[str, str]) -> None:
    assert read_work(text) == expected


@pytest.mark.parametrize("text", ["W3", "w3", "ｗ３", " 3 ", "第3件", "W 3", "#3", "No. 3", "w-3"])
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    assert read_number(text) == 3


@pytest.mark.parametrize("text", ["", "W", "三", "W3 W4", "-3", "3.5", "W99999", "A3"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W3 新标题\n正文", (3, "新标题\n正文")),
        ("w３：新标题", (3, "新标题")),
        ("W3", (3, "")),
        ("3 月的风", (None, "3 月的风")),
        ("W3号", (None, "W3号")),
        ("春天", (None, "春天")),
    ],
)
def test_only_a_number_with_its_letter_leads_a_title(text: str, expected: tuple[int | None, str]) -> None:
    assert led_by_number(text) == expected


def test_equals_share_a_rank_and_stand_by_number() -> None:
    works = [work(n) for n in (3, 1, 2, 4)]
    votes = {1001: 2, 1003: 2, 1004: 5}
    assert [(one.rank, one.work.number, one.votes) for one in ranked(works, votes)] == [
        (1, 4, 5),
        (2, 1, 2),
        (2, 3, 2),
        (4, 2, 0),
    ]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_nobody_with_fewer_votes_stands_before_somebody_with_more(counts: list[int]) -> None:
    works = [work(n) for n in range(1, len(counts) + 1)]
    found = ranked(works, {one.id: count for one, count in zip(works, counts, strict=True)})
    assert [one.votes for one in found] == sorted(counts, reverse=True)
    assert sorted(one.work.number for one in found) == list(range(1, len(counts) + 1))
    for one in found:
        assert one.rank == 1 + sum(other.votes > one.votes for other in found)
