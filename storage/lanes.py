"""The lease that makes one sender speak for a lane, and lets another take over soon after it went silent."""

from __future__ import annotations

from storage.tx import Tx


async def take(tx: Tx, lane: str, owner: str, now: int, ttl: int) -> bool:
    """Become the lane's owner, unless another gave a sign of life within the last ``ttl`` milliseconds."""
    # A sign of life from the future was given by a wrong clock; it must not keep the lane silent until then.
    taken = await tx.run(
        """INSERT INTO lanes (lane, owner, alive_at) VALUES (:lane, :owner, :now)
           ON CONFLICT (lane) DO UPDATE SET owner = excluded.owner, alive_at = excluded.alive_at
           WHERE lanes.owner = excluded.owner OR lanes.alive_at < :dead OR lanes.alive_at > :wrong""",
        lane=lane,
        owner=owner,
        now=now,
        dead=now - ttl,
        wrong=now + ttl,
    )
    return taken > 0


async def renew(tx: Tx, lane: str, owner: str, now: int) -> bool:
    """Give a sign of life. False where another owner has taken the lane over."""
    return (
        await tx.run(
            "UPDATE lanes SET alive_at = :now WHERE lane = :lane AND owner = :owner",
            lane=lane,
            owner=owner,
            now=now,
        )
        > 0
    )


async def release(tx: Tx, lane: str, owner: str) -> None:
    """Give the lane up, so that the next one need not wait."""
    await tx.run("DELETE FROM lanes WHERE lane = :lane AND owner = :owner", lane=lane, owner=owner)
