"""All that is kept of one person, table by table, for them to take away; `storage.people` erases the same.

Of others only their names appear, and only where they did something for this person. Every column of the schema that names
a person stands in one of the parts, or in `LEFT_OUT` with the reason; tests/storage/test_archive.py sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.archive_activities import ACTIVITIES, ACTIVITIES_LEFT_OUT
from storage.archive_part import BY_OTHERS, GROUP, Part, in_groups
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one part."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


PARTS: tuple[Part, ...] = (
    Part(
        "profile",
        (("people", "id"),),
        {"name": "t.name", "language": "t.language", "created_at": "t.created_at", "told_at": "t.told_at"},
        "people t WHERE t.id = :person",
    ),
    Part(
        "accounts",
        (("accounts", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "platform": "t.platform",
            "account": "t.account",
            "user": "t.user_id",
            "chat": "t.chat_id",
            "reachable": "t.reachable",
        },
        "accounts t WHERE t.person_id = :person ORDER BY t.platform, t.account, t.group_id",
    ),
    Part(
        "memberships",
        (("members", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "name": "t.name",
            "role": "t.role",
            "language": "t.language",
            "last_day": "t.last_day",
            "streak": "t.streak",
            "best_streak": "t.best_streak",
            "total": "t.total",
            "joined_at": "t.joined_at",
            "left_at": "t.left_at",
        },
        "members t WHERE t.person_id = :person ORDER BY t.joined_at",
    ),
    in_groups(
        "checkins",
        "checkins",
        {"day": "t.day", "kind": "t.kind", "note": "t.note", "at": "t.at", "by": BY_OTHERS},
        order="t.day",
    ),
    in_groups(
        "studies",
        "studies",
        {"day": "t.day", "item": "i.title", "at": "t.at"},
        joins="""LEFT JOIN days d ON d.group_id = t.group_id AND d.day = t.day
                 LEFT JOIN items i ON i.pack = d.pack AND i.key = d.item""",
        order="t.day",
    ),
    in_groups("leaves", "leaves", {"from_day": "t.from_day", "to_day": "t.to_day"}, order="t.from_day"),
    in_groups(
        "answers",
        "answers",
        {"question": "x.body", "given": "t.given", "verdict": "t.verdict", "at": "t.at"},
        joins="""LEFT JOIN quizzes q ON q.group_id = t.group_id AND q.id = t.quiz_id
                 LEFT JOIN questions x ON x.bank = q.bank AND x.key = q.question""",
        order="t.at",
    ),
    in_groups(
        "cards",
        "cards",
        {
            "question": "x.body",
            "missed": "t.missed",
            "stability": "t.stability",
            "seen_at": "t.seen_at",
            "due_at": "t.due_at",
            "card": "t.card",
        },
        joins="LEFT JOIN questions x ON x.bank = t.bank AND x.key = t.question",
        order="t.seen_at",
    ),
    in_groups(
        "rounds",
        "rounds",
        {
            "kind": "t.kind",
            "about": "t.about",
            "place": "t.place",
            "right": 't."right"',
            "started_at": "t.started_at",
            "ended_at": "t.ended_at",
        },
        order="t.started_at",
    ),
    Part(
        "tries",
        (("rounds", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "question": "x.body",
            "given": "y.given",
            "verdict": "y.verdict",
            "at": "y.at",
        },
        """members m JOIN rounds t ON t.group_id = m.group_id AND t.person_id = m.person_id
           JOIN tries y ON y.group_id = t.group_id AND y.round_id = t.id
           LEFT JOIN questions x ON x.bank = t.bank AND x.key = y.question
           WHERE m.person_id = :person ORDER BY y.at, y.place""",
    ),
    Part(
        "contests",
        (("contest_players", "person_id"),),
        {
            "title": "(SELECT c.title FROM contests c WHERE c.id = t.contest_id AND c.group_id = t.group_id)",
            "side": """(SELECT s.name FROM contest_sides s WHERE s.group_id = t.group_id
                         AND s.contest_id = t.contest_id AND s.side = t.side)""",
            "place": "t.place",
            "right": 't."right"',
            "finished_at": "t.finished_at",
        },
        """contest_players t WHERE t.person_id = :person AND t.group_id IN (
             SELECT group_id FROM members WHERE person_id = :person
             UNION SELECT host_group FROM contests
                   WHERE group_id IN (SELECT group_id FROM members WHERE person_id = :person))
           ORDER BY t.contest_id""",
    ),
    in_groups(
        "points",
        "ledger",
        {
            "day": "t.day",
            "rule": "t.rule",
            "points": "t.points",
            "reason": "t.reason",
            "by": BY_OTHERS,
            "at": "t.at",
        },
        order="t.id",
    ),
    in_groups("totals", "totals", {"period": "t.period", "points": "t.points"}, order="t.period"),
    in_groups(
        "honours",
        "honours",
        {"period": "t.period", "title": "t.title", "rank": "t.rank", "points": "t.points", "at": "t.at"},
        order="t.at",
    ),
    in_groups(
        "redemptions",
        "redemptions",
        {
            "name": "t.name",
            "cost": "t.cost",
            "state": "t.state",
            "asked_at": "t.asked_at",
            "decided_at": "t.decided_at",
            "handed_at": "t.handed_at",
            "by": BY_OTHERS,
        },
        order="t.asked_at",
    ),
    Part(
        "talk",
        (("talk", "sender_id"),),
        {
            "chat": "t.chat_id",
            "mine": "CASE WHEN t.sender_id = :sender THEN 1 ELSE 0 END",
            "body": "t.body",
            "at": "t.at",
        },
        "talk t WHERE t.sender_id = :sender OR t.chat_id = :chat ORDER BY t.at, t.id",
    ),
    Part(
        "messages",
        (("outbox", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "body": "t.body",
            "state": "t.state",
            "created_at": "t.created_at",
            "done_at": "t.done_at",
        },
        "outbox t WHERE t.person_id = :person AND t.person_id <> 0 ORDER BY t.id",
    ),
    Part(
        "looks",
        (("audit", "about_person"),),
        {
            "group": GROUP.format(t="t"),
            "by": "(SELECT b.name FROM members b WHERE b.group_id = t.group_id AND b.person_id = t.person_id)",
            "what": "t.what",
            "at": "t.at",
        },
        """members m JOIN audit t ON t.group_id = m.group_id AND t.person_id <> m.person_id
             AND (t.about_person = m.person_id OR (t.about_person = 0 AND t.at >= m.joined_at))
           WHERE m.person_id = :person ORDER BY t.id""",
    ),
    in_groups("looked", "audit", {"what": "t.what", "at": "t.at"}, order="t.id"),
    Part(
        "decisions",
        (("accepted", "by_person"),),
        {
            "group": GROUP.format(t="t"),
            "question": "x.body",
            "answer": "t.folded",
            "right": 't."right"',
            "at": "t.at",
        },
        """members m JOIN accepted t ON t.group_id = m.group_id AND t.by_person = m.person_id
           LEFT JOIN questions x ON x.bank = t.bank AND x.key = t.question
           WHERE m.person_id = :person ORDER BY t.at""",
    ),
    in_groups("previews", "previews", {"kind": "t.kind", "body": "t.body", "at": "t.at"}, order="t.at"),
    Part(
        "sessions",
        (("sessions", "person_id"),),
        {"expires_at": "t.expires_at"},
        "sessions t WHERE t.person_id = :person ORDER BY t.expires_at",
    ),
    Part(
        "tickets",
        (("tickets", "person_id"),),
        {"kind": "t.kind", "expires_at": "t.expires_at", "used_at": "t.used_at"},
        "tickets t WHERE t.person_id = :person ORDER BY t.expires_at",
    ),
    *ACTIVITIES,
)

LEFT_OUT: dict[tuple[str, str], str] = {
    ("checkins", "by_person"): "check-ins done for others are the others' own, and stand in their archives",
    ("ledger", "by_person"): "points given to others are the others' own",
    ("redemptions", "by_person"): "rewards handed to others are the others' own",
    **ACTIVITIES_LEFT_OUT,
}


async def of_person(tx: Tx, person_id: int) -> list[Kept]:
    """Every part, those without a row too: that there is nothing is worth knowing."""
    return [await read(tx, part, person_id) for part in PARTS]


async def read(tx: Tx, part: Part, person_id: int) -> Kept:
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in part.columns.items())
    rows = await tx.all(
        f"SELECT {columns} FROM {part.source}",
        **{
            name: value
            for name, value in _parameters(person_id).items()
            if f":{name}" in columns + part.source
        },
    )
    shown = tuple(name for name in part.columns if not name.startswith("_"))
    return Kept(part.name, shown, [_finished(part, shown, tuple(row)) for row in rows])


def _finished(part: Part, shown: tuple[str, ...], row: tuple[Any, ...]) -> tuple[Any, ...]:
    if part.finish is None:
        return row
    found = dict(zip(part.columns, row, strict=True))
    part.finish(found)
    return tuple(found[name] for name in shown)


def _parameters(person_id: int) -> dict[str, object]:
    return {"person": person_id, "sender": str(person_id), "chat": f"p{person_id}"}
