"""The board of a stage, whatever its kind: who comes and what is asked, and besides it works, modules, or who has passed."""

from __future__ import annotations

from dataclasses import replace

from domain.cycle import Cycle, Stage
from domain.ids import from_brief
from domain.message import Button, Line, Message, line
from domain.module import done_by
from domain.works import is_for_works
from handlers.game import compose_game
from handlers.stage_board import compose_stage
from handlers.works import compose_works
from storage import cycles, groups, modules, signups
from storage.tx import Tx


async def compose_any_stage(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """``arg`` is `Firing.arg`. None where the activity is gone."""
    name, _, place = arg.partition("_")
    found = await cycles.stage(tx, group_id, from_brief(name), int(place))
    group = await groups.find(tx, group_id)
    if found is None or group is None:
        return None
    cycle, stage = found
    if is_for_works(stage.spec):
        return await compose_works(tx, group, cycle, stage, arg, now)
    if stage.spec.kind == "game":
        return await compose_game(tx, group, cycle, stage)
    shown = await compose_stage(tx, group_id, arg, now)
    if shown is not None and stage.spec.kind == "study" and stage.spec.questions:
        return await _with_progress(tx, cycle, stage, shown, arg)
    return shown


async def _with_progress(tx: Tx, cycle: Cycle, stage: Stage, shown: Message, arg: str) -> Message:
    """How many have done each module. Nobody is named for what they have not done."""
    coming = {one.person_id for one in await signups.of_stage(tx, stage, "in")}
    everybody = await modules.of_stage(tx, stage)
    done = {person: numbers for person, numbers in everybody.items() if person in coming}
    lines: list[Line] = [
        line("study.progress", number=number, text=text, done=done_by(done, number), of=len(coming))
        for number, text in enumerate(stage.spec.questions, 1)
    ]
    mine = (Button(line("study.mine"), "module", arg),)
    return replace(
        shown,
        title=line("study.board", cycle=cycle.title, stage=stage.spec.title),
        lines=(*shown.lines, *(lines if coming else ())),
        buttons=(*shown.buttons, mine) if stage.state == "open" else (),
    )
