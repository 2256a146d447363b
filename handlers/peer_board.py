"""The board of a review stage: how many reviews there are of how many; nobody's name, nobody's marks."""

from __future__ import annotations

from collections import Counter

from domain.ids import from_brief
from domain.message import Message, line
from scheduler.stages.review import mine_button
from storage import cycles, reviews
from storage.tx import Tx

_BAR = 10


async def compose_reviews(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """``arg`` is `Firing.arg`. None where the activity is gone."""
    name, _, place = arg.partition("_")
    found = await cycles.stage(tx, group_id, from_brief(name), int(place))
    if found is None:
        return None
    cycle, stage = found
    works = {one.id for one in await reviews.entries(tx, cycle, stage.place)}
    given, asked, invited = Counter[int](), Counter[int](), 0
    for one in await reviews.of_stage(tx, cycle, stage.place):
        if one.reflection_id not in works or one.state == "dropped":
            continue
        if one.kind == "allotted":
            asked[one.reflection_id] += 1
            given[one.reflection_id] += one.state == "done"
        invited += one.kind == "invited" and one.state == "done"
    most = (
        stage.spec.reviews
    )  # whoever gives one late, beside who was asked in their place, gives one too many
    of = sum(min(most, count) for count in asked.values())
    done = sum(min(most, count) for count in given.values())
    lines = [line("peer.board_bar", bar=_bar(done, of), done=done, of=of)]
    if invited:
        lines.append(line("peer.board_invited", count=invited))
    return Message(
        tuple(lines),
        title=line("peer.board", cycle=cycle.title, stage=stage.spec.title),
        buttons=((mine_button(),),) if stage.state == "open" else (),
        silent=True,
    )


def _bar(done: int, of: int) -> str:
    filled = _BAR * done // of if of else 0
    return "▓" * filled + "░" * (_BAR - filled)
