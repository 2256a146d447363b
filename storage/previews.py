"""What a secretary sent to be loaded, as it was read: kept while they look at it, and forgotten after a day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

from domain.pack import Item, Pack
from domain.question import Bank, Question
from storage.tx import Tx

Kind = Literal["bank", "pack", "template", "faults", "loaded", "left"]
"""A bank, a pack or a template to be looked at, the faults of a file, and what became of a preview."""

KEPT_OF_ONE = 3
"""Of one person no more than so many wait at once: a file may have megabytes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A pack, a bank, or a pack with its bank."""

    pack: Pack | None
    bank: Bank | None

    @property
    def id(self) -> str:
        return self.pack.id if self.pack else self.bank.id if self.bank else ""

    @property
    def title(self) -> str:
        return self.pack.title if self.pack else self.bank.title if self.bank else ""


@dataclass(frozen=True, slots=True)
class TemplateSent:
    """A template for activities as it was written; ``seen``: the one in whose place it was shown (`storage.templates.Kept.at`)."""

    text: str
    seen: int

    def dump(self) -> str:
        return orjson.dumps({"text": self.text, "seen": self.seen}).decode()

    @staticmethod
    def parse(body: str) -> TemplateSent:
        return TemplateSent(**orjson.loads(body))


@dataclass(frozen=True, slots=True)
class Preview:
    id: int
    person_id: int
    kind: Kind
    body: str
    """JSON of `Sent`, of a `TemplateSent`, or of the `Message` that tells the faults."""


def dump(sent: Sent, seen: str) -> str:
    """``seen``: what stood in its place when it was shown (`standing`)."""
    raw: dict[str, Any] = {"seen": seen}
    if pack := sent.pack:
        raw["pack"] = {**asdict(pack), "items": [x.model_dump(exclude_defaults=True) for x in pack.items]}
    if bank := sent.bank:
        questions = [x.model_dump(exclude_defaults=True) for x in bank.questions]
        raw["bank"] = {**asdict(bank), "questions": questions}
    return orjson.dumps(raw).decode()


def parse(body: str) -> tuple[Sent, str]:
    """The inverse of `dump`."""
    raw = orjson.loads(body)
    pack, bank = raw.get("pack"), raw.get("bank")
    sent = Sent(
        Pack(**{**pack, "items": tuple(map(Item.model_validate, pack["items"]))}) if pack else None,
        Bank(**{**bank, "questions": tuple(map(Question.model_validate, bank["questions"]))})
        if bank
        else None,
    )
    return sent, str(raw["seen"])


async def standing(tx: Tx, id: str) -> str:
    """What stands under that id now: it differs whenever a bank or pack of it was loaded in between."""
    rows = await tx.all(
        """SELECT 'pack', revision FROM packs WHERE id = :id
           UNION ALL SELECT 'bank', revision FROM banks WHERE id = :id ORDER BY 1""",
        id=id,
    )
    return " ".join([id, *(f"{kind}:{revision}" for kind, revision in rows)])


async def keep(tx: Tx, *, group_id: int, id: int, person_id: int, kind: Kind, body: str, now: int) -> None:
    """The person's oldest make room."""
    await tx.run(
        """INSERT INTO previews (group_id, id, person_id, kind, body, at)
           VALUES (:group, :id, :person, :kind, :body, :now)""",
        group=group_id,
        id=id,
        person=person_id,
        kind=kind,
        body=body,
        now=now,
    )
    await tx.run(
        """DELETE FROM previews WHERE group_id = :group AND person_id = :person AND id NOT IN (
             SELECT id FROM previews WHERE group_id = :group AND person_id = :person
             ORDER BY id DESC LIMIT :most)""",
        group=group_id,
        person=person_id,
        most=KEPT_OF_ONE,
    )


async def find(tx: Tx, group_id: int, id: int, person_id: int) -> Preview | None:
    """None where there is none any more, or it is somebody else's."""
    row = await tx.one(
        """SELECT id, person_id, kind, body FROM previews
           WHERE group_id = :group AND id = :id AND person_id = :person""",
        group=group_id,
        id=id,
        person=person_id,
    )
    return None if row is None else Preview(*row)


async def close(tx: Tx, group_id: int, id: int, became: Literal["loaded", "left"]) -> None:
    """What it held is forgotten; what became of it is known for the rest of the day."""
    await tx.run(
        "UPDATE previews SET kind = :became, body = '' WHERE group_id = :group AND id = :id",
        became=became,
        group=group_id,
        id=id,
    )


async def change(tx: Tx, group_id: int, id: int, body: str) -> None:
    await tx.run(
        "UPDATE previews SET body = :body WHERE group_id = :group AND id = :id",
        body=body,
        group=group_id,
        id=id,
    )


async def forget(tx: Tx, before: int) -> None:
    await tx.run("DELETE FROM previews WHERE at < :before", before=before)
