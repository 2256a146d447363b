"""Reflections: drafts, what was handed in under a number, and its versions.

A number counts within its cycle and is never given again, not even when its author is erased. The cycle's letter tells
which of the group's cycles with such a stage it is, in the order in which they were made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.cycle import Stage
from domain.ids import Ids
from domain.reflection import State, code
from storage import likenesses, pictures
from storage.tx import Row, Tx

_COLUMNS = (
    "r.group_id, r.id, r.cycle_id, r.place, r.number, r.person_id, r.state, r.body, r.version, r.by_person, "
    "r.at, r.changed_at, r.handed_at"
)


@dataclass(frozen=True, slots=True)
class Reflection:
    """``number`` is 0 until it is handed in for the first time; ``by`` is the author, or the secretary who entered it."""

    group_id: int
    id: int
    cycle_id: int
    place: int
    number: int
    person_id: int
    state: State
    body: str
    version: int
    by: int
    at: int
    changed_at: int
    handed_at: int | None = None

    @property
    def by_proxy(self) -> bool:
        return self.by != self.person_id


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    body: str
    at: int


async def find(tx: Tx, group_id: int, id: int) -> Reflection | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM reflections r WHERE r.group_id = :group AND r.id = :id",
        group=group_id,
        id=id,
    )
    return None if row is None else _reflection(row)


async def by_number(tx: Tx, group_id: int, rank: int, number: int) -> Reflection | None:
    """What ``domain.reflection.read_code`` found, if it is handed in and not withdrawn."""
    cycle_id = await cycle_of(tx, group_id, rank)
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM reflections r
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.number = :number AND r.state = 'handed'""",
        group=group_id,
        cycle=cycle_id,
        number=number,
    )
    return None if row is None else _reflection(row)


async def rank_of(tx: Tx, group_id: int, cycle_id: int) -> int:
    """The how-manieth of the group's cycles with reflections it is, from 1: its letter."""
    row = await tx.one(
        """SELECT count(DISTINCT cycle_id) FROM stages
           WHERE group_id = :group AND kind = 'reflection' AND cycle_id <= :cycle""",
        group=group_id,
        cycle=cycle_id,
    )
    return int(row[0]) if row else 1


async def cycle_of(tx: Tx, group_id: int, rank: int) -> int:
    """The cycle of that letter; 0 where there are fewer."""
    row = await tx.one(
        """SELECT DISTINCT cycle_id FROM stages WHERE group_id = :group AND kind = 'reflection'
           ORDER BY cycle_id LIMIT 1 OFFSET :before""",
        group=group_id,
        before=max(rank - 1, 0),
    )
    return int(row[0]) if row else 0


async def code_of(tx: Tx, reflection: Reflection) -> str:
    """``A12``, as people say it."""
    return code(await rank_of(tx, reflection.group_id, reflection.cycle_id), reflection.number)


async def of_stage(tx: Tx, group_id: int, cycle_id: int, place: int) -> list[Reflection]:
    """Those handed in, by number."""
    return await _in_stage(tx, group_id, cycle_id, place, "handed")


async def drafts_of_stage(tx: Tx, group_id: int, cycle_id: int, place: int) -> list[Reflection]:
    return await _in_stage(tx, group_id, cycle_id, place, "draft")


async def of_cycle(tx: Tx, group_id: int, cycle_id: int) -> list[Reflection]:
    """Those handed in, by number."""
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM reflections r
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.state = 'handed' ORDER BY r.number""",
        group=group_id,
        cycle=cycle_id,
    )
    return [_reflection(row) for row in rows]


async def of_person(tx: Tx, group_id: int, person_id: int, cycle_id: int) -> list[Reflection]:
    """The member's own of that cycle, whatever their state; those a secretary has begun for them too."""
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM reflections r
            WHERE r.group_id = :group AND r.person_id = :person AND r.cycle_id = :cycle ORDER BY r.id""",
        group=group_id,
        person=person_id,
        cycle=cycle_id,
    )
    return [_reflection(row) for row in rows]


async def latest_draft(tx: Tx, group_id: int, person_id: int) -> Reflection | None:
    """The draft of their own that they wrote at last, in whatever stage of an activity that is running."""
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM reflections r
            JOIN cycles c ON c.group_id = r.group_id AND c.id = r.cycle_id
            WHERE r.group_id = :group AND r.person_id = :person AND r.state = 'draft' AND r.by_person = :person
              AND c.state = 'running'
            ORDER BY r.changed_at DESC, r.id DESC LIMIT 1""",
        group=group_id,
        person=person_id,
    )
    return None if row is None else _reflection(row)


