"""What the parts of a person's archive are made of: which columns of which table, found by which column that names people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Finish = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the archive. ``of`` are the (table, column) pairs of the schema that it is found by.

    Columns: names ending in ``at`` are instants; ``question`` is the whole question as JSON, beside ``given`` as it is stored;
    ``body`` and ``card`` are JSON where they are in the table.
    """

    name: str
    of: tuple[tuple[str, str], ...]
    columns: dict[str, str]
    """Name in the archive → SQL. What begins with ``_`` is only for ``finish``."""
    source: str
    finish: Finish | None = None
    """Puts right, in each row, what SQL cannot."""


GROUP = "(SELECT g.name FROM groups g WHERE g.id = {t}.group_id)"
_BY = "(SELECT b.name FROM members b WHERE b.group_id = {t}.group_id AND b.person_id = {t}.by_person)"
BY_OTHERS = f"CASE WHEN t.by_person IN (0, t.person_id) THEN NULL ELSE {_BY.format(t='t')} END"


def in_groups(
    name: str,
    table: str,
    columns: dict[str, str],
    *,
    order: str,
    joins: str = "",
    column: str = "person_id",
    finish: Finish | None = None,
) -> Part:
    """Rows of a table that begins its key with the group, found through the groups the person is or was in."""
    return Part(
        name,
        ((table, column),),
        {"group": GROUP.format(t="t"), **columns},
        f"""members m JOIN {table} t ON t.group_id = m.group_id AND t.{column} = m.person_id {joins}
            WHERE m.person_id = :person ORDER BY {order}""",
        finish,
    )
