"""By which user ids the people of a message are known to one platform."""

from __future__ import annotations

from collections.abc import Iterable

from storage.tx import Tx


async def user_ids(tx: Tx, lane: str, people: Iterable[int]) -> dict[int, str]:
    """Person id → the platform's user id, for those who have one there."""
    platform, _, account = lane.partition(":")
    known = {}
    for person in people:
        row = await tx.one(
            """SELECT user_id FROM accounts
               WHERE person_id = :person AND group_id = 0 AND platform = :platform AND account = :account""",
            person=person,
            platform=platform,
            account=account,
        )
        if row is not None:
            known[person] = str(row[0])
    return known
