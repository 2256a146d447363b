"""What the installation remembers of itself: its sealing key, and where the demonstration's clock stands."""

from __future__ import annotations

from storage.tx import Tx

DEMO_SHIFT = "demo_shift"
"""Under this name: milliseconds by which the demonstration's clock is ahead of the real one."""
_OF_THE_INSTALLATION = {"installation", "packs", "items", "banks", "questions", "lanes"}
_SHELVES = (("packs", "items", "pack"), ("banks", "questions", "bank"))


async def value(tx: Tx, name: str) -> str | None:
    row = await tx.one("SELECT value FROM installation WHERE name = :name", name=name)
    return None if row is None else str(row[0])


async def keep(tx: Tx, name: str, value: str) -> None:
    await tx.run(
        """INSERT INTO installation (name, value) VALUES (:name, :value)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        name=name,
        value=value,
    )


async def value_or(tx: Tx, name: str, made: str) -> str:
    """What is kept under the name; nothing kept yet, ``made`` is from now on."""
    await tx.run(
        "INSERT INTO installation (name, value) VALUES (:name, :made) ON CONFLICT DO NOTHING",
        name=name,
        made=made,
    )
    return await value(tx, name) or made


async def wipe_groups(tx: Tx) -> None:
    """Forget every group, every person and all that was said; what is everybody's, and the installation's own, stays."""
    # SQLAlchemy takes half a second to load, and nothing else that runs every day asks for it.
    from storage.schema import metadata

    for table in metadata.tables.keys() - _OF_THE_INSTALLATION:
        await tx.run(f"DELETE FROM {table}")
    for shelf, things, name in _SHELVES:
        await tx.run(f"DELETE FROM {things} WHERE {name} IN (SELECT id FROM {shelf} WHERE group_id <> 0)")
        await tx.run(f"DELETE FROM {shelf} WHERE group_id <> 0")
