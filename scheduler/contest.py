"""What time does in a contest: it opens at its start and closes at its end, once in each group that takes part."""

from __future__ import annotations

from domain.contest import standings
from domain.group import Group
from domain.ids import Ids, brief, from_brief
from domain.message import Button, Line, Live, Message, Param, Priority, line
from storage import contests, due, groups, rounds
from storage.contests import Contest
from storage.due import Due
from storage.telling import tell_group
from storage.tx import Tx

OPEN = "contest_open"
CLOSE = "contest_close"
KINDS = (OPEN, CLOSE)
ROUND = "contest"
"""The kind of its players' rounds, whose ``about`` is the contest's id in base 36."""


async def plan(tx: Tx, contest: Contest) -> None:
    """Its start and end in that group."""
    await due.plan(tx, contest.group_id, OPEN, brief(contest.id), contest.starts_at)
    await due.plan(tx, contest.group_id, CLOSE, brief(contest.id), contest.ends_at)


async def open_contest(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Let them play; unless its whole time was slept through (its end sees to that), or the group rests."""
    contest = await contests.find(tx, group.id, from_brief(row.key))
    if contest is None or contest.state != "open" or now >= contest.ends_at or group.paused:
        return
    if len(await contests.sides(tx, contest.host, contest.id)) < 2:
        await _call_off(tx, ids, group, contest, now, "contest.no_opponent")
        return
    await contests.set_state(tx, group.id, contest.id, "running")
    await show_board(tx, ids, group, contest.id, now)
    begun = line("contest.begun", title=title_of(contest), questions=contest.questions)
    play = Button(line("contest.play"), "contest", f"p_{brief(contest.id)}")
    await tell_group(tx, ids, now, group, Message((begun,), buttons=((play,),)), priority=Priority.REMINDER)


async def close_contest(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Whoever is still answering is stopped, and the result is told; one that never opened is called off."""
    contest = await contests.find(tx, group.id, from_brief(row.key))
    if contest is None or contest.state not in ("open", "running"):
        return
    await rounds.withdraw(tx, group.id, ROUND, brief(contest.id))
    if contest.state == "open":
        await _call_off(tx, ids, group, contest, now, "contest.missed")
        return
    await contests.set_state(tx, group.id, contest.id, "over")
    if group.paused:
        return
    await show_board(tx, ids, group, contest.id, now)
    result = Message(live=Live("contest_result", brief(contest.id)))
    await tell_group(tx, ids, now, group, result, not_before=group.settings.after_quiet(now))


async def show_boards(tx: Tx, ids: Ids, contest_id: int, now: int) -> None:
    """The board as it stands, in every group that takes part and does not rest."""
    for group_id in await contests.groups_in(tx, contest_id):
        group = await groups.find(tx, group_id)
        if group is not None and not group.paused:
            await show_board(tx, ids, group, contest_id, now)


async def show_board(tx: Tx, ids: Ids, group: Group, contest_id: int, now: int) -> None:
    board = Message(live=Live("contest", brief(contest_id)))
    slot = f"contest:{brief(contest_id)}"
    await tell_group(tx, ids, now, group, board, priority=Priority.REPLY, slot=slot)


async def compose_result(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """Who won, as it stands when it is said."""
    contest = await contests.find(tx, group_id, from_brief(arg))
    if contest is None:
        return None
    title = line("contest.result_title", title=title_of(contest))
    return Message(await result_lines(tx, contest), title=title)


async def result_lines(tx: Tx, contest: Contest) -> tuple[Line, ...]:
    """Where each side stands, and who won; those who are level won together."""
    placed = standings(await contests.sides(tx, contest.host, contest.id))
    won = [side for rank, side in placed if rank == 1 and side.players]
    if not won:
        return (line("contest.nobody_played"),)
    names = tuple(side_line(side.name, side.number) for side in won)
    told = line("contest.tied", names=names) if len(won) > 1 else line("contest.won", name=names[0])
    return (told, *await standing_lines(tx, contest))


async def standing_lines(tx: Tx, contest: Contest) -> tuple[Line, ...]:
    placed = standings(await contests.sides(tx, contest.host, contest.id))
    return tuple(
        line(
            "contest.standing",
            rank=rank,
            name=side_line(side.name, side.number),
            mean=f"{float(side.mean):.2f}",
            players=side.players,
        )
        if side.players
        else line("contest.standing_none", name=side_line(side.name, side.number))
        for rank, side in placed
    )


def title_of(contest: Contest) -> Param:
    return contest.title or line("contest.unnamed")


def side_line(name: str, number: int) -> Line:
    return line("raw", text=name) if name else line(f"contest.team_{number}")


async def _call_off(tx: Tx, ids: Ids, group: Group, contest: Contest, now: int, why: str) -> None:
    await contests.set_state(tx, group.id, contest.id, "cancelled")
    if group.paused:
        return
    await show_board(tx, ids, group, contest.id, now)
    said = Message((Line(why, {"title": title_of(contest)}),))
    await tell_group(tx, ids, now, group, said, not_before=group.settings.after_quiet(now))
