"""A row for a person in every table that names people, whatever its columns: for tests that no table is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Float, Table, Text

from domain.question import Question
from domain.template import StageSpec, Template, When
from storage.schema import metadata
from storage.tx import Tx
from tests.storage.founding import NOW

NAMES_PEOPLE = ("person_id", "by_person", "about_person", "sender_id")
NAMED_OTHERWISE = (
    ("people", "id"),
    ("stages", "owner"),
    ("exclusions", "one_id"),
    ("exclusions", "other_id"),
)
QUESTION = Question(key="often", kind="truefalse", stem="读书贵在坚持。", right=(0,))
_GIVEN = {
    "group_id": 7,
    "host_group": 7,
    "day": "2026-03-02",
    "period": "all",
    "from_day": "2026-03-02",
    "to_day": "2026-03-03",
    "bank": "sample",
    "question": QUESTION.key,
    "given": "0",
    "verdict": "right",
    "kind": "self",
    "rule": "correction",
    "what": "missing",
    "platform": "telegram",
    "account": "study_bot",
    "role": 1,
    "ended_at": NOW,
    "at": NOW,
    "joined_at": NOW,
    "state": "sent",
    "body": "{}",
    "card": "{}",
    "settings": "{}",
    "plan": Template(
        key="exchange",
        title="读后互评",
        stages=(
            StageSpec(key="reflection", kind="reflection", title="心得", closes=When(days=0, at=1200)),
            StageSpec(key="review", kind="review", title="互评", closes=When(days=1, at=1200)),
        ),
    ).model_dump_json(exclude_defaults=True),
    "scores": "[5, 4, 5]",
    "starts_on": "2026-03-02",
}
_PARTICULAR = {
    ("stages", "kind"): "reflection",
    ("handins", "kind"): "work",
    ("handins", "about"): "3",
    ("handins", "body"): '{"kind": "text", "title": "春到社区", "text": "一早就出发了。", "file": ""}',
}
_OF_AN_ACTIVITY = ("stages", "signups", "handins", "inquiries", "votes", "reflections", "pictures")
"""Their ``place`` is that of a stage of the plan above."""
_OWN = (("reflections", "id"), ("inquiries", "id"), ("handins", "id"))
_OWN_COLUMNS = ("reflection_id", "other_id", "inquiry_id", "handin_id")
"""What two people have is not the same; nor what is said of it."""
_NUMBER = 55
"""Every other number: so that ids in one table are those in another."""


def columns_of_people() -> Iterator[tuple[str, str]]:
    """(table, column) of every column of the schema that holds a person."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if _names_somebody(table, column):
                yield table.name, column.name


def _names_somebody(table: Table, column: Column[object]) -> bool:
    return column.name in NAMES_PEOPLE or (table.name, column.name) in NAMED_OTHERWISE


async def live_everywhere(tx: Tx, person: int) -> None:
    """Rows of this person in all tables, where a question was asked, a day has its item, a contest and an activity are on."""
    tables = dict.fromkeys(table for table, _ in columns_of_people())
    for name in (*_SHARED, *_OF_A_REFLECTION, *tables):
        await _insert(tx, metadata.tables[name], person)


async def _insert(tx: Tx, table: Table, person: int) -> None:
    row = {column.name: _value(table, column, person) for column in table.columns}
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    await tx.run(f'INSERT INTO "{table.name}" ({names}) VALUES ({values}) ON CONFLICT DO NOTHING', **row)


def _value(table: Table, column: Column[object], person: int) -> object:
    if column.name == "about_person" and table.name == "audit":
        return person
    if _names_somebody(table, column):
        return str(person) if column.name == "sender_id" else person
    if (table.name, column.name) in _OWN or column.name in _OWN_COLUMNS:
        return 1_000 + person
    if column.name == "place" and table.name in _OF_AN_ACTIVITY:
        return 0
    if (table.name, column.name) in _PARTICULAR:
        return _PARTICULAR[table.name, column.name]
    if (table.name, column.name) == ("questions", "body"):
        return QUESTION.model_dump_json()
    if (table.name, column.name) == ("questions", "key"):
        return QUESTION.key
    if column.name in _GIVEN:
        return _GIVEN[column.name]
    if isinstance(column.type, Text):
        return f"{column.name}{person}" if table.name not in _SHARED else column.name
    return 1.5 if isinstance(column.type, Float) else _NUMBER


_SHARED = ("days", "quizzes", "questions", "contests", "contest_sides", "tries", "cycles")
_OF_A_REFLECTION = ("reflection_versions", "pictures", "albums", "likenesses", "newsletter_picks")


async def traces(tx: Tx, person: int) -> dict[tuple[str, str], int]:
    """(table, column) → rows that name the person there."""
    found = {}
    for table, column in columns_of_people():
        value: object = str(person) if column == "sender_id" else person
        row = await tx.one(f"SELECT count(*) FROM {table} WHERE {column} = :person", person=value)
        if row and row[0]:
            found[table, column] = int(row[0])
    return found
