"""What members hand in besides reflections: answers to thinking questions, works, sub-groups' forms, surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.cycle import Stage
from storage.tx import Tx

HandinKind = Literal["answer", "form", "work", "survey", "asked"]


@dataclass(frozen=True, slots=True)
class Handin:
    """``about`` says which question or field it answers, "" for what may be handed in more than once."""

    id: int
    person_id: int
    name: str
    """"" for somebody who has left."""
    about: str
    body: str
    picture: str
    at: int


@dataclass(frozen=True, slots=True)
class Asked:
    about: str
    cycle_id: int
    place: int
    at: int


async def hand_in(
    tx: Tx, stage: Stage, id: int, kind: HandinKind, about: str, person_id: int, body: str, now: int
) -> bool:
    """Keep it in place of what the person said about this before. False where it was new."""
    changed = await tx.run(
        """UPDATE handins SET body = :body, at = :now
           WHERE group_id = :group AND cycle_id = :cycle AND place = :place AND kind = :kind
             AND person_id = :person AND about = :about AND about <> ''""",
        **_keys(stage),
        kind=kind,
        person=person_id,
        about=about,
        body=body,
        now=now,
    )
    if not changed:
        await add(tx, stage, id, kind, about, person_id, body, now)
    return changed == 1


async def add(
    tx: Tx,
    stage: Stage,
    id: int,
    kind: HandinKind,
    about: str,
    person_id: int,
    body: str,
    now: int,
    picture: str = "",
) -> None:
    await tx.run(
        """INSERT INTO handins (group_id, id, cycle_id, place, person_id, kind, about, body, picture, at)
           VALUES (:group, :id, :cycle, :place, :person, :kind, :about, :body, :picture, :now)""",
        **_keys(stage),
        id=id,
        person=person_id,
        kind=kind,
        about=about,
        body=body,
        picture=picture,
        now=now,
    )


async def note_asked(tx: Tx, stage: Stage, id: int, about: str, person_id: int, now: int) -> None:
    """A question was put to the person just now, and may be answered without saying that it is."""
    await hand_in(tx, stage, id, "asked", about, person_id, "", now)


async def asked_last(tx: Tx, group_id: int, person_id: int) -> Asked | None:
    """What was put to the person last, of the stages that are open."""
    row = await tx.one(
        """SELECT h.about, h.cycle_id, h.place, h.at FROM stages s
           JOIN handins h ON h.group_id = s.group_id AND h.cycle_id = s.cycle_id AND h.place = s.place
             AND h.kind = 'asked' AND h.person_id = :person
           WHERE s.group_id = :group AND s.state = 'open' ORDER BY h.at DESC LIMIT 1""",
        group=group_id,
        person=person_id,
    )
    return None if row is None else Asked(str(row[0]), int(row[1]), int(row[2]), int(row[3]))


async def hand_over(tx: Tx, stage: Stage, kind: HandinKind, about: str, person_id: int) -> None:
    """What was said about this, by whomever, is this person's to carry on: a form goes with the liaison."""
    await tx.run(
        """UPDATE handins SET person_id = :person
           WHERE group_id = :group AND cycle_id = :cycle AND place = :place AND kind = :kind
             AND about = :about AND about <> ''""",
        **_keys(stage),
        kind=kind,
        about=about,
        person=person_id,
    )


async def of_stage(tx: Tx, stage: Stage, kind: HandinKind) -> list[Handin]:
    """In the order they were first handed in."""
    rows = await tx.all(
        """SELECT h.id, h.person_id, coalesce(m.name, ''), h.about, h.body, h.picture, h.at FROM handins h
           LEFT JOIN members m ON m.group_id = h.group_id AND m.person_id = h.person_id AND m.left_at IS NULL
           WHERE h.group_id = :group AND h.cycle_id = :cycle AND h.place = :place AND h.kind = :kind
           ORDER BY h.id""",
        **_keys(stage),
        kind=kind,
    )
    return [Handin(*row) for row in rows]


async def own(tx: Tx, stage: Stage, kind: HandinKind, person_id: int) -> dict[str, str]:
    """What it is about → what the person said."""
    rows = await tx.all(
        """SELECT about, body FROM handins WHERE group_id = :group AND cycle_id = :cycle AND place = :place
           AND kind = :kind AND person_id = :person ORDER BY id""",
        **_keys(stage),
        kind=kind,
        person=person_id,
    )
    return {str(about): str(body) for about, body in rows}


def _keys(stage: Stage) -> dict[str, int]:
    return {"group": stage.group_id, "cycle": stage.cycle_id, "place": stage.place}
