"""Who comes to a stage: signed up or waiting, drawn into which sub-group, there or not, and who spoke."""

from __future__ import annotations

from collections.abc import Mapping

from domain.cycle import Stage
from domain.seminar import Signup, SignupState
from storage.tx import Row, Tx

_SIGNUP = "s.person_id, m.name, s.state, s.side, s.liaison, s.spoke, s.attended, s.at"
_WHERE = "s.group_id = :group AND s.cycle_id = :cycle AND s.place = :place"
_OF = "group_id = :group AND cycle_id = :cycle AND place = :place"


async def of_stage(tx: Tx, stage: Stage, *states: SignupState) -> list[Signup]:
    """Members in those states (all but who withdrew, where none are named), in the order they signed up in."""
    rows = await tx.all(
        f"""SELECT {_SIGNUP} FROM signups s
            JOIN members m ON m.group_id = s.group_id AND m.person_id = s.person_id AND m.left_at IS NULL
            WHERE {_WHERE} ORDER BY s.at, s.person_id""",
        **_keys(stage),
    )
    wanted = states or ("in", "waiting")
    return [found for row in rows if (found := _signup(row)).state in wanted]


async def find(tx: Tx, stage: Stage, person_id: int) -> Signup | None:
    row = await tx.one(
        f"""SELECT {_SIGNUP} FROM signups s
            JOIN members m ON m.group_id = s.group_id AND m.person_id = s.person_id AND m.left_at IS NULL
            WHERE {_WHERE} AND s.person_id = :person""",
        **_keys(stage),
        person=person_id,
    )
    return None if row is None else _signup(row)


async def sign_up(tx: Tx, stage: Stage, person_id: int, state: SignupState, side: int, now: int) -> None:
    """Whoever comes back after withdrawing stands at the end of the order."""
    await tx.run(
        """INSERT INTO signups (group_id, cycle_id, place, person_id, state, side, at)
           VALUES (:group, :cycle, :place, :person, :state, :side, :now)
           ON CONFLICT (group_id, cycle_id, place, person_id) DO UPDATE
           SET state = excluded.state, side = excluded.side, liaison = 0, at = excluded.at""",
        **_keys(stage),
        person=person_id,
        state=state,
        side=side,
        now=now,
    )


async def set_state(tx: Tx, stage: Stage, person_id: int, state: SignupState, side: int = 0) -> None:
    await tx.run(
        f"UPDATE signups SET state = :state, side = :side, liaison = 0 WHERE {_OF} AND person_id = :person",
        **_keys(stage),
        state=state,
        side=side,
        person=person_id,
    )


async def divide(tx: Tx, stage: Stage, sides: Mapping[int, int], liaisons: frozenset[int]) -> None:
    """``sides``: person → sub-group. Nobody else is in one from now on."""
    await tx.run(f"UPDATE signups SET side = 0, liaison = 0 WHERE {_OF}", **_keys(stage))
    await tx.many(
        f"UPDATE signups SET side = :side, liaison = :liaison WHERE {_OF} AND person_id = :person",
        [
            {**_keys(stage), "side": side, "liaison": int(person in liaisons), "person": person}
            for person, side in sides.items()
        ],
    )


async def name_liaison(tx: Tx, stage: Stage, side: int, person_id: int) -> None:
    """In place of whoever was it."""
    await tx.run(
        f"""UPDATE signups SET liaison = CASE WHEN person_id = :person THEN 1 ELSE 0 END
            WHERE {_OF} AND side = :side""",
        **_keys(stage),
        person=person_id,
        side=side,
    )


async def attend(tx: Tx, stage: Stage, person_id: int, how: str, now: int) -> bool:
    """``how``: code or roll. False where it was known already. Whoever had not signed up has done so by coming."""
    noted = await tx.run(
        """INSERT INTO signups (group_id, cycle_id, place, person_id, state, attended, attended_at, at)
           VALUES (:group, :cycle, :place, :person, 'in', :how, :now, :now)
           ON CONFLICT (group_id, cycle_id, place, person_id) DO UPDATE
           SET state = 'in', attended = excluded.attended, attended_at = excluded.attended_at
           WHERE signups.attended = ''""",
        **_keys(stage),
        person=person_id,
        how=how,
        now=now,
    )
    return noted == 1


async def strike(tx: Tx, stage: Stage, person_id: int) -> bool:
    """They were not there after all. False where nobody had said so."""
    struck = await tx.run(
        f"""UPDATE signups SET attended = '', attended_at = NULL, spoke = 0
            WHERE {_OF} AND person_id = :person AND attended <> ''""",
        **_keys(stage),
        person=person_id,
    )
    return struck == 1


async def spoke(tx: Tx, stage: Stage, person_id: int) -> bool:
    """False where it was known already, or they are not among those who come."""
    noted = await tx.run(
        f"UPDATE signups SET spoke = 1 WHERE {_OF} AND person_id = :person AND spoke = 0",
        **_keys(stage),
        person=person_id,
    )
    return noted == 1


async def met_before(tx: Tx, stage: Stage) -> list[tuple[int, int]]:
    """Pairs who shared a sub-group the last time this group was divided into such."""
    rows = await tx.all(
        """SELECT s.person_id, other.person_id FROM signups s
           JOIN signups other ON other.group_id = s.group_id AND other.cycle_id = s.cycle_id
             AND other.place = s.place AND other.side = s.side AND other.person_id > s.person_id
           WHERE s.group_id = :group AND s.side > 0 AND s.cycle_id =
             (SELECT max(cycle_id) FROM signups WHERE group_id = :group AND cycle_id < :cycle AND side > 0)""",
        group=stage.group_id,
        cycle=stage.cycle_id,
    )
    return [(int(one), int(other)) for one, other in rows]


async def wrong_guesses(tx: Tx, group_id: int, person_id: int, since: int) -> int:
    row = await tx.one(
        "SELECT count, at FROM guesses WHERE group_id = :group AND person_id = :person",
        group=group_id,
        person=person_id,
    )
    return int(row[0]) if row and int(row[1]) > since else 0


async def guessed_wrong(tx: Tx, group_id: int, person_id: int, count: int, now: int) -> None:
    """The first of a row of guesses says when the row began."""
    await tx.run(
        """INSERT INTO guesses (group_id, person_id, count, at) VALUES (:group, :person, :count, :now)
           ON CONFLICT (group_id, person_id) DO UPDATE
           SET count = excluded.count, at = CASE WHEN excluded.count = 1 THEN excluded.at ELSE guesses.at END""",
        group=group_id,
        person=person_id,
        count=count,
        now=now,
    )


def _keys(stage: Stage) -> dict[str, int]:
    return {"group": stage.group_id, "cycle": stage.cycle_id, "place": stage.place}


def _signup(row: Row) -> Signup:
    person, name, state, side, liaison, has_spoken, attended, at = row
    return Signup(person, name, state, side, bool(liaison), bool(has_spoken), attended, at)
