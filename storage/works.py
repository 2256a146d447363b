"""Works that members hand in. A number is given once in a stage, also where its work was withdrawn."""

from __future__ import annotations

import orjson

from domain.cycle import Stage
from domain.works import Work, WorkKind
from storage.tx import Row, Tx

_OF = "h.group_id = :group AND h.cycle_id = :cycle AND h.place = :place"


async def add(tx: Tx, stage: Stage, id: int, person_id: int, body: str, now: int) -> int:
    """Its number. ``body`` is of `packed`."""
    row = await tx.one(
        f"""INSERT INTO handins (group_id, id, cycle_id, place, person_id, kind, about, body, at)
            SELECT :group, :id, :cycle, :place, :person, 'work',
                   CAST(coalesce(max(CAST(h.about AS INTEGER)), 0) + 1 AS TEXT), :body, :now
            FROM handins h WHERE {_OF} AND h.kind IN ('work', 'withdrawn')
            RETURNING about""",
        **_keys(stage),
        id=id,
        person=person_id,
        body=body,
        now=now,
    )
    assert row is not None
    return int(row[0])


async def of_stage(tx: Tx, stage: Stage) -> list[Work]:
    """Those that were not withdrawn, by number."""
    rows = await tx.all(
        f"""SELECT h.id, CAST(h.about AS INTEGER), h.person_id, coalesce(m.name, ''), h.body, h.at
            FROM handins h
            LEFT JOIN members m
              ON m.group_id = h.group_id AND m.person_id = h.person_id AND m.left_at IS NULL
            WHERE {_OF} AND h.kind = 'work' ORDER BY CAST(h.about AS INTEGER)""",
        **_keys(stage),
    )
    return [_work(row) for row in rows]


async def sender(tx: Tx, group_id: int, work_id: int) -> tuple[int, int, bool] | None:
    """(author, number, whether its stage is open still) of one that was not withdrawn."""
    row = await tx.one(
        """SELECT h.person_id, CAST(h.about AS INTEGER), s.state FROM handins h
           JOIN stages s ON s.group_id = h.group_id AND s.cycle_id = h.cycle_id AND s.place = h.place
           WHERE h.group_id = :group AND h.id = :id AND h.kind = 'work'""",
        group=group_id,
        id=work_id,
    )
    return None if row is None else (int(row[0]), int(row[1]), row[2] == "open")


async def change(tx: Tx, group_id: int, work_id: int, body: str, now: int) -> None:
    await tx.run(
        "UPDATE handins SET body = :body, at = :now WHERE group_id = :group AND id = :id AND kind = 'work'",
        body=body,
        now=now,
        group=group_id,
        id=work_id,
    )


async def withdraw(tx: Tx, group_id: int, work_id: int) -> None:
    """Its number stays taken; nothing else of it is kept."""
    await tx.run(
        """UPDATE handins SET kind = 'withdrawn', body = '', picture = ''
           WHERE group_id = :group AND id = :id AND kind = 'work'""",
        group=group_id,
        id=work_id,
    )
    await _drop_pictures(tx, "group_id = :group AND reflection_id = :id", group=group_id, id=work_id)


async def forget_person(tx: Tx, person_id: int) -> None:
    """The pictures of their works; the works themselves go with everything they handed in."""
    await _drop_pictures(
        tx,
        """group_id IN (SELECT group_id FROM members WHERE person_id = :p) AND reflection_id IN (
             SELECT h.id FROM members m JOIN handins h ON h.group_id = m.group_id
             WHERE m.person_id = :p AND h.person_id = :p AND h.kind = 'work')""",
        p=person_id,
    )


async def _drop_pictures(tx: Tx, where: str, **params: int) -> None:
    await tx.run(f"DELETE FROM pictures WHERE {where}", **params)


def packed(kind: WorkKind, title: str, text: str) -> str:
    return orjson.dumps({"kind": kind, "title": title, "text": text}).decode()


def _work(row: Row) -> Work:
    id, number, person, name, body, at = row
    made = orjson.loads(body)
    return Work(id, number, person, name, made["kind"], made["title"], made["text"], at)


def _keys(stage: Stage) -> dict[str, int]:
    return {"group": stage.group_id, "cycle": stage.cycle_id, "place": stage.place}
