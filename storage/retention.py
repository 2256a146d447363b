"""Forgetting the details of days gone by, in small bites; counts, totals and the ledger stay as they are.

Of an activity that ended so long ago its stages stay, what was said of it as a whole, and what stands in a newsletter that was
posted. Who came, what was handed in, asked and voted for, and what people wrote of one another goes.
"""

from __future__ import annotations

from datetime import date

from domain.group import Group, Settings
from storage.tx import Tx

BITE = 500
"""Rows deleted in one transaction, a few milliseconds' work."""

_OLD_QUIZZES = "SELECT id FROM quizzes WHERE group_id = :group AND asked_at < :until"
_OLD_ROUNDS = "SELECT id FROM rounds WHERE group_id = :group AND started_at < :until"
_OLD_CONTESTS = "SELECT id FROM contests WHERE group_id = :group AND host_group = :group AND ends_at < :until"
_ROOMS = "SELECT chat_id FROM chats WHERE group_id = :group AND platform = 'browser'"
_OLD_CYCLES = "SELECT id FROM cycles WHERE group_id = :group AND ended_at < :until"
_PUBLISHED = """SELECT k.reflection_id FROM newsletters n
    JOIN newsletter_picks k ON k.group_id = n.group_id AND k.cycle_id = n.cycle_id
    WHERE n.group_id = :group AND n.state = 'posted' AND k.consent = 'yes'"""
_OF_OLD_CYCLES = f"group_id = :group AND cycle_id IN ({_OLD_CYCLES})"
_UNPUBLISHED = f"{_OF_OLD_CYCLES} AND id NOT IN ({_PUBLISHED})"
_OLD_REFLECTIONS = f"SELECT id FROM reflections WHERE {_UNPUBLISHED}"
_OLD_HANDINS = f"SELECT id FROM handins WHERE {_OF_OLD_CYCLES}"
_OLD_INQUIRIES = f"SELECT id FROM inquiries WHERE {_OF_OLD_CYCLES}"
_ALL_OLD_REFLECTIONS = f"SELECT id FROM reflections WHERE {_OF_OLD_CYCLES}"
# What hangs on something goes before it.
_OF_ACTIVITIES = (
    (
        "pictures",
        "reflection_id, place",
        f"group_id = :group AND (reflection_id IN ({_OLD_REFLECTIONS}) OR reflection_id IN ({_OLD_HANDINS}))",
    ),
    (
        "reflection_versions",
        "reflection_id, version",
        f"group_id = :group AND reflection_id IN ({_ALL_OLD_REFLECTIONS})",
    ),
    (
        "sketches",
        "band, value, reflection_id",
        f"group_id = :group AND reflection_id IN ({_OLD_REFLECTIONS})",
    ),
    (
        "likenesses",
        "reflection_id, other_id, kind",
        f"""group_id = :group AND (reflection_id IN ({_ALL_OLD_REFLECTIONS})
            OR other_id IN ({_ALL_OLD_REFLECTIONS}))""",
    ),
    ("appeals", "reflection_id", f"group_id = :group AND reflection_id IN ({_ALL_OLD_REFLECTIONS})"),
    (
        "newsletter_picks",
        "cycle_id, reflection_id",
        f"group_id = :group AND reflection_id IN ({_OLD_REFLECTIONS})",
    ),
    ("reviews", "reflection_id, person_id, kind", _OF_OLD_CYCLES),
    ("reflections", "id", _UNPUBLISHED),
    ("voices", "inquiry_id, person_id", f"group_id = :group AND inquiry_id IN ({_OLD_INQUIRIES})"),
    ("inquiries", "id", _OF_OLD_CYCLES),
    ("votes", "cycle_id, place, person_id", _OF_OLD_CYCLES),
    ("handins", "id", _OF_OLD_CYCLES),
    ("signups", "cycle_id, place, person_id", _OF_OLD_CYCLES),
    ("evaluations", "cycle_id, person_id, kind", f"{_OF_OLD_CYCLES} AND kind <> 'overall'"),
    ("guesses", "person_id", "group_id = :group AND at < :until"),
)
# Table, the rest of its key, which of its rows.
_GOES = (
    *_OF_ACTIVITIES,
    ("studies", "day, person_id", "group_id = :group AND day < :before"),
    ("answers", "quiz_id, person_id", f"group_id = :group AND quiz_id IN ({_OLD_QUIZZES})"),
    ("tries", "round_id, place", f"group_id = :group AND round_id IN ({_OLD_ROUNDS})"),
    ("rounds", "id", "group_id = :group AND started_at < :until"),
    ("contest_players", "contest_id, person_id", f"group_id = :group AND contest_id IN ({_OLD_CONTESTS})"),
    ("audit", "id", "group_id = :group AND at < :until"),
    (
        "redemptions",
        "id",
        """group_id = :group AND state IN ('handed', 'refused')
           AND coalesce(handed_at, decided_at, asked_at) < :until""",
    ),
    ("talk", "chat_id, id", f"chat_id IN ({_ROOMS}) AND at < :until AND pinned = 0"),
    # Leave holds a streak together, so it stays as long as check-ins of the time do.
    (
        "leaves",
        "person_id, from_day",
        """group_id = :group AND to_day < :before AND NOT EXISTS (
             SELECT 1 FROM checkins c
             WHERE c.group_id = leaves.group_id AND c.person_id = leaves.person_id AND c.day < :before)""",
    ),
)


