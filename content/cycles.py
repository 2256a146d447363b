"""Reads a cycle template from YAML, and finds everything that is wrong with it in one go.

`docs/cycle.md` shows what a template looks like. Its rules stand in `domain/template.py`; here each of their complaints
finds the line it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from content.faults import Faults, PackFaults, quoted
from content.strict_yaml import Fields, Value, read_mapping
from content.written import decoded, read_text
from domain.day import DAY_MINUTES, parse_clock
from domain.template import Kind, Rubric, StageSpec, Template, Weights, When, disorder

__all__ = [
    "PackFaults",
    "kept_template",
    "parse_template",
    "read_template",
    "sent_template",
    "shipped_templates",
    "shipped_text",
]

FOLDER = Path(__file__).parent / "templates"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
MAX_BYTES = 64 * 1024
REMEMBERED = 256
"""Templates that groups keep, read once for many looks at them."""
_DAYS = {name: place for place, name in enumerate("一二三四五六日")} | {
    name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}


@cache
def shipped_templates() -> tuple[Template, ...]:
    """Those that every group may use, of all languages, each language's by key."""
    return tuple(read_template(path) for path in sorted(FOLDER.rglob("*.yaml")))


def shipped_text(key: str) -> str | None:
    """The file of the shipped template of that key, as it was written; None where there is none."""
    for path in sorted(FOLDER.rglob("*.yaml")):
        if read_template(path).key == key:
            return path.read_text("utf-8")
    return None


def read_template(path: Path) -> Template:
    """Raises `PackFaults` with all its faults."""
    faults = Faults(path.name)
    text = read_text(path, faults, MAX_BYTES, "template.too_large")
    return _checked(None if text is None else _read(text, faults), faults)


def parse_template(text: str, name: str = "template.yaml") -> Template:
    """A template as somebody sent it. Raises `PackFaults` with all its faults."""
    faults = Faults(name)
    return _checked(_read(text, faults), faults)


