"""Votes for works: one a member and stage."""

from __future__ import annotations

from domain.cycle import Stage
from storage.tx import Tx


async def cast(tx: Tx, stage: Stage, person_id: int, work_id: int) -> None:
    """In place of the one they gave before."""
    await tx.run(
        """INSERT INTO votes (group_id, cycle_id, place, person_id, handin_id)
           VALUES (:group, :cycle, :place, :person, :work)
           ON CONFLICT (group_id, cycle_id, place, person_id) DO UPDATE SET handin_id = excluded.handin_id""",
        **_keys(stage),
        person=person_id,
        work=work_id,
    )


async def of_stage(tx: Tx, stage: Stage) -> dict[int, int]:
    """Member → the work they voted for. Who has left has no vote."""
    rows = await tx.all(
        """SELECT v.person_id, v.handin_id FROM votes v
           JOIN members m ON m.group_id = v.group_id AND m.person_id = v.person_id AND m.left_at IS NULL
           WHERE v.group_id = :group AND v.cycle_id = :cycle AND v.place = :place""",
        **_keys(stage),
    )
    return {int(person): int(work) for person, work in rows}


async def forget_person(tx: Tx, person_id: int) -> None:
    """Those they gave, and those that were given to their works. Called before the works are gone."""
    await tx.run(
        """DELETE FROM votes WHERE group_id IN (SELECT group_id FROM members WHERE person_id = :p)
             AND (person_id = :p OR handin_id IN (
               SELECT h.id FROM members m JOIN handins h ON h.group_id = m.group_id
               WHERE m.person_id = :p AND h.person_id = :p AND h.kind = 'work'))""",
        p=person_id,
    )


def _keys(stage: Stage) -> dict[str, int]:
    return {"group": stage.group_id, "cycle": stage.cycle_id, "place": stage.place}
