"""Erasing somebody's reflections, with all that hangs on them."""

from __future__ import annotations

from domain.ids import brief
from storage import pictures
from storage.tx import Tx


async def forget_person(tx: Tx, person_id: int) -> None:
    """Nothing of theirs is left but that their numbers were given: 「A12」 shall never mean somebody else's."""
    rows = await tx.all(
        """SELECT r.group_id, r.id FROM members m
           JOIN reflections r ON r.group_id = m.group_id AND r.person_id = m.person_id WHERE m.person_id = :p""",
        p=person_id,
    )
    for group_id, id in rows:
        await pictures.drop(tx, group_id, id)
        for table, key in (("reflection_versions", "reflection_id"), ("albums", "reflection_id")):
            await tx.run(f"DELETE FROM {table} WHERE group_id = :g AND {key} = :id", g=group_id, id=id)
        await tx.run(
            """DELETE FROM posts WHERE substr(slot, 1, :length) = :shown AND (lane, chat_id) IN
                 (SELECT platform || ':' || account, chat_id FROM chats WHERE group_id = :g)""",
            g=group_id,
            shown=(shown := f"reflection:{brief(id)}:"),
            length=len(shown),
        )
        await tx.run(
            """UPDATE reflections SET person_id = 0, by_person = 0, state = 'withdrawn', body = ''
               WHERE group_id = :g AND id = :id""",
            g=group_id,
            id=id,
        )
        await tx.run(
            "DELETE FROM reflections WHERE group_id = :g AND id = :id AND number = 0", g=group_id, id=id
        )
    await tx.run(
        """UPDATE reflections SET by_person = 0
           WHERE by_person = :p AND group_id IN (SELECT group_id FROM members WHERE person_id = :p)""",
        p=person_id,
    )
    await tx.run("DELETE FROM seen_photos WHERE person_id = :p AND person_id <> 0", p=person_id)
