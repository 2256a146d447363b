"""What the reviews of an activity come to.

The grade of a work comes from the reviews that were allotted. Invited ones, the author's own and the secretary's stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.cycle import Cycle
from domain.marks import Given, Scores, Summary, summed
from domain.peer import review_of
from storage import cycles
from storage.reviews import Entry, Review, entries, of_stage, scores_of
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Marked:
    """What is known of one work when its review is over. ``summary`` is of the reviews that count; None where there are none."""

    rank: int
    entry: Entry
    summary: Summary | None
    reviews: tuple[Review, ...] = ()
    invited: tuple[Review, ...] = ()
    own: Scores = ()
    secretary: Scores = ()
    reason: str = ""
    """Why the secretary marked it so."""


async def marks_of(tx: Tx, cycle: Cycle, review_place: int | None = None) -> list[Marked]:
    """Every work, the highest mean first; of equal ones that with more reviews, then that about which they agree more.

    Works that nobody reviewed stand last. ``review_place``: of which review; without it of the activity's last one.
    """
    places = [n for n, spec in enumerate(cycle.plan.stages) if spec.kind == "review"]
    place = review_place if review_place is not None else (places[-1] if places else -1)
    if place < 0:
        return []
    found = await entries(tx, cycle, place)
    by_work: dict[int, list[Review]] = {}
    for one in await of_stage(tx, cycle, place):
        if one.state == "done":
            by_work.setdefault(one.reflection_id, []).append(one)
    marked = sorted((_marked(one, by_work.get(one.id, [])) for one in found), key=_best_first)
    return [replace(one, rank=rank) for rank, one in enumerate(marked, 1)]


def _marked(entry: Entry, done: list[Review]) -> Marked:
    counted = tuple(one for one in done if one.kind == "allotted")
    secretary = next((one for one in done if one.kind == "secretary"), None)
    return Marked(
        0,
        entry,
        summed([one.scores for one in counted]),
        counted,
        tuple(one for one in done if one.kind == "invited"),
        next((one.scores for one in done if one.kind == "self"), ()),
        secretary.scores if secretary else (),
        secretary.comment if secretary else "",
    )


def _best_first(one: Marked) -> tuple[float, int, float, int]:
    if one.summary is None:
        return (1, 0, 0, one.entry.number)
    return (-one.summary.mean, -one.summary.count, one.summary.spread, one.entry.number)


async def given_since(tx: Tx, group_id: int, since: int) -> list[Given]:
    """Reviews that counted, done since that instant, by those who are members still; also of earlier activities."""
    rows = await tx.all(
        """SELECT r.reflection_id, r.person_id, r.scores, r.cycle_id, f.place FROM reviews r
           JOIN reflections f ON f.group_id = r.group_id AND f.id = r.reflection_id
           WHERE r.group_id = :group AND r.kind = 'allotted' AND r.state = 'done' AND r.done_at >= :since""",
        group=group_id,
        since=since,
    )
    plans = {
        cycle_id: await cycles.find(tx, group_id, cycle_id) for cycle_id in {int(row[3]) for row in rows}
    }
    return [
        Given(int(work), int(person), scores_of(scores), _most(plans[int(cycle_id)], int(place)))
        for work, person, scores, cycle_id, place in rows
    ]


def _most(cycle: Cycle | None, reflection_place: int) -> int:
    place = review_of(cycle.plan.stages, reflection_place) if cycle else None
    return cycle.plan.stages[place].rubric.most if cycle and place is not None else 5
