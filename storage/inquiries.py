"""Questions that members bring to a stage, and whose voices stand behind them."""

from __future__ import annotations

from collections.abc import Mapping

from domain.agenda import Inquiry
from domain.cycle import Stage
from storage.tx import Row, Tx

_INQUIRY = "i.id, i.number, i.person_id, coalesce(m.name, ''), i.body, i.merged_into, i.side"
_NAMED = "LEFT JOIN members m ON m.group_id = i.group_id AND m.person_id = i.person_id AND m.left_at IS NULL"


async def of_stage(tx: Tx, stage: Stage) -> list[Inquiry]:
    """All of them, merged ones too, by their numbers."""
    rows = await tx.all(
        f"""SELECT {_INQUIRY} FROM inquiries i {_NAMED}
            WHERE i.group_id = :group AND i.cycle_id = :cycle AND i.place = :place ORDER BY i.number""",
        group=stage.group_id,
        cycle=stage.cycle_id,
        place=stage.place,
    )
    voices = await _voices(tx, stage.group_id, stage.cycle_id)
    return [_inquiry(row, voices) for row in rows]


async def of_cycle(tx: Tx, group_id: int, cycle_id: int) -> list[Inquiry]:
    """Those of all its stages, in the order they were asked in. Numbers count for each stage anew."""
    rows = await tx.all(
        f"""SELECT {_INQUIRY} FROM inquiries i {_NAMED}
            WHERE i.group_id = :group AND i.cycle_id = :cycle ORDER BY i.id""",
        group=group_id,
        cycle=cycle_id,
    )
    voices = await _voices(tx, group_id, cycle_id)
    return [_inquiry(row, voices) for row in rows]


async def find(tx: Tx, group_id: int, inquiry_id: int) -> tuple[int, int, int] | None:
    """(cycle, place, number) of one."""
    row = await tx.one(
        "SELECT cycle_id, place, number FROM inquiries WHERE group_id = :group AND id = :id",
        group=group_id,
        id=inquiry_id,
    )
    return None if row is None else (int(row[0]), int(row[1]), int(row[2]))


async def add(tx: Tx, stage: Stage, id: int, person_id: int, body: str, now: int) -> int:
    """Its number: the next of the stage."""
    row = await tx.one(
        """INSERT INTO inquiries (group_id, id, cycle_id, place, number, person_id, body, merged_into, side, at)
           SELECT :group, :id, :cycle, :place, coalesce(max(number), 0) + 1, :person, :body, 0, 0, :now
           FROM inquiries WHERE group_id = :group AND cycle_id = :cycle AND place = :place
           RETURNING number""",
        group=stage.group_id,
        id=id,
        cycle=stage.cycle_id,
        place=stage.place,
        person=person_id,
        body=body,
        now=now,
    )
    assert row is not None
    return int(row[0])


async def raise_voice(tx: Tx, group_id: int, inquiry_id: int, person_id: int) -> bool:
    """False where it was raised already."""
    raised = await tx.run(
        """INSERT INTO voices (group_id, inquiry_id, person_id) VALUES (:group, :inquiry, :person)
           ON CONFLICT DO NOTHING""",
        group=group_id,
        inquiry=inquiry_id,
        person=person_id,
    )
    return raised == 1


async def take_back_voice(tx: Tx, group_id: int, inquiry_id: int, person_id: int) -> None:
    await tx.run(
        "DELETE FROM voices WHERE group_id = :group AND inquiry_id = :inquiry AND person_id = :person",
        group=group_id,
        inquiry=inquiry_id,
        person=person_id,
    )


async def merge(tx: Tx, group_id: int, into: Inquiry, others: list[Inquiry]) -> None:
    """Everybody who stands behind the others, whoever asked them included, stands behind ``into`` from now on, each once."""
    for other in others:
        await tx.run(
            """UPDATE inquiries SET merged_into = :into
               WHERE group_id = :group AND (id = :other OR merged_into = :other)""",
            into=into.id,
            group=group_id,
            other=other.id,
        )
        for person in sorted((other.voices | {other.person_id}) - {into.person_id}):
            await raise_voice(tx, group_id, into.id, person)


async def hand_out(tx: Tx, group_id: int, dealt: Mapping[int, int]) -> None:
    """``dealt``: inquiry's id → the sub-group that talks about it."""
    await tx.many(
        "UPDATE inquiries SET side = :side WHERE group_id = :group AND id = :id",
        [{"side": side, "group": group_id, "id": id} for id, side in dealt.items()],
    )


async def forget_person(tx: Tx, person_id: int) -> None:
    """What they asked goes, and what was merged into it stands by itself again; their voices go too."""
    theirs = """SELECT id FROM inquiries WHERE person_id = :p
                AND group_id IN (SELECT group_id FROM members WHERE person_id = :p)"""
    groups = "group_id IN (SELECT group_id FROM members WHERE person_id = :p)"
    await tx.run(
        f"DELETE FROM voices WHERE {groups} AND (person_id = :p OR inquiry_id IN ({theirs}))", p=person_id
    )
    await tx.run(
        f"UPDATE inquiries SET merged_into = 0 WHERE {groups} AND merged_into IN ({theirs})", p=person_id
    )
    await tx.run(f"DELETE FROM inquiries WHERE {groups} AND person_id = :p", p=person_id)


async def _voices(tx: Tx, group_id: int, cycle_id: int) -> dict[int, set[int]]:
    rows = await tx.all(
        """SELECT v.inquiry_id, v.person_id FROM inquiries i
           JOIN voices v ON v.group_id = i.group_id AND v.inquiry_id = i.id
           WHERE i.group_id = :group AND i.cycle_id = :cycle""",
        group=group_id,
        cycle=cycle_id,
    )
    found: dict[int, set[int]] = {}
    for inquiry, person in rows:
        found.setdefault(int(inquiry), set()).add(int(person))
    return found


def _inquiry(row: Row, voices: Mapping[int, set[int]]) -> Inquiry:
    id, number, person, name, body, merged_into, side = row
    return Inquiry(id, number, person, name, body, merged_into, side, frozenset(voices.get(id, ())))
