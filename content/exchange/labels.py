"""What the formats of other programs have no place for, written as ``[name:value]`` where they let remarks be made.

Moodle itself writes its tags so into the comments of GIFT files.
"""

from __future__ import annotations

import re

_LABEL = re.compile(r"\[([a-z]+):((?:\\.|[^\\\[\]])*)\]")
_ESCAPED = re.compile(r"\\(.)")
_SPECIAL = re.compile(r"([\\\[\]])")


def write_labels(**values: str) -> str:
    """``[item:001] [source:…]`` of those that are not empty."""
    return " ".join(f"[{name}:{_escaped(value)}]" for name, value in values.items() if value)


def read_labels(text: str) -> dict[str, str]:
    return {name: _ESCAPED.sub(r"\1", value).strip() for name, value in _LABEL.findall(text)}


def _escaped(value: str) -> str:
    return _SPECIAL.sub(r"\\\1", value)


def write_category(topic: str) -> str:
    """Moodle's path of a category; a slash in a name is doubled."""
    return "$course$/top/" + topic.replace("/", "//") if topic else "$course$/top"


_ROOT = re.compile(r"(?:\$\w+\$(?:/|$))?(?:top(?:/|$))?")
_SEPARATOR = re.compile(r"//|/")


def read_category(path: str) -> str:
    """The innermost name of the path: that is the topic."""
    path = path.strip()
    begun = _ROOT.match(path)
    path = path[begun.end() :] if begun else path
    names = _SEPARATOR.sub(lambda slash: "/" if len(slash[0]) == 2 else "\n", path).split("\n")
    return names[-1].strip()
