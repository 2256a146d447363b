"""The rules of points, from `points.yaml`: read strictly, so that a slip in them is found before it earns anybody anything."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from content.faults import Faults, PackFaults, quoted
from content.form import Form
from content.strict_yaml import Fields, Value, read_mapping
from content.written import read_text
from domain.points import RULES, Rule, RuleName, Rules

FILE = Path(__file__).parent / "points.yaml"
MOST = 1000
"""Points, each time or a day: beyond it is a slip of the finger."""
_WHOLE = re.compile(r"[0-9]{1,4}")


@cache
def shipped_rules() -> Rules:
    """The rules that come with the program."""
    return read_rules(FILE)


def read_rules(path: Path) -> Rules:
    """The rules of that file. Raises `PackFaults` with everything that is wrong with it."""
    faults = Faults(path.name)
    text = read_text(path, faults)
    fields = None if text is None else read_mapping(text, 1, RULES, faults)
    rules = {} if fields is None else _rules(fields, faults)
    if faults.found:
        raise PackFaults(faults.found)
    return rules


def _rules(fields: Fields, faults: Faults) -> dict[RuleName, Rule]:
    Form(fields, 1, RULES, faults)
    read = {name: _rule(name, fields[name], faults) for name in RULES if name in fields}
    return {name: rule for name, rule in read.items() if rule}


def _rule(name: str, value: Value, faults: Faults) -> Rule | None:
    if len(value.items) != 2:
        faults.add(value.line, "points.bad_rule", rule=name)
        return None
    points, cap = (_whole(name, number, faults) for number in value.items)
    if points is None or cap is None:
        return None
    if cap < points:
        faults.add(value.line, "points.cap_too_small", rule=name, points=points, cap=cap)
    return Rule(points, cap)


def _whole(name: str, value: Value, faults: Faults) -> int | None:
    if value.kind == "other" and _WHOLE.fullmatch(value.text) and int(value.text) <= MOST:
        return int(value.text)
    faults.add(value.line, "points.not_whole", rule=name, value=quoted(value.text), most=MOST)
    return None
