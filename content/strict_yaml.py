"""The little YAML that authors need, read strictly and with line numbers.

YAML takes the last of two equal keys, reads ``no`` as false and ``001`` as one, and lets a short file unfold
into gigabytes; here each of these is a fault that says how to write what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from content.faults import Faults, quoted
from content.written import HIDDEN

Kind = Literal["text", "boolean", "empty", "list", "mapping", "other"]

DEEPEST = 8
"""A pack nests two deep; anything far beyond is an attack or a broken indent."""

_TAB = r"'\t'"
"""As PyYAML names the character that it will not have in an indent."""
_TAG = "tag:yaml.org,2002:"
_KINDS: dict[str, Kind] = {_TAG + "str": "text", _TAG + "bool": "boolean", _TAG + "null": "empty"}


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` as the author wrote it; ``items`` of a list, ``fields`` of a mapping."""

    line: int
    kind: Kind
    text: str = ""
    items: tuple[Value, ...] = ()
    fields: dict[str, Value] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, at: int, key: str) -> None:
        super().__init__(key)
        self.at = at
        self.key = key


class _Loader(yaml.SafeLoader):
    """Builds nodes with their places; stops at anchors, aliases and great depth before anything unfolds."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise _Refused(event.start_mark.line, "pack.yaml_alias")
        if self._depth >= DEEPEST:
            raise _Refused(event.start_mark.line, "pack.too_nested")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


Fields = dict[str, Value]


def read_mapping(
    text: str, first_line: int, known: Collection[str], faults: Faults, inner: Collection[str] = ()
) -> Fields | None:
    """The fields of ``text``, which begins at line ``first_line`` of its file; None if unreadable.

    ``inner``: the names that mappings in its lists may use.
    """
    text = _ascii_colons(text, first_line, _misspelt(known, ""), faults)
    if inner:
        text = _ascii_colons(text, first_line, _misspelt(inner, r" *(?:- +)?"), faults)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except _Refused as refused:
        faults.add(first_line + refused.at, refused.key)
        return None
    except yaml.YAMLError as broken:
        place = first_line + _place(broken, text)
        if _TAB in _problem(broken):
            faults.add(place, "pack.yaml_tab")
        else:
            faults.add(place, "pack.yaml_broken", problem=_problem(broken))
        return None
    except (ValueError, OverflowError) as broken:  # absurd escapes and versions trip the parser itself up
        faults.add(first_line, "pack.yaml_broken", problem=type(broken).__name__)
        return None
    if not isinstance(root, yaml.MappingNode):
        faults.add(first_line + (root.start_mark.line if root else 0), "pack.not_mapping")
        return None
    return _fields(root, first_line, faults)


def _misspelt(known: Collection[str], indent: str) -> re.Pattern[str]:
    """``title：``, a Chinese keyboard's colon, is the commonest slip, and YAML's word for it helps nobody."""
    return re.compile(rf"^({indent})({'|'.join(map(re.escape, known))})[ \u3000]*：")


def _ascii_colons(text: str, first_line: int, pattern: re.Pattern[str], faults: Faults) -> str:
    rows = text.split("\n")
    for number, row in enumerate(rows):
        if hit := pattern.match(row):
            faults.add(first_line + number, "pack.wide_colon", field=hit[2])
            rows[number] = f"{hit[1]}{hit[2]}: {row[hit.end() :]}"
    return "\n".join(rows)


def _fields(root: yaml.MappingNode, first_line: int, faults: Faults) -> Fields:
    fields: Fields = {}
    for key_node, value_node in root.value:
        key = _value(key_node, first_line, faults)
        if key.kind == "boolean":
            faults.add(key.line, "pack.boolean", word=key.text)
        elif key.text in fields:
            faults.add(key.line, "pack.duplicate_field", field=quoted(key.text), first=fields[key.text].line)
        else:
            fields[key.text] = _value(value_node, first_line, faults)
    return fields


def _value(node: yaml.Node, first_line: int, faults: Faults) -> Value:
    at = first_line + node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        return Value(at, "list", items=tuple(_value(x, first_line, faults) for x in node.value))
    if isinstance(node, yaml.MappingNode):
        return Value(at, "mapping", fields=_fields(node, first_line, faults))
    text = str(node.value)
    if hit := HIDDEN.search(text):  # written as an escape, "\\0": the file itself was searched before
        faults.add(at, "pack.hidden_escape", code=f"U+{ord(hit[0]):04X}")
    return Value(at, _KINDS.get(node.tag, "other"), HIDDEN.sub("", text))


def _place(broken: yaml.YAMLError, text: str) -> int:
    """The line, from 0. What is never closed is reported where it was opened, not at the end of the file."""
    last = text.count("\n")
    mark = getattr(broken, "problem_mark", None)
    opened = getattr(broken, "context_mark", None)
    if mark is None or (opened is not None and mark.line >= last):
        mark = opened or mark
    return min(mark.line, last) if mark else 0


def _problem(broken: yaml.YAMLError) -> str:
    return quoted(getattr(broken, "problem", None) or type(broken).__name__)
