"""Contests, their sides and players. Sides and players stand in the host's rows; every group that takes part has a row of its own."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from domain.contest import SIDES_MOST, Side, State
from domain.ids import brief, from_brief
from storage.tx import Row, Tx

_COLUMNS = "group_id, id, host_group, title, bank, questions, state, starts_at, ends_at"


@dataclass(frozen=True, slots=True)
class Contest:
    """As one group has it; ``host`` is the group that made it."""

    group_id: int
    id: int
    host: int
    title: str
    """"" for one without a name of its own."""
    bank: str
    questions: int
    """How many each player is asked."""
    state: State
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Player:
    side: int
    place: int
    """How many they have answered."""
    right: int


async def add(tx: Tx, contest: Contest) -> None:
    await tx.run(
        f"""INSERT INTO contests ({_COLUMNS})
            VALUES (:group, :id, :host, :title, :bank, :questions, :state, :starts, :ends)""",
        group=contest.group_id,
        id=contest.id,
        host=contest.host,
        title=contest.title,
        bank=contest.bank,
        questions=contest.questions,
        state=contest.state,
        starts=contest.starts_at,
        ends=contest.ends_at,
    )


async def find(tx: Tx, group_id: int, contest_id: int) -> Contest | None:
    return _contest(
        await tx.one(
            f"SELECT {_COLUMNS} FROM contests WHERE group_id = :group AND id = :id",
            group=group_id,
            id=contest_id,
        )
    )


async def current(tx: Tx, group_id: int) -> Contest | None:
    """The one that is to come or under way; a group has one at a time."""
    return _contest(
        await tx.one(
            f"""SELECT {_COLUMNS} FROM contests WHERE group_id = :group AND state IN ('open', 'running')
                ORDER BY id DESC LIMIT 1""",
            group=group_id,
        )
    )


async def set_state(tx: Tx, group_id: int, contest_id: int, state: State) -> None:
    await tx.run(
        "UPDATE contests SET state = :state WHERE group_id = :group AND id = :id",
        state=state,
        group=group_id,
        id=contest_id,
    )


async def groups_in(tx: Tx, contest_id: int) -> list[int]:
    """The groups that take part, always in the same order, so that two who tell them all never wait for each other."""
    rows = await tx.all("SELECT group_id FROM contests WHERE id = :id ORDER BY group_id", id=contest_id)
    return [int(row[0]) for row in rows]


async def add_side(tx: Tx, host: int, contest_id: int, name: str, of_group: int = 0) -> bool:
    """One more side, numbered from 1; False where there are as many as there may be."""
    for _ in range(SIDES_MOST):  # another group may take the same number at the same time
        added = await tx.run(
            """INSERT INTO contest_sides (group_id, contest_id, side, name, of_group)
               SELECT CAST(:host AS BIGINT), CAST(:id AS BIGINT), coalesce(max(side), 0) + 1,
                      CAST(:name AS TEXT), CAST(:of AS BIGINT)
               FROM contest_sides WHERE group_id = :host AND contest_id = :id HAVING count(*) < :most
               ON CONFLICT DO NOTHING""",
            host=host,
            id=contest_id,
            name=name,
            of=of_group,
            most=SIDES_MOST,
        )
        if added:
            return True
    return False


async def sides(tx: Tx, host: int, contest_id: int) -> list[Side]:
    """Each as it stands, in the order of their numbers."""
    rows = await tx.all(
        """SELECT s.side, s.name, s.of_group, count(p.person_id),
                  coalesce(sum(CASE WHEN p.place > 0 THEN 1 ELSE 0 END), 0), coalesce(sum(p."right"), 0)
           FROM contest_sides s LEFT JOIN contest_players p
             ON p.group_id = s.group_id AND p.contest_id = s.contest_id AND p.side = s.side
           WHERE s.group_id = :host AND s.contest_id = :id
           GROUP BY s.side, s.name, s.of_group ORDER BY s.side""",
        host=host,
        id=contest_id,
    )
    return [Side(int(n), str(name), int(of), int(j), int(p), int(r)) for n, name, of, j, p, r in rows]


async def join(tx: Tx, host: int, contest_id: int, person_id: int, side: int) -> bool:
    """Put them on that side; False where they are on one already."""
    joined = await tx.run(
        """INSERT INTO contest_players (group_id, contest_id, person_id, side)
           VALUES (:host, :id, :person, :side) ON CONFLICT DO NOTHING""",
        host=host,
        id=contest_id,
        person=person_id,
        side=side,
    )
    return joined == 1


async def player(tx: Tx, host: int, contest_id: int, person_id: int) -> Player | None:
    row = await tx.one(
        """SELECT side, place, "right" FROM contest_players
           WHERE group_id = :host AND contest_id = :id AND person_id = :person""",
        host=host,
        id=contest_id,
        person=person_id,
    )
    return None if row is None else Player(*row)


async def count(tx: Tx, contest: Contest, person_id: int, right: bool, now: int) -> None:
    """They answered one more."""
    await tx.run(
        """UPDATE contest_players SET place = place + 1, "right" = "right" + :right,
             finished_at = CASE WHEN place + 1 >= :most THEN CAST(:now AS BIGINT) ELSE finished_at END
           WHERE group_id = :host AND contest_id = :id AND person_id = :person""",
        right=int(right),
        most=contest.questions,
        now=now,
        host=contest.host,
        id=contest.id,
        person=person_id,
    )


async def invite(tx: Tx, code: str, contest: Contest, now: int) -> bool:
    """Keep a code by which one other group may take part until the start. False where the same one is out: take another."""
    await tx.run("DELETE FROM tickets WHERE kind = 'contest' AND expires_at <= :now", now=now)
    kept = await tx.run(
        """INSERT INTO tickets (hash, kind, chat_id, expires_at) VALUES (:hash, 'contest', :what, :until)
           ON CONFLICT (hash) DO NOTHING""",
        hash=_digest(code),
        what=f"{brief(contest.host)}_{brief(contest.id)}",
        until=contest.starts_at,
    )
    return kept == 1


async def redeem(tx: Tx, code: str, now: int) -> Contest | None:
    """Use the code up; the host's contest. None where there is no such code, or it was used, or the start has passed."""
    row = await tx.one(
        """UPDATE tickets SET used_at = :now
           WHERE hash = :hash AND kind = 'contest' AND used_at IS NULL AND expires_at > :now RETURNING chat_id""",
        hash=_digest(code),
        now=now,
    )
    if row is None:
        return None
    host, _, contest = str(row[0]).partition("_")
    return await find(tx, from_brief(host), from_brief(contest))


async def forget_person(tx: Tx, person_id: int) -> None:
    """Their name goes from every contest; what they answered still counts for their side, under a number that is nobody's."""
    rows = await tx.all(
        """SELECT p.group_id, p.contest_id FROM members m JOIN contests c ON c.group_id = m.group_id
           JOIN contest_players p ON p.group_id = c.host_group AND p.contest_id = c.id AND p.person_id = m.person_id
           WHERE m.person_id = :p""",
        p=person_id,
    )
    for host, contest in {(int(host), int(contest)) for host, contest in rows}:
        await tx.run(
            """UPDATE contest_players SET person_id =
                 (SELECT CASE WHEN min(o.person_id) < 0 THEN min(o.person_id) ELSE 0 END - 1 FROM contest_players o
                  WHERE o.group_id = :host AND o.contest_id = :contest)
               WHERE group_id = :host AND contest_id = :contest AND person_id = :p""",
            host=host,
            contest=contest,
            p=person_id,
        )


def _digest(code: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isalnum())
    return hashlib.sha256(b"contest " + plain.encode("utf-8", "surrogatepass")).hexdigest()


def _contest(row: Row | None) -> Contest | None:
    return None if row is None else Contest(*row)
