"""A game that runs: every right answer may be the one with which somebody passes; the board counts those who have."""

from __future__ import annotations

from domain.cycle import Cycle, Stage
from domain.group import Group
from domain.message import Message, line
from handlers.call import Call
from handlers.stages import refresh
from scheduler.stages.game import congratulate, names_of
from storage import cycles, games, members
from storage.tx import Tx


async def answered_right(call: Call, person_id: int) -> None:
    """Congratulate them in private where that was the answer they needed, and count them on the board."""
    found = await cycles.open_stage(call.tx, call.group.id, "game")
    person = await members.find(call.tx, call.group.id, person_id) if found else None
    if found is None or person is None:
        return
    at = call.firing(*found)
    if await congratulate(at, person, await games.right_of(call.tx, at.stage, person_id)):
        await refresh(call, at)


async def compose_game(tx: Tx, group: Group, cycle: Cycle, stage: Stage) -> Message:
    """How many have passed; who, only where the group ranks everybody openly."""
    passed = await games.passed(tx, stage)
    lines = [line("game.passed", count=len(passed), goal=stage.spec.goal)]
    if group.settings.ranking == "all" and passed:
        lines.append(line("game.names", names=names_of([name for _, name in passed])))
    under_way = len(set(await games.right(tx, stage)) - {person for person, _ in passed})
    if stage.state == "open" and under_way:
        lines.append(line("game.under_way", count=under_way))
    return Message(
        tuple(lines), title=line("game.board", cycle=cycle.title, stage=stage.spec.title), silent=True
    )
