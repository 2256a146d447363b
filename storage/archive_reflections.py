"""The parts of a person's archive that tell of reflections: what they wrote and showed, what they said of others' works, and what
was said of theirs.

What somebody wrote about the person's own work is there once it may be read in the chat, with the writer's name only where the
review was not blind.
"""

from __future__ import annotations

from typing import Any

from domain.file import document_name
from domain.ids import brief
from domain.peer import review_of
from domain.reflection import code
from domain.template import Template
from storage.archive_part import BY_OTHERS, GROUP, Part, in_groups
from storage.pictures import Source

CYCLE = "(SELECT c.title FROM cycles c WHERE c.group_id = {t}.group_id AND c.id = {t}.cycle_id)"
"""The title of the activity that a row of ``t`` belongs to."""
_CYCLE = CYCLE.format(t="t")
_RANK = """(SELECT count(DISTINCT s.cycle_id) FROM stages s
            WHERE s.group_id = {r}.group_id AND s.kind = 'reflection' AND s.cycle_id <= {r}.cycle_id)"""


def _code_of(r: str) -> dict[str, str]:
    return {"code": f"{r}.number", "_rank": _RANK.format(r=r)}


def _name_work(row: dict[str, Any]) -> None:
    row["code"] = code(row["_rank"], row["code"]) if row["code"] else ""


def _name_reviewer(row: dict[str, Any]) -> None:
    """A blind review stays one, also in an archive."""
    _name_work(row)
    plan = Template.model_validate_json(row["_plan"]) if row["_plan"] else None
    place = review_of(plan.stages, row["_place"]) if plan else None
    if plan is None or place is None or plan.stages[place].blind:
        row["by"] = None


def _name_picture(row: dict[str, Any]) -> None:
    row["code"] = row["_work"] if row["_work"] else code(row["_rank"], row["code"]) if row["code"] else ""
    row["file"] = f"{brief(row['_of'])}-{row['_place'] + 1}" if row["hash"] else None
    if row["hash"] and row["kind"] == "document":
        row["file"] += f"-{document_name(Source.parse(row['_source']).name)}"


_OWN = """members m JOIN reflections r ON r.group_id = m.group_id AND r.person_id = m.person_id
          JOIN {table} t ON t.group_id = r.group_id AND t.reflection_id = r.id"""
_OTHERS = """LEFT JOIN reflections r ON r.group_id = t.group_id AND r.id = t.reflection_id"""
_HELD = """(SELECT group_id, id, number, cycle_id, '' AS work FROM reflections WHERE person_id = :person
               AND group_id IN (SELECT group_id FROM members WHERE person_id = :person)
             UNION ALL SELECT group_id, id, 0, cycle_id, 'W' || about FROM handins
               WHERE person_id = :person AND kind = 'work'
               AND group_id IN (SELECT group_id FROM members WHERE person_id = :person)
             UNION ALL SELECT p.group_id, k.id, 0, 0, '' FROM talk k JOIN pictures p ON p.reflection_id = k.id
               AND p.group_id IN (SELECT group_id FROM members WHERE person_id = :person)
               WHERE k.sender_id = :sender GROUP BY p.group_id, k.id)"""
_REVIEW_IS_OVER = """(c.state <> 'running' OR EXISTS (
    SELECT 1 FROM stages s WHERE s.group_id = r.group_id AND s.cycle_id = r.cycle_id AND s.place > r.place
      AND s.kind = 'review' AND s.state = 'closed'))"""

