"""Works and the vote for them: handed in until the vote begins, voted for until the stage closes, counted then and not before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain.cycle import Stage
from domain.group import Group
from domain.ids import Ids, from_brief
from domain.message import Button, Line, Live, Message, line
from domain.works import WORKS_EACH, Ranked, Work, ranked, voting_from
from scheduler.moments import moment
from scheduler.stages.kind import BOARD, Firing, Opening
from storage import cycles, due, votes, works
from storage.due import Due
from storage.tx import Tx

VOTE = "vote"
SHOWN = 30
_BUTTONS_IN_ROW = 4


async def open_works(at: Firing) -> Opening:
    await plan(at.tx, at.stage)
    how = line("works.how", most=WORKS_EACH, from_when=moment(at.group, voting_from(at.stage)))
    button = Button(line("works.button"), "work", at.arg)
    return Opening((how,), ((button,),), Live(BOARD, at.arg))


async def plan(tx: Tx, stage: Stage) -> None:
    await due.plan(tx, stage.group_id, VOTE, stage.arg, voting_from(stage))


async def fire(tx: Tx, ids: Ids, group: Group, row: Due, now: int) -> None:
    """Say that the vote begins, unless the stage is over; where it was extended, at its new time."""
    name, place = row.key.split("_")
    found = await cycles.stage(tx, group.id, from_brief(name), int(place))
    if found is None or found[1].state != "open" or found[0].state != "running":
        return
    at = Firing(tx, ids, group, *found, now)
    if now < voting_from(at.stage):
        await plan(tx, at.stage)
    elif now < at.stage.closes_at:
        await _begin(at)


async def _begin(at: Firing) -> None:
    """With one work, or none, there is nothing to choose."""
    shown = await works.of_stage(at.tx, at.stage)
    await at.refresh_board()
    if len(shown) > 1:
        await at.tell(ballot(at, shown))


def ballot(at: Firing, shown: Sequence[Work]) -> Message:
    """What there is to vote for, and how."""
    lines = [*entries(shown), line("vote.how", until=moment(at.group, at.stage.closes_at))]
    title = line("vote.begun", cycle=at.cycle.title, stage=at.stage.spec.title)
    return Message(tuple(lines), title=title, buttons=vote_buttons(at.arg, shown))


def entries(shown: Sequence[Work]) -> list[Line]:
    lines = [entry(work) for work in shown[:SHOWN]]
    if len(shown) > SHOWN:
        lines.append(line("works.more", count=len(shown) - SHOWN))
    return lines


def entry(work: Work) -> Line:
    said = line(f"works.{work.kind}", number=work.number, title=work.title)
    return line("works.by", work=said, name=work.name) if work.name else said


def vote_buttons(arg: str, shown: Sequence[Work]) -> tuple[tuple[Button, ...], ...]:
    row = [
        Button(line("works.number", number=work.number), "vote", f"{arg}_{work.number}")
        for work in shown[:SHOWN]
    ]
    return tuple(tuple(row[n : n + _BUTTONS_IN_ROW]) for n in range(0, len(row), _BUTTONS_IN_ROW))


async def close_works(at: Firing) -> tuple[Line, ...]:
    await at.refresh_board()
    shown = await works.of_stage(at.tx, at.stage)
    if not shown:
        return (line("works.none_came"),)
    given = Counter((await votes.of_stage(at.tx, at.stage)).values())
    lines = [line("works.came", count=len(shown), people=len({one.person_id for one in shown}))]
    if not given:
        return (*lines, *entries(shown), line("vote.nobody"))
    lines.append(line("vote.voted", count=given.total()))
    return (*lines, *results(ranked(shown, given)))


def results(found: Sequence[Ranked]) -> list[Line]:
    """Every work of the exhibition; those that nobody voted for without a rank."""
    lines = [
        line("vote.result", rank=one.rank, work=entry(one.work), votes=one.votes)
        if one.votes
        else entry(one.work)
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(line("works.more", count=len(found) - SHOWN))
    return lines
