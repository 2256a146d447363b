"""Whose a bank or a pack is. Both have their ids in common: a group draws its questions from the bank that bears its pack's id."""

from __future__ import annotations

from domain.ids import brief
from storage.tx import Tx, key_of

ID_CHARS = 48
_TRIES = 100


async def id_for(tx: Tx, group_id: int, wanted: str) -> str:
    """The id under which a group (0: the installation) may keep what calls itself ``wanted``.

    It is ``wanted`` itself unless that is somebody else's; then one of the group's own, the same each time.
    What is chosen stays free until the transaction ends. Raises LookupError where every such id is taken.
    """
    await tx.lock(key_of("shelf"))
    for id in _names(group_id, wanted):
        if await owner(tx, id) in (None, group_id):
            return id
    raise LookupError("no id is free")


async def owner(tx: Tx, id: str) -> int | None:
    """The group whose bank or pack it is, 0 for the installation's, None where there is none of that id."""
    row = await tx.one(
        """SELECT group_id FROM packs WHERE id = :id
           UNION ALL SELECT group_id FROM banks WHERE id = :id LIMIT 1""",
        id=id,
    )
    return None if row is None else int(row[0])


def _names(group_id: int, wanted: str) -> list[str]:
    if group_id == 0:
        return [wanted]
    own = brief(group_id)
    ends = [f"-{own}", *(f"-{own}-{count}" for count in range(2, _TRIES))]
    return [wanted, *(wanted[: ID_CHARS - len(end)] + end for end in ends)]