REFLECTIONS: tuple[Part, ...] = (
    in_groups(
        "reflections",
        "reflections",
        {
            "cycle": _CYCLE,
            **_code_of("t"),
            "state": "t.state",
            "body": "t.body",
            "version": "t.version",
            "by": BY_OTHERS,
            "at": "t.at",
            "changed_at": "t.changed_at",
            "handed_at": "t.handed_at",
        },
        order="t.at, t.id",
        finish=_name_work,
    ),
    Part(
        "versions",
        (("reflections", "person_id"),),
        {
            "group": GROUP.format(t="r"),
            **_code_of("r"),
            "version": "t.version",
            "body": "t.body",
            "at": "t.at",
        },
        f"{_OWN.format(table='reflection_versions')} WHERE m.person_id = :person ORDER BY r.id, t.version",
        _name_work,
    ),
    Part(
        "pictures",
        (("reflections", "person_id"), ("handins", "person_id"), ("talk", "sender_id")),
        {
            "group": GROUP.format(t="t"),
            "code": "r.number",
            "_rank": _RANK.format(r="r"),
            "_work": "r.work",
            "_of": "r.id",
            "_place": "t.place",
            "_source": "t.source",
            "kind": "t.kind",
            "state": "t.state",
            "file": "t.hash",
            "width": "t.width",
            "height": "t.height",
            "hash": "t.hash",
            "at": "t.at",
        },
        f"{_HELD} r JOIN pictures t ON t.group_id = r.group_id AND t.reflection_id = r.id "
        "ORDER BY t.at DESC, r.id DESC, t.place",
        _name_picture,
    ),
    Part(
        "albums",
        (("reflections", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            **_code_of("r"),
            "platform": "t.platform",
            "chat": "t.chat_id",
            "at": "t.at",
        },
        f"{_OWN.format(table='albums')} WHERE m.person_id = :person ORDER BY t.at",
        _name_work,
    ),
    Part(
        "seen_photos",
        (("seen_photos", "person_id"),),
        {"platform": "t.platform", "chat": "t.chat_id", "kind": "t.kind", "at": "t.at"},
        "seen_photos t WHERE t.person_id = :person ORDER BY t.at",
    ),
    Part(
        "likenesses",
        (("reflections", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            **_code_of("r"),
            "kind": "t.kind",
            "percent": "t.percent",
            "state": "t.state",
            "at": "t.at",
        },
        """members m JOIN reflections r ON r.group_id = m.group_id AND r.person_id = m.person_id
           JOIN likenesses t ON t.group_id = r.group_id AND (t.reflection_id = r.id OR t.other_id = r.id)
           WHERE m.person_id = :person ORDER BY t.at, r.id""",
        _name_work,
    ),
    in_groups(
        "reviews_given",
        "reviews",
        {
            "cycle": _CYCLE,
            **_code_of("r"),
            "kind": "t.kind",
            "state": "t.state",
            "scores": "t.scores",
            "comment": "t.comment",
            "asked_at": "t.asked_at",
            "lease_ends_at": "t.lease_until",
            "done_at": "t.done_at",
        },
        joins=_OTHERS,
        order="t.asked_at, t.reflection_id",
        finish=_name_work,
    ),
    Part(
        "reviews_received",
        (("reflections", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "cycle": "c.title",
            **_code_of("r"),
            "_plan": "c.plan",
            "_place": "r.place",
            "kind": "t.kind",
            "scores": "t.scores",
            "comment": "t.comment",
            "by": "(SELECT b.name FROM members b WHERE b.group_id = t.group_id AND b.person_id = t.person_id)",
        },
        f"""{_OWN.format(table="reviews")} AND t.person_id <> m.person_id AND t.state = 'done'
            JOIN cycles c ON c.group_id = r.group_id AND c.id = r.cycle_id
            WHERE m.person_id = :person AND {_REVIEW_IS_OVER} ORDER BY r.id, t.scores, t.comment""",
        _name_reviewer,
    ),
    in_groups(
        "appeals",
        "appeals",
        {
            **_code_of("r"),
            "body": "t.body",
            "reply": "t.answer",
            "by": BY_OTHERS,
            "at": "t.at",
            "answered_at": "t.answered_at",
        },
        joins=_OTHERS,
        order="t.at",
        finish=_name_work,
    ),
    in_groups(
        "evaluations",
        "evaluations",
        {
            "cycle": _CYCLE,
            "kind": "t.kind",
            "scores": "t.scores",
            "comment": "t.comment",
            "by": BY_OTHERS,
            "at": "t.at",
        },
        order="t.at",
    ),
    Part(
        "consents",
        (("reflections", "person_id"),),
        {
            "group": GROUP.format(t="t"),
            "cycle": _CYCLE,
            **_code_of("r"),
            "consent": "t.consent",
            "at": "t.at",
        },
        f"{_OWN.format(table='newsletter_picks')} WHERE m.person_id = :person ORDER BY t.at",
        _name_work,
    ),
    Part(
        "exclusions",
        (("exclusions", "one_id"), ("exclusions", "other_id")),
        {"group": GROUP.format(t="t"), "by": BY_OTHERS.replace("t.person_id", "m.person_id")},
        """members m JOIN exclusions t
             ON t.group_id = m.group_id AND (t.one_id = m.person_id OR t.other_id = m.person_id)
           WHERE m.person_id = :person ORDER BY t.group_id""",
    ),
)
