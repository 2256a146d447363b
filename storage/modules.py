"""Which modules of a class each member has done; kept among what members hand in."""

from __future__ import annotations

from domain.cycle import Stage
from storage.tx import Tx

_OF = "h.group_id = :group AND h.cycle_id = :cycle AND h.place = :place AND h.kind = 'module'"


async def finish(tx: Tx, stage: Stage, id: int, number: int, person_id: int, now: int) -> bool:
    """False where it was done already."""
    done = await tx.run(
        """INSERT INTO handins (group_id, id, cycle_id, place, person_id, kind, about, body, at)
           VALUES (:group, :id, :cycle, :place, :person, 'module', :number, '', :now)
           ON CONFLICT DO NOTHING""",
        **_keys(stage),
        id=id,
        person=person_id,
        number=str(number),
        now=now,
    )
    return done == 1


async def take_back(tx: Tx, stage: Stage, number: int, person_id: int) -> bool:
    """False where it was not done."""
    gone = await tx.run(
        """DELETE FROM handins WHERE group_id = :group AND cycle_id = :cycle AND place = :place
             AND kind = 'module' AND person_id = :person AND about = :number""",
        **_keys(stage),
        person=person_id,
        number=str(number),
    )
    return gone == 1


async def of_stage(tx: Tx, stage: Stage) -> dict[int, frozenset[int]]:
    """Member → the modules they have done; members only."""
    rows = await tx.all(
        f"""SELECT h.person_id, h.about FROM handins h
            JOIN members m ON m.group_id = h.group_id AND m.person_id = h.person_id AND m.left_at IS NULL
            WHERE {_OF}""",
        **_keys(stage),
    )
    found: dict[int, set[int]] = {}
    for person, number in rows:
        found.setdefault(int(person), set()).add(int(number))
    return {person: frozenset(numbers) for person, numbers in found.items()}


async def of_person(tx: Tx, stage: Stage, person_id: int) -> frozenset[int]:
    rows = await tx.all(
        f"SELECT h.about FROM handins h WHERE {_OF} AND h.person_id = :person",
        **_keys(stage),
        person=person_id,
    )
    return frozenset(int(row[0]) for row in rows)


def _keys(stage: Stage) -> dict[str, int]:
    return {"group": stage.group_id, "cycle": stage.cycle_id, "place": stage.place}
