"""What a reviewer is shown: what they were given to read, a reflection with a button for each mark, and what was said of one's own."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import UserError
from domain.ids import brief
from domain.marks import Scores
from domain.message import Button, Line, Message, line
from domain.reflection import code
from domain.template import Rubric
from handlers.call import Call
from handlers.peer_photo import photo_files, rest
from handlers.peer_work import Target, check_begun
from scheduler.stages.kind import Firing
from scheduler.stages.review import how, reading_buttons
from scheduler.stages.review_lines import result, scored
from storage import cycles, pictures, reflections, review_marks, reviews
from storage.reviews import Entry, Review


async def mine(call: Call) -> Message:
    """What this person is asked to review now, and how far they are."""
    found = await cycles.open_stage(call.tx, call.group.id, "review")
    if found is None:
        raise UserError("peer.none_open")
    at = call.firing(*found)
    entries = {one.id: one for one in await reviews.entries(call.tx, at.cycle, at.stage.place)}
    rank = await reflections.rank_of(call.tx, call.group.id, at.cycle.id)
    held = [one for one in await _held(call, at) if one.reflection_id in entries]
    wanted = [entries[one.reflection_id] for one in held]
    lines = [_standing(at.stage.spec.rubric, rank, entries[one.reflection_id], one) for one in held]
    lines = lines or [line("peer.nothing")]
    example = (wanted or list(entries.values()))[:1]
    lines += [how(at, code(rank, one.number)) for one in example]
    return Message(
        tuple(lines),
        title=line("peer.mine", stage=at.stage.spec.title),
        buttons=reading_buttons(rank, wanted),
    )


async def next_to_read(call: Call, at: Firing) -> tuple[tuple[Button, ...], ...]:
    """Buttons for what this person was asked to review and has not yet."""
    entries = {one.id: one for one in await reviews.entries(call.tx, at.cycle, at.stage.place)}
    asked = [
        entries[one.reflection_id]
        for one in await _held(call, at)
        if one.state == "asked" and one.reflection_id in entries
    ]
    return reading_buttons(await reflections.rank_of(call.tx, call.group.id, at.cycle.id), asked)


async def _held(call: Call, at: Firing) -> list[Review]:
    return [
        one
        for one in await reviews.of_stage(call.tx, at.cycle, at.stage.place)
        if one.person_id == call.me.id and one.kind in ("allotted", "invited") and one.state != "dropped"
    ]


def _standing(rubric: Rubric, rank: int, entry: Entry, review: Review) -> Line:
    name = code(rank, entry.number)
    if review.state == "done":
        return line("peer.mine_done", code=name, scores=scored(rubric, review.scores))
    return line("peer.mine_invited" if review.kind == "invited" else "peer.mine_asked", code=name)


async def show(call: Call, target: Target) -> Message:
    """The reflection itself, with a button for each mark; to its author, once that is over, what was said of it."""
    check_begun(call, target)
    own = target.work.person_id == call.me.id
    if own and target.at.stage.state == "closed":
        return await _result(call, target)
    said = await _work(call, target)
    if own or target.at.stage.state != "open":
        return said
    before = await reviews.by(call.tx, call.group.id, target.work.id, call.me.id)
    asking = ask_criterion(target, before.scores if before else ())
    return replace(said, lines=(*said.lines, *asking.lines), buttons=asking.buttons)


async def _work(call: Call, target: Target) -> Message:
    """Its words with the first photo; each photo more is a message of its own."""
    found = await pictures.of_reflection(call.tx, call.group.id, target.work.id)
    title = line("peer.work", code=target.name)
    files = photo_files(found)
    for file in files[1:]:
        await call.tell_private(Message(title=title, file=file))
    words = line("raw", text=target.work.body)
    return Message((words, *rest(found)), title=title, file=files[0] if files else None)


async def _result(call: Call, target: Target) -> Message:
    at = target.at
    for one in await review_marks.marks_of(call.tx, at.cycle, at.stage.place):
        if one.entry.id == target.work.id:
            rank = await reflections.rank_of(call.tx, call.group.id, at.cycle.id)
            return result(at.stage.spec, rank, one)
    raise UserError("peer.unknown", code=target.name)


def ask_criterion(target: Target, scores: Scores) -> Message:
    """The first criterion without a mark, else the first; each button says which one it is for."""
    rubric = target.spec.rubric
    so_far = (*scores, *[0] * len(rubric.criteria))[: len(rubric.criteria)]
    place = so_far.index(0) if 0 in so_far else 0
    buttons = [
        Button(line("raw", text=str(score)), "peer", f"s_{brief(target.work.id)}_{place}_{score}")
        for score in range(1, rubric.most + 1)
    ]
    asked = line("peer.criterion_of", code=target.name, name=rubric.criteria[place], most=rubric.most)
    return Message((asked,), buttons=tuple(tuple(buttons[n : n + 5]) for n in range(0, len(buttons), 5)))
