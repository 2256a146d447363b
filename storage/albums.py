"""Pictures that were shown before anybody knew what for: albums whose pieces arrive apart, and photos that words may answer."""

from __future__ import annotations

from domain.day import DAY
from domain.incoming import Incoming
from storage.pictures import Shot, Source
from storage.tx import Row, Tx

KEPT = 2 * DAY
"""A photo of the day before yesterday is answered by nobody; nothing is kept longer than it may be of use."""


async def claim(tx: Tx, event: Incoming, album_id: str, group_id: int, reflection_id: int, now: int) -> int:
    """The reflection that the album belongs to: this one, unless a piece of it was another's before."""
    row = await tx.one(
        """INSERT INTO albums (platform, account, chat_id, album_id, group_id, reflection_id, at)
           VALUES (:platform, :account, :chat, :album, :group, :reflection, :now)
           ON CONFLICT (platform, account, chat_id, album_id) DO UPDATE SET at = excluded.at
           RETURNING reflection_id""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        album=album_id,
        group=group_id,
        reflection=reflection_id,
        now=now,
    )
    return int(row[0]) if row else reflection_id


async def owner(tx: Tx, event: Incoming, album_id: str) -> int | None:
    """The reflection that the album belongs to, if to any yet."""
    row = await tx.one(
        """SELECT reflection_id FROM albums
           WHERE platform = :platform AND account = :account AND chat_id = :chat AND album_id = :album""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        album=album_id,
    )
    return None if row is None else int(row[0])


async def see(tx: Tx, event: Incoming, shot: Shot, album_id: str, person_id: int, now: int) -> None:
    """Remember a picture that came without a word."""
    await tx.run(
        """INSERT INTO seen_photos (platform, account, chat_id, message_id, album_id, person_id, kind, source, at)
           VALUES (:platform, :account, :chat, :message, :album, :person, :kind, :source, :now)
           ON CONFLICT DO NOTHING""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        message=event.message_id or "",
        album=album_id,
        person=person_id,
        kind=shot.kind,
        source=shot.source.dump(),
        now=now,
    )


async def seen(tx: Tx, event: Incoming, message_id: str) -> tuple[list[Shot], str]:
    """The pictures of that message, with the others of its album; and the album's id."""
    row = await tx.one(
        """SELECT kind, source, album_id FROM seen_photos
           WHERE platform = :platform AND account = :account AND chat_id = :chat AND message_id = :message""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        message=message_id,
    )
    if row is None:
        return [], ""
    if row[2]:
        return await seen_of_album(tx, event, row[2]), str(row[2])
    return [_shot(row)], ""


async def seen_of_album(tx: Tx, event: Incoming, album_id: str) -> list[Shot]:
    rows = await tx.all(
        """SELECT kind, source FROM seen_photos
           WHERE platform = :platform AND account = :account AND chat_id = :chat AND album_id = :album
           ORDER BY at, length(message_id), message_id""",
        platform=event.platform,
        account=event.account,
        chat=event.chat_id,
        album=album_id,
    )
    return [_shot(row) for row in rows]


async def unsee(tx: Tx, source: Source) -> None:
    """A picture that was taken out does not come back with a late piece of its album."""
    await tx.run(
        """DELETE FROM seen_photos WHERE platform = :platform AND account = :account AND chat_id = :chat
             AND source = :source""",
        platform=source.platform,
        account=source.account,
        chat=source.chat_id,
        source=source.dump(),
    )


async def forget(tx: Tx, before: int) -> None:
    for table in ("seen_photos", "albums"):
        await tx.run(f"DELETE FROM {table} WHERE at < :before", before=before)


def _shot(row: Row) -> Shot:
    return Shot(row[0], Source.parse(row[1]))
