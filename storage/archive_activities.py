"""The parts of a person's archive that tell of activities: where they took part, what they handed in and asked, what they arranged.

Of other members' works and questions only the numbers are told.
"""

from __future__ import annotations

from typing import Any

import orjson

from storage.archive_part import Part, in_groups
from storage.archive_reflections import CYCLE, REFLECTIONS

_PLAN = "(SELECT c.plan FROM cycles c WHERE c.group_id = {t}.group_id AND c.id = {t}.cycle_id)"


def _stage_of(t: str) -> dict[str, str]:
    return {"cycle": CYCLE.format(t=t), "stage": f"{t}.place", "_plan": _PLAN.format(t=t)}


_WHERE = _stage_of("t")


def _name_stage(row: dict[str, Any]) -> None:
    stages = orjson.loads(row["_plan"])["stages"] if row["_plan"] else []
    row["stage"] = stages[row["stage"]]["title"] if row["stage"] < len(stages) else ""


ACTIVITIES: tuple[Part, ...] = (
    in_groups(
        "signups",
        "signups",
        {
            **_WHERE,
            "state": "t.state",
            "side": "t.side",
            "liaison": "t.liaison",
            "spoke": "t.spoke",
            "attended": "t.attended",
            "attended_at": "t.attended_at",
            "at": "t.at",
        },
        order="t.at",
        finish=_name_stage,
    ),
    in_groups(
        "handins",
        "handins",
        {**_WHERE, "kind": "t.kind", "about": "t.about", "body": "t.body", "at": "t.at"},
        order="t.at, t.id",
        finish=_name_stage,
    ),
    in_groups(
        "inquiries",
        "inquiries",
        {**_WHERE, "number": "t.number", "body": "t.body", "side": "t.side", "at": "t.at"},
        order="t.at, t.id",
        finish=_name_stage,
    ),
    in_groups(
        "voices",
        "voices",
        {**_stage_of("i"), "number": "i.number"},
        joins="JOIN inquiries i ON i.group_id = t.group_id AND i.id = t.inquiry_id",
        order="i.id",
        finish=_name_stage,
    ),
    in_groups(
        "votes",
        "votes",
        {**_WHERE, "code": "'W' || h.about"},
        joins="LEFT JOIN handins h ON h.group_id = t.group_id AND h.id = t.handin_id",
        order="t.cycle_id, t.place",
        finish=_name_stage,
    ),
    in_groups("guesses", "guesses", {"count": "t.count", "at": "t.at"}, order="t.at"),
    *REFLECTIONS,
    in_groups(
        "cycles",
        "cycles",
        {
            "title": "t.title",
            "template": "t.template",
            "starts_on": "t.starts_on",
            "state": "t.state",
            "repeats": "t.repeats",
            "at": "t.at",
            "ended_at": "t.ended_at",
        },
        column="by_person",
        order="t.at",
    ),
    in_groups(
        "stages",
        "stages",
        {
            **_WHERE,
            "state": "t.state",
            "opens_at": "t.opens_at",
            "closes_at": "t.closes_at",
        },
        column="owner",
        order="t.opens_at",
        finish=_name_stage,
    ),
    in_groups(
        "templates",
        "templates",
        {"template": "t.key", "body": "t.body", "at": "t.at"},
        column="by_person",
        order="t.at",
    ),
    in_groups(
        "newsletters",
        "newsletters",
        {"title": "t.title", "state": "t.state", "at": "t.at", "posted_at": "t.posted_at"},
        column="by_person",
        order="t.at",
    ),
)
ACTIVITIES_LEFT_OUT: dict[tuple[str, str], str] = {
    ("reflections", "by_person"): "what was handed in for others is the others' own",
    ("appeals", "by_person"): "replies to others are the others' own",
    (
        "evaluations",
        "by_person",
    ): "what was said of others, or of everybody, is theirs; of oneself it is there",
    ("exclusions", "by_person"): "who is kept apart from whom is the two people's own",
}
