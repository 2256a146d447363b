"""What points can be redeemed for, and who asked for what: a piece is set aside, and paid for, as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.ids import Ids, brief
from storage import ledger
from storage.tx import Row, Tx

State = Literal["asked", "approved", "refused", "handed", "withdrawn"]
Outcome = Literal["asked", "again", "short", "gone"]
"""What became of asking: it stands, it stood already, too few points, nothing left at that price."""


@dataclass(frozen=True, slots=True)
class Reward:
    id: int
    """Counted from 1 in each group, so that people can type it."""
    name: str
    cost: int
    stock: int
    """What is left."""
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Redemption:
    id: int
    reward_id: int
    person_id: int
    """0 for somebody who was erased."""
    name: str
    """Of the reward, as it was called then."""
    cost: int
    state: State
    who: str


_REWARD = "id, name, cost, stock, offered"
_REDEMPTION = """r.id, r.reward_id, r.person_id, r.name, r.cost, r.state, coalesce(m.name, '')
           FROM redemptions r LEFT JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id"""
_PLACE = "CASE r.state WHEN 'asked' THEN 0 WHEN 'approved' THEN 1 ELSE 2 END"


def _reward(row: Row) -> Reward:
    id, name, cost, stock, offered = row
    return Reward(id, name, cost, stock, bool(offered))


async def offer(tx: Tx, group_id: int, name: str, cost: int, stock: int, now: int) -> Reward:
    """Something new in the catalogue."""
    await tx.lock(group_id)
    last = await tx.one("SELECT coalesce(max(id), 0) FROM rewards WHERE group_id = :g", g=group_id)
    number = (int(last[0]) if last else 0) + 1
    await tx.run(
        """INSERT INTO rewards (group_id, id, name, cost, stock, offered, at)
           VALUES (:g, :id, :name, :cost, :stock, 1, :now)""",
        g=group_id,
        id=number,
        name=name,
        cost=cost,
        stock=stock,
        now=now,
    )
    return Reward(number, name, cost, stock)


async def change(tx: Tx, group_id: int, reward: Reward) -> None:
    """Name it as given, at that price, with so many left, and offered or not."""
    await tx.run(
        """UPDATE rewards SET name = :name, cost = :cost, stock = :stock, offered = :offered
           WHERE group_id = :g AND id = :id""",
        g=group_id,
        id=reward.id,
        name=reward.name,
        cost=reward.cost,
        stock=reward.stock,
        offered=int(reward.offered),
    )


async def catalogue(tx: Tx, group_id: int) -> list[Reward]:
    """What is offered, in the order it was added; also what has run out."""
    rows = await tx.all(
        f"SELECT {_REWARD} FROM rewards WHERE group_id = :g AND offered = 1 ORDER BY id", g=group_id
    )
    return [_reward(row) for row in rows]


async def find(tx: Tx, group_id: int, reward_id: int) -> Reward | None:
    row = await tx.one(
        f"SELECT {_REWARD} FROM rewards WHERE group_id = :g AND id = :id", g=group_id, id=reward_id
    )
    return None if row is None else _reward(row)


async def ask(
    tx: Tx, ids: Ids, *, group_id: int, id: int, reward: Reward, person_id: int, day: date, now: int
) -> Outcome:
    """Set a piece aside and take its points, at the price the person has seen."""
    await tx.lock(group_id)  # two at once would both find the points there
    if await redemption(tx, group_id, id) is not None:
        return "again"
    if await ledger.balance(tx, group_id, person_id) < reward.cost:
        return "short"
    if not await _take_one(tx, group_id, reward):
        return "gone"
    await tx.run(
        """INSERT INTO redemptions (group_id, id, reward_id, person_id, name, cost, state, asked_at, by_person)
           VALUES (:g, :id, :reward, :person, :name, :cost, 'asked', :now, 0)""",
        g=group_id,
        id=id,
        reward=reward.id,
        person=person_id,
        name=reward.name,
        cost=reward.cost,
        now=now,
    )
    await ledger.spend(
        tx,
        ids,
        group_id=group_id,
        person_id=person_id,
        cause=brief(id),
        day=day,
        points=reward.cost,
        now=now,
    )
    return "asked"


async def _take_one(tx: Tx, group_id: int, reward: Reward) -> bool:
    taken = await tx.run(
        """UPDATE rewards SET stock = stock - 1
           WHERE group_id = :g AND id = :id AND offered = 1 AND stock > 0 AND cost = :cost""",
        g=group_id,
        id=reward.id,
        cost=reward.cost,
    )
    return taken == 1


async def redemption(tx: Tx, group_id: int, id: int) -> Redemption | None:
    row = await tx.one(f"SELECT {_REDEMPTION} WHERE r.group_id = :g AND r.id = :id", g=group_id, id=id)
    return None if row is None else Redemption(*row)


async def approve(tx: Tx, group_id: int, id: int, by: int, now: int) -> bool:
    """False where it was decided already."""
    return await _decide(tx, group_id, id, "approved", by, now)


async def refuse(tx: Tx, ids: Ids, *, group_id: int, asked: Redemption, by: int, day: date, now: int) -> bool:
    """The piece and the points go back. False where it was decided already."""
    if not await _decide(tx, group_id, asked.id, "refused", by, now):
        return False
    await _put_back(tx, group_id, asked.reward_id)
    await ledger.spend(
        tx,
        ids,
        group_id=group_id,
        person_id=asked.person_id,
        cause=f"{brief(asked.id)}:back",
        day=day,
        points=-asked.cost,
        now=now,
    )
    return True


async def _decide(tx: Tx, group_id: int, id: int, state: State, by: int, now: int) -> bool:
    decided = await tx.run(
        """UPDATE redemptions SET state = :state, decided_at = :now, by_person = :by
           WHERE group_id = :g AND id = :id AND state = 'asked'""",
        g=group_id,
        id=id,
        state=state,
        by=by,
        now=now,
    )
    return decided == 1


async def _put_back(tx: Tx, group_id: int, reward_id: int) -> None:
    await tx.run(
        "UPDATE rewards SET stock = stock + 1 WHERE group_id = :g AND id = :id", g=group_id, id=reward_id
    )


async def hand_over(tx: Tx, group_id: int, id: int, by: int, now: int) -> bool:
    """What is handed over is approved by that. False where it was handed over, refused or withdrawn before."""
    handed = await tx.run(
        """UPDATE redemptions SET state = 'handed', decided_at = coalesce(decided_at, :now), handed_at = :now,
                  by_person = CASE WHEN by_person = 0 THEN :by ELSE by_person END
           WHERE group_id = :g AND id = :id AND state IN ('asked', 'approved')""",
        g=group_id,
        id=id,
        by=by,
        now=now,
    )
    return handed == 1


async def listed(tx: Tx, group_id: int, skip: int, limit: int) -> list[Redemption]:
    """The hand-over list: what waits to be decided, then what waits to be handed over, then the rest, latest first."""
    rows = await tx.all(
        f"""SELECT {_REDEMPTION} WHERE r.group_id = :g
            ORDER BY {_PLACE}, CASE WHEN {_PLACE} = 2 THEN -r.asked_at ELSE r.asked_at END, r.id
            LIMIT :limit OFFSET :skip""",
        g=group_id,
        limit=limit,
        skip=skip,
    )
    return [Redemption(*row) for row in rows]


async def of_person(tx: Tx, group_id: int, person_id: int, limit: int) -> list[Redemption]:
    """What one person asked for, what is open first."""
    rows = await tx.all(
        f"""SELECT {_REDEMPTION} WHERE r.group_id = :g AND r.person_id = :p
            ORDER BY {_PLACE}, -r.asked_at LIMIT :limit""",
        g=group_id,
        p=person_id,
        limit=limit,
    )
    return [Redemption(*row) for row in rows]


async def forget_person(tx: Tx, person_id: int) -> None:
    """What they had open is withdrawn and can be had by others; the list stays complete, and names them no more."""
    for (group_id,) in await tx.all("SELECT group_id FROM members WHERE person_id = :p", p=person_id):
        for (reward_id,) in await tx.all(
            """SELECT reward_id FROM redemptions
               WHERE group_id = :g AND person_id = :p AND state IN ('asked', 'approved')""",
            g=group_id,
            p=person_id,
        ):
            await _put_back(tx, group_id, reward_id)
        await tx.run(
            """UPDATE redemptions SET person_id = 0,
                      state = CASE WHEN state IN ('asked', 'approved') THEN 'withdrawn' ELSE state END
               WHERE group_id = :g AND person_id = :p""",
            g=group_id,
            p=person_id,
        )