async def groups_that_forget(tx: Tx) -> list[Group]:
    rows = await tx.all(
        """SELECT id, name, settings, paused, next_item FROM groups WHERE settings LIKE '%"keep_months"%' ORDER BY id"""
    )
    return [
        Group(int(id), str(name), rules, bool(paused), next_item)
        for id, name, settings, paused, next_item in rows
        if (rules := Settings.parse(settings)).keep_months
    ]


async def forget(tx: Tx, group_id: int, before: date, until: int) -> int:
    """Forget a bite of what happened before that day, which began at ``until``; how many rows, 0 when nothing is left."""
    gone = 0
    for table, key, old in _GOES:
        scope = "" if table == "talk" else "group_id = :group AND "
        parameters = {"group": group_id, "before": before.isoformat(), "until": until, "bite": BITE - gone}
        sql = (
            f"DELETE FROM {table} WHERE {scope}({key}) IN (SELECT {key} FROM {table} WHERE {old} LIMIT :bite)"
        )
        gone += await tx.run(sql, **{name: value for name, value in parameters.items() if f":{name}" in sql})
        if gone >= BITE:
            break
    return gone


async def checked_in_before(tx: Tx, group_id: int, before: date) -> list[int]:
    """Whose check-ins of earlier days are still there."""
    rows = await tx.all(
        "SELECT DISTINCT person_id FROM checkins WHERE group_id = :group AND day < :before ORDER BY person_id",
        group=group_id,
        before=before.isoformat(),
    )
    return [int(row[0]) for row in rows]


async def forget_checkins(tx: Tx, group_id: int, person_id: int, before: date, streak: date | None) -> None:
    """Forget one person's earlier check-ins and leave. Of a streak that still lasts the days stay, and nothing but the days."""
    gone = {"group": group_id, "person": person_id, "day": min(before, streak or before).isoformat()}
    await tx.run(
        "DELETE FROM checkins WHERE group_id = :group AND person_id = :person AND day < :day", **gone
    )
    await tx.run(
        "DELETE FROM leaves WHERE group_id = :group AND person_id = :person AND to_day < :day", **gone
    )
    await tx.run(
        """UPDATE checkins SET note = '', at = 0, by_person = person_id
           WHERE group_id = :group AND person_id = :person AND day < :before AND at <> 0""",
        group=group_id,
        person=person_id,
        before=before.isoformat(),
    )
