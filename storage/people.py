"""All that is kept of one person, to be shown to them and to be erased."""

from __future__ import annotations

from dataclasses import dataclass

from storage import (
    appeals,
    audit,
    contests,
    evaluations,
    exclusions,
    inquiries,
    ledger,
    likenesses,
    newsletters,
    pictures,
    reflection_erasure,
    reviews,
    rewards,
    rounds,
    votes,
    works,
)
from storage.tx import Tx

_NOTES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    known_since: int
    accounts: int
    memberships: list[tuple[str, int | None, int, int]]
    """(group's name, role, streak, check-ins); None for a group that was left."""
    checkins: int
    studies: int
    leaves: int
    said: int
    """Messages of theirs in the browser chat."""
    answers: int
    points: int
    notes: list[tuple[str, str]]
    """(day, note) of the latest check-ins that have one."""


async def kept_of(tx: Tx, person_id: int) -> Kept:
    row = await tx.one(
        """SELECT p.name, p.created_at,
                  (SELECT count(*) FROM accounts WHERE person_id = :p AND group_id = 0),
                  (SELECT count(*) FROM checkins c JOIN members m ON m.group_id = c.group_id
                    AND m.person_id = c.person_id WHERE m.person_id = :p),
                  (SELECT count(*) FROM studies s JOIN members m ON m.group_id = s.group_id
                    AND m.person_id = s.person_id WHERE m.person_id = :p),
                  (SELECT count(*) FROM leaves l JOIN members m ON m.group_id = l.group_id
                    AND m.person_id = l.person_id WHERE m.person_id = :p),
                  (SELECT count(*) FROM talk WHERE sender_id = :sender),
                  (SELECT count(*) FROM answers a JOIN members m ON m.group_id = a.group_id
                    AND m.person_id = a.person_id WHERE m.person_id = :p),
                  (SELECT coalesce(sum(t.points), 0) FROM totals t JOIN members m ON m.group_id = t.group_id
                    AND m.person_id = t.person_id WHERE m.person_id = :p AND t.period = 'all')
           FROM people p WHERE p.id = :p""",
        p=person_id,
        sender=str(person_id),
    )
    if row is None:
        raise LookupError("no such person")
    name, since, accounts, checkins, studies, leaves, said, answers, points = row
    memberships = await tx.all(
        """SELECT g.name, CASE WHEN m.left_at IS NULL THEN m.role END, m.streak, m.total FROM members m JOIN groups g ON g.id = m.group_id
           WHERE m.person_id = :p ORDER BY m.joined_at""",
        p=person_id,
    )
    notes = await tx.all(
        """SELECT c.day, c.note FROM members m
           JOIN checkins c ON c.group_id = m.group_id AND c.person_id = m.person_id
           WHERE m.person_id = :p AND c.note <> '' ORDER BY c.day DESC LIMIT :limit""",
        p=person_id,
        limit=_NOTES_SHOWN,
    )
    return Kept(
        name,
        since,
        accounts,
        [(str(g), None if r is None else int(r), int(s), int(t)) for g, r, s, t in memberships],
        checkins,
        studies,
        leaves,
        said,
        answers,
        points,
        [(str(day), str(note)) for day, note in notes],
    )


_OF_A_MEMBER = (
    "checkins", "studies", "leaves", "answers", "cards", "honours", "previews", "redemptions", "signups", "handins", "guesses",
)  # fmt: skip
"""Rows that are theirs, below a group they are or were in."""
_DONE_FOR_OTHERS = (
    ("checkins", "by_person"), ("accepted", "by_person"), ("redemptions", "by_person"), ("templates", "by_person"),
    ("cycles", "by_person"), ("stages", "owner"),
)  # fmt: skip
"""What they did as secretary stays with those it was done for, and no longer says by whom."""


async def erase(tx: Tx, person_id: int) -> None:
    """Everything that is about the person goes. What names nobody stays: a day's count of check-ins, the sums of the ledger."""
    await ledger.forget_person(tx, person_id)
    await inquiries.forget_person(tx, person_id)
    await votes.forget_person(tx, person_id)
    await works.forget_person(tx, person_id)
    await likenesses.forget_person(tx, person_id)  # while it is known who wrote what
    await reviews.forget_person(tx, person_id)
    await appeals.forget_person(tx, person_id)
    await exclusions.forget_person(tx, person_id)
    # Before the reflections: by their author it is known which picks are theirs.
    await newsletters.forget_person(tx, person_id)
    await evaluations.forget_person(tx, person_id)
    await reflection_erasure.forget_person(tx, person_id)
    await rewards.forget_person(tx, person_id)
    await contests.forget_person(tx, person_id)
    await rounds.forget_person(tx, person_id)
    for table in _OF_A_MEMBER:
        await tx.run(
            f"DELETE FROM {table} WHERE person_id = :p AND group_id IN ({_THEIR_GROUPS})", p=person_id
        )
    for table, column in _DONE_FOR_OTHERS:
        await tx.run(
            f"UPDATE {table} SET {column} = 0 WHERE {column} = :p AND group_id IN ({_THEIR_GROUPS})",
            p=person_id,
        )
    # The word in the morning that they asked for (scheduler/review.py) goes by their id.
    await tx.run(
        f"DELETE FROM due WHERE kind = 'review' AND key = :key AND group_id IN ({_THEIR_GROUPS})",
        key=str(person_id),
        p=person_id,
    )
    await audit.forget_person(tx, person_id)
    await _forget_talk(tx, person_id)
    await _forget_accounts(tx, person_id)
    for table in ("members", "sessions", "tickets"):
        await tx.run(f"DELETE FROM {table} WHERE person_id = :p", p=person_id)
    await tx.run("DELETE FROM people WHERE id = :p", p=person_id)


_THEIR_GROUPS = "SELECT group_id FROM members WHERE person_id = :p"


async def _forget_talk(tx: Tx, person_id: int) -> None:
    sender = str(person_id)
    await pictures.forget_said(tx, person_id)
    await tx.run("DELETE FROM talk WHERE sender_id = :s OR chat_id = :c", s=sender, c=f"p{person_id}")
    # A page that posted twice is known by an event that names who posted (storage/talk.py).
    await tx.run(
        "DELETE FROM events WHERE platform = 'browser' AND account = 'talk' AND event_id LIKE :posted",
        posted=f"% {sender} %",
    )
    await tx.run(
        "DELETE FROM outbox WHERE person_id = :p AND person_id <> 0 AND state <> 'queued'", p=person_id
    )
    # The last word to them is still said, and then belongs to nobody.
    await tx.run("UPDATE outbox SET person_id = 0 WHERE person_id = :p AND person_id <> 0", p=person_id)


async def _forget_accounts(tx: Tx, person_id: int) -> None:
    known = await tx.all(
        "SELECT platform, account, user_id, chat_id FROM accounts WHERE person_id = :p AND group_id = 0",
        p=person_id,
    )
    for platform, account, user, chat in known:
        await tx.run(
            "DELETE FROM dead_letters WHERE platform = :platform AND account = :account AND raw LIKE :sent",
            platform=platform,
            account=account,
            sent=f'%"{user}"%',
        )
        if chat:
            await tx.run(
                "DELETE FROM posts WHERE lane = :lane AND chat_id = :chat",
                lane=f"{platform}:{account}",
                chat=chat,
            )
    await tx.run("DELETE FROM accounts WHERE person_id = :p", p=person_id)
