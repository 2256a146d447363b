"""Reflections: photos and words that everybody hands in, under a number that can be said aloud."""

from __future__ import annotations

from domain.group import Member
from domain.message import Button, Line, Live, Message, line
from domain.reflection import count_chars
from domain.template import StageSpec
from scheduler.stages.kind import Firing, Opening
from storage import cycles, groups, members, pictures, reflection_windows, reflections

BOARD = "reflections"
"""The composer of the board: `handlers/reflection_board.py`."""


class Reflection:
    async def open(self, at: Firing) -> Opening:
        lines = (asked(at.stage.spec), *await _how(at), line("reflection.how_private"))
        return Opening(lines, ((write_button(at.arg),),), Live(BOARD, at.arg))

    async def owing(self, at: Firing) -> list[Member]:
        done = {one.person_id for one in await reflections.of_stage(at.tx, *_where(at))}
        return [one for one in await members.in_group(at.tx, at.group.id) if one.id not in done]

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (write_button(at.arg),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        """Who has a draft hears once that it is still there; the group hears how much was written."""
        await show_board(at)
        lines = [await _summed_up(at)]
        if await _takes_late_ones(at):
            lines.append(line("reflection.late_welcome"))
            await _tell_of_drafts(at)
        return tuple(lines)


def asked(spec: StageSpec) -> Line:
    """What a reflection is to have."""
    key = "reflection.asked" if spec.photos else "reflection.asked_words"
    return line(key, chars=spec.chars, photos=spec.photos)


async def _how(at: Firing) -> list[Line]:
    """The way that works in this group: not everywhere does the bot hear what people say to each other."""
    hears = await groups.hears_all(at.tx, at.group.id)
    if hears:
        return [line("reflection.how_group" if at.stage.spec.photos else "reflection.how_words")]
    return [line("reflection.how_answering"), *([] if hears is None else [line("reflection.hears_answers")])]


def write_button(arg: str) -> Button:
    return Button(line("reflection.write"), "reflection", f"w_{arg}")


async def show_board(at: Firing) -> None:
    """Show it as it is by now."""
    await at.tell(Message(live=Live(BOARD, at.arg), silent=True), slot=f"board:{at.arg}")


def _where(at: Firing) -> tuple[int, int, int]:
    return at.group.id, at.cycle.id, at.stage.place


async def _summed_up(at: Firing) -> Line:
    handed = await reflections.of_stage(at.tx, *_where(at))
    if not handed:
        return line("reflection.none_came")
    return line(
        "reflection.summed_up",
        count=len(handed),
        chars=sum(count_chars(one.body) for one in handed),
        photos=await pictures.count_of_stage(at.tx, *_where(at)),
    )


async def _takes_late_ones(at: Firing) -> bool:
    """Until a review that is still to come opens."""
    coming = [
        one
        for one in await cycles.stages(at.tx, at.cycle)
        if one.spec.kind == "review" and one.place > at.stage.place and one.state == "planned"
    ]
    return bool(coming) and not await reflection_windows.is_locked(at.tx, *_where(at))


async def _tell_of_drafts(at: Firing) -> None:
    for draft in await reflections.drafts_of_stage(at.tx, *_where(at)):
        photos = await pictures.count(at.tx, at.group.id, draft.id)
        person = await members.find(at.tx, at.group.id, draft.by)
        if person is None or not (draft.body or photos):
            continue
        left = line(
            "reflection.draft_left", stage=at.stage.spec.title, chars=count_chars(draft.body), photos=photos
        )
        go_on = Button(line("reflection.go_on"), "reflection", f"w_{at.arg}")
        await at.tell_person(person, Message((left,), buttons=((go_on,),)))