async def latest_handed(tx: Tx, group_id: int, person_id: int) -> Reflection | None:
    """What they handed in or changed at last, in an activity that is running."""
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM reflections r
            JOIN cycles c ON c.group_id = r.group_id AND c.id = r.cycle_id
            WHERE r.group_id = :group AND r.person_id = :person AND r.state = 'handed' AND c.state = 'running'
            ORDER BY r.changed_at DESC, r.id DESC LIMIT 1""",
        group=group_id,
        person=person_id,
    )
    return None if row is None else _reflection(row)


async def begin(tx: Tx, ids: Ids, stage: Stage, person_id: int, by: int, now: int) -> Reflection:
    """An empty draft."""
    begun = Reflection(
        stage.group_id, ids.next(now), stage.cycle_id, stage.place, 0, person_id, "draft", "", 1, by, now, now
    )
    await tx.run(
        """INSERT INTO reflections
             (group_id, id, cycle_id, place, number, person_id, state, body, version, by_person, at, changed_at)
           VALUES (:group, :id, :cycle, :place, 0, :person, 'draft', '', 1, :by, :now, :now)""",
        group=begun.group_id,
        id=begun.id,
        cycle=begun.cycle_id,
        place=begun.place,
        person=person_id,
        by=by,
        now=now,
    )
    return begun


async def write(tx: Tx, draft: Reflection, body: str, now: int) -> Reflection:
    """The draft's words from here on; a draft keeps no versions, its ``version`` only grows."""
    await tx.run(
        """UPDATE reflections SET body = :body, version = version + 1, changed_at = :now
           WHERE group_id = :group AND id = :id AND state = 'draft'""",
        body=body,
        now=now,
        group=draft.group_id,
        id=draft.id,
    )
    return replace(draft, body=body, version=draft.version + 1, changed_at=now)


async def touch(tx: Tx, one: Reflection, now: int) -> None:
    """Something about it changed that is not its words."""
    await tx.run(
        "UPDATE reflections SET changed_at = :now WHERE group_id = :group AND id = :id",
        now=now,
        group=one.group_id,
        id=one.id,
    )


async def hand_in(tx: Tx, one: Reflection, now: int) -> Reflection | None:
    """With its number: the next of the cycle, or the one it had before it was withdrawn. None where it is handed in already."""
    await tx.lock(one.group_id)  # two that are handed in at once get different numbers
    row = await tx.one(
        """UPDATE reflections SET state = 'handed', handed_at = :now, changed_at = :now,
             version = CASE WHEN number = 0 THEN 1 ELSE version END,
             number = CASE WHEN number > 0 THEN number ELSE
               (SELECT coalesce(max(o.number), 0) + 1 FROM reflections o
                WHERE o.group_id = :group AND o.cycle_id = :cycle) END
           WHERE group_id = :group AND id = :id AND state <> 'handed'
           RETURNING number, version""",
        now=now,
        group=one.group_id,
        id=one.id,
        cycle=one.cycle_id,
    )
    if row is None:
        return None
    await likenesses.look_at(tx, one.group_id, one.id, now)
    number, version = row
    return replace(one, state="handed", number=number, version=version, handed_at=now, changed_at=now)


async def edit(tx: Tx, one: Reflection, body: str, now: int) -> Reflection | None:
    """What was handed in, changed; the words before are kept as a version. None where it is not handed in."""
    kept = await tx.run(
        """INSERT INTO reflection_versions (group_id, reflection_id, version, body, at)
           SELECT group_id, id, version, body, changed_at FROM reflections
           WHERE group_id = :group AND id = :id AND state = 'handed' ON CONFLICT DO NOTHING""",
        group=one.group_id,
        id=one.id,
    )
    if not kept:
        return None
    await tx.run(
        """UPDATE reflections SET body = :body, version = version + 1, changed_at = :now
           WHERE group_id = :group AND id = :id""",
        body=body,
        now=now,
        group=one.group_id,
        id=one.id,
    )
    await likenesses.look_at(tx, one.group_id, one.id, now)
    return await find(tx, one.group_id, one.id)


async def withdraw(tx: Tx, one: Reflection, now: int) -> bool:
    """False where it is not handed in."""
    withdrawn = await tx.run(
        """UPDATE reflections SET state = 'withdrawn', changed_at = :now
           WHERE group_id = :group AND id = :id AND state = 'handed'""",
        now=now,
        group=one.group_id,
        id=one.id,
    )
    return withdrawn == 1


async def drop_draft(tx: Tx, draft: Reflection) -> None:
    """The draft is gone, with its pictures."""
    await pictures.drop(tx, draft.group_id, draft.id)
    await tx.run(
        "DELETE FROM reflections WHERE group_id = :group AND id = :id AND state = 'draft'",
        group=draft.group_id,
        id=draft.id,
    )


async def versions(tx: Tx, one: Reflection) -> list[Version]:
    """Every wording since it was handed in, the one that counts last."""
    rows = await tx.all(
        """SELECT version, body, at FROM reflection_versions
           WHERE group_id = :group AND reflection_id = :id ORDER BY version""",
        group=one.group_id,
        id=one.id,
    )
    return [*(Version(*row) for row in rows), Version(one.version, one.body, one.changed_at)]


async def _in_stage(tx: Tx, group_id: int, cycle_id: int, place: int, state: State) -> list[Reflection]:
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM reflections r
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.place = :place AND r.state = :state
            ORDER BY r.number, r.id""",
        group=group_id,
        cycle=cycle_id,
        place=place,
        state=state,
    )
    return [_reflection(row) for row in rows]


def _reflection(row: Row) -> Reflection:
    return Reflection(*row)
