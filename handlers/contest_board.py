"""The live board of a contest, one in every group that takes part: who comes, how the sides stand, who won. It names no player."""

from __future__ import annotations

from domain.day import local, show_clock
from domain.group import Group
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line, on
from scheduler.contest import result_lines, side_line, standing_lines, title_of
from storage import contests, groups
from storage.contests import Contest
from storage.tx import Tx

ROW = 4


async def compose_contest(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """The board in this moment; None where the group or the contest is gone."""
    group = await groups.find(tx, group_id)
    contest = await contests.find(tx, group_id, from_brief(arg))
    if group is None or contest is None:
        return None
    return Message(
        title=line("contest.title", title=title_of(contest)),
        lines=await _lines(tx, group, contest),
        buttons=await _buttons(tx, contest),
        silent=True,
    )


async def _lines(tx: Tx, group: Group, contest: Contest) -> tuple[Line, ...]:
    when = when_line(group, contest)
    match contest.state:
        case "cancelled":
            return (when, line("contest.called_off"))
        case "over":
            return (when, *await result_lines(tx, contest))
        case "running":
            return (when, *await standing_lines(tx, contest), line("contest.how_to_play"))
    sides = await contests.sides(tx, contest.host, contest.id)
    return (
        when,
        *(line("contest.side", name=side_line(s.name, s.number), count=s.joined) for s in sides),
        line("contest.how_to_join_groups" if any(s.of_group for s in sides) else "contest.how_to_join"),
    )


async def _buttons(tx: Tx, contest: Contest) -> tuple[tuple[Button, ...], ...]:
    id = brief(contest.id)
    if contest.state == "running":
        return ((Button(line("contest.play"), "contest", f"p_{id}"),),)
    if contest.state != "open":
        return ()
    anywhere = Button(line("contest.join"), "contest", f"j_{id}")
    sides = [side for side in await contests.sides(tx, contest.host, contest.id) if not side.of_group]
    teams = [Button(side_line(s.name, s.number), "contest", f"j_{id}_{s.number}") for s in sides]
    return ((anywhere,), *(tuple(teams[n : n + ROW]) for n in range(0, len(teams), ROW)))


def when_line(group: Group, contest: Contest) -> Line:
    starts = local(contest.starts_at, group.settings.timezone)
    ends = local(contest.ends_at, group.settings.timezone)
    return line(
        "contest.when",
        day=on(starts.date()),
        starts=show_clock(starts.hour * 60 + starts.minute),
        ends=show_clock(ends.hour * 60 + ends.minute),
        questions=contest.questions,
    )
