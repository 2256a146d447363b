"""The board of a stage of reflections, edited in place: who handed in, and under which number. Nobody else is named."""

from __future__ import annotations

from domain.ids import from_brief
from domain.message import Line, Message, line
from domain.reflection import code
from scheduler.stages.reflection import write_button
from storage import cycles, members, reflections
from storage.reflections import Reflection
from storage.tx import Tx

NAMES_SHOWN = 40
"""A board stays one screen long; the rest are counted."""


async def compose_reflections(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """``arg`` is `Firing.arg`. None where the activity is gone."""
    name, _, place = arg.partition("_")
    found = await cycles.stage(tx, group_id, from_brief(name), int(place))
    if found is None:
        return None
    cycle, stage = found
    handed = await reflections.of_stage(tx, group_id, cycle.id, stage.place)
    return Message(
        title=line("reflection.board", cycle=cycle.title, count=len(handed)),
        lines=tuple(await _names(tx, handed)),
        buttons=((write_button(arg),),) if stage.state == "open" else (),
        silent=True,
    )


async def _names(tx: Tx, handed: list[Reflection]) -> list[Line]:
    if not handed:
        return []
    names = {one.id: one.name for one in await members.in_group(tx, handed[0].group_id)}
    rank = await reflections.rank_of(tx, handed[0].group_id, handed[0].cycle_id)
    shown = [_entry(one, names, code(rank, one.number)) for one in handed if one.person_id in names]
    lines = [line("reflection.names", names=tuple(shown[:NAMES_SHOWN]))] if shown else []
    if len(shown) > NAMES_SHOWN:
        lines.append(line("reflection.more", count=len(shown) - NAMES_SHOWN))
    return lines


def _entry(one: Reflection, names: dict[int, str], said: str) -> Line:
    key = "reflection.by_proxy" if one.by_proxy else "reflection.by"
    return line(key, code=said, name=names[one.person_id])
