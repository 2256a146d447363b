"""Modules of a class: which ones somebody means by what they write, and how far everybody is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.folding import fold

_MODULE = re.compile(
    r"(?:第|模块|模塊|module|单元|單元|课程|课|no)*([0-9]{1,2})(?:个|個|课|模块|模塊|单元|單元|部分)*"
)
_WORDS = frozenset(("模块", "module", "modules", "单元", "课程", "第"))
_BETWEEN = re.compile(r"[\s,，、;；.。和]+")


def read_modules(text: str) -> list[int] | None:
    """The numbers, each once, of 「1」, 「模块二」, 「1、3」; None where any part is no number."""
    parts = [folded for part in _BETWEEN.split(text) if (folded := fold(part)) not in _WORDS and part]
    found = [_MODULE.fullmatch(part) for part in parts]
    if not found or None in found:
        return None
    return list(dict.fromkeys(int(one[1]) for one in found if one))


def undone(done: frozenset[int], count: int) -> list[int]:
    """Of ``count`` modules, numbered from 1."""
    return [number for number in range(1, count + 1) if number not in done]


def done_by(done: Mapping[int, frozenset[int]], number: int) -> int:
    """How many have done the module. ``done``: person → their modules."""
    return sum(number in modules for modules in done.values())
