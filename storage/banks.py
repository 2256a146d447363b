"""Banks of questions. Loading a bank again changes nothing that groups did with its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.question import Bank, Question
from storage.loading import GONE, Change, Loaded
from storage.tx import Row, Tx, key_of

_FIELDS = ("position", "kind", "topic", "item", "body")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A bank as a secretary chooses it."""

    id: str
    title: str
    language: str
    revision: int
    loaded_at: int
    size: int
    group_id: int = 0
    """Whose own it is, 0 for everybody's."""


async def save(tx: Tx, bank: Bank, now: int, group_id: int = 0) -> Loaded:
    """Make the stored bank this one. The revision grows when anything is different, and only then.

    A question that the bank no longer has is not drawn again but stays, for the quizzes that asked it.
    ``group_id``: whose own a new bank is; what is there already stays whose it was (`storage.shelf.id_for` sees to it
    that nobody loads over somebody else's).
    """
    await tx.lock(key_of(f"bank:{bank.id}"))  # two loads at once
    change = await _change(tx, bank)
    await tx.many(_UPSERT, [{"bank": bank.id, "key": key, **change.after[key]} for key in change.written])
    await tx.many(_REMOVE, [{"bank": bank.id, "key": key} for key in change.removed])
    await _save_cover(tx, bank, now, group_id, force=bool(change.written or change.removed))
    return change.counts


async def compare(tx: Tx, bank: Bank) -> Loaded:
    """What `save` would do."""
    return (await _change(tx, bank)).counts


async def _change(tx: Tx, bank: Bank) -> Change:
    after = {question.key: _row(place, question) for place, question in enumerate(bank.questions)}
    return Change(await _stored(tx, bank.id), after)


async def question(tx: Tx, bank_id: str, key: str) -> Question | None:
    """The question of that key, also one that the bank no longer has."""
    row = await tx.one("SELECT body FROM questions WHERE bank = :bank AND key = :key", bank=bank_id, key=key)
    return _question(row)


async def questions(tx: Tx, bank_id: str) -> list[Question]:
    """All that the bank has now, in order."""
    rows = await tx.all(
        "SELECT body FROM questions WHERE bank = :bank AND position >= 0 ORDER BY position", bank=bank_id
    )
    return [Question.model_validate_json(row[0]) for row in rows]


async def exists(tx: Tx, bank_id: str) -> bool:
    return await tx.one("SELECT 1 FROM banks WHERE id = :bank", bank=bank_id) is not None


async def whole(tx: Tx, bank_id: str) -> Bank | None:
    """The bank with all its questions."""
    row = await tx.one("SELECT id, title, language FROM banks WHERE id = :bank", bank=bank_id)
    if row is None:
        return None
    id, title, language = row
    return Bank(id, title, language, tuple(await questions(tx, bank_id)))


async def all_banks(tx: Tx) -> list[Shelved]:
    """Every bank, everybody's and the groups' own, by id."""
    return [Shelved(*row) for row in await tx.all(f"{_SHELVED} ORDER BY b.id")]


async def offered(tx: Tx, group_id: int) -> list[Shelved]:
    """The banks a group may use: its own, then everybody's."""
    rows = await tx.all(
        f"{_SHELVED} WHERE b.group_id IN (0, :group) ORDER BY CASE b.group_id WHEN 0 THEN 1 ELSE 0 END, b.id",
        group=group_id,
    )
    return [Shelved(*row) for row in rows]


_SHELVED = """
SELECT b.id, b.title, b.language, b.revision, b.loaded_at,
       (SELECT count(*) FROM questions q WHERE q.bank = b.id AND q.position >= 0), b.group_id
FROM banks b
"""


async def unasked(tx: Tx, group_id: int, bank_id: str, item: str) -> Question | None:
    """The question that comes next for the group; None for a bank that is empty or unknown.

    First what belongs to ``item`` ("" for none) and was not asked yet, then what belongs to no item, then what belongs
    to another; when the group has been asked everything, what it was asked longest ago.
    """
    row = await tx.one(_NEXT, group=group_id, bank=bank_id, item=item)
    return _question(row)


_UPSERT = """
INSERT INTO questions (bank, key, position, kind, topic, item, body)
VALUES (:bank, :key, :position, :kind, :topic, :item, :body)
ON CONFLICT (bank, key) DO UPDATE
SET position = excluded.position, kind = excluded.kind, topic = excluded.topic, item = excluded.item,
    body = excluded.body
"""
_REMOVE = f"UPDATE questions SET position = {GONE} WHERE bank = :bank AND key = :key"

# coalesce looks no further than the first that is there; what the group was asked is read once from its own rows.
_FRESH = """(SELECT q.key FROM questions q WHERE q.bank = :bank AND q.position >= 0 {which}
    AND q.key NOT IN (SELECT z.question FROM quizzes z WHERE z.group_id = :group AND z.bank = :bank)
    ORDER BY q.position LIMIT 1)"""
_NEXT = f"""
SELECT body FROM questions WHERE bank = :bank AND key = coalesce(
    {_FRESH.format(which="AND q.item = :item AND :item <> ''")},
    {_FRESH.format(which="AND q.item = ''")},
    {_FRESH.format(which="")},
    (SELECT z.question FROM quizzes z WHERE z.group_id = :group AND z.bank = :bank AND EXISTS (
         SELECT 1 FROM questions q WHERE q.bank = z.bank AND q.key = z.question AND q.position >= 0)
     GROUP BY z.question ORDER BY max(z.asked_at), max(z.id) LIMIT 1))
"""


async def _stored(tx: Tx, bank_id: str) -> dict[str, Mapping[str, Any]]:
    rows = await tx.all(f"SELECT key, {', '.join(_FIELDS)} FROM questions WHERE bank = :bank", bank=bank_id)
    return {key: dict(zip(_FIELDS, fields, strict=True)) for key, *fields in rows}


async def _save_cover(tx: Tx, bank: Bank, now: int, group_id: int, *, force: bool) -> None:
    known = await tx.one("SELECT title, language FROM banks WHERE id = :bank", bank=bank.id)
    if known is not None and tuple(known) == (bank.title, bank.language) and not force:
        return
    await tx.run(
        """INSERT INTO banks (id, title, language, revision, loaded_at, group_id)
           VALUES (:bank, :title, :language, 1, :now, :group)
           ON CONFLICT (id) DO UPDATE
           SET title = excluded.title, language = excluded.language, revision = banks.revision + 1,
               loaded_at = excluded.loaded_at""",
        bank=bank.id,
        title=bank.title,
        language=bank.language,
        now=now,
        group=group_id,
    )


def _row(position: int, question: Question) -> Mapping[str, Any]:
    return {
        "position": position,
        "kind": question.kind,
        "topic": question.topic,
        "item": question.item,
        "body": question.model_dump_json(exclude_defaults=True),
    }


def _question(row: Row | None) -> Question | None:
    return None if row is None else Question.model_validate_json(row[0])