def sent_template(data: bytes, name: str) -> tuple[Template, str]:
    """The template in a file that somebody sent, and its text with plain line ends. Raises `PackFaults` with all its faults."""
    faults = Faults(name)
    if len(data) > MAX_BYTES:
        faults.add(0, "template.too_large", most=MAX_BYTES // 1024)
        raise PackFaults(faults.found)
    text = decoded(data, faults)
    return _checked(None if text is None else _read(text, faults), faults), text or ""


@lru_cache(maxsize=REMEMBERED)
def kept_template(text: str) -> Template | None:
    """A template as a group keeps it; None for an older version's, which today's rules refuse."""
    try:
        return parse_template(text)
    except PackFaults:
        return None


def _checked(template: Template | None, faults: Faults) -> Template:
    if template is None or faults.found:
        raise PackFaults(faults.found)
    return template


def _read(text: str, faults: Faults) -> Template | None:
    fields = read_mapping(text, 1, tuple(Template.model_fields), faults, tuple(StageSpec.model_fields))
    if fields is None:
        return None
    root = Value(1, "mapping", fields=fields)
    raw = {name: _plain(value, name, faults) for name, value in fields.items()}
    try:
        template = Template.model_validate(raw)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            _complain(error, root, faults)
        _complain_of_order(fields, raw, faults)
        return None
    return template


def _plain(value: Value, name: str, faults: Faults) -> Any:
    """What pydantic is to look at. Clock times and weekdays are read as people write them."""
    if value.kind == "list":
        return [_plain(one, name, faults) for one in value.items]
    if value.kind == "mapping":
        return {field: _plain(one, field, faults) for field, one in value.fields.items()}
    if name == "at":
        return _clock(value, faults)
    if name == "weekday":
        return _weekday(value, faults)
    if value.kind == "boolean":
        return value.text.casefold() in ("true", "yes", "on")
    if value.kind == "empty":
        return ""
    return int(value.text) if value.kind == "other" and _WHOLE.fullmatch(value.text) else value.text


def _clock(value: Value, faults: Faults) -> int:
    try:
        return parse_clock(value.text, DAY_MINUTES - 1)
    except ValueError:
        faults.add(value.line, "template.bad_clock", value=quoted(value.text))
        return 0


def _weekday(value: Value, faults: Faults) -> int:
    word = value.text.casefold().removeprefix("周").removeprefix("星期").replace("天", "日")[:3]
    if word not in _DAYS:
        faults.add(value.line, "template.bad_weekday", value=quoted(value.text))
    return _DAYS.get(word, 0)


def _complain(error: ErrorDetails, root: Value, faults: Faults) -> None:
    """One sentence for what pydantic found, at the line it stands on."""
    *_, field = (str(part) for part in error["loc"] if isinstance(part, str)) if error["loc"] else ("",)
    line, given = _place(root, error["loc"])
    match error["type"]:
        case "extra_forbidden":
            known = ", ".join(_known(error["loc"]))
            faults.add(line, "pack.field_unknown", field=quoted(field), known=known)
        case "missing":
            faults.add(line, "pack.field_missing", field=field)
        case "string_pattern_mismatch" if field == "key":
            faults.add(line, "template.bad_key", key=quoted(given))
        case "string_pattern_mismatch" | "string_too_short" if field == "title":
            faults.add(line, "template.bad_title", title=quoted(given))
        case "string_too_long" | "too_long":
            most = (error.get("ctx") or {}).get("max_length", 0)
            faults.add(line, "template.too_much", field=field, most=int(most))
        case "literal_error":
            choices = ", ".join(get_args(Kind)) if field == "kind" else _choices(error)
            faults.add(line, "pack.not_a_choice", field=field, value=quoted(given), choices=choices)
        case "greater_than_equal" | "less_than_equal" | "less_than":
            faults.add(line, "template.out_of_range", field=field, value=quoted(given))
        case "value_error" if "weights" in error["msg"]:
            faults.add(line, "template.weights")
        case "too_short" if field == "stages" and root.fields[field].items:
            return  # what is wrong with them is told one by one
        case "value_error":
            return  # the order of the stages, told stage by stage
        case _:
            faults.add(line, "template.wrong", field=field, value=quoted(given))


def _choices(error: ErrorDetails) -> str:
    return str((error.get("ctx") or {}).get("expected", "")).replace("'", "").replace(" or ", ", ")


def _known(loc: Iterable[int | str]) -> tuple[str, ...]:
    """The fields there are where the unknown one stands."""
    *path, _ = [part for part in loc if isinstance(part, str)]
    inner: dict[str, type[BaseModel]] = {
        "opens": When,
        "closes": When,
        "rubric": Rubric,
        "weights": Weights,
        "stages": StageSpec,
    }
    return tuple((inner.get(path[-1], Template) if path else Template).model_fields)


def _place(root: Value, loc: Iterable[int | str]) -> tuple[int, str]:
    """(line, text) of the value that the path leads to, or of the last on the way that is there."""
    value = root
    for part in loc:
        if isinstance(part, int) and part < len(value.items):
            value = value.items[part]
        elif isinstance(part, str) and part in value.fields:
            value = value.fields[part]
        else:
            return value.line, value.text
    return value.line, value.text


def _complain_of_order(fields: Fields, raw: dict[str, Any], faults: Faults) -> None:
    """Times told from stages that come later, and keys used twice; as far as the stages could be read one by one."""
    specs: list[StageSpec] = []
    lines: list[int] = []
    for value, one in zip(
        fields.get("stages", Value(1, "empty")).items, raw.get("stages") or (), strict=False
    ):
        try:
            specs.append(StageSpec.model_validate(one))
        except ValidationError:
            return
        lines.append(value.line)
    for place, what in disorder(tuple(specs)):
        faults.add(lines[place], f"template.{what}", key=quoted(specs[place].key))
